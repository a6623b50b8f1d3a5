"""Files of networks: read back by readers that nobody here wrote."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

import needs
from govkg import exports, queries
from govkg.errors import InputError, UnknownName
from govkg.exports.presentation import UNWANTED, sizes
from govkg.namespaces import expand, shorten
from govkg.networks import Network, from_networkx
from govkg.networks.filters import collapse

if TYPE_CHECKING:
    from conftest import Run
    from govkg.api import KnowledgeGraph

NETWORKS = sorted(queries.catalog("networks"))
SCHEMA = needs.SUITES / "gexf" / "gexf.xsd"
VIZ = "{http://gexf.net/1.3/viz}"
GEXF = "{http://gexf.net/1.3}"
DYNAMIC = exports.Style(dynamic=True)


@pytest.fixture(scope="module")
def reader(readers: Path) -> Path:
    """Gephi Lite's reader."""
    return readers / "read.js"


def read_with_node(reader: Path, path: Path) -> dict[str, Any]:
    found = subprocess.run(["node", reader, path], capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(found.stdout)
    return told


@pytest.mark.parametrize("name", NETWORKS)
def test_gephi_lites_reader_finds_what_sparql_counts(
    kg: KnowledgeGraph, reader: Path, tmp_path: Path, name: str
) -> None:
    query = queries.find("networks", name)
    rows = list(kg.store.select(query.bind({})))
    nodes = [row for row in rows if row.node is not None]
    edges = [row for row in rows if row.source is not None]
    # Gephi tells no two edges of one pair and kind apart: the GEXF file has one for them.
    apart = {(row.source, row.target, row.kind): row for row in edges}
    for form, count in (("gexf", len(apart)), ("json", len(edges))):
        path = tmp_path / f"{name}.{form}"
        path.write_bytes(exports.write(kg.frames(name), form))
        told = read_with_node(reader, path)
        assert (told["nodes"], told["edges"]) == (len(nodes), count), form
        for variable in set(rows[0]._fields) - {"node", "source", "target", "weight", "label"}:
            for part, found in ((nodes, "nodeAttributes"), (edges, "edgeAttributes")):
                bound = [row for row in part if getattr(row, variable) is not None]
                if part is edges and form == "gexf":
                    bound = list(
                        {(row.source, row.target, row.kind): row for row in bound}.values()
                    )
                expected = 0 if variable in query.parameters else len(bound)
                assert told[found].get(variable, 0) == expected, (form, variable)


# What each network is about, said once more in few words: an edge for each solution of ?s ?t.
SOLID = (
    "?claim gov:asserts ?r ; gov:curationStatus status:accepted ; gov:modality ?how ."
    " FILTER(?how IN (modality:fact, modality:definition))"
)
PATTERNS = {
    "claims-evidence": (
        "?s gov:curationStatus status:accepted ; gov:asserts|gov:denies|gov:textUnit ?t"
    ),
    "hierarchy": (
        "GRAPH ref:nbs-divisions"
        " { ?t gov:within ?s ; gov:divisionLevel ?level . FILTER(?level < 5) }"
    ),
    "institutions": (
        "{ SELECT DISTINCT ?r ?s ?t { "
        f"{SOLID} {{ ?r gov:source ?s ; gov:target ?t }}"
        " UNION { ?r gov:member ?s , ?t FILTER(?s != ?t) }"
        " FILTER(NOT EXISTS { ?r a gov:Responsibility } && NOT EXISTS { ?r gov:generic true }) } }"
    ),
    "reforms": (
        "{ SELECT DISTINCT ?r ?s ?t ?part { "
        f"{SOLID} ?r a gov:ReformEvent ; ?part ?t . BIND(?r AS ?s) FILTER(?part IN (gov:territory,"
        " gov:actor, gov:adopts, gov:affectsKind, org:resultingOrganization,"
        " org:originalOrganization)) } }"
    ),
}


@pytest.mark.parametrize("name", PATTERNS)
def test_networks_hold_what_the_graph_has(kg: KnowledgeGraph, name: str) -> None:
    prefixes = "".join(
        f"PREFIX {prefix}: <{expand(f'{prefix}:')}>\n"
        for prefix in ("gov", "modality", "org", "status")
    )
    prefixes += "PREFIX ref: <https://w3id.org/govkg/graph/reference/>\n"
    rows = kg.store.select(f"{prefixes}SELECT ?s ?t {{ {PATTERNS[name]} }}")
    drawn = kg.frames(name)
    ends = {shorten(str(end)) for row in rows for end in row}
    assert drawn.edges.height == len(rows) > 0
    assert set(drawn.edges["source"]) | set(drawn.edges["target"]) == ends
    assert ends <= set(drawn.nodes["id"])


@pytest.mark.parametrize("name", NETWORKS)
def test_networkx_reads_gexf_and_graphml_back(kg: KnowledgeGraph, name: str) -> None:
    graph = kg.network(name)
    for form, read in (("gexf", nx.read_gexf), ("graphml", nx.read_graphml)):
        back = read(io.BytesIO(exports.write(graph, form)))
        assert sorted(back) == sorted(graph), form
        told = [(s, t, row["kind"]) for s, t, row in back.edges(data=True)]
        written = [(s, t, row["kind"]) for s, t, row in graph.edges(data=True)]
        assert sorted(told) == sorted(set(written) if form == "gexf" else written), form
        labels = {node: row["label"] for node, row in graph.nodes(data=True)}
        assert {node: row["label"] for node, row in back.nodes(data=True)} == labels, form


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    needs.GEXF_SCHEMA.demand()
    return etree.XMLSchema(etree.parse(SCHEMA))


def mended(content: bytes) -> etree._Element:
    """Take the viz elements into GEXF's own namespace, where the published schema has them."""
    root = etree.fromstring(content)
    for element in root.iter(f"{VIZ}*"):
        element.tag = str(element.tag).replace(VIZ, GEXF)
    return root


@pytest.mark.parametrize("style", [exports.Style(), DYNAMIC], ids=["static", "dynamic"])
@pytest.mark.parametrize("name", NETWORKS)
def test_gexf_is_valid(
    kg: KnowledgeGraph, schema: etree.XMLSchema, name: str, style: exports.Style
) -> None:
    schema.assertValid(mended(exports.write(kg.frames(name), "gexf", style=style)))


def test_the_schema_is_able_to_refuse(kg: KnowledgeGraph, schema: etree.XMLSchema) -> None:
    root = mended(exports.write(kg.frames("posts"), "gexf"))
    next(root.iter(f"{GEXF}edge")).attrib.pop("source")
    assert not schema.validate(root)


text = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("贵阳😀\"'<&>|\0\x0b\u202e\ufeff"))
)
day = st.none() | st.dates().map(lambda one: f"{one.year:04d}-{one.month:02d}-{one.day:02d}")


