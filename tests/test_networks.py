"""Networks: what queries give, what filters take, what graphs hold."""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import polars as pl
import pyoxigraph as ox
import pytest
from rdflib import RDF, Literal, URIRef

from govkg import exports, layout, queries
from govkg.api import KnowledgeGraph
from govkg.build import Build
from govkg.errors import InputError, ParameterError, PartialAnswer
from govkg.manifest import Manifest
from govkg.namespaces import GOV, PREFIXES, shorten
from govkg.networks import (
    Filters,
    Network,
    apply,
    from_networkx,
    read,
    to_networkx,
    to_rustworkx,
    with_pinyin,
)
from govkg.queries import Query
from govkg.reference.datasets import table
from govkg.remote import RemoteStore
from govkg.results import Result
from govkg.store import Store

if TYPE_CHECKING:
    from conftest import Run

    Row = dict[str, str | float]
    Term = Literal | URIRef | None

NETWORKS = sorted(queries.catalog("networks"))
QUERY = Query("sample", Path("sample.rq"), "")
COLUMNS = (
    "node", "label", "level", "source", "target", "kind", "begin", "end", "claims", "weight",
)  # fmt: skip


def sample(*rows: Row, query: Query = QUERY) -> Network:
    """Draw the network of rows, which go through the store as those of a query do."""
    names = " ".join(f"?{column}" for column in COLUMNS)
    written = " ".join(
        "(" + " ".join(_written(row, column) for column in COLUMNS) + ")" for row in rows
    )
    text = f"SELECT {names} {{ VALUES ({names}) {{ {written} }} }}"
    return read(query, Store().serialize(text, "tsv"), "en")


def _written(row: Row, column: str) -> str:
    if column not in row:
        return "UNDEF"
    if column in {"node", "source", "target"}:
        return URIRef(f"https://example.org/{row[column]}").n3()
    return Literal(row[column]).n3()


def node(name: str, label: str = "x", **more: str | float) -> Row:
    return {"node": name, "label": label, **more}


def edge(source: str, target: str, kind: str = "leads", **more: str | float) -> Row:
    return {"source": source, "target": target, "kind": kind, **more}


def names(network: Network) -> list[str]:
    return [one.rpartition("/")[2] for one in network.nodes["id"]]


CHAIN = sample(
    node("a", level=1), node("b", level=2), node("c", level=3), node("d"),
    edge("a", "b", begin="2009-01-01", end="2009-12-31"),
    edge("b", "c", "guides", begin="2011-01-01"),
    edge("c", "d", "guides"),
)  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
def test_counts_are_those_of_the_rows(kg: KnowledgeGraph, name: str) -> None:
    graph = kg.network(name)
    rows = kg.store.select(queries.find("networks", name).bind({}))
    assert graph.number_of_edges() == sum(row.source is not None for row in rows) > 0
    assert set(graph) == {shorten(str(row.node)) for row in rows if row.node is not None}
    assert all({"label", "kind", "label_en"} <= row.keys() for _, row in graph.nodes(data=True) if
               row["kind"] != "TextUnit")  # fmt: skip
    assert all("kind" in row and row["weight"] >= 1 for _, _, row in graph.edges(data=True))
    assert not any(
        value in (None, "") for _, row in graph.nodes(data=True) for value in row.values()
    )


