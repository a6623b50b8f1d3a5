"""What is out of order in a hierarchy or a network: orphans, cycles, skipped levels, gaps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govkg.analysis.hierarchy import NONE, Hierarchy
from govkg.analysis.leadership import LEADING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    import networkx as nx
    import polars as pl

_BOTTOM = 5


def faults(units: pl.DataFrame) -> Iterator[tuple[str, int]]:
    """Yield what is out of order in a list of divisions, by kind of fault, then by code.

    Takes code, level, kind, parent. `orphan`: below the top level and without a listed parent;
    `cycle`: on a ring of parents; `skips-level`: the parent is more than one level up;
    `childless`: above the bottom of the list, and nothing below it.
    """
    hierarchy, level = Hierarchy.of_frame(units), units["level"].to_numpy().astype(int)
    top, lowest = level.min(initial=_BOTTOM), level.max(initial=0)
    rooted = hierarchy.parent == NONE
    for fault, flags in (
        ("orphan", rooted & (level > top)),
        ("skips-level", ~rooted & (level - level[hierarchy.parent] > 1)),
        ("childless", (level < lowest) & (hierarchy.children() == 0)),
    ):
        yield from ((fault, code) for code in sorted(hierarchy.ids[flags].tolist()))
    yield from (("cycle", code) for ring in hierarchy.cycles() for code in ring)


def isolated(graph: nx.MultiDiGraph[Any]) -> list[Any]:
    """List the nodes without a tie to another one."""
    return sorted(
        node
        for node in graph
        if not (set(graph.successors(node)) | set(graph.predecessors(node))) - {node}
    )


def rings(graph: nx.MultiDiGraph[Any], kinds: Collection[str] = LEADING) -> list[list[Any]]:
    """List the groups of nodes that lead each other in a ring, by ties of these kinds."""
    import networkx as nx

    ties = [(u, v) for u, v, about in graph.edges(data=True) if about.get("kind") in kinds]
    leading: nx.DiGraph[Any] = nx.DiGraph(ties)
    found = [sorted(part) for part in nx.strongly_connected_components(leading) if len(part) > 1]
    return sorted(found + [[node] for node in leading if leading.has_edge(node, node)])