@st.composite
def graphs(draw: st.DrawFn) -> nx.MultiDiGraph[str]:
    """Any network: none or some nodes, parallel and symmetric ties, loops, open sides, points."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=draw(text))
    for name in draw(st.sets(st.text("abc", min_size=1, max_size=2), max_size=4)):
        graph.add_node(name, label=draw(text), note=draw(text))
    ends = st.sampled_from(sorted(graph)) if graph else st.nothing()
    for source, target in draw(st.lists(st.tuples(ends, ends), max_size=6)) if graph else []:
        row = {"kind": draw(st.sampled_from(["leads", "指导"])), "note": draw(text)}
        begin, end = sorted([draw(day), draw(day)], key=lambda one: one or "")
        graph.add_edge(source, target, **row, begin=begin or None, end=end)
    return graph


def bare(value: str) -> str:
    return str(pl.Series([value]).str.replace_all(UNWANTED, "")[0])


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=60)
@given(graphs(), st.booleans())
def test_any_network_comes_back(graph: nx.MultiDiGraph[str], dynamic: bool) -> None:
    content = exports.write(graph, "gexf", style=exports.Style(dynamic=dynamic))
    root = etree.fromstring(content)
    labels = {one.get("id"): one.get("label") for one in root.iter(f"{GEXF}node")}
    assert labels == {name: bare(row["label"]) for name, row in graph.nodes(data=True)}
    told = sorted(
        (e.get("source"), e.get("target"), e.get("kind")) for e in root.iter(f"{GEXF}edge")
    )
    assert told == sorted({(s, t, row["kind"]) for s, t, row in graph.edges(data=True)})
    assert all(one.get("value") for one in root.iter(f"{GEXF}attvalue"))
    weights = sum(int(str(one.get("weight"))) for one in root.iter(f"{GEXF}edge"))
    assert weights == graph.number_of_edges()
    for one in (*root.iter(f"{GEXF}edge"), *root.iter(f"{GEXF}spell")):
        start, end = one.get("start"), one.get("end")
        assert start is None or end is None or start < end
    back = nx.read_graphml(io.BytesIO(exports.write(graph, "graphml")))
    assert sorted(back.edges()) == sorted(graph.edges())
    json.loads(exports.write(graph, "json"))


def small(label: str = "x", **row: object) -> Network:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="small")
    graph.add_node("a", label=label)
    graph.add_edge("a", "a", kind="leads", **row)
    graph.nodes["a"]["label"] = label
    return from_networkx(graph)


def parallel() -> Network:
    """Ties of one pair: of one kind and of several, with closed, open, no and one-day intervals."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name="parallel")
    for source, target, kind, begin, end, claims, note in (
        ("a", "b", "leads", "2001-01-01", "2002-01-01", "k3 k1", "x"),
        ("a", "b", "leads", "2005-01-01", "2009-01-01", "k2", "y"),
        ("a", "b", "guides", "1999-05-01", "2003-01-01", "k1 k4", "x"),
        ("b", "a", "leads", "2001-01-01", None, "k1", "x"),
        ("b", "a", "leads", "2000-01-01", "2004-01-01", None, "x"),
        ("a", "c", "leads", "2003-03-31", "2003-03-31", "k5", None),
        ("c", "b", "guides", None, None, "k6", "z"),
        ("c", "b", "leads", "2007-01-01", "2008-01-01", "k6", "z"),
    ):
        row = {"begin": begin, "end": end, "claims": claims, "note": note}
        known = {name: value for name, value in row.items() if value}
        graph.add_edge(source, target, kind=kind, **known)
    return from_networkx(graph)