def test_the_documentation_counts_what_a_run_counts(kg: KnowledgeGraph) -> None:
    text = (layout.ROOT / "docs" / "how-to" / "networks.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| ([\d,]+) \| ([\d,]+) \|", text, re.MULTILINE)
    told = {name: (nodes, edges) for name, nodes, edges in rows}
    drawn = {name: kg.frames(name) for name in NETWORKS}
    assert told == {n: (f"{d.nodes.height:,}", f"{d.edges.height:,}") for n, d in drawn.items()}
    merged = dict(re.findall(r"`([\w-]+)` (\d+)(?: edges)?(?=[,)])", text))
    for name in ("argument", "shared-reforms"):
        pairs = drawn[name].edges.unique(["source", "target", "kind"])
        assert int(merged[name]) == pairs.height < drawn[name].edges.height
    units = table("nbs-divisions", "divisions")
    for depth in (4, 5):
        found = units.filter(pl.col("level") <= depth)
        below = found.filter(pl.col("level") > 1)
        assert f"{found.height:,} and {below.height:,}" in text
    edges = drawn["shared-reforms"].edges
    known = edges["earlier"].count() if "earlier" in edges.columns else 0
    assert f"known to be first ({known} ties)" in text


def test_labels_come_in_the_language_asked_for_and_in_pinyin(kg: KnowledgeGraph) -> None:
    row = kg.network("hierarchy", lang="zh").nodes["division:520100"]
    assert row["label"] == row["label_zh"] == "贵阳市"
    assert row["label_en"] == "Guiyang"
    assert row["pinyin"] == "gui yang shi"


@pytest.mark.parametrize("name", NETWORKS)
def test_pinyin_has_no_chinese_character_or_mark(kg: KnowledgeGraph, name: str) -> None:
    nodes = kg.frames(name).nodes
    assert nodes["pinyin"].null_count() == nodes["label_zh"].null_count() < nodes.height
    assert nodes["pinyin"].str.contains(r"^[a-zü0-9 !-/:-@“”‘’]*$").all(ignore_nulls=True)


def test_marks_in_pinyin_are_those_of_latin_letters() -> None:
    nodes = pl.DataFrame({"label_zh": ["“三中心”（一队伍）：需求、滞后。"]})
    [read_so] = with_pinyin(nodes)["pinyin"]
    assert read_so == "“san zhong xin” (yi dui wu): xu qiu, zhi hou."


def test_evidence_is_on_every_edge_and_the_joint_office_joins(kg: KnowledgeGraph) -> None:
    graph = kg.network("institutions")
    assert all(data["claims"].startswith("usm2013-s") for _, _, data in graph.edges(data=True))
    one = "inst:daqing-social-work-committee"
    other = "inst:daqing-comprehensive-management-commission"
    assert graph.has_edge(one, other, "CoLocation")
    assert graph.has_edge(other, one, "CoLocation")


def test_a_shared_reform_has_no_direction_and_says_who_is_known_to_be_earlier(
    kg: KnowledgeGraph,
) -> None:
    graph, drawn = kg.network("shared-reforms"), kg.frames("shared-reforms")
    assert not graph.is_directed()
    assert (drawn.edges["source"] < drawn.edges["target"]).all()
    assert graph.has_edge("territory:beijing", "territory:daqing", "SameReform")
    assert not any("earlier" in row for *_, row in graph.edges(data=True))
    store = ox.Store()
    store.bulk_load(path=str(kg.build.directory / "govkg.nq"), format=ox.RdfFormat.N_QUADS)
    kind = f"{PREFIXES['gov']}CoordinatingBody"  # which the article leaves open for these two
    for name in ("guangdong-social-work-committee", "nanjing-social-construction-committee"):
        body = ox.NamedNode(f"{PREFIXES['inst']}{name}")
        store.add(ox.Quad(body, ox.NamedNode(str(RDF.type)), ox.NamedNode(kind)))
    rows = Store(store).select(queries.find("networks", "shared-reforms").bind({})).rows
    assert {(shorten(row.source), shorten(row.target), shorten(row.earlier)) for row in rows
            if row.earlier is not None} == {
        ("territory:daqing", "territory:guangdong", "territory:daqing"),
        ("territory:daqing", "territory:nanjing", "territory:daqing"),
    }  # fmt: skip


