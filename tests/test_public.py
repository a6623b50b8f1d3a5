"""What `import govkg` offers: complete, documented, and there when asked for."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys

import pytest
from tools.documentation import errors as pages

import govkg
from govkg import errors, layout, validation

PAGE = layout.ROOT / "docs" / "reference" / "python.md"


def test_dir_shows_all_and_nothing_else() -> None:
    assert dir(govkg) == sorted(govkg.__all__)
    assert list(govkg.__all__) == sorted(set(govkg.__all__))


@pytest.mark.parametrize("name", [name for name in govkg.__all__ if name != "__version__"])
def test_every_name_is_there_and_says_what_it_is(name: str) -> None:
    found = getattr(govkg, name)
    assert inspect.isclass(found) or inspect.isfunction(found)
    assert (inspect.getdoc(found) or "").strip()


def test_the_documentation_has_every_name_and_no_other() -> None:
    text = PAGE.read_text(encoding="utf-8")
    members = re.findall(r"members: \[([^]]+)\]", text)
    listed = [name for found in members for name in re.split(r",\s*", found)]
    listed += re.findall(r"^::: govkg\.[a-z.]+\.([A-Z]\w+)$", text, re.MULTILINE)
    assert sorted(listed) == sorted(set(govkg.__all__) - {"__version__"})


def test_an_unknown_name_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'opened'"):
        _ = govkg.opened


def test_an_import_pulls_in_nothing_heavy() -> None:
    told = "import sys, govkg; dir(govkg); print(*sorted(sys.modules))"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in run.stdout.split()}
    assert not loaded & {"polars", "rdflib", "pyoxigraph", "networkx", "yaml", "rich", "typer"}


# --- errors --------------------------------------------------------------------------------------

_LINE = re.compile(r"^([│├└─ ]*)(\w+)(?: +(\d) )?", re.MULTILINE)


def test_every_error_is_public() -> None:
    public = {error.__name__ for error in pages.tree()} | {errors.PartialAnswer.__name__}
    assert public <= set(govkg.__all__)
    assert all(getattr(govkg, name) is getattr(errors, name) for name in public)


def test_the_tree_that_the_docstring_draws_is_that_of_the_classes() -> None:
    """Name, what it is a kind of, exit code where the line says one, else that of above."""
    drawn: dict[str, tuple[str, int]] = {}
    above: list[str] = []
    tree = (errors.__doc__ or "").partition("\n\n")[2]
    for indent, name, code in _LINE.findall(tree):
        depth = len(indent) // 4
        parent = above[depth - 1] if depth else "Exception"
        above[depth:] = [name]
        inherited = drawn[parent][1] if parent in drawn else errors.GovkgError.exit_code
        drawn[name] = (parent, int(code) if code else inherited)
    classes: list[type[errors.GovkgError]] = [*pages.tree(), validation.UnmetShapes]
    assert drawn == {one.__name__: (one.__mro__[1].__name__, one.exit_code) for one in classes}