Told = dict[tuple[str, ...], dict[str, Any]]


def grouped(network: Network, names: tuple[str, ...]) -> dict[tuple[str, ...], list[Any]]:
    found: dict[tuple[str, ...], list[Any]] = {}
    for row in network.edges.iter_rows(named=True):
        found.setdefault(tuple(row[name] for name in names), []).append(row)
    return found


def listed(rows: list[Any], name: str) -> list[str]:
    return sorted({one for row in rows for one in (row[name] or "").split()})


def merged_by_hand(network: Network) -> Told:
    """Say what docs/how-to/networks.md says of edges of one pair and one kind, in plain Python."""
    told = {}
    for key, rows in grouped(network, ("source", "target", "kind")).items():
        row: dict[str, Any] = {"weight": sum(row["weight"] for row in rows)}
        for name in set(rows[0]) - {"source", "target", "kind", "weight"}:
            values = sorted({str(row[name]) for row in rows if row[name] is not None})
            if name in network.lists:
                row[name] = listed(rows, name)
            elif name in {"begin", "end"}:
                row[name] = values and values[0 if name == "begin" else -1]
            else:
                row[name] = "; ".join(values)
        told[key] = {name: value for name, value in row.items() if value}
    return told


def collapsed_by_hand(network: Network) -> Told:
    """Say what `collapse` says of all ties of a pair, in plain Python."""
    told: Told = {}
    for (source, target), rows in grouped(network, ("source", "target")).items():
        kinds = listed(rows, "kind")
        row: dict[str, Any] = {"weight": len(rows), "kinds": kinds}
        row |= {name: listed(rows, name) for name in network.lists if name in rows[0]}
        for name, choose in (("begin", min), ("end", max)):
            if name in rows[0] and all(row[name] for row in rows):
                row[name] = choose(row[name] for row in rows)
        kind = kinds[0] if len(kinds) == 1 else "several"
        told[source, target, kind] = {name: value for name, value in row.items() if value}
    return told