def test_an_undirected_network_is_so_in_every_library_and_file(kg: KnowledgeGraph) -> None:
    drawn = kg.frames("shared-reforms")
    assert to_rustworkx(drawn).num_edges() == to_networkx(drawn).number_of_edges() == 72
    back = from_networkx(to_networkx(drawn))
    assert back.edges.equals(drawn.edges.select(back.edges.columns))
    assert not back.directed
    read = {
        "gexf": nx.read_gexf(io.BytesIO(exports.write(drawn, "gexf"))),
        "graphml": nx.read_graphml(io.BytesIO(exports.write(drawn, "graphml"))),
    }
    assert {form: graph.is_directed() for form, graph in read.items()} == dict.fromkeys(read, False)
    assert json.loads(exports.write(drawn, "json"))["options"]["type"] == "undirected"
    assert b",Undirected,SameReform," in exports.write(drawn, "csv")


def test_a_network_of_ones_own_is_a_query_file(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text(
        """PREFIX gov: <https://w3id.org/govkg/ontology#>
SELECT ?node ?source ?target ?kind {
  { ?target gov:within ?source . BIND("within" AS ?kind) }
  UNION { SELECT DISTINCT ?node { { ?node gov:within ?x } UNION { ?x gov:within ?node } } }
}""",
        encoding="utf-8",
    )
    graph = kg.network(str(path))
    assert graph.has_edge("territory:guizhou", "territory:guiyang", "within")
    assert graph.nodes["territory:guiyang"]["label"] == "territory:guiyang"


def test_within_takes_a_place_in_documents_and_reference_data(kg: KnowledgeGraph) -> None:
    for name in ("territory:daqing", "division:230600", "230600"):
        graph = kg.network("institutions", within=name)
        assert "inst:daqing-social-work-committee" in graph
        assert not any("beijing" in one for one in graph)


def test_rustworkx_holds_the_same(kg: KnowledgeGraph) -> None:
    one, other = kg.network("posts"), kg.network("posts", engine="rustworkx")
    assert [node["id"] for node in other.nodes()] == list(one)
    assert other.num_edges() == one.number_of_edges()


@pytest.mark.parametrize(
    ("filters", "left"),
    [
        (Filters(levels="1-2"), ["a", "b"]),
        (Filters(levels="3"), ["c", "d"]),
        (Filters(kinds=("guides",)), ["b", "c", "d"]),
        (Filters(as_of="2010"), ["c", "d"]),
        (Filters(as_of="2009-06"), ["a", "b", "c", "d"]),
        (Filters(as_of="2012", dated=True), ["b", "c"]),
        (Filters(ego="https://example.org/a"), ["a", "b"]),
        (Filters(ego="https://example.org/a", radius=2), ["a", "b", "c"]),
    ],
)
def test_filters_take_what_they_say(filters: Filters, left: list[str]) -> None:
    assert names(apply(CHAIN, filters)) == left


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        (Filters(levels="7"), "levels '7': write one as 3"),
        (Filters(levels="5"), "has no node of level 5"),
        (Filters(kinds=("lead",)), "no ties of the kind 'lead'; it has: guides, leads"),
        (Filters(as_of="yesterday"), "is not an EDTF date"),
        (Filters(as_of="../.."), "dates nothing"),
        (Filters(modality=("fact",)), "knows no modality"),
        (Filters(ego="z"), "has no node called 'z'"),
        (Filters(ego="x"), "has 4 nodes called 'x'"),
        (Filters(ego="x", radius=0), "at least 1 step"),
        (Filters(within="territory:nowhere"), "no territory is"),
    ],
)
def test_bad_filters_are_refused(filters: Filters, message: str) -> None:
    with pytest.raises(InputError, match=message.replace("[", r"\[")):
        apply(CHAIN, filters)


def test_an_unknown_filter_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(ParameterError, match="institutions has no parameter or filter 'year'"):
        kg.network("institutions", year=2010)


