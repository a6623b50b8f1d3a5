"""Engines agree: shacl-rust, with pySHACL beside it, finds what pySHACL finds by itself."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rdflib import SH

import shape_harness as harness
from govkg import sources, validation
from govkg.namespaces import COUNTS_GRAPH, PREFIXES
from govkg.store import Store
from govkg.validation import shapes as shapes_of
from govkg.validation.constraints import in_store, runs_once
from govkg.validation.data import LARGE, Data
from govkg.validation.engines import ENGINES, partition, process, pyshacl, shacl_rust, topbraid
from govkg.validation.engines.partition import shared_out
from govkg.validation.result import report_rows
from govkg.validation.run import expected_unmet
from govkg.validation.shape_queries import select_of
from govkg.validation.shapes import unmet

if TYPE_CHECKING:
    from rdflib import Graph

    from govkg.validation.result import Row

FILES = harness.fixture_paths()
# What shacl-rust by itself finds otherwise, and why; `fast` sets it right.
ILL_TYPED = "passes over ill-typed literals in comparisons"
ALONE = {
    "SourceDocumentShape/invalid-length": ILL_TYPED,
    "SpanShape/invalid-start": ILL_TYPED,
    "TerritoryShape/invalid-level": ILL_TYPED,
}


def key(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def store_of(path: Path) -> Store:
    """Put a fixture into a store, literals as it writes them."""
    store = Store()
    data = harness.fixture(path).data.serialize(format="nt")
    store.load_text(data, Path("fixture.nt"), "https://example.org/fixture")
    return store


def essence(rows: list[Row]) -> Counter[tuple[str, ...]]:
    return Counter((r.focus, r.path, r.component, r.severity, r.shape) for r in rows)


@pytest.fixture(scope="module")
def core() -> Graph:
    """Our shapes without SPARQL constraints, which both engines leave to the store."""
    shapes = validation.load_shapes()
    return shapes_of.without(shapes, shapes.triples((None, SH.sparql, None)))


@pytest.fixture(scope="module")
def parts(core: Graph) -> partition.Parts:
    return partition.divide(core)


@pytest.fixture
def divided(core: Graph, parts: partition.Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide the same shapes once, not for each of 370 fixtures."""

    def divide(shapes: Graph) -> partition.Parts:
        assert shapes is core
        return parts

    monkeypatch.setattr(shacl_rust, "divide", divide)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> list[Row]:
    """Keep what shacl-rust finds by itself."""
    kept: list[Row] = []
    run = shacl_rust.run_file

    def run_file(*job: Any) -> list[Row]:  # noqa: ANN401 - handed on
        kept.extend(found := run(*job))
        return found

    monkeypatch.setattr(shacl_rust, "run_file", run_file)
    return kept


@pytest.mark.parametrize("path", FILES, ids=key)
@pytest.mark.usefixtures("in_process", "divided")
def test_the_fast_engine_finds_what_pyshacl_finds(
    path: Path, core: Graph, alone: list[Row]
) -> None:
    data = Data(store_of(path))
    exact = ENGINES["pyshacl"](data, core, None, process.Limits())()
    assert alone == []
    assert essence(ENGINES["shacl-rust"](data, core, None, process.Limits())()) == essence(exact)
    rules = {row.shape for row in alone}
    differs = essence(alone) != essence([row for row in exact if row.shape in rules])
    assert differs == (key(path) in ALONE), "cut the list, or add to it"


def test_topbraid_finds_what_pyshacl_finds(core: Graph) -> None:
    """Every fault of every fixture in one graph, for an engine that takes seconds to start."""
    data = Data(Store())
    for path in FILES:
        data.store.add(store_of(path))
    exact, second = (
        essence(ENGINES[engine](data, core, None, process.Limits())())
        for engine in ("pyshacl", "topbraid")
    )
    assert sum(exact.values()) > len(FILES) / 2
    assert second == exact


