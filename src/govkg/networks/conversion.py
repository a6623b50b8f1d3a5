"""Networks to the graph libraries, and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from govkg.errors import InputError, MissingLibrary
from govkg.networks.network import Network, checked, tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx
    import rustworkx as rx

    Row = dict[str, Any]

_ENDS = ("source", "target", "kind")


def to_networkx(network: Network) -> nx.MultiGraph[str]:
    """Make a MultiDiGraph, or a MultiGraph of an undirected network, in order of id.

    Parallel ties of one kind get numbers as keys.
    """
    import networkx as nx

    make = nx.MultiDiGraph if network.directed else nx.MultiGraph
    graph: nx.MultiGraph[str] = make(name=network.name)
    graph.add_nodes_from((row.pop("id"), row) for row in known(network.nodes))
    for row in known(network.edges):
        source, target, kind = row.pop("source"), row.pop("target"), row["kind"]
        key = kind if not graph.has_edge(source, target, kind) else None
        graph.edges[source, target, graph.add_edge(source, target, key)].update(row)
    return graph


def to_rustworkx(network: Network) -> rx.PyDiGraph[Row, Row] | rx.PyGraph[Row, Row]:
    """Make a PyDiGraph, or a PyGraph, whose nodes and edges carry attributes, nodes their `id`.

    Raises MissingLibrary where rustworkx is not installed.
    """
    try:
        import rustworkx as rx
    except ImportError as error:
        raise MissingLibrary("rustworkx", "analysis") from error
    make = rx.PyDiGraph if network.directed else rx.PyGraph
    graph = make(attrs={"name": network.name})
    places = graph.add_nodes_from(list(known(network.nodes)))
    place = dict(zip(network.nodes["id"], places, strict=True))
    ends = zip(network.edges["source"], network.edges["target"], known(network.edges), strict=True)
    graph.add_edges_from([(place[source], place[target], row) for source, target, row in ends])
    return graph


def from_networkx(graph: nx.Graph[Any]) -> Network:
    """Make a network of a graph, with whatever attributes it carries, to write it.

    Edges without `kind` are of the kind `tie`. Raises InputError where an attribute is of no
    plain type, or of several, and where `network.checked` does.
    """
    nodes = [{**row, "id": str(node)} for node, row in graph.nodes(data=True)]
    edges = [
        {"kind": "tie", **row, "source": str(source), "target": str(target)}
        for source, target, row in graph.edges(data=True)
    ]
    name, directed = str(graph.graph.get("name") or "network"), graph.is_directed()
    frames = checked(name, _frame(nodes, ("id",)), _frame(edges, _ENDS))
    return Network(name, *tidy(*frames, directed=directed), directed=directed)


def known(frame: pl.DataFrame) -> Iterator[Row]:
    """Yield rows without what is not known."""
    for row in frame.iter_rows(named=True):
        yield {name: value for name, value in row.items() if value is not None}


def _frame(rows: list[Row], needed: Iterable[str]) -> pl.DataFrame:
    schema = dict.fromkeys(needed, pl.String) if not rows else None
    try:
        return pl.DataFrame(rows, schema=schema, infer_schema_length=None)
    except (pl.exceptions.PolarsError, TypeError) as error:
        raise InputError(f"an attribute can't be written as a column: {error}") from error