def read_by_networkx(content: bytes, lists: tuple[str, ...]) -> Told:
    told: Told = {}
    for source, target, row in nx.read_gexf(io.BytesIO(content)).edges(data=True):
        known = {name: value for name, value in row.items() if name not in {"id", "viz"}}
        known |= {name: str(row[name]).split("|") for name in lists if name in row}
        told[source, target, str(known.pop("kind"))] = known
    return told


def read_by_graphology(reader: Path, path: Path) -> Told:
    told = {}
    for row in read_with_node(reader, path)["edgeRows"]:
        known = {name: value for name, value in row.items() if name not in {"color", "size"}}
        told[tuple(known.pop(name) for name in ("source", "target", "kind"))] = known
    return told


@pytest.mark.parametrize("collapsed", [False, True], ids=["merged", "collapsed"])
@pytest.mark.parametrize("name", ["parallel", "shared-reforms", "argument", "reforms"])
def test_other_readers_find_all_that_edges_of_one_pair_say(
    kg: KnowledgeGraph, reader: Path, tmp_path: Path, name: str, collapsed: bool
) -> None:
    apart = parallel() if name == "parallel" else kg.frames(name)
    expected = collapsed_by_hand(apart) if collapsed else merged_by_hand(apart)
    drawn = collapse(apart) if collapsed else apart
    path = tmp_path / "a.gexf"
    path.write_bytes(exports.write(drawn, "gexf"))
    assert len(expected) < apart.edges.height or name == "reforms"
    assert read_by_networkx(path.read_bytes(), drawn.lists) == expected
    assert read_by_graphology(reader, path) == expected


