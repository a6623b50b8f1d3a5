"""Given files in the context of the graph: the sources without their old versions, and derived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg import build, documents
from govkg import sources as listed
from govkg.namespaces import ASSESSMENT_GRAPH, COUNTS_GRAPH, GRAPH, ONTOLOGY_GRAPH, document_graph
from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from govkg.validation.data import Data
    from govkg.validation.inputs import Source

GIVEN = f"{GRAPH}document/given"


def in_context(sources: Sequence[Source], built: Data) -> Store:
    """Load sources and the given files in place of their old versions, then run the rules.

    The reference data come from the build, as far as the documents touch them.
    """
    given = {source.path.resolve(): source for source in sources}
    store = Store()
    _load_ontology(store, given)
    for document in documents.all_documents():
        _load_document(store, document, given)
    shapes = {path.resolve() for path in listed.paths("shapes")}
    for path, source in given.items():
        if not _in_document(path) and path not in shapes:
            store.add(source.parsed(ONTOLOGY_GRAPH if _in_ontology(path) else GIVEN))
    excerpt = built.excerpt
    store.add(excerpt.in_memory(without=_from_sources(excerpt)))
    build.derive(store)
    store.follow(built.store, [COUNTS_GRAPH])
    return store


def _from_sources(store: Store) -> list[str]:
    """List the graphs of a build that are read from the sources instead, and the counts."""
    kept = (f"{GRAPH}reference/", ASSESSMENT_GRAPH)
    return [g for g in store.counts() if not g.startswith(kept) or g == COUNTS_GRAPH]


def _load_ontology(store: Store, given: Collection[Path]) -> None:
    for source in listed.files("terms"):
        if source.path.resolve() not in given:
            store.add_skolemized(source.path, source.graph)


def _load_document(store: Store, document: documents.Document, given: dict[Path, Source]) -> None:
    graph = document_graph(document.key)
    store.load_text(document.as_turtle(), document.description.with_suffix(".ttl"), graph)
    for path in document.turtle_files():
        source = given.get(path.resolve())
        if source:
            store.add(source.parsed(graph))
        else:
            store.load(path, graph)


def _in_document(path: Path) -> bool:
    """Say whether a file is one of a document's, which are loaded with it."""
    return any(path.is_relative_to(d.folder.resolve()) for d in documents.all_documents())


def _in_ontology(path: Path) -> bool:
    return path in {file.resolve() for file in listed.paths("terms")}
