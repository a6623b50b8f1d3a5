"""GraphML and GEXF of a real network, read by programs that nobody here wrote."""

from __future__ import annotations

import io
import json
import platform
import subprocess
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import igraph
import networkit
import networkx as nx
import pytest
import rustworkx as rx
from lxml import etree

from govkg import exports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from govkg.api import KnowledgeGraph
    from govkg.networks import Network

    Rows = list[dict[str, Any]]
    Reader = Callable[[Path], tuple[Rows, Rows]]

# `institutions` has parallel ties of several kinds, `shared-reforms` is undirected.
NETWORKS = ("institutions", "shared-reforms")


def told(nodes: Rows, edges: Rows) -> dict[str, Counter[tuple[Any, ...]]]:
    """Say what every reader must find: labels in Chinese, kinds, levels, weights, lists, ends."""
    return {
        "nodes": Counter(
            (row["id"], row["label"], row["kind"], float(row.get("level") or 0)) for row in nodes
        ),
        "edges": Counter(
            (row["source"], row["target"], row["kind"], float(row["weight"]),
             row.get("claims") or row.get("reform"))
            for row in edges
        ),
    }  # fmt: skip


def written(drawn: Network) -> dict[str, Counter[tuple[Any, ...]]]:
    edges = drawn.edges.to_dicts()
    for row in edges:
        row |= {name: row[name].replace(" ", "|") for name in drawn.lists if row.get(name)}
    return told(drawn.nodes.to_dicts(), edges)


def renamed(rows: Rows) -> Rows:
    """Call attributes of edges as nodes' are called, for readers that know keys and no names."""
    return [{name.removeprefix("edge-"): value for name, value in row.items()} for row in rows]


def by_igraph(path: Path) -> tuple[Rows, Rows]:
    graph = igraph.Graph.Read_GraphML(str(path))
    ids = graph.vs["id"]
    ends = [{"source": ids[edge.source], "target": ids[edge.target]} for edge in graph.es]
    edges = [{**edge.attributes(), **end} for edge, end in zip(graph.es, ends, strict=True)]
    # igraph has no unknown numbers but NaN, which is not equal to itself.
    nodes = [
        {name: value for name, value in node.attributes().items() if value == value}
        for node in graph.vs
    ]
    return nodes, edges


def by_rustworkx(path: Path) -> tuple[Rows, Rows]:
    [graph] = rx.read_graphml(str(path))
    nodes = graph.nodes()
    edges = [
        {**row, "source": nodes[source]["id"], "target": nodes[target]["id"]}
        for source, target, row in graph.weighted_edge_list()
    ]
    return nodes, edges


def by_networkx(path: Path) -> tuple[Rows, Rows]:
    graph = nx.read_graphml(path)
    edges = graph.edges(data=True)
    return (
        [{**row, "id": node} for node, row in graph.nodes(data=True)],
        [{**row, "source": source, "target": target} for source, target, row in edges],
    )


BY_PYTHON: dict[str, Reader] = {
    "igraph": by_igraph, "networkx": by_networkx, "rustworkx": by_rustworkx,
}  # fmt: skip


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("reader", BY_PYTHON)
def test_libraries_of_python_read_all_of_graphml(
    kg: KnowledgeGraph, tmp_path: Path, reader: str, name: str
) -> None:
    drawn, path = kg.frames(name, lang="zh"), tmp_path / "a.graphml"
    path.write_bytes(exports.write(drawn, "graphml"))
    assert told(*BY_PYTHON[reader](path)) == written(drawn)


@pytest.mark.parametrize("name", NETWORKS)
def test_readers_on_node_read_all_of_graphml(
    kg: KnowledgeGraph, readers: Path, tmp_path: Path, name: str
) -> None:
    drawn, path = kg.frames(name, lang="zh"), tmp_path / "a.graphml"
    path.write_bytes(exports.write(drawn, "graphml"))
    found = subprocess.run(
        ["node", readers / "graphml.js", path], capture_output=True, text=True, check=True
    )
    for reader, read in json.loads(found.stdout.splitlines()[-1]).items():
        assert told(read["nodes"], renamed(read["edges"])) == written(drawn), reader