def test_a_collapsed_edge_is_the_same_in_graphologys_json(reader: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(exports.write(collapse(parallel()), "json"))
    assert read_by_graphology(reader, path) == collapsed_by_hand(parallel())


def test_networkx_finds_the_intervals_of_merged_and_of_collapsed_edges() -> None:
    times = {}
    for name, drawn in (("merged", parallel()), ("collapsed", collapse(parallel()))):
        back = nx.read_gexf(io.BytesIO(exports.write(drawn, "gexf", style=DYNAMIC)))
        times[name] = {
            (source, target, row["kind"]): row.get("spells", (row.get("start"), row.get("end")))
            for source, target, row in back.edges(data=True)
        }
    assert times["merged"] == {
        ("a", "b", "guides"): ("1999-05-01", "2003-01-01"),
        ("a", "b", "leads"): [("2001-01-01", "2002-01-01"), ("2005-01-01", "2009-01-01")],
        ("b", "a", "leads"): [
            ("2000-01-01", "2004-01-01"),
            ("2001-01-01", "None"),
        ],  # an open end, as networkx has it
        ("a", "c", "leads"): ("2003-03-31", "2003-04-01"),
        ("c", "b", "guides"): (None, None),
        ("c", "b", "leads"): ("2007-01-01", "2008-01-01"),
    }
    assert times["collapsed"] == {
        ("a", "b", "several"): ("1999-05-01", "2009-01-01"),
        ("b", "a", "leads"): ("2000-01-01", None),
        ("a", "c", "leads"): ("2003-03-31", "2003-04-01"),
        ("c", "b", "several"): (None, None),
    }


def test_begin_and_end_are_columns_of_dynamic_files_too(reader: Path, tmp_path: Path) -> None:
    """What knows no start and end (graphology, so Gephi Lite) has them as it has all else."""
    path = tmp_path / "a.gexf"
    path.write_bytes(exports.write(parallel(), "gexf", style=DYNAMIC))
    assert read_by_graphology(reader, path) == merged_by_hand(parallel())


def test_whole_numbers_are_integers_unless_they_are_too_large() -> None:
    """Tulip reads no `long`."""
    for number, told in ((2**31 - 1, "integer"), (-(2**31), "integer"), (2**31, "long")):
        root = etree.fromstring(exports.write(small(rank=number), "gexf"))
        kinds = {one.get("id"): one.get("type") for one in root.iter(f"{GEXF}attribute")}
        assert kinds["rank"] == told


def test_bodies_of_the_nation_are_the_largest(kg: KnowledgeGraph) -> None:
    drawn = kg.frames("institutions")
    size = dict(zip(drawn.nodes["id"], sizes(drawn), strict=True))
    assert size["inst:central-political-legal-committee"] == max(size.values())
    assert size["inst:central-political-legal-committee"] > size["inst:beijing-social-office"]
    assert size["inst:beijing-social-office"] > size["post:beijing-mayor"] == 8
    assert kg.frames("institutions", levels="0").nodes.height < drawn.nodes.height


def test_a_list_is_one_in_every_format() -> None:
    drawn = small(claims="k1 k2")
    csv_row = exports.write(drawn, "csv").decode().splitlines()[1]
    assert csv_row.endswith(",k1|k2")
    graphml = nx.read_graphml(io.BytesIO(exports.write(drawn, "graphml")))
    assert [row["claims"] for *_, row in graphml.edges(data=True)] == ["k1|k2"]
    root = etree.fromstring(exports.write(drawn, "gexf"))
    [declared] = root.iterfind(f".//{GEXF}attribute[@id='claims']")
    [value] = root.iterfind(f".//{GEXF}attvalue[@for='claims']")
    assert (declared.get("type"), value.get("value")) == ("liststring", "k1|k2")
    [edge] = json.loads(exports.write(drawn, "json"))["edges"]
    parquet = pl.read_parquet(io.BytesIO(exports.write(drawn, "parquet")))
    assert edge["attributes"]["claims"] == parquet["claims"].to_list()[0] == ["k1", "k2"]


def test_open_sides_are_left_out_and_a_point_lasts_a_day() -> None:
    for row, told in (
        ({"begin": "2011-08-01"}, {"start": "2011-08-01"}),
        ({"end": "2011-08-01"}, {"end": "2011-08-01"}),
        (
            {"begin": "2011-12-31", "end": "2011-12-31"},
            {"start": "2011-12-31", "end": "2012-01-01"},
        ),
    ):
        root = etree.fromstring(exports.write(small(**row), "gexf", style=DYNAMIC))
        [edge] = root.iter(f"{GEXF}edge")
        assert {side: edge.get(side) for side in ("start", "end") if edge.get(side)} == told


def test_twins_become_one_edge_with_spells() -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b", kind="leads", begin="2001-01-01", end="2002-01-01", claims="k1")
    graph.add_edge("a", "b", kind="leads", begin="2005-01-01", claims="k2 k1")
    root = etree.fromstring(exports.write(graph, "gexf", style=DYNAMIC))
    assert [dict(one.attrib) for one in root.iter(f"{GEXF}spell")] == [
        {"start": "2001-01-01", "end": "2002-01-01"},
        {"start": "2005-01-01"},
    ]
    values = {one.get("for"): one.get("value") for one in root.iter(f"{GEXF}attvalue")}
    assert values["claims"] == "k1|k2"


def test_the_tables_have_the_columns_that_gephi_knows(kg: KnowledgeGraph) -> None:
    drawn = kg.frames("institutions")
    nodes, edges = (
        list(csv.reader(exports.write(drawn, "csv", part).decode().splitlines()))
        for part in ("nodes", "edges")
    )
    assert nodes[0][:3] == ["Id", "Label", "Kind"]
    assert edges[0][:5] == ["Source", "Target", "Type", "Kind", "Weight"]
    assert (len(nodes), len(edges)) == (drawn.nodes.height + 1, drawn.edges.height + 1)
    assert {row[2] for row in edges[1:]} == {"Directed"}
    back = pl.read_parquet(io.BytesIO(exports.write(drawn, "parquet")))
    lists = [name for name in drawn.lists if name in back.columns]
    assert back.equals(drawn.edges.with_columns(pl.col(lists).str.split(" ")))
    assert lists == ["claims", "modality"]


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@x", "＝1", "\t=1", " =1"])
def test_excel_is_guarded_from_formulas(label: str) -> None:
    plain = exports.write(small(label), "csv", "nodes").decode()
    safe = exports.write(small(label), "csv", "nodes", exports.Style(excel=True)).decode()
    assert f"'{label}" not in plain
    assert safe.startswith("\ufeff")
    assert f"'{label}" in safe


def test_an_unknown_format_is_refused(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="did you mean gexf"):
        exports.write(kg.network("posts"), "gexff")


def test_the_manifest_says_what_the_files_hold(kg: KnowledgeGraph, tmp_path: Path) -> None:
    drawn = kg.frames("reforms", as_of="2010")
    saved = exports.save(drawn, tmp_path / "a.csv", "csv")
    assert [path.name for path in saved.files] == ["a-nodes.csv", "a-edges.csv", "a.csv.json"]
    told = json.loads(saved.files[-1].read_text(encoding="utf-8"))
    assert told["filters"] == {"as_of": "2010"}
    assert told["query"]["name"] == "reforms"
    assert told["counts"]["edges"] == drawn.edges.height == sum(told["counts"]["kinds"].values())
    for path in saved.files[:-1]:
        assert told["files"][path.name]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_control_characters_are_left_out_and_counted(tmp_path: Path) -> None:
    saved = exports.save(small("a\x00b\u202ec👩\u200d👩"), tmp_path / "a.gexf", "gexf")
    assert saved.left_out == 2
    assert 'label="abc👩\u200d👩"' in saved.files[0].read_text(encoding="utf-8")


def test_bad_exports_leave_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "there.gexf").write_text("mine", encoding="utf-8")
    nothing = from_networkx(nx.MultiDiGraph())
    for network, path, message in (
        (small(), tmp_path / "there.gexf", "exists: say --force"),
        (small(), tmp_path / "no" / "a.gexf", "can't be written"),
        (nothing, tmp_path / "a.gexf", "is empty"),
    ):
        with pytest.raises(InputError, match=message):
            exports.save(network, path, "gexf")
    assert [path.name for path in tmp_path.iterdir()] == ["there.gexf"]
    assert (tmp_path / "there.gexf").read_text(encoding="utf-8") == "mine"


