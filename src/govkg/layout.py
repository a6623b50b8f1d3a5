"""Where files are: in a checkout, or inside the installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[1]


def _is_checkout() -> bool:
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "ontology").is_dir()


ROOT: Path = _CHECKOUT if _is_checkout() else _PACKAGE / "resources"
ONTOLOGY: Path = ROOT / "ontology"
DATA: Path = ROOT / "data"
QUERIES: Path = ROOT / "queries"


def default_build() -> Path:
    """Say where the graph is built unless told otherwise: `build/` of the checkout or of here."""
    return (ROOT if _is_checkout() else Path.cwd()) / "build"


def display(path: Path) -> str:
    """Write a path as a person would: relative to here where it lies below, with `/`."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()
