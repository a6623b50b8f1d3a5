"""A hierarchy as arrays: each node has one parent at most, so that all of China fits in numpy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    import networkx as nx
    import polars as pl
    from numpy.typing import NDArray

    Positions = NDArray[np.intp]
    Flags = NDArray[np.bool_]

NONE = -1  # no position: a root has no parent, a node in a cycle no depth


@dataclass(frozen=True)
class Hierarchy:
    """Nodes by position: `ids`, `kinds`, the position of the `parent` (-1: none), and `lost`.

    `lost` marks nodes that name a parent which is not among the nodes: they have `parent` -1 too.
    """

    ids: NDArray[Any]
    kinds: NDArray[Any]
    parent: Positions
    lost: Flags

    @classmethod
    def of_frame(cls, frame: pl.DataFrame) -> Hierarchy:
        """Take a frame with the columns `code`, `parent` (null for a root) and `kind`.

        Raises InputError where a code stands twice.
        """
        import polars as pl

        if frame["code"].n_unique() != frame.height:
            raise InputError("a hierarchy names a node twice: leave one of them out.")
        places = frame.select(parent="code").with_row_index("at")
        at = frame.select("parent").join(places, on="parent", how="left", maintain_order="left")
        parent = at["at"].cast(pl.Int64).fill_null(NONE).to_numpy().astype(np.intp)
        lost = (frame["parent"].is_not_null() & at["at"].is_null()).to_numpy()
        return cls(frame["code"].to_numpy(), frame["kind"].to_numpy(), parent, lost)

    @classmethod
    def of_rows(cls, rows: Iterable[tuple[str, str | None, str]]) -> Hierarchy:
        """Take (id, id of the parent or None, kind); raise InputError for an id given twice."""
        import polars as pl

        schema = {"code": pl.String, "parent": pl.String, "kind": pl.String}
        return cls.of_frame(pl.DataFrame(list(rows), schema=schema, orient="row"))

    @classmethod
    def of_graph(cls, graph: nx.DiGraph[Any], kind: str = "kind") -> Hierarchy:
        """Take a graph whose edges run from parent to child, and the attribute `kind` of its nodes.

        Raises InputError where a node has two parents: then it is a network, not a hierarchy.
        """
        rows = []
        for node, about in graph.nodes(data=True):
            above = sorted(set(graph.predecessors(node)))
            if len(above) > 1:
                raise InputError(f"{node} has several parents, {above[0]} and {above[1]}.")
            rows.append((node, above[0] if above else None, str(about.get(kind, ""))))
        return cls.of_rows(rows)

    def __len__(self) -> int:
        return len(self.ids)

    def is_a(self, kinds: Collection[str]) -> Flags:
        """Flag the nodes of these kinds."""
        return np.isin(self.kinds, list(kinds))

    @cached_property
    def layers(self) -> list[Positions]:
        """Positions by depth, the roots first; what lies in or under a cycle is in none.

        Each layer takes one pass over all nodes: meant for hierarchies, which are not deep.
        """
        found, rest = [], np.flatnonzero(self.parent != NONE)
        layer = np.flatnonzero(self.parent == NONE)
        reached = np.zeros(len(self), dtype=bool)
        while layer.size:
            found.append(layer)
            reached[layer] = True
            below = reached[self.parent[rest]]
            layer, rest = rest[below], rest[~below]
        return found

    def depths(self) -> NDArray[np.int64]:
        """Count the steps from the root to each node; -1 in and under a cycle."""
        depth = np.full(len(self), NONE, dtype=np.int64)
        for number, layer in enumerate(self.layers):
            depth[layer] = number
        return depth

    def descendants(self, among: Flags | None = None) -> NDArray[np.int64]:
        """Count for each node all nodes below it, or those `among` them that are flagged."""
        own = np.ones(len(self), dtype=np.int64) if among is None else among.astype(np.int64)
        below = np.zeros(len(self), dtype=np.int64)
        # From the bottom up each layer is whole before its parents are; add.at, unlike +=, counts
        # a parent as often as it has children.
        for layer in reversed(self.layers[1:]):
            np.add.at(below, self.parent[layer], below[layer] + own[layer])
        return below

    def children(self, among: Flags | None = None) -> NDArray[np.int64]:
        """Count for each node the nodes right below it, or those `among` them that are flagged."""
        counted = self.parent != NONE
        if among is not None:
            counted &= among
        return np.bincount(self.parent[counted], minlength=len(self))

    def masks(self, bits: NDArray[np.int64], start: int) -> tuple[NDArray[np.int64], Positions]:
        """Gather `bits` down each path, afresh below a node that has the bit `start`.

        Gives the gathered bits of each node, and the position of the start above it (-1: none).
        """
        gathered, owner = np.zeros_like(bits), np.full(len(self), NONE, dtype=np.intp)
        for number, layer in enumerate(self.layers):
            starts = (bits[layer] & start) != 0
            if number:
                above = self.parent[layer]
                gathered[layer] = np.where(starts, 0, gathered[above])
                owner[layer] = owner[above]
            owner[layer[starts]] = layer[starts]
            gathered[layer] |= bits[layer]
        return gathered, owner

    def orphans(self) -> list[Any]:
        """List the nodes whose parent is missing."""
        return list(self.ids[self.lost])

    def cycles(self) -> list[list[Any]]:
        """List the cycles, each from its smallest id on."""
        return list(self._cycles())

    def _cycles(self) -> Iterator[list[Any]]:
        seen = self.depths() != NONE
        for start in np.flatnonzero(~seen):
            path: dict[int, None] = {}
            at = int(start)
            while not seen[at]:
                seen[at] = True
                path[at] = None
                at = int(self.parent[at])
            if at in path:
                walked = list(path)
                yield _from_smallest([self.ids[i] for i in walked[walked.index(at) :]])


def _from_smallest(cycle: list[Any]) -> list[Any]:
    first = cycle.index(min(cycle))
    return cycle[first:] + cycle[:first]
