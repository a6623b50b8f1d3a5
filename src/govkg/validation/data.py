"""A graph to validate, small or as large as a country."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from govkg.namespaces import COUNTS_GRAPH, document_graph
from govkg.validation import shapes as shapes_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store

Focus = frozenset[str] | None

LARGE = 200_000
_CURATED = document_graph("")


@dataclass(frozen=True)
class Data:
    """A graph to validate: a store, a file of its N-Quads, and its graphs' sizes, where known."""

    store: Store
    quads: Path | None = None
    sizes: Mapping[str, int] | None = None

    @cached_property
    def size(self) -> int:
        """Count the triples."""
        return sum(self.sizes.values()) if self.sizes else len(self.store)

    @cached_property
    def large(self) -> list[str]:
        """List the reference graphs too large to be copied into memory, and the counts.

        What is curated, be it a large file that was given, is never left out.
        """
        if self.size <= LARGE:
            return []
        sizes = self.sizes or self.store.counts()
        return [
            graph
            for graph, size in sizes.items()
            if (size > LARGE and not graph.startswith(_CURATED)) or graph == COUNTS_GRAPH
        ]

    @property
    def reached(self) -> list[str]:
        """List the large graphs that rules look through."""
        return [graph for graph in self.large if graph != COUNTS_GRAPH]

    @property
    def left_out(self) -> list[str]:
        """List the graphs that no rule looks through: the counts, where they are not a few."""
        return [COUNTS_GRAPH] if self.large else []

    @cached_property
    def excerpt(self) -> Store:
        """Give what is curated, and of the large graphs what it leads to, in memory."""
        return self.store.excerpt(self.large) if self.large else self.store

    def store_of(self, shapes: Graph, shape: Node) -> Store:
        """Choose the whole where a shape is for nodes of a large graph, else the excerpt."""
        targets = " UNION ".join(shapes_of.target_patterns(shapes, shape))
        asked = (f"ASK {{ GRAPH <{graph}> {{ {targets} }} }}" for graph in self.reached)
        return self.store if any(self.store.query(ask) for ask in asked) else self.excerpt