def test_collapsing_counts_ties_and_joins_intervals_and_claims() -> None:
    drawn = sample(
        node("a"), node("b"), edge("b", "a"),
        edge("a", "b", "leads", begin="2009-01-01", end="2010-01-01", claims="k2 k1"),
        edge("a", "b", "guides", begin="2008-01-01", claims="k2 k3"),
    )  # fmt: skip
    [first, second] = apply(drawn, Filters(collapse=True)).edges.to_dicts()
    assert (first["kind"], first["kinds"], first["weight"]) == ("several", "guides leads", 2)
    assert (first["begin"], first["end"], first["claims"]) == ("2008-01-01", None, "k1 k2 k3")
    assert (second["kind"], second["weight"], second["claims"]) == ("leads", 1, None)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_set_says_that_it_is_one_and_can_be_left_out(kg: KnowledgeGraph, name: str) -> None:
    marked = kg.query(f"SELECT ?node {{ ?node <{GOV}collective> true }}")
    assert isinstance(marked, Result)
    sets = {shorten(str(node)) for (node,) in marked}
    nodes = kg.frames(name).nodes
    said = nodes.filter(collective="true")["id"] if "collective" in nodes.columns else ()
    assert set(said) == sets & set(nodes["id"])
    single = kg.frames(name, sets=False)
    assert set(single.nodes["id"]) == set(nodes["id"]) - sets
    ends = set(single.edges["source"]) | set(single.edges["target"])
    assert ends <= set(single.nodes["id"])


def test_sets_are_found_in_networks(kg: KnowledgeGraph) -> None:
    drawn = {name: kg.frames(name) for name in NETWORKS}
    found = {
        name: one.nodes.filter(collective="true").height
        for name, one in drawn.items()
        if "collective" in one.nodes.columns
    }
    assert found == {"argument": 4, "institutions": 2, "reforms": 55, "shared-reforms": 6}


def test_the_backbone_is_a_spanning_forest_of_the_heaviest_pairs(kg: KnowledgeGraph) -> None:
    whole, kept = kg.network("argument"), kg.network("argument", backbone=True)
    parts = nx.number_connected_components(nx.Graph(whole.to_undirected()))
    pairs = {frozenset(pair) for pair in kept.edges()}
    assert len(pairs) == len(whole) - parts < whole.number_of_edges()
    weighed: nx.Graph[str] = nx.Graph()
    for source, target, row in whole.edges(data=True):
        before = weighed.get_edge_data(source, target, {"weight": 0})["weight"]
        weighed.add_edge(source, target, weight=before + row["weight"])
    prim = nx.maximum_spanning_tree(weighed, algorithm="prim").size("weight")
    assert (
        sum(weighed.edges[source, target]["weight"] for source, target in map(tuple, pairs)) == prim
    )


def test_parallel_ties_of_two_kinds_stay_two_and_of_one_kind_too() -> None:
    drawn = sample(node("a"), node("b"), *(edge("a", "b", k) for k in ("leads", "leads", "guides")))
    graph = to_networkx(drawn)
    assert sorted(map(str, (key for *_, key in graph.edges(keys=True)))) == ["2", "guides", "leads"]
    assert to_rustworkx(drawn).num_edges() == 3


def test_a_graph_comes_back_as_it_was() -> None:
    back = from_networkx(to_networkx(CHAIN))
    assert back.nodes.equals(CHAIN.nodes.select(back.nodes.columns))
    assert back.edges.equals(CHAIN.edges.select(back.edges.columns))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((node("a"), edge("a", "b")), "an edge joins https://example.org/b, which no row"),
        ((node("a"), node("a", "y")), "https://example.org/a is described twice, by label"),
        (({**node("a"), **edge("a", "a")},), r"a row binds \?node and \?source"),
        ((node("a"), {"source": "a", "target": "a"}), r"but not \?target and \?kind"),
    ],
)
def test_rows_that_make_no_network_are_refused(rows: tuple[Row, ...], message: str) -> None:
    with pytest.raises(InputError, match=message):
        sample(*rows)


