"""Writers of networks: one module a format, each a function from a graph to bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.errors import UnknownName
from govkg.exports import gexf, graphml, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx

    Writer = Callable[[nx.MultiDiGraph[str]], bytes]

WRITERS: dict[str, Writer] = {
    "csv": tables.write_edges,
    "gexf": gexf.write,
    "graphml": graphml.write,
}


def write(graph: nx.MultiDiGraph[str], form: str) -> bytes:
    """Write a network in a format by its name; raise UnknownName where there is no such format."""
    if form not in WRITERS:
        raise UnknownName("export format", form, WRITERS, "govkg export --help")
    return WRITERS[form](graph)
