"""Networks: a query file gives nodes and edges, networkx takes them.

A network query is one SELECT whose rows are of two sorts. A row with `?node` describes a node; a
row with `?source` and `?target` is an edge, and `?kind` its kind. Every other variable is an
attribute, named as the variable is; `?x_zh` and `?x_en` also give `x` in the language asked for.

`kg.network(name, lang=..., **filters)` gives an `nx.MultiDiGraph` with prefixed names as node ids
(`inst:daqing-social-work-committee`, `division:520100000000`) and the edge's kind as its key
(`dispatches`, `leads`, `within`, `CoLocation`...). `graph.name` is the network's name. An attribute
is absent where nothing is known; it is never None or empty.

Nodes: `label` (str, in the language asked for), `label_zh`, `label_en`, `pinyin` (str, no tones),
`kind` (str, local name of the class or a branch: `StreetOffice`, `District`, `problem`), `level`
(int, 1 province .. 5 village), `code` (str, 12 digits), `territory` (str, prefixed name of the
place a body is of or an event happened in), `begin`, `end` (str, ISO dates, of dated nodes).

Edges: `kind` (str), `tie` (str, the kind in words), `begin`, `end` (str, ISO dates, absent where
open), `weight` (int; ties or claims, 1 where the query says nothing), `claims` and `modality`
(str, separated by blanks: `usm2013-s065-1 usm2013-s065-2`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govkg.errors import InputError
from govkg.namespaces import shorten

if TYPE_CHECKING:
    import networkx as nx
    from rdflib.term import Node

    from govkg.queries import Query
    from govkg.store import Result

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
