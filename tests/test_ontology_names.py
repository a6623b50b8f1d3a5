"""Kinds, classes and codes stand in the tables and the ontology, and not in Python."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from govkg import layout, sources
from govkg.namespaces import BASE, GOV, PREFIXES
from govkg.reference.datasets import table

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = layout.ROOT / "src" / "govkg"
# Names of levels are said everywhere: `--level county`, a column `province`.
LEVELS = {"province", "prefecture", "county", "township", "village"}
CODE = re.compile(rf"^{re.escape(BASE)}code/([a-z-]+)/(.+)$")


@pytest.fixture(scope="module")
def names() -> set[str]:
    """The kinds of divisions, the classes by their local names, and the codes with a hyphen."""
    subjects = {
        str(quad.subject.value)
        for path in sources.term_files()
        for quad in ox.parse(path=str(path))
        if isinstance(quad.subject, ox.NamedNode)
    }
    classes = {
        name for iri in subjects if iri.startswith(GOV) and (name := iri[len(GOV) :])[0].isupper()
    }
    codes = {code[2] for iri in subjects if (code := CODE.match(iri)) and "-" in code[2]}
    kinds = set(table("division-kinds", "kinds")["kind"])
    assert (len(classes), len(kinds - LEVELS)) > (100, 20)
    assert {"street-area", "StreetOffice", "not-checkable"} <= kinds | classes | codes
    return (kinds - LEVELS) | classes | codes | {f"gov:{name}" for name in classes}


@pytest.fixture(scope="module")
def schemes() -> set[str]:
    """The code lists: a file each."""
    return {path.stem for path in layout.ONTOLOGY.glob("**/codes/*.ttl")}


def spelled(text: str, names: set[str], schemes: set[str]) -> Iterator[str]:
    """Yield the strings of a module that are a name of the ontology, or say a code of a list."""
    tree = ast.parse(text)
    passed = {
        id(one)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)  # a docstring
        or (isinstance(node, ast.Assign) and "__all__" in map(ast.unparse, node.targets))
        for one in ast.walk(node)
        if not isinstance(node, ast.Expr) or one is node.value
    }
    code = re.compile(rf"\b(?:{'|'.join(sorted(schemes))}):[a-z]|{re.escape(BASE)}code/")
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        if id(node) not in passed and (node.value in names or code.search(node.value)):
            yield f"{node.lineno}: {node.value!r}"


def test_no_name_of_the_ontology_stands_in_python(names: set[str], schemes: set[str]) -> None:
    modules = sorted(SOURCE.rglob("*.py"))
    assert len(modules) > 100
    told = [
        f"{path.relative_to(SOURCE)}:{found}"
        for path in modules
        if path != SOURCE / "namespaces.py"
        for found in spelled(path.read_text(encoding="utf-8"), names, schemes)
    ]
    assert told == []


@pytest.mark.parametrize(
    "planted",
    [
        'KINDS = ("street-area",)',
        'if kind == "district": pass',
        'def f(kind="placeholder"): """Do."""',
        'TIES = {"StreetOffice": 1}',
        'x = "gov:StreetOffice"',
        'VERDICT = "not-checkable"',
        'VERDICT = "verdict:supported"',
        'text = f"{subject} gov:quality quality:ok ;"',
        'IRI = "https://w3id.org/govkg/code/verdict/"',
    ],
)
def test_a_name_that_is_planted_is_found(planted: str, names: set[str], schemes: set[str]) -> None:
    assert len(list(spelled(planted, names, schemes))) == 1


def test_docstrings_and_names_of_levels_may_stand(names: set[str], schemes: set[str]) -> None:
    text = '"""street-area"""\ndef f(level="county"):\n    "district"\n__all__ = ["TextUnit"]\n'
    assert list(spelled(text, names, schemes)) == []


def test_the_code_lists_are_the_files_of_the_ontology(schemes: set[str]) -> None:
    assert {name for name, iri in PREFIXES.items() if iri.startswith(f"{BASE}code/")} == schemes
    assert len(schemes) == 26
