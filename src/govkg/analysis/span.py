"""Span of control: how many bodies of one kind stand right under one of another.

And the spans that skip a level: committees right under a district or county, without a street
office or town in between.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import polars as pl

from govkg.analysis import divisions, figures
from govkg.analysis.hierarchy import Hierarchy
from govkg.analysis.result import AnalysisResult
from govkg.errors import ParameterError
from govkg.reference import kinds
from govkg.reference.codes import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from govkg.analysis.divisions import YearlyList
    from govkg.languages import Language
    from govkg.reference.kinds import Span

    Counts = NDArray[np.int64]

Committees = Literal["residents", "villagers"]
FENCE = 1.5
_WORDS = {
    "en": ("Spans of control, {}", "committees"),
    "zh": ("{}年的管理幅度", "村居数"),
}
_DIRECT = {
    "en": ("Committees right under a district or county", "{county} ({above})"),
    "zh": ("县区直管的村居数", "{above}{county}"),
}


class SpanRow(NamedTuple):
    """A span of a year: its units, what stands below them, and how the counts lie.

    An outlier lies beyond a fence. The fences are Tukey's: so many times the distance of the
    quartiles (interpolated linearly) below the first or above the third.
    """

    year: int
    span: str
    units: int
    below: int
    min: int
    first_quartile: float
    median: float
    third_quartile: float
    max: int
    mean: float
    lower_fence: float
    upper_fence: float
    outliers: int


class Outlier(NamedTuple):
    """A unit with a span beyond the fences, and the county or city above it."""

    year: int
    span: str
    code: str
    name: str
    above: str | None
    count: int  # type: ignore[assignment]  # a column, not the method of tuples


def analyze(
    lists: Iterable[YearlyList],
    of: str | None,
    only: Committees | None,
    fence: float,
    language: Language,
    *,
    listing: bool,
) -> AnalysisResult:
    """Sum up each span in each list, or list its outliers; the figure has a violin for each."""
    asked = [counting(span, only) if only else span for span in _chosen(of)]
    rows: list[SpanRow | Outlier] = []
    groups: dict[tuple[int, str], Counts] = {}
    for year, units in lists:
        hierarchy = Hierarchy.of_frame(units)
        for span in asked:
            ids, counts = counted(hierarchy, span)
            groups[year, span.name] = counts
            if listing:
                rows += _named(year, span, units, outliers(ids, counts, fence), language)
            elif told := distribution(year, span.name, counts, fence):
                rows.append(told)
    return AnalysisResult(
        Outlier if listing else SpanRow,
        tuple(rows),
        lambda form: _violin(groups, fence, of, form, language),
    )


def _chosen(of: str | None) -> list[Span]:
    found = [span for span in kinds.spans() if of in (None, span.name)]
    if not found:
        names = ", ".join(span.name for span in kinds.spans())
        raise ParameterError(f"no span of control is called {of!r}: use {names}.")
    return found


def counting(span: Span, only: Committees) -> Span:
    """Narrow a span to one kind of committees; other spans stay as they are."""
    committees = divisions.committees()
    is_of_committees = set(span.below) == set(committees.values())
    return replace(span, below=(committees[only],)) if is_of_committees else span


def counted(hierarchy: Hierarchy, span: Span) -> tuple[NDArray[Any], Counts]:
    """Count for each unit of the upper kind what stands right under it: ids and counts.

    A unit that has none counts as zero.
    """
    at = hierarchy.is_a((span.kind,))
    return hierarchy.ids[at], hierarchy.children(hierarchy.is_a(span.below))[at]


def distribution(year: int, span: str, counts: Counts, fence: float = FENCE) -> SpanRow | None:
    """Sum up counts; None where there are none."""
    if not counts.size:
        return None
    low, first, median, third, high = np.quantile(counts, [0, 0.25, 0.5, 0.75, 1]).tolist()
    lower, upper = first - fence * (third - first), third + fence * (third - first)
    total, mean = int(counts.sum()), float(counts.mean())
    beyond = int(((counts < lower) | (counts > upper)).sum())
    return SpanRow(
        year, span, counts.size, total, int(low), first, median, third, int(high), mean,
        lower, upper, beyond,
    )  # fmt: skip


def outliers(ids: NDArray[Any], counts: Counts, fence: float = FENCE) -> list[tuple[Any, int]]:
    """List what lies beyond the fences, the widest span first, ids in order among equals."""
    told = distribution(0, "", counts, fence)
    if told is None:
        return []
    beyond = (counts < told.lower_fence) | (counts > told.upper_fence)
    found = zip(ids[beyond].tolist(), counts[beyond].tolist(), strict=True)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _named(
    year: int, span: Span, units: pl.DataFrame, found: list[tuple[int, int]], language: Language
) -> Iterator[Outlier]:
    """Name the outliers and the counties (or, of districts, the cities) above them."""
    names = divisions.names(units, kinds.TOWNSHIP, language)
    above = dict(units.select("code", "parent").iter_rows())
    for code, count in found:
        over = names.get(above[code])
        yield Outlier(year, span.name, short(code), names[code], over, count)


def _violin(
    groups: Mapping[tuple[int, str], Counts],
    fence: float,
    of: str | None,
    form: str,
    language: Language,
) -> bytes:
    """Draw one span over the years, or the spans of committees of the last year."""
    words = {span.name: span.words[language] for span in kinds.spans()}
    last = max(year for year, _ in groups)
    if of:
        shown = {str(year): counts for (year, _), counts in groups.items()}
        title = axis = words[of]
    else:
        of_committees = [one.name for one in kinds.spans() if len(one.below) > 1]
        shown = {words[name]: groups[last, name] for name in of_committees}
        title, axis = _WORDS[language]
    fences = {
        name: told.upper_fence
        for name, counts in shown.items()
        if (told := distribution(last, name, counts, fence))
    }
    return figures.violin(shown, fences, title.format(last), axis, form, language)


class DirectRow(NamedTuple):
    """A county or district in a year, the city above it, and its committees by kind."""

    year: int
    code: str
    county: str
    above: str
    residents_committees: int
    villagers_committees: int


def directly_below(
    lists: Iterable[YearlyList], within: str | None, language: Language
) -> AnalysisResult:
    """List who has committees right below, by year; the figure is a grid of their counts."""
    years: list[int] = []
    rows: list[DirectRow] = []
    for year, units in lists:
        years.append(year)
        rows += _direct_rows(year, units, within, language)
    return AnalysisResult(DirectRow, tuple(rows), lambda form: _grid(rows, years, form, language))


def _direct_rows(
    year: int, units: pl.DataFrame, within: str | None, language: Language
) -> Iterator[DirectRow]:
    names = divisions.names(units, kinds.COUNTY, language)
    upper = units.filter(pl.col("level") <= kinds.COUNTY)
    above = dict(upper.select("code", "parent").iter_rows())
    stands_in = set(upper.filter(~pl.col("kind").is_in(kinds.with_level()))["code"])
    for county, residents, villagers in directly_administered(divisions.below(units, within)):
        city = above[county]
        if city in stands_in:
            city = above[city]
        yield DirectRow(year, short(county), names[county], names[city], residents, villagers)


def directly_administered(units: pl.DataFrame) -> Iterator[tuple[int, int, int]]:
    """Yield, by code, the counties that have committees right under them: code and two counts.

    Takes code, level, kind, parent. The residents' and the villagers' committees count whose
    parent is a row of the kind `direct`, or is the county itself; committees of zones and
    like-units do not.
    """
    above = units.select(parent="code", parent_kind="kind", parent_level="level", over="parent")
    placed = units.filter(pl.col("level") == kinds.VILLAGE).join(above, on="parent")
    stands_in = pl.col("parent_kind") == divisions.DIRECT
    right_under = placed.filter(stands_in | (pl.col("parent_level") == kinds.COUNTY))
    county = pl.when(stands_in).then("over").otherwise("parent")
    counts = right_under.group_by(county=county).agg(
        (pl.col("kind") == kind).sum().alias(name) for name, kind in divisions.committees().items()
    )
    found = counts.filter(pl.sum_horizontal(*divisions.committees()) > 0).sort("county")
    yield from found.iter_rows()


def _grid(rows: Sequence[DirectRow], years: Sequence[int], form: str, language: Language) -> bytes:
    title, name = _DIRECT[language]
    lines: dict[str, dict[int, int]] = {}
    names: dict[str, str] = {}
    for row in rows:
        counted = row.residents_committees + row.villagers_committees
        lines.setdefault(row.code, {})[row.year] = counted
        names[row.code] = name.format(county=row.county, above=row.above)  # as last listed
    shown = {names[code]: line for code, line in sorted(lines.items())}
    return figures.grid(shown, years, title, form, language)