def test_a_query_without_edges_is_refused() -> None:
    with pytest.raises(InputError, match=r"sample\.rq: a network query needs the variable \?kind"):
        read(QUERY, b"?node\t?source\t?target\n", "en")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ((edge("a", "b", weight=0),), r"edge .*a -> .*b \(leads\): weight 0 is no number above 0"),
        ((edge("a", "b", weight=-1),), "weight -1 is no number above 0"),
        ((edge("a", "b", weight="三"),), "weight '三' is no number above 0"),
        ((edge("a", "b", weight="NaN"),), "weight 'NaN' is no number above 0"),
        ((edge("a", "b", weight="1e400"),), "weight '1e400' is no number above 0"),
        ((edge("a", "b", weight=3), edge("b", "a", weight="x")), "b -> .*a .*: weight 'x'"),
        ((edge("a", "b", begin="2009"),), "begin '2009' is no day"),
        ((edge("a", "b", end=2009),), "end 2009 is no day"),
        ((edge("a", "b", end="2009-02-30"),), "end '2009-02-30' is no day"),
        ((edge("a", "b", begin="0000-01-01"),), "begin '0000-01-01' is no day"),
        ((edge("a", "b", begin="2010-01-01", end="2009-12-31"),), "'2010-01-01' is after its end"),
        ((edge("a", "b", claims="k1 k|2"),), r"claims 'k1 k\|2' holds a \|"),
        ((node("c", level="high"),), r"node .*/c: level 'high' is no whole number"),
        ((node("c", level=2.5),), "level '2.5' is no whole number"),
        ((node("c", begin="soon"),), "node .*/c: begin 'soon' is no day"),
    ],
)
def test_values_that_their_column_cannot_hold_are_refused(
    rows: tuple[Row, ...], message: str
) -> None:
    with pytest.raises(InputError, match=r"sample\.rq: the .*" + message):
        sample(node("a", level=1), node("b"), *rows)


@pytest.mark.parametrize(
    ("weight", "read_as"), [(3, 3), (2.5, 2.5), ("4", 4), (1e300, 1e300), (3.0, 3)]
)
def test_weights_are_numbers(weight: float | str, read_as: float) -> None:
    [found] = sample(node("a"), node("b"), edge("a", "b", weight=weight)).edges["weight"]
    assert found == read_as
    assert type(found) is type(read_as)


def own(names: str, rows: str) -> Network:
    """Draw the network of a query of one's own, whose values are as SPARQL has them."""
    text = f"SELECT {names} {{ VALUES ({names}) {{ {rows} }} }}"
    return read(QUERY, Store().serialize(text, "tsv"), "en")


def test_names_are_texts_whatever_they_look_like() -> None:
    drawn = own(
        "?node ?label ?source ?target ?kind",
        '(1 1 UNDEF UNDEF "k") ("02" "x" UNDEF UNDEF 7) (UNDEF UNDEF 1 "02" 2.5)',
    )
    assert drawn.nodes.rows() == [("02", "x", "7"), ("1", "1", "k")]
    assert drawn.edges.rows() == [("1", "02", "2.5", 1)]


@pytest.mark.parametrize(
    ("names", "rows", "message"),
    [
        ("?node ?source ?target ?kind", '(UNDEF "a" "b" "leads")', "an edge joins a, which no row"),
        ("?node ?source ?target ?kind", '("" UNDEF UNDEF "k")', "is empty: each node needs a name"),
        ("?node ?source ?target ?kind", '("a" UNDEF UNDEF "k") (UNDEF "a" "" "k")', "but not"),
        ("?node ?source ?target ?kind ?id", '("a" UNDEF UNDEF "k" "i")', "give [?]id another name"),
    ],
)
def test_names_that_name_nothing_are_refused(names: str, rows: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        own(names, rows)


def test_a_blank_node_is_refused_as_a_name() -> None:
    text = "SELECT (BNODE() AS ?node) ?source ?target ?kind {}"
    with pytest.raises(InputError, match="is a blank node: give it an IRI or a text as name"):
        read(QUERY, Store().serialize(text, "tsv"), "en")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"weight": 0}, "weight 0 is no"),
        ({"weight": "x"}, "weight 'x' is no"),
        ({"end": 9}, "end 9"),
    ],
)
def test_a_graph_of_ones_own_is_refused_alike(row: dict[str, object], message: str) -> None:
    graph: nx.Graph[str] = nx.Graph(name="mine")
    graph.add_edge("a", "b", **row)
    with pytest.raises(InputError, match=rf"mine: the edge a -> b \(tie\): {message}"):
        from_networkx(graph)


