"""Levels of cities: where does a pattern (three levels of government, four of management) hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from govkg.analysis import divisions, figures
from govkg.analysis.hierarchy import NONE, Hierarchy
from govkg.analysis.result import AnalysisResult
from govkg.errors import ParameterError
from govkg.reference import kinds
from govkg.reference.codes import short

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from govkg.analysis.divisions import YearlyList
    from govkg.languages import Language

_WORDS = {
    "en": ("Where the patterns of levels hold", "share", "cities", "residents' committees"),
    "zh": ("层级格局在多大范围内成立", "比例", "城市", "居委会"),
}
_TITLE = {"en": "{}, {}", "zh": "{}，{}年"}


class PatternRow(NamedTuple):
    """A pattern over all cities of a year: how many there are, in how many it holds, how far.

    `share` is the part (0 to 1) of the committees that all levels stand above; None without any.
    """

    year: int
    pattern: str
    cities: int
    holds: int
    committees: int
    covered: int
    share: float | None


class CityRow(NamedTuple):
    """A pattern in a city of a year; `missing` are the classes of institutions that it lacks."""

    year: int
    pattern: str
    code: str
    city: str
    governments: int
    managements: int
    holds: bool
    missing: str
    committees: int
    covered: int
    share: float | None


@dataclass(frozen=True)
class Level:
    """One level of a pattern: the class of institution, and what it counts as."""

    kind: str
    government: bool
    management: bool


@dataclass(frozen=True)
class Pattern:
    """The levels that a type of city is said to have, from the city down."""

    name: str
    levels: tuple[Level, ...]

    @property
    def governments(self) -> int:
        """How many levels count as government."""
        return sum(level.government for level in self.levels)

    @property
    def managements(self) -> int:
        """How many levels count as management."""
        return sum(level.management for level in self.levels)


@dataclass(frozen=True)
class CityLevels:
    """What a city has of a pattern.

    `present` and `missing` are classes of institutions; `bottom` counts the units of the last
    level anywhere below the city, `whole` those of them that every level stands above.
    """

    city: Any
    present: tuple[str, ...]
    missing: tuple[str, ...]
    governments: int
    managements: int
    bottom: int
    whole: int

    @property
    def holds(self) -> bool:
        """Whether every level is there, one under the other."""
        return not self.missing

    @property
    def share(self) -> float | None:
        """The part of the last level that the pattern covers, 0 to 1; None where there is none."""
        return self.whole / self.bottom if self.bottom else None


def over_cities(
    lists: Iterable[YearlyList], patterns: Sequence[Pattern], language: Language
) -> AnalysisResult:
    """Say of each year and pattern in how many cities it holds; the figure has lines of shares."""
    rows = []
    for year, units in lists:
        hierarchy = Hierarchy.of_frame(units)
        for pattern in patterns:
            cities = test(hierarchy, pattern, kinds.by_institution())
            rows.append(summarize(year, pattern.name, cities))
    return AnalysisResult(PatternRow, tuple(rows), lambda form: _shares(rows, form, language))


def by_city(
    lists: Iterable[YearlyList],
    patterns: Sequence[Pattern],
    place: str | None,
    language: Language,
    *,
    failing: bool,
) -> AnalysisResult:
    """Test the patterns city by city, or list where they fail; the figure is a place's icicle."""
    rows: list[CityRow] = []
    year = divisions.LAST_YEAR
    for year, units in lists:
        rows += _cities(year, units, patterns, language)
    kept = tuple(row for row in rows if not (failing and row.holds))
    return AnalysisResult(CityRow, kept, lambda form: _icicle(place, year, form, language))


def _cities(
    year: int, units: pl.DataFrame, patterns: Sequence[Pattern], language: Language
) -> Iterator[CityRow]:
    hierarchy, names = Hierarchy.of_frame(units), divisions.names(units, kinds.COUNTY, language)
    for pattern in patterns:
        for city in test(hierarchy, pattern, kinds.by_institution()):
            yield CityRow(
                year, pattern.name, short(city.city), names[city.city],
                city.governments, city.managements, city.holds, " ".join(city.missing),
                city.bottom, city.whole, city.share,
            )  # fmt: skip


