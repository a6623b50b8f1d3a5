"""Networks: a query file gives nodes and edges, networkx takes them.

A network query is one SELECT whose rows are of two sorts. A row with `?node` describes a node; a
row with `?source` and `?target` is an edge, and `?kind` its kind. Every other variable is an
attribute. Parallel ties of different kinds stay apart: the graph is a MultiDiGraph keyed by kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govkg.errors import InputError
from govkg.namespaces import shorten

if TYPE_CHECKING:
    import networkx as nx
    from rdflib.term import Node

    from govkg.queries import Query
    from govkg.results import Result

_EDGE = ("source", "target", "kind")


def to_networkx(query: Query, rows: Result) -> nx.MultiDiGraph[str]:
    """Make a MultiDiGraph of a network query's rows; ids are prefixed names, in order of id.

    Raises InputError where the query gives no node and edge columns, or an edge joins a node that
    no row describes.
    """
    import networkx as nx

    missing = sorted({"node", *_EDGE} - set(rows.columns))
    if missing:
        raise InputError(f"{query.path}: a network query needs the variable ?{missing[0]}.")
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(name=query.name)
    for row in _sorted(rows, "node"):
        graph.add_node(row.pop("node"), **_without(row, _EDGE))
    for row in _sorted(rows, "source"):
        source, target, kind = (row.pop(name) for name in _EDGE)
        for end in (source, target):
            if end not in graph:
                raise InputError(f"{query.path}: an edge joins {end}, which no row describes.")
        key = kind if not graph.has_edge(source, target, kind) else None
        graph.add_edge(source, target, key=key, kind=kind, **_without(row, ("node",)))
    return graph


def _sorted(rows: Result, column: str) -> list[dict[str, Any]]:
    """Give the rows that bind `column`, as plain values, in an order that is the same each time."""
    found = [dict(zip(rows.columns, map(_plain, row), strict=True)) for row in rows]
    return sorted((row for row in found if row[column] is not None), key=repr)


def _without(row: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    """Leave out the variables of the other sort of row, and the unbound ones."""
    return {name: value for name, value in row.items() if name not in names and value is not None}


def _plain(term: Node | None) -> str | float | None:
    from rdflib import Literal, URIRef

    if isinstance(term, URIRef):
        return shorten(str(term))
    if isinstance(term, Literal):
        value = term.toPython()
        return value if isinstance(value, bool | int | float) else str(term)
    return None
