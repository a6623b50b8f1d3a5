"""Reference tables to RDF: N-Triples as text, by graph, of the part that a build asks for."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import polars as pl

from govkg.namespaces import OBSERVATION, expand, local_name, reference_graph
from govkg.ntriples import (
    DECIMAL,
    EDTF,
    INTEGER,
    TRUE,
    Term,
    escaped,
    full,
    iri,
    text,
    triple,
    typed,
    types,
    write,
)
from govkg.reference import kinds, romanize
from govkg.reference.codes import CHANGES, CIVIL_AFFAIRS, DIVISIONS, REVISIONS, SERIES
from govkg.reference.datasets import Dataset, dataset, table
from govkg.reference.townships import LINEAGE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from govkg.ntriples import Closure
    from govkg.reference.selection import Selection

    Lines = Iterator[bytes]

DATASETS = (DIVISIONS, SERIES, REVISIONS, CHANGES, LINEAGE, CIVIL_AFFAIRS)
TOTALS = "official-totals"
# Those that only say how the others are read.
AUXILIARY = (romanize.DATASET, kinds.NAME)
_DIVISION = iri("division", pl.col("id"))
_BODY = iri("inst", pl.col("body_id"))


def lines(selection: Selection, closure: Closure) -> Iterator[tuple[str, Lines]]:
    """Yield each graph with its N-Triples; `closure` gives the superclasses of each class."""
    current, former = selection.current, selection.former
    ended = {name: former.filter(pl.col("graph") == name) for name in (SERIES, REVISIONS)}
    parts = {
        DIVISIONS: (_territories(current, closure), _institutions(current, closure)),
        REVISIONS: (_former(ended[REVISIONS], closure),),
        SERIES: (
            _former(ended[SERIES], closure),
            _observations("nbs-", selection.counts, closure),
        ),
        CHANGES: (_changes(selection.successions),),
        LINEAGE: (_changes(selection.lineage),),
        CIVIL_AFFAIRS: (_observations("mca-", selection.civil_counts, closure),),
    }
    for name, told in parts.items():
        yield reference_graph(name), chain([_about(dataset(name))], *told)


def _former(frame: pl.DataFrame, closure: Closure) -> Lines:
    yield from _territories(frame, closure)
    names = frame.select("id", name="former_names").explode("name").drop_nulls()
    label = text(pl.col("name"), "zh")
    yield from write(
        names.with_columns(escaped(pl.col("name"))), [triple(_DIVISION, "skos:altLabel", label)]
    )


def _observations(prefix: str, counts: pl.DataFrame, closure: Closure) -> Lines:
    subject = iri("obs", prefix, pl.col("id"), "-", pl.col("year"), "-", pl.col("measure"))
    yield from write(
        counts,
        [
            *types(subject, closure[local_name(OBSERVATION)]),
            triple(subject, "gov:observes", _DIVISION),
            triple(subject, "gov:measure", iri("measure", pl.col("measure"))),
            triple(subject, "gov:when", typed(pl.col("year"), EDTF)),
            triple(subject, "gov:statedValue", typed(pl.col("value"), DECIMAL)),
            triple(subject, "gov:value", typed(pl.col("value"), DECIMAL)),
        ],
    )


def _changes(followed: pl.DataFrame) -> Lines:
    successor = iri("division", pl.col("successor"))
    yield from write(followed, [triple(_DIVISION, "gov:succeededBy", successor)])


def _territories(frame: pl.DataFrame, closure: Closure) -> Lines:
    skips = pl.col("level").cast(pl.Int8) - pl.col("parent_level").cast(pl.Int8) > 1
    told = [
        triple(_DIVISION, "rdfs:label", text(pl.col("zh"), "zh")),
        triple(_DIVISION, "rdfs:label", text(pl.col("en"), "en")),
        triple(_DIVISION, "gov:divisionCode", text(pl.col("id"))),
        triple(_DIVISION, "gov:divisionLevel", typed(pl.col("level"), INTEGER)),
        triple(_DIVISION, "dct:valid", typed(pl.col("valid"), EDTF), optional=True),
        triple(_DIVISION, "gov:within", iri("division", pl.col("up")), optional=True),
        triple(_DIVISION, "gov:skipsLevel", Term((pl.col("skips"),)), optional=True),
    ]
    marked = frame.with_columns(skips=pl.when(skips).then(pl.lit(TRUE)))
    for (kind,), part in marked.group_by("territory", maintain_order=True):
        classes = sorted({*closure[str(kind)], *closure[kinds.OTHER]})  # a zone is listed too
        yield from write(part, [*types(_DIVISION, classes), *told])


def _institutions(frame: pl.DataFrame, closure: Closure) -> Lines:
    dispatcher, guide = iri("inst", pl.col("dispatcher")), iri("inst", pl.col("guide"))
    told = [
        triple(_BODY, "rdfs:label", text(pl.col("body_zh"), "zh")),
        triple(_BODY, "rdfs:label", text(pl.col("body_en"), "en")),
        triple(_BODY, "gov:jurisdiction", _DIVISION),
        triple(_BODY, "gov:dispatchedBy", dispatcher, optional=True),
        triple(dispatcher, "gov:dispatches", _BODY, optional=True),
        triple(guide, "gov:guides", _BODY, optional=True),
    ]
    bodies = frame.filter(pl.col("body").is_not_null())
    for (kind,), part in bodies.group_by("body", maintain_order=True):
        yield from write(part, [*types(_BODY, closure[str(kind)]), *told])


def _about(source: Dataset) -> bytes:
    """Describe a graph: its dataset's title, publisher, license, packages and cut-off date."""
    about, graph = source.about, full(reference_graph(source.name))
    told = [
        triple(graph, predicate, text(by[language], language))
        for predicate, by in (("dct:title", about.title), ("dct:publisher", about.publisher))
        for language in ("zh", "en")
    ]
    told += [
        triple(graph, "dct:source", text(f"{of.registry}: {of.package} {of.version}"))
        for of in about.sources
    ]
    told += [
        triple(graph, "rdf:type", full(expand("void:Dataset"))),
        triple(graph, "dct:license", text(about.license.notice, "en")),
        triple(graph, "dct:valid", typed(about.cutoff, EDTF)),
    ]
    return b"".join(write(pl.DataFrame({"one": [0]}), told))


