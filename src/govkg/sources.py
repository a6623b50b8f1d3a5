"""The files that a graph is made of, in one list: each with its graph and its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from govkg import documents, layout
from govkg.namespaces import (
    ASSESSMENT_GRAPH,
    DERIVED_GRAPH,
    GRAPH,
    ONTOLOGY_GRAPH,
    SHAPES_GRAPH,
    SHARED_GRAPH,
    document_graph,
    reference_graph,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Kind = Literal["terms", "shapes", "rules", "description", "document", "reference", "check"]


class SourceFile(NamedTuple):
    """A file of the sources, the graph that it goes into or works on, and what it is.

    `terms` are Turtle of the ontology, `document` Turtle of a document, `description` what else
    says something of a document, `reference` the descriptions and tables of the datasets.
    """

    path: Path
    graph: str
    kind: Kind


def files(*kinds: Kind) -> list[SourceFile]:
    """List the files of some kinds, of all where none is named, in the order of reading."""
    return [one for one in _all() if one.kind in kinds or not kinds]


def paths(*kinds: Kind) -> list[Path]:
    """List where the files of some kinds are, of all where none is named."""
    return [one.path for one in files(*kinds)]


def ontology_folders() -> list[Path]:
    """List the folders that terms and shapes lie in: the core, then each country's profile."""
    profiles = (layout.ONTOLOGY / "profiles").glob("*/")
    return [layout.ONTOLOGY, *sorted(path for path in profiles if path.is_dir())]


def term_files() -> list[Path]:
    """List the files that define terms: umbrellas, modules, codes; alignments stand apart."""
    umbrellas = sorted(layout.ONTOLOGY.glob("*.ttl"))
    return [*umbrellas, *_files("modules", "*.ttl"), *_files("codes", "*.ttl")]


def shape_files() -> list[Path]:
    """List the SHACL files."""
    return _files("shapes", "*.ttl")


def setwise_queries() -> dict[str, Path]:
    """Find the constraints that are also written in joins of sets, by local name."""
    return {path.stem: path for path in _files("shapes/setwise", "*.rq")}


def unmet_files() -> list[Path]:
    """List the files that name the shapes which need meet no node."""
    return _files("shapes", "unmet.yaml")


def rule_files() -> list[Path]:
    """List the CONSTRUCT rules in the order in which they run, which their numbers give."""
    return sorted((layout.ONTOLOGY / "rules").rglob("*.rq"), key=lambda path: path.name)


def _files(folder: str, pattern: str) -> list[Path]:
    return [path for room in ontology_folders() for path in sorted((room / folder).glob(pattern))]


def _all() -> Iterator[SourceFile]:
    for path in term_files():
        yield SourceFile(path, ONTOLOGY_GRAPH, "terms")
    for path in shape_files():
        yield SourceFile(path, SHAPES_GRAPH, "shapes")
    for path in rule_files():
        apart = path.parent != layout.ONTOLOGY / "rules"
        yield SourceFile(path, GRAPH + path.parent.name if apart else DERIVED_GRAPH, "rules")
    for path in sorted((layout.DATA / "shared").rglob("*.ttl")):
        yield SourceFile(path, SHARED_GRAPH, "document")
    yield from _of_documents()
    yield from _of_datasets()
    for path in sorted((layout.QUERIES / "checks").glob("assess-*.rq")):
        yield SourceFile(path, ASSESSMENT_GRAPH, "check")


def _of_documents() -> Iterator[SourceFile]:
    for document in documents.all_documents():
        graph = document_graph(document.key)
        for path in document.description_files():
            yield SourceFile(path, graph, "description")
        for path in document.turtle_files():
            yield SourceFile(path, graph, "document")


def _of_datasets() -> Iterator[SourceFile]:
    from govkg.reference import datasets, rdf

    for name in (rdf.TOTALS, *rdf.DATASETS, *rdf.AUXILIARY):
        for path in datasets.dataset(name).files():
            yield SourceFile(path, reference_graph(name), "reference")
