"""Networks and their files: read back by readers that nobody here wrote."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Literal, URIRef

from govkg import exports, queries
from govkg.errors import InputError, UnknownName
from govkg.networks import to_networkx
from govkg.queries import Query
from govkg.results import Result
from govkg.store import Store

if TYPE_CHECKING:
    from govkg.api import KnowledgeGraph

NETWORKS = sorted(queries.catalog("networks"))
QUERY = Query("sample", Path("sample.rq"), "")
COLUMNS = ("node", "label", "source", "target", "kind")


def sample(*rows: tuple[object, ...]) -> Result:
    """Rows of a network query, as the store would give them."""
    names = " ".join(f"?{column}" for column in COLUMNS)
    written = " ".join(
        "(" + " ".join("UNDEF" if t is None else t.n3() for t in row) + ")"  # type: ignore[attr-defined]
        for row in rows
    )
    return Store().select(f"SELECT {names} {{ VALUES ({names}) {{ {written} }} }}")


def node(name: str, label: str = "x") -> tuple[object, ...]:
    return (URIRef(f"https://example.org/{name}"), Literal(label), None, None, None)


def edge(source: str, target: str, kind: str) -> tuple[object, ...]:
    ends = (URIRef(f"https://example.org/{name}") for name in (source, target))
    return (None, None, *ends, Literal(kind))


@pytest.mark.parametrize("name", NETWORKS)
def test_counts_are_those_of_the_graph(kg: KnowledgeGraph, name: str) -> None:
    graph = kg.network(name)
    rows = kg.store.select(queries.find("networks", name).bind({}))
    edges = [row for row in rows if row.source is not None]
    assert graph.number_of_edges() == len(edges) > 0
    assert set(graph) == {str_id for row in rows if (str_id := _id(row.node))}


def _id(term: URIRef | None) -> str | None:
    from govkg.namespaces import shorten

    return None if term is None else shorten(str(term))


@pytest.mark.parametrize("name", NETWORKS)
def test_gexf_and_graphml_read_back_as_they_went_out(kg: KnowledgeGraph, name: str) -> None:
    graph = kg.network(name)
    for form, read in (("gexf", nx.read_gexf), ("graphml", nx.read_graphml)):
        back = read(io.BytesIO(exports.write(graph, form)))
        assert sorted(back) == sorted(graph), form
        assert back.number_of_edges() == graph.number_of_edges(), form
        kinds = sorted(d["kind"] for _, _, d in back.edges(data=True))
        assert kinds == sorted(d["kind"] for _, _, d in graph.edges(data=True)), form


def test_the_edge_table_has_the_columns_that_gephi_knows(kg: KnowledgeGraph) -> None:
    graph = kg.network("institutions")
    rows = list(csv.reader(exports.write(graph, "csv").decode().splitlines()))
    assert rows[0][:3] == ["Source", "Target", "Kind"]
    assert len(rows) == graph.number_of_edges() + 1


def test_the_evidence_is_on_every_edge_and_the_joint_office_joins(kg: KnowledgeGraph) -> None:
    graph = kg.network("institutions")
    assert all(data["claims"].startswith("usm2013-s") for _, _, data in graph.edges(data=True))
    one, other = (
        "inst:daqing-social-work-committee",
        "inst:daqing-comprehensive-management-commission",
    )
    assert graph.has_edge(one, other, "CoLocation")
    assert graph.has_edge(other, one, "CoLocation")
    assert graph.edges[one, other, "CoLocation"]["when"] == "2011/"


def test_no_clock_and_no_version_in_a_file(kg: KnowledgeGraph) -> None:
    text = exports.write(kg.network("institutions"), "gexf").decode()
    assert "lastmodifieddate" not in text
    assert "NetworkX" not in text


def test_parallel_ties_of_two_kinds_stay_two() -> None:
    rows = sample(node("a"), node("b"), edge("a", "b", "leads"), edge("a", "b", "guides"))
    graph = to_networkx(QUERY, rows)
    assert graph.number_of_edges() == 2
    assert len(nx.read_gexf(io.BytesIO(exports.write(graph, "gexf"))).edges) == 2


def test_an_empty_network_is_a_file_too() -> None:
    graph = to_networkx(QUERY, sample())
    for form in exports.WRITERS:
        assert exports.write(graph, form)


label = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), label, min_size=1, max_size=4))
def test_any_label_survives(labels: dict[str, str]) -> None:
    graph = to_networkx(QUERY, sample(*(node(name, text) for name, text in labels.items())))
    back = nx.read_gexf(io.BytesIO(exports.write(graph, "gexf")))
    assert {n.rpartition("/")[2]: d["label"] for n, d in back.nodes(data=True)} == labels


def test_an_edge_to_nowhere_is_refused() -> None:
    with pytest.raises(InputError, match=r"an edge joins https://example.org/b, which no row"):
        to_networkx(QUERY, sample(node("a"), edge("a", "b", "leads")))


def test_a_query_without_edges_is_refused() -> None:
    with pytest.raises(InputError, match=r"sample\.rq: a network query needs the variable \?kind"):
        to_networkx(QUERY, Result(("node",), ()))


def test_an_unknown_format_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="did you mean gexf"):
        exports.write(kg.network("institutions"), "gexff")