def append(path: Path, selection: Selection, closure: Closure) -> dict[str, int]:
    """Append the reference data that was selected to N-Quads; count the triples by graph."""
    counts = {}
    with path.open("ab") as file:
        for graph, texts in lines(selection, closure):
            end = f" <{graph}> .\n".encode()
            counts[graph] = 0
            for text in texts:
                counts[graph] += text.count(b"\n")
                file.write(text.replace(b" .\n", end))
    return counts


def totals() -> str:
    """Write the national totals as N-Triples: each an observation with the place it is from.

    Raises SourceError where a file of the dataset can't be read or is not as described.
    """
    about, graph = dataset(TOTALS).about, full(reference_graph(TOTALS))
    subject = iri("obs", "official-", pl.col("measure"), "-", pl.col("year"))
    titles = [
        triple(graph, predicate, text(title, language))
        for predicate in ("dct:title", "rdfs:label")
        for language, title in about.title.items()
    ]
    license_ = triple(graph, "dct:license", text(about.license.notice, "en"))
    told = [
        *types(subject, [expand(OBSERVATION)]),
        triple(subject, "gov:observes", full(expand("territory:china"))),
        triple(subject, "gov:measure", iri("measure", pl.col("measure"))),
        triple(subject, "gov:when", typed(pl.col("year"), EDTF)),
        triple(subject, "gov:statedValue", typed(pl.format("{}.0", "value"), DECIMAL)),
        triple(subject, "gov:unit", iri("unit", pl.col("unit"))),
        triple(subject, "gov:quality", iri("quality", pl.col("quality"))),
        triple(subject, "gov:comparator", iri("comparator", pl.col("comparator")), optional=True),
        triple(subject, "dct:source", Term(("<", pl.col("source_url"), ">"))),
        triple(subject, "dct:bibliographicCitation", text(pl.col("source_title"))),
    ]
    rows = table(TOTALS, "totals").with_columns(escaped(pl.col("source_title")))
    one = pl.DataFrame({"one": [0]})
    return b"".join([*write(one, [*titles, license_]), *write(rows, told)]).decode()
