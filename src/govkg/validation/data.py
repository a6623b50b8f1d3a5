"""A graph to validate, small or as large as a country; given files in the context of the sources.

What a validation does not look at is told in words for its summary.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from govkg import build, documents
from govkg import sources as listed
from govkg.namespaces import (
    ASSESSMENT_GRAPH,
    COUNTS_GRAPH,
    GOV,
    GRAPH,
    ONTOLOGY_GRAPH,
    document_graph,
)
from govkg.store import Store
from govkg.validation import shapes as shapes_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.validation.inputs import Source

Focus = frozenset[str] | None

GIVEN = f"{GRAPH}document/given"
LARGE = 200_000
_CURATED = document_graph("")
_COUNTS = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{COUNTS_GRAPH}> {{ ?count <{GOV}observes> ?unit }} }}"
_DIGESTS = f"SELECT DISTINCT ?claim {{ ?claim <{GOV}quoteDigest> ?digest }}"


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


def unchecked(data: Data, focus: Focus) -> tuple[str, ...]:
    """List what was not looked at, each with its number."""
    return (*_counts(data, focus), *_digests(data.excerpt, focus))


def _counts(data: Data, focus: Focus) -> Iterator[str]:
    """Tell the counts of units that are left out where they are not a few."""
    if focus is None and data.left_out:
        total, looked = (_number(store) for store in (data.store, data.excerpt))
        if total > looked:
            yield f"{total - looked:,} of {total:,} counts of units"


def _number(store: Store) -> int:
    ((found,),) = store.select(_COUNTS)
    return int(found)


def _digests(store: Store, focus: Focus) -> Iterator[str]:
    """Tell the digests of quotes: whether they fit can only be seen beside the text."""
    claims = [str(claim) for (claim,) in store.select(_DIGESTS)]
    if found := sum(focus is None or claim in focus for claim in claims):
        yield f"{found:,} quote digests (`govkg evidence verify` does, where the text is at hand)"