def contents(folder: Path) -> dict[str, bytes]:
    """Give all that is in a folder, hidden files too; a folder's content is its slash."""
    return {
        str(path.relative_to(folder)): b"/" if path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize("there", [(), ("a-edges.csv",), ("a-nodes.csv", "a.csv.json")])
@pytest.mark.parametrize("fails", ["a-nodes.csv", "a-edges.csv", "a.csv.json"])
def test_a_file_that_cannot_take_its_place_leaves_all_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: tuple[str, ...], fails: str
) -> None:
    for name in there:
        (tmp_path / name).write_text(f"my {name}", encoding="utf-8")
    before, replace = contents(tmp_path), Path.replace

    def refuse(path: Path, target: Path) -> Path:
        if path.parent.name.startswith(".govkg-") and Path(target).name == fails:
            raise PermissionError(1, "Operation not permitted")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(InputError, match="can't be written: Operation not permitted"):
        exports.save(small(), tmp_path / "a.csv", "csv", force=True)
    assert contents(tmp_path) == before
    monkeypatch.undo()
    exports.save(small(), tmp_path / "a.csv", "csv", force=True)
    assert set(contents(tmp_path)) == {"a-nodes.csv", "a-edges.csv", "a.csv.json"}


def test_files_come_back_where_there_are_no_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    test_a_file_that_cannot_take_its_place_leaves_all_as_it_was(
        tmp_path, monkeypatch, ("a-nodes.csv",), "a-edges.csv"
    )


