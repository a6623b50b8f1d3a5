"""Committees right under a district or county, without a street office or town in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from govkg.analysis import divisions, figures
from govkg.analysis.result import AnalysisResult
from govkg.reference import kinds
from govkg.reference.codes import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from govkg.analysis.divisions import YearlyList
    from govkg.languages import Language

_WORDS = {
    "en": ("Committees right under a district or county", "{county} ({above})"),
    "zh": ("县区直管的村居数", "{above}{county}"),
}


class DirectRow(NamedTuple):
    """A county or district in a year, the city above it, and its committees by kind."""

    year: int
    code: str
    county: str
    above: str
    residents_committees: int
    villagers_committees: int


def analyze(lists: Iterable[YearlyList], within: str | None, language: Language) -> AnalysisResult:
    """List who has committees right below, by year; the figure is a grid of their counts."""
    years: list[int] = []
    rows: list[DirectRow] = []
    for year, units in lists:
        years.append(year)
        rows += _rows(year, units, within, language)
    return AnalysisResult(DirectRow, tuple(rows), lambda form: _grid(rows, years, form, language))


def _rows(
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
    title, name = _WORDS[language]
    lines: dict[str, dict[int, int]] = {}
    names: dict[str, str] = {}
    for row in rows:
        counted = row.residents_committees + row.villagers_committees
        lines.setdefault(row.code, {})[row.year] = counted
        names[row.code] = name.format(county=row.county, above=row.above)  # as last listed
    shown = {names[code]: line for code, line in sorted(lines.items())}
    return figures.grid(shown, years, title, form, language)
