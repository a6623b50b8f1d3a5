"""The W3C SHACL suite, core and SPARQL, against the engines as govkg runs them.

docs/how-to/testing.md says where to get the suite; nothing of it is committed.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.namespace import Namespace

import needs
from govkg.errors import GovkgError, ShapesError
from govkg.store import Store
from govkg.validation.data import Data
from govkg.validation.engines import run_rules
from govkg.validation.result import as_term, local, path_text
from govkg.validation.shape_files import with_names
from govkg.validation.shape_queries import lint_queries

if TYPE_CHECKING:
    from rdflib.term import Node

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
SUITE = needs.SUITES / "shacl"
pytestmark = pytest.mark.needs(needs.SHACL_SUITE)
FILES = sorted(path for path in SUITE.glob("*/*/*.ttl") if b"sht:Validate" in path.read_bytes())

# Fast or exact, every failure has its reason; one that passes is a failure of this list.
_BYTE = "Oxigraph keeps a well-formed xsd:byte as xsd:integer"
KNOWN: dict[tuple[str, str], str] = {
    ("core/property/datatype-ill-formed", "pyshacl"): _BYTE,
    ("core/property/datatype-ill-formed", "shacl-rust"): _BYTE,
    ("core/property/uniqueLang-002", "pyshacl"): 'pySHACL takes "1"^^xsd:boolean for true',
}


class Outcome(NamedTuple):
    """What a test expects or an engine gives: failure, or results with blank nodes made alike."""

    failed: bool
    results: Counter[tuple[str, ...]]


def name_of(path: Path) -> str:
    return path.relative_to(SUITE).with_suffix("").as_posix()


# A process for each case would only take time: one of each folder has one, as govkg gives it.
APART = {path.parent: path for path in reversed(FILES)}.values()
CASES = [
    pytest.param(path, engine, id=f"{name_of(path)}-{engine}")
    for path in FILES
    for engine in ("pyshacl", "shacl-rust")
]
# What the fast engine leaves to the other one, and says so: queries that are asked node by node.
LEFT = {
    *(f"sparql/component/{name}-001" for name in ("nodeValidator", "optional", "validator")),
    "sparql/component/propertyValidator-select-001",
    "sparql/pre-binding/unsupported-sparql-006",
}


@pytest.fixture(autouse=True)
def literals_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store keeps literals as they are written; rdflib must not read them otherwise."""
    monkeypatch.setattr("rdflib.NORMALIZE_LITERALS", False)


@pytest.mark.parametrize(("path", "engine"), needs.cases(CASES, width=2))
def test_case(path: Path, engine: str, request: pytest.FixtureRequest) -> None:
    if reason := KNOWN.get((name_of(path), engine)):
        request.applymarker(pytest.mark.xfail(reason=reason, strict=True))
    if path not in APART:
        request.getfixturevalue("in_process")
    manifest = Graph().parse(path, publicID=path.as_uri())
    expected = expectation(manifest)
    if engine == "shacl-rust" and name_of(path) in LEFT:
        with pytest.raises(ShapesError, match="use --engine pyshacl"):
            run(manifest, engine)
        return
    assert outcome(manifest, engine) == expected


def outcome(manifest: Graph, engine: str) -> Outcome:
    """Run a case; a refusal is a failure, but for what the engine can't do and the other can."""
    try:
        return run(manifest, engine)
    except GovkgError as error:
        if "use --engine pyshacl" in str(error):
            raise
        return Outcome(failed=True, results=Counter())


def test_every_file_is_a_case() -> None:
    assert len(FILES) == 121
    assert len(CASES) == 2 * len(FILES)
    assert {name_of(path) for path in FILES} > LEFT


def expectation(manifest: Graph) -> Outcome:
    """Read the result that a manifest states."""
    stated = next(manifest.objects(None, MF.result))
    if stated == SHT.Failure:
        return Outcome(failed=True, results=Counter())
    rows = (row_of(manifest, node) for node in manifest.objects(stated, SH.result))
    return Outcome(failed=False, results=Counter(rows))


def row_of(graph: Graph, result: Node) -> tuple[str, ...]:
    focus, value, component, severity = (
        graph.value(result, p)
        for p in (SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.resultSeverity)
    )
    path = path_text(graph, graph.value(result, SH.resultPath))
    return plain(focus), path, plain(value), local(str(component)), local(str(severity))


def plain(node: Node | None) -> str:
    return "_:" if isinstance(node, BNode) else as_term(node)


def run(manifest: Graph, engine: str) -> Outcome:
    """Run a case as files are run: quads in a store, shapes named, SPARQL once where it can be."""
    data, shapes = (graph_of(manifest, p) for p in (SHT.dataGraph, SHT.shapesGraph))
    store = Store()
    store.load_text(data.serialize(format="nt"), Path("data.nt"), "https://example.org/data")
    store.derive(CLOSURE, {}, "https://example.org/derived")
    lint_queries(shapes)
    rows = run_rules(Data(store), with_names(shapes), engine)
    found = (
        (
            "_:" if row.focus.startswith("_:") else row.focus,
            row.path,
            "_:" if row.value.startswith("_:") else row.value,
            row.component,
            row.severity,
        )
        for row in rows
    )
    return Outcome(failed=False, results=Counter(found))


CLOSURE = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT { ?node a ?super } WHERE { ?node a ?class . ?class rdfs:subClassOf+ ?super }
"""


def graph_of(manifest: Graph, part: URIRef) -> Graph:
    named = next(manifest.objects(None, part))
    assert isinstance(named, URIRef)
    base = next(manifest.subjects(RDF.type, MF.Manifest))
    return manifest if named == base else Graph().parse(named)