def test_topbraid_gets_the_counts_that_something_leads_to(tmp_path: Path) -> None:
    quads = tmp_path / "data.nq"
    lines = [
        "<urn:claim> <urn:uses> <urn:count-1> <urn:document>",
        *(f"<urn:count-{n}> <urn:value> <urn:place> <{COUNTS_GRAPH}>" for n in (1, 2)),
    ]
    quads.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
    store = Store()
    store.load(quads)
    nation = {"urn:document": 1, COUNTS_GRAPH: 2 * LARGE}
    for sizes, known in ((None, {"1", "2"}), (nation, {"1"})):
        topbraid.write_facts(Data(store, sizes=sizes), tmp_path / "facts.nt")
        written = (tmp_path / "facts.nt").read_text(encoding="utf-8")
        assert set(re.findall(r"<urn:count-(.)> <urn:value>", written)) == known
        assert "<urn:claim> <urn:uses> <urn:count-1> ." in written


def test_large_work_is_shared_out_whole(parts: partition.Parts, tmp_path: Path) -> None:
    """Two graphs of shapes, each shape's targets in one of them, find together what one finds."""
    path = harness.FIXTURES / "TerritoryShape" / "invalid-level.ttl"
    store, graph = store_of(path), "https://example.org/fixture"
    quads = tmp_path / "data.nq"
    store.write_quads(quads)
    large = Data(store, quads, {graph: 2 * LARGE, COUNTS_GRAPH: 1})
    first, second = shared_out(large, parts.fast)
    targets = [shapes_of.targeted(part) for part in (first, second)]
    assert all(targets)
    assert sorted(targets[0] + targets[1], key=str) == shapes_of.targeted(parts.fast)
    apart = [row for share in (first, second) for row in _rows(quads, share)]
    assert essence(apart) == essence(_rows(quads, parts.fast)) != Counter()
    assert shared_out(Data(store), parts.fast) == [parts.fast]


def _rows(quads: Path, shapes: Graph) -> list[Row]:
    return shacl_rust.run_file(quads, shapes, COUNTS_GRAPH, process.Limits())


@pytest.mark.parametrize("size", [1, 7, 1 << 16, -1])
def test_the_stream_leaves_out_one_graph(size: int, tmp_path: Path) -> None:
    lines = [f'<urn:{n}> <urn:p> "{n}" <urn:g{n % 3}> .\n' for n in range(300)]
    path = tmp_path / "data.nq"
    path.write_text("".join(lines), encoding="utf-8")
    with path.open("rb") as file:
        stream = shacl_rust._Quads(file, "urn:g1")
        read = b"".join(iter(lambda: stream.read(size), b""))
    assert read.decode() == "".join(line for line in lines if "urn:g1" not in line)