@pytest.mark.parametrize("name", NETWORKS)
def test_networkit_reads_structure_and_weights(
    kg: KnowledgeGraph, tmp_path: Path, name: str
) -> None:
    drawn, path = kg.frames(name), tmp_path / "a.graphml"
    path.write_bytes(exports.write(drawn, "graphml"))
    graph = networkit.graphio.GraphMLReader().read(str(path))
    assert (graph.numberOfNodes(), graph.numberOfEdges()) == (
        drawn.nodes.height, drawn.edges.height,
    )  # fmt: skip
    assert (graph.isDirected(), graph.isWeighted()) == (drawn.directed, True)
    assert graph.totalEdgeWeight() == drawn.edges["weight"].sum() > 0


def test_networkit_reads_weights_that_are_not_one(tmp_path: Path) -> None:
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    graph.add_edge("a", "b", kind="leads", weight=3)
    graph.add_edge("b", "a", kind="guides", weight=4)
    path = tmp_path / "a.graphml"
    path.write_bytes(exports.write(graph, "graphml"))
    read = networkit.graphio.GraphMLReader().read(str(path))
    assert sorted(weight for *_, weight in read.iterEdgesWeights()) == [3.0, 4.0]


def by_tulip(path: Path) -> tuple[Rows, Rows]:
    from tulip import tlp

    graph = tlp.importGraph("GraphML", {"file::filename": str(path)})
    of = {name: graph.getProperty(name) for name in graph.getLocalProperties()}
    own = {name: one for name, one in of.items() if not name.startswith("view")}
    assert "id" not in own, "Tulip keeps ids now: compare by them"
    nodes = [{name: one.getNodeStringValue(n) for name, one in own.items()} for n in graph.nodes()]
    edges = [
        {
            **{name: one.getEdgeStringValue(e) for name, one in own.items()},
            "source": own["label"].getNodeStringValue(graph.source(e)),
            "target": own["label"].getNodeStringValue(graph.target(e)),
        }
        for e in graph.edges()
    ]
    return nodes, edges


@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"),
    reason="Tulip's wheel is installed on Linux with x86_64 only",
)
@pytest.mark.filterwarnings("ignore:DataSet:DeprecationWarning")  # its own, of its own
def test_tulip_reads_all_of_graphml(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Tulip keeps no ids and knows directed graphs only: labels stand for ids."""
    drawn, path = kg.frames("institutions", lang="zh"), tmp_path / "a.graphml"
    path.write_bytes(exports.write(drawn, "graphml"))
    nodes, edges = by_tulip(path)
    label = dict(drawn.nodes.select("id", "label").iter_rows())
    expected = written(drawn)
    assert told([{**row, "id": row["label"]} for row in nodes], edges) == {
        "nodes": Counter((row[1], *row[1:]) for row in expected["nodes"].elements()),
        "edges": Counter(
            (label[row[0]], label[row[1]], *row[2:]) for row in expected["edges"].elements()
        ),
    }


def test_graphml_is_utf_8_with_running_ids_and_no_id_twice(kg: KnowledgeGraph) -> None:
    drawn = kg.frames("institutions", lang="zh")
    content = exports.write(drawn, "graphml")
    assert b"&#" not in content
    assert "北京市社会建设工作领导小组".encode() in content
    root = etree.fromstring(content)
    ids = {
        tag: [one.get("id") for one in root.iter(f"{{*}}{tag}")] for tag in ("key", "node", "edge")
    }
    assert all(len(set(of)) == len(of) for of in ids.values())
    assert ids["edge"] == [str(number) for number in range(drawn.edges.height)]
    types = {key.get("attr.name"): key.get("attr.type") for key in root.iter("{*}key")}
    assert (types["weight"], types["level"]) == ("double", "int")


@pytest.mark.parametrize("name", ["a&b", "a<b", '"', "甲 乙"])
def test_attributes_of_any_name_are_written(name: str) -> None:
    graph: nx.Graph[str] = nx.Graph()
    graph.add_node("a", **{name: 2**40})
    graph.add_edge("a", "b", **{name: True})
    back = nx.read_graphml(io.BytesIO(exports.write(graph, "graphml")))
    assert (back.nodes["a"][name], back.edges["a", "b"][name]) == (2**40, True)
    back = nx.read_gexf(io.BytesIO(exports.write(graph, "gexf")))
    assert (back.nodes["a"][name], back.edges["a", "b"][name]) == (2**40, True)
