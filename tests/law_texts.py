"""A small law of our own making, as a graph: two versions and the nodes that they share."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from govkg import build, sources
from govkg.namespaces import ONTOLOGY_GRAPH, SHARED_GRAPH, document_graph
from govkg.store import Store

HERE = Path(__file__).parent / "law"
TEXTS = {"qinghe1": HERE / "text-1.txt", "qinghe2": HERE / "text-2.txt"}
GRAPHS = {
    HERE / "shared.ttl": SHARED_GRAPH,
    HERE / "document-1.ttl": document_graph("qinghe1"),
    HERE / "document-2.ttl": document_graph("qinghe2"),
}


@cache
def law() -> Store:
    """Build the ontology, the law, and what the rules derive."""
    store = Store()
    for path in sources.term_files():
        store.add_skolemized(path, ONTOLOGY_GRAPH)
    for path, graph in GRAPHS.items():
        store.load(path, graph)
    build.derive(store)
    return store