def test_data_that_can_not_be_read_to_the_end_are_not_judged(
    core: Graph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Memory that ends while data are read raises, where shacl-rust would ask for them for ever."""
    (tmp_path / "data.nq").write_text('<urn:a> <urn:p> "x" <urn:g> .\n' * 3, encoding="utf-8")

    def fails(_: bytes) -> bytes:
        raise MemoryError

    monkeypatch.setattr(shacl_rust, "set_apart_lines", fails)
    job = {"quads": str(tmp_path / "data.nq"), "shapes": core.serialize(format="nt")}
    with pytest.raises(MemoryError):
        shacl_rust.run_job({**job, "left_out": ""})


CALLED = """
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
:Plain sh:targetClass :A ; sh:targetSubjectsOf :p ; sh:property :plain-p .
:plain-p sh:path :p ; sh:minCount 2 .
:Implicit a sh:NodeShape , rdfs:Class ; sh:property :implicit-q .
:implicit-q sh:path :q ; sh:minCount 1 .
:Closed sh:targetClass :A ; sh:closed true ; sh:property :closed-p .
:closed-p sh:path :p ; sh:maxCount 0 .
:Disjoint sh:targetClass :A ; sh:property :one-left , :one-right .
:one-left sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ;
  sh:qualifiedValueShape [ sh:nodeKind sh:IRI ] .
:one-right sh:path :p ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true ;
  sh:qualifiedValueShape [ sh:pattern "x$" ] .
:Shared sh:targetClass :A ; sh:property :shared-r .
:Other sh:targetClass :B ; sh:property :shared-r .
:shared-r sh:path :r ; sh:minCount 1 .
:Called sh:targetClass :A ; sh:property :called-s .
:called-s sh:path :s ; sh:minCount 1 .
:Caller sh:targetClass :B ; sh:node :Called .
:Off sh:targetClass :A ; sh:deactivated true ; sh:property :off-t .
:off-t sh:path :t ; sh:minCount 1 .
"""
MET = """
@prefix : <https://example.org/> .
:a a :A ; :p :x . :b a :B . :c a :Implicit . :d :p :x , :y . :e :p :y .
"""


def test_property_shapes_with_targets_of_their_own_find_the_same() -> None:
    """Where a shape looks at its property shapes, or others call either, the call stays."""
    from rdflib import Graph

    shapes, data = Graph().parse(data=CALLED), Graph().parse(data=MET)
    nested = report_rows(pyshacl.run_pyshacl(data, shapes))
    before = set(shapes)  # with what pySHACL adds to any
    with pyshacl.direct_targets(shapes):
        moved = before - set(shapes)
        direct = report_rows(pyshacl.run_pyshacl(data, shapes))
    assert set(shapes) == before
    assert {str(o).rpartition("/")[2] for _, _, o in moved} == {"plain-p", "implicit-q"}
    assert essence(nested) == essence(direct)
    assert {row.shape.rpartition("/")[2].strip(">") for row in nested} == {
        *("plain-p", "implicit-q", "Closed", "closed-p", "one-left", "one-right"),
        *("shared-r", "called-s", "Caller"),
    }


def test_every_shape_has_injected_faults() -> None:
    faulty = {path.parent.name for path in FILES if path.name.startswith("invalid-")}
    named = {str(s).removeprefix(PREFIXES["shape"]) for s in harness.node_shapes()}
    assert faulty == named


def test_our_constraints_run_once_and_the_setwise_ones_exist() -> None:
    shapes = validation.load_shapes()
    ours = in_store(shapes)
    assert {one.query for one in ours} == set(shapes.objects(None, SH.sparql)) != set()
    selects = [select_of(shapes, one.shape, one.query) for one in ours]
    assert all(runs_once("".join(select.parts)) for select in selects)
    constraints = {str(one.query).removeprefix(PREFIXES["shape"]) for one in ours}
    assert set(sources.setwise_queries()) <= constraints


@pytest.mark.parametrize(
    ("select", "once"),
    [
        ("SELECT $this WHERE { $this ?p ?o }", True),
        ("SELECT $this ?value WHERE { $this ?p ?o . FILTER NOT EXISTS { ?o ?q $this } }", True),
        ("SELECT $this WHERE { $this ?p ?o . OPTIONAL { $this ?q ?r } }", True),
        ("SELECT $this WHERE { $this $PATH ?o }", False),
        ("SELECT ?x WHERE { $this ?p ?x }", False),
        ("SELECT $this WHERE { { FILTER(BOUND($this)) } }", False),
        ("SELECT $this WHERE { $this ?p ?o . { BIND($this AS ?x) } }", False),
        ("SELECT $this (COUNT(?o) AS ?n) WHERE { $this ?p ?o } GROUP BY $this", False),
        ("SELECT $this WHERE { $this ?p ?o } LIMIT 1", False),
        ("SELECT $this WHERE { $this ?p ?o . { SELECT ?o WHERE { ?o ?q ?r } LIMIT 1 } }", False),
        ("ASK { $this ?p ?o }", False),
        ("SELECT * WHERE { $this ?p ?o }", False),
        ("SELECT $this WHERE {", False),
    ],
)
def test_only_queries_that_mean_the_same_run_once(select: str, once: bool) -> None:
    assert runs_once(select) is once


def test_the_list_of_unmet_shapes_is_exact(home: Path) -> None:
    from govkg.build import current

    assert set(unmet(validation.load_shapes(), current(home).open_store())) == set(expected_unmet())
    assert all(expected_unmet().values())
