"""Reference tables to RDF: N-Triples as text, by graph, of the part that a build asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from govkg.errors import ParameterError
from govkg.namespaces import expand, reference_graph
from govkg.reference import civil, history, units
from govkg.reference.datasets import Dataset, dataset
from govkg.reference.ntriples import (
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

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from govkg.reference.extent import Extent
    from govkg.reference.ntriples import Closure

    Lines = Iterator[bytes]

DATASETS = ("nbs-divisions", "nbs-series", "gb2260-history", "division-changes", civil.NAME)
# Those that only say how the others are read.
AUXILIARY = ("romanization",)
_DEEPEST = {"document": 0, "township": units.TOWNSHIP, "national": units.VILLAGE}
_PER_PROVINCE = 10**10
_DIVISION = iri("division", pl.col("id"))
_BODY = iri("inst", pl.col("body_id"))


@dataclass(frozen=True)
class Selection:
    """The part of the reference data that a build takes: frames, ready to be mapped."""

    current: pl.DataFrame
    former: pl.DataFrame
    successions: pl.DataFrame
    counts: pl.DataFrame
    civil_counts: pl.DataFrame


def select(extent: Extent, linked: Collection[str] = (), opened: Collection[str] = ()) -> Selection:
    """Choose divisions down to the level of the scope, of one province where it is named.

    Divisions that places of documents are `linked` to come along in any scope, with all above
    them and all that followed them; so do those right below the `opened` ones. Raises
    ParameterError for a province that doesn't exist.
    """
    current = units.divisions()
    former = history.former(current)
    followed = history.successions(former, current)
    wanted = pl.col("level") <= _DEEPEST[extent.scope]
    if extent.province is not None:
        wanted &= _of_province(current, extent.province)
    below = current.filter(pl.col("up").is_in(sorted(opened)))["id"]
    touched = _touched({*linked, *below}, current, former, followed)
    former = former.filter(_wanted_former(extent) | pl.col("id").is_in(touched))
    return assemble(current.filter(wanted | pl.col("id").is_in(touched)), former, followed)


def assemble(current: pl.DataFrame, former: pl.DataFrame, followed: pl.DataFrame) -> Selection:
    """Describe the divisions that were chosen, and add their counts and what followed them."""
    both = pl.concat([current.select("code", "id"), former.select("code", "id")])
    return Selection(
        units.described(current),
        units.described(former),
        followed.filter(pl.col("id").is_in(former["id"].implode())),
        _counts().join(both, on="code").sort("code", "year", "measure"),
        civil.counts().join(both, on="code").sort("code", "year", "measure"),
    )


def lines(selection: Selection, closure: Closure) -> Iterator[tuple[str, Lines]]:
    """Yield each graph with its N-Triples; `closure` gives the superclasses of each class."""
    former = selection.former
    of_series, of_revisions = (
        former.filter(pl.col("graph") == name) for name in ("nbs-series", "gb2260-history")
    )
    yield reference_graph("nbs-divisions"), _divisions(selection.current, closure)
    yield reference_graph("gb2260-history"), _former(of_revisions, closure)
    yield reference_graph("nbs-series"), _series(selection.counts, of_series, closure)
    yield reference_graph("division-changes"), _changes(selection.successions)
    yield reference_graph(civil.NAME), _civil(selection.civil_counts, closure)


def source_files() -> list[Path]:
    """List every file that the mapping reads."""
    return [path for name in (*DATASETS, *AUXILIARY) for path in dataset(name).files()]


def _divisions(frame: pl.DataFrame, closure: Closure) -> Lines:
    yield _about(dataset("nbs-divisions"))
    yield from _territories(frame, closure)
    yield from _institutions(frame, closure)


def _former(frame: pl.DataFrame, closure: Closure) -> Lines:
    yield _about(dataset("gb2260-history"))
    yield from _former_nodes(frame, closure)


def _former_nodes(frame: pl.DataFrame, closure: Closure) -> Lines:
    yield from _territories(frame, closure)
    names = frame.select("id", name="former_names").explode("name").drop_nulls()
    label = text(pl.col("name"), "zh")
    yield from write(
        names.with_columns(escaped(pl.col("name"))), [triple(_DIVISION, "skos:altLabel", label)]
    )


def _series(counts: pl.DataFrame, former: pl.DataFrame, closure: Closure) -> Lines:
    yield _about(dataset("nbs-series"))
    yield from _former_nodes(former, closure)
    yield from _observations("nbs-", counts, closure)


def _civil(counts: pl.DataFrame, closure: Closure) -> Lines:
    yield _about(dataset(civil.NAME))
    yield from _observations("mca-", counts, closure)


def _observations(prefix: str, counts: pl.DataFrame, closure: Closure) -> Lines:
    subject = iri("obs", prefix, pl.col("id"), "-", pl.col("year"), "-", pl.col("measure"))
    yield from write(
        counts,
        [
            *types(subject, closure["Observation"]),
            triple(subject, "gov:observes", _DIVISION),
            triple(subject, "gov:measure", iri("measure", pl.col("measure"))),
            triple(subject, "gov:when", typed(pl.col("year"), EDTF)),
            triple(subject, "gov:statedValue", typed(pl.col("value"), DECIMAL)),
            triple(subject, "gov:value", typed(pl.col("value"), DECIMAL)),
        ],
    )


def _changes(followed: pl.DataFrame) -> Lines:
    yield _about(dataset("division-changes"))
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
        classes = sorted({*closure[str(kind)], *closure[units.OTHER]})  # a zone is listed too
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
        triple(graph, predicate, text(about[key][language], language))
        for predicate, key in (("dct:title", "title"), ("dct:publisher", "publisher"))
        for language in ("zh", "en")
    ]
    told += [
        triple(graph, "dct:source", text(f"{of['registry']}: {of['package']} {of['version']}"))
        for of in about["sources"]
    ]
    told += [
        triple(graph, "rdf:type", full(expand("void:Dataset"))),
        triple(graph, "dct:license", text(about["license"]["notice"], "en")),
        triple(graph, "dct:valid", typed(about["cutoff"], EDTF)),
    ]
    return b"".join(write(pl.DataFrame({"one": [0]}), told))


def _counts() -> pl.DataFrame:
    """Give a row for each count: code, year, measure, value; what was not counted has none."""
    return (
        dataset("nbs-series")
        .table("counts")
        .drop("level", "kind")
        .unpivot(index=["code", "year"], variable_name="measure", value_name="value")
        .drop_nulls("value")
        .with_columns(pl.col("measure").str.replace_all("_", "-"))
    )


def _touched(
    linked: set[str], current: pl.DataFrame, former: pl.DataFrame, followed: pl.DataFrame
) -> set[str]:
    """Follow the links to all divisions above and after them."""
    steps = [(frame, "up") for frame in (current, former)] + [(followed, "successor")]
    found: set[str] = set()
    new = linked
    while new:
        found |= new
        reached = [
            frame.filter(pl.col("id").is_in(new))[column].drop_nulls().to_list()
            for frame, column in steps
        ]
        new = {code for codes in reached for code in codes} - found
    return found


def _wanted_former(extent: Extent) -> pl.Expr:
    wanted = pl.lit(value=extent.scope != "document")
    return wanted if extent.province is None else wanted & _in_province(extent.province)


def _of_province(current: pl.DataFrame, province: str) -> pl.Expr:
    provinces = current.filter(pl.col("level") == 1)
    known = {code[:2]: name for code, name in provinces.select("id", "name").iter_rows()}
    if province[:2] not in known or province[2:].strip("0"):
        listed = ", ".join(f"{code} {name}" for code, name in known.items())
        raise ParameterError(f"no province has the code {province!r}: use one of {listed}.")
    return _in_province(province)


def _in_province(province: str) -> pl.Expr:
    return pl.col("code") // _PER_PROVINCE == int(province[:2])