@pytest.mark.parametrize("force", [False, True])
def test_a_second_file_that_is_there_or_a_folder_stops_all(tmp_path: Path, force: bool) -> None:
    taken = tmp_path / "a-edges.parquet"
    if force:
        (taken / "mine").mkdir(parents=True)
    else:
        taken.write_bytes(b"mine")
    before = contents(tmp_path)
    message = "a-edges.parquet " + ("is a folder: choose another name" if force else "exists: say")
    with pytest.raises(InputError, match=message):
        exports.save(small(), tmp_path / "a.parquet", "parquet", force=force)
    assert contents(tmp_path) == before


# A process that may write no file beyond a size, as on a full disk.
LIMITED = """
import resource, sys
from govkg.cli import main
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), resource.RLIM_INFINITY))
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sets no limit to the size of files")
@pytest.mark.parametrize("there", [False, True], ids=["new", "force"])
@pytest.mark.parametrize("form", exports.WRITERS)
def test_a_disk_that_is_full_half_way_leaves_all_as_it_was(
    kg: KnowledgeGraph, home: Path, tmp_path: Path, form: str, there: bool
) -> None:
    saved = exports.save(kg.frames("shared-reforms"), tmp_path / f"a.{form}", form)
    last = saved.files[-2].stat().st_size  # the manifest is the smallest
    assert all(path.stat().st_size < last for path in saved.files if path != saved.files[-2])
    for path in saved.files:
        if there:
            path.write_text(f"my {path.name}", encoding="utf-8")
        else:
            path.unlink()
    before = contents(tmp_path)
    words = ("export", "shared-reforms", "-o", str(tmp_path / f"a.{form}"), "--build", str(home))
    found = subprocess.run(
        [sys.executable, "-c", LIMITED, str(last - 1), *words, "--force"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2, found.stderr
    assert f"a.{form} can't be written: " in found.stderr
    assert "File too large" in found.stderr
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("instituions",), "did you mean institutions"),
        (("institutions", "--kind", "Lead"), "no ties of the kind"),
        (("institutions", "--as-of", "soon"), "is not an EDTF date"),
        (("institutions", "--within", "territory:x"), "no territory is"),
        (("institutions", "--param", "year=1"), "no parameter or filter 'year'"),
        (("hierarchy", "--param", "province=99"), "is empty"),
    ],
)
def test_the_command_refuses_bad_input(
    govkg: Run, home: Path, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    out = tmp_path / "a.gexf"
    found = govkg("export", *words, "-o", str(out), "--build", str(home))
    assert found.returncode == 2
    assert message in found.stderr
    assert not list(tmp_path.iterdir())


def test_the_command_writes_every_format(govkg: Run, home: Path, tmp_path: Path) -> None:
    for form in exports.WRITERS:
        out = tmp_path / f"a.{form}"
        words = (
            "export",
            "reforms",
            "-o",
            str(out),
            "--build",
            str(home),
            "--collapsed",
            "--backbone",
        )
        assert govkg(*words).returncode == 0, form
        assert (tmp_path / f"a.{form}.json").is_file()
        assert govkg(*words).returncode == 2
        assert govkg(*words, "--force").returncode == 0