def test(
    hierarchy: Hierarchy, pattern: Pattern, kinds_of: Mapping[str, Collection[str]]
) -> list[CityLevels]:
    """Test a pattern on every city of a hierarchy: each node of the first level's kinds is one.

    `kinds_of` says which kinds of nodes have an institution of a class. A level is present where a
    node of its kinds stands under one of each present level before it; units of other kinds in
    between (placeholders, zones) are passed over. So a city that lost its street offices but
    kept districts and committees has two levels of government and three of management.
    """
    bits = np.zeros(len(hierarchy), dtype=np.int64)
    for number, level in enumerate(pattern.levels):
        bits[hierarchy.is_a(kinds_of[level.kind])] |= 1 << number
    masks, owner = hierarchy.masks(bits, 1)
    slots, cities = _slots(owner)
    present = _present(bits, masks, slots, len(cities), len(pattern.levels))
    last, every = 1 << (len(pattern.levels) - 1), (1 << len(pattern.levels)) - 1
    at_bottom = (bits & last != 0) & (owner != NONE)
    bottom = np.bincount(slots[at_bottom], minlength=len(cities))
    whole = np.bincount(slots[at_bottom & (masks == every)], minlength=len(cities))
    rows = zip(hierarchy.ids[cities].tolist(), present, bottom, whole, strict=True)
    return [
        _told(pattern, city, int(mask), int(all_), int(full)) for city, mask, all_, full in rows
    ]


def _slots(owner: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give each node the number of its city, and each city its position."""
    cities = np.flatnonzero(owner == np.arange(len(owner)))
    slots = np.full(len(owner), NONE, dtype=np.intp)
    owned = owner != NONE
    slots[owned] = np.searchsorted(cities, owner[owned])
    return slots, cities


def _present(
    bits: NDArray[np.int64],
    masks: NDArray[np.int64],
    slots: NDArray[np.intp],
    cities: int,
    levels: int,
) -> NDArray[np.int64]:
    found = np.ones(cities, dtype=np.int64)
    for number in range(1, levels):
        at = np.flatnonzero((bits & (1 << number) != 0) & (slots != NONE))
        # Levels that the city lacks are not asked for: a district counts where there is no street.
        required = found[slots[at]]
        fits = at[(masks[at] & required) == required]
        found[np.unique(slots[fits])] |= 1 << number
    return found


def _told(pattern: Pattern, city: object, mask: int, bottom: int, whole: int) -> CityLevels:
    there = [bool(mask & (1 << number)) for number in range(len(pattern.levels))]
    present = [level for level, has in zip(pattern.levels, there, strict=True) if has]
    return CityLevels(
        city,
        tuple(level.kind for level in present),
        tuple(level.kind for level, has in zip(pattern.levels, there, strict=True) if not has),
        sum(level.government for level in present),
        sum(level.management for level in present),
        bottom,
        whole,
    )


def summarize(year: int, pattern: str, cities: Sequence[CityLevels]) -> PatternRow:
    """Sum up what `test` found."""
    bottom, whole = sum(city.bottom for city in cities), sum(city.whole for city in cities)
    holds = sum(city.holds for city in cities)
    share = whole / bottom if bottom else None
    return PatternRow(year, pattern, len(cities), holds, bottom, whole, share)


def _shares(rows: Sequence[PatternRow], form: str, language: Language) -> bytes:
    title, axis, cities, committees = _WORDS[language]
    years = sorted({row.year for row in rows})
    lines = {}
    for pattern in dict.fromkeys(row.pattern for row in rows):
        mine = [row for row in rows if row.pattern == pattern]
        lines[f"{pattern}:\n{cities}"] = [row.holds / row.cities for row in mine]
        lines[f"{pattern}:\n{committees}"] = [row.share or 0 for row in mine]
    return figures.shares(years, lines, title, axis, form, language)


def _icicle(place: str | None, year: int, form: str, language: Language) -> bytes:
    if place is None:
        raise ParameterError("a figure of one year needs --place; all years need neither.")
    units = divisions.listed(year, place)
    names = divisions.labels(units, language)
    title = _TITLE[language].format(names[0], year)
    hierarchy = Hierarchy.of_frame(units)
    return figures.icicle(hierarchy, names, kinds.legend(language), title, form, language)
