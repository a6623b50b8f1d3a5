"""A store seen by rdflib without a copy: for pySHACL on a few nodes of a large graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib import Graph
from rdflib.store import Store as RdflibStore

from govkg.validation.ill_typed import as_in_data, shown_datatype

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.store import Store


class _View(RdflibStore):
    """Read-only triples, the union of all graphs of a store, ill-typed literals set apart."""

    context_aware = True  # pySHACL wraps a graph in a dataset, which asks for these two
    graph_aware = True

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._store = store

    def triples(
        self,
        triple_pattern: tuple[Any, Any, Any],
        context: object = None,  # noqa: ARG002 - rdflib says which
    ) -> Iterator[tuple[tuple[Any, Any, Any], Iterator[None]]]:
        """Find the triples of a pattern, as rdflib asks its stores."""
        s, p, o = triple_pattern
        for triple in self._store.match(s, p, as_in_data(o), shown_datatype):
            yield triple, iter(())

    def __len__(self, context: object = None) -> int:
        """Say 1 where there is anything: pySHACL only asks whether it is empty."""
        return int(any(True for _ in self._store.match(None, None, None)))


def view(store: Store) -> Graph:
    """Show a store as an rdflib graph, to be read only."""
    return Graph(store=_View(store), bind_namespaces="none")