def test_a_weight_that_is_no_number_writes_nothing(govkg: Run, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.rq"
    path.write_text(
        'SELECT ?node ?source ?target ?kind ?weight { { BIND("甲" AS ?node) } UNION'
        ' { VALUES (?source ?target ?kind ?weight) { ("甲" "甲" "k" "三") } } }',
        encoding="utf-8",
    )
    found = govkg("export", str(path), "-o", str(tmp_path / "a.gexf"), "--build", str(home))
    assert found.returncode == 2
    assert f"{path}: the edge 甲 -> 甲 (k): weight '三' is no number above 0" in found.stderr
    assert [one.name for one in tmp_path.iterdir()] == ["own.rq"]


# --- answers of a build that has only a part ------------------------------------------------------


def test_a_part_of_a_network_says_which_build_has_the_rest(
    kg: KnowledgeGraph, govkg: Run, home: Path, tmp_path: Path
) -> None:
    told = (
        "this build has scope document, so the answer is a part: "
        "`govkg build --scope township --province 52` has the rest."
    )
    with pytest.warns(PartialAnswer) as warned:
        drawn = kg.frames("hierarchy", province="52", depth=3)
    assert [str(one.message) for one in warned] == [told]
    words = ("--param", "province=52", "--param", "depth=3", "--build", str(home))
    done = govkg("export", "hierarchy", "-o", str(tmp_path / "a.gexf"), *words)
    assert (done.returncode, done.stderr) == (0, f"govkg: {told}\n")
    assert f"{drawn.nodes.height} nodes" in done.stdout
    with pytest.warns(PartialAnswer, match="--scope national` has the rest"):
        kg.network("institution-hierarchy", depth=5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        kg.network("institutions")


@pytest.mark.parametrize(
    ("scope", "only", "asked", "told"),
    [
        ("township", None, {}, ""),
        ("township", None, {"depth": "5"}, "scope township, .*--scope national` has"),
        ("national", None, {"depth": "5"}, ""),
        ("township", "52", {"province": "52"}, ""),
        ("township", "52", {}, "scope township and province 52 only, .*--scope township` has"),
        ("township", "52", {"province": "11"}, "52 only, .*--province 11` has"),
        ("document", None, {"depth": "5", "province": "11"}, "--scope national --province 11` has"),
    ],
)
def test_the_build_that_has_the_whole(
    scope: str, only: str | None, asked: dict[str, str], told: str
) -> None:
    build = Build(
        Path("graph-x"), Manifest(triples=0, graphs={}, dumps={}, scope=scope, province=only)
    )
    found = KnowledgeGraph(build).partial(queries.find("networks", "hierarchy"), asked)
    assert re.search(told, found)
    assert bool(found) == bool(told)
    server = KnowledgeGraph(RemoteStore("http://127.0.0.1:9/sparql"))
    assert server.partial(queries.find("networks", "hierarchy"), asked) == ""


@pytest.mark.parametrize("name", queries.catalog("networks"))
def test_who_reads_the_lists_of_divisions_says_what_it_needs(name: str) -> None:
    """A ready query that goes through all divisions is whole in a larger build only."""
    query = queries.find("networks", name)
    assert bool(query.needs({})) == ("reference/nbs-divisions" in query.text)
    assert query.needs({}) in {"", "township", "national"}
