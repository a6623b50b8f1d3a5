"""Where files are: in a checkout, or inside the installed wheel."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[1]


def _is_checkout() -> bool:
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "ontology").is_dir()


ROOT: Path = _CHECKOUT if _is_checkout() else _PACKAGE / "resources"
ONTOLOGY: Path = ROOT / "ontology"
DATA: Path = ROOT / "data"
QUERIES: Path = ROOT / "queries"
FOLDERS = tuple(folder.name for folder in (DATA, ONTOLOGY, QUERIES))  # all that a wheel carries


def default_build() -> Path:
    """Say where the graph is built unless told otherwise: `build/` of the checkout or of here."""
    return (ROOT if _is_checkout() else Path.cwd()) / "build"


def display(path: Path) -> str:
    """Write a path as a person would: relative to here where it lies below, with `/`."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def command(program: str) -> str:
    """Say how to call a program of this environment from here: its name if that finds it."""
    places = [Path(sys.executable).with_name(program + ending) for ending in ("", ".exe")]
    here = next((place for place in places if place.is_file()), None)
    if here is None:
        return f"python -m {program}"
    found = shutil.which(program)
    return program if found and here.samefile(found) else str(Path(display(here)))


def installing(extra: str) -> str:
    """Say the command that installs an extra, in this checkout or beside this wheel."""
    pip = command("pip")
    if _is_checkout():
        return f"{pip} install -e '{display(ROOT)}[{extra}]'"
    return f"{pip} install 'govkg[{extra}]'"
