"""Before and after a reform: a yearly series, interrupted; described, never tested.

Eight or nine yearly counts of a whole population carry no p-value: they are no sample, and
neighboring years depend on each other. What is given instead is the level before, at and after,
the largest yearly change, and its rank among the same years' changes of peers.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING, Literal, NamedTuple

import polars as pl

from govkg.analysis import divisions, figures
from govkg.analysis.result import AnalysisResult
from govkg.errors import InputError, ParameterError
from govkg.reference import kinds
from govkg.reference.codes import short
from govkg.reference.resolve import find

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govkg.analysis.timeline import Reform
    from govkg.languages import Language

    Series = Mapping[int, int]

_DEFAULT = ("street_areas", "like_townships")
_TITLE = {"en": "Yearly counts and the reform", "zh": "历年数量与改革"}

Standing = Literal["interrupts", "before-series", "after-series", "undated"]


class ReformRow(NamedTuple):
    """A yearly count of a place before, at and after a reform, and its largest jump.

    `reform` is its time in EDTF; levels are means, None where the series has no such year; the
    jump is ranked by size among the `peers`, the places of the same kind.
    """

    place: str
    code: str
    measure: str
    reform: str
    standing: str
    before: float | None
    at: float | None
    after: float | None
    change: float | None
    first_year: int
    last_year: int
    jump_year: int | None
    jump_from: int | None
    jump_to: int | None
    rank: int | None
    peers: int | None
    claims: str


@dataclass(frozen=True)
class Case:
    """A place (name and code) whose series is interrupted between two years, and who says so."""

    name: str
    code: int
    earliest: int | None
    latest: int | None
    claims: str


@dataclass(frozen=True)
class Jump:
    """The largest change of a series from one of its years to the next."""

    year: int
    before: int
    after: int

    @property
    def change(self) -> int:
        """After minus before."""
        return self.after - self.before


@dataclass(frozen=True)
class Interruption:
    """A series around a reform that lies between the years `earliest` and `latest`.

    `before` and `after` are mean levels of the years surely before and surely after, None where
    the series has no such year; `at` is the mean of the years between, when it may have been.
    """

    earliest: int | None
    latest: int | None
    standing: Standing
    before: float | None
    at: float | None
    after: float | None

    @property
    def change(self) -> float | None:
        """After minus before; None where either was not observed."""
        return None if self.before is None or self.after is None else self.after - self.before


def interrupt(series: Series, earliest: int | None, latest: int | None) -> Interruption:
    """Describe a yearly series around a reform; None leaves that side of its date open."""
    years = sorted(series)
    first, last = earliest or -(10**4), latest or 10**4  # beyond all years: that side is open
    parts = (
        [series[year] for year in years if year < first],
        [series[year] for year in years if first <= year <= last],
        [series[year] for year in years if year > last],
    )
    levels = (float(mean(part)) if part else None for part in parts)
    return Interruption(earliest, latest, _standing(years, earliest, latest), *levels)


def _standing(years: list[int], earliest: int | None, latest: int | None) -> Standing:
    if not years or (earliest is None and latest is None):
        return "undated"
    if latest is not None and latest < years[0]:
        return "before-series"
    if earliest is not None and earliest > years[-1]:
        return "after-series"
    return "interrupts"


def largest_jump(series: Series) -> Jump | None:
    """Find the largest yearly change by size, the earliest among equals; None where none changes.

    Only neighboring years are compared: a gap in the series is no change.
    """
    pairs = [Jump(y, series[y - 1], series[y]) for y in sorted(series) if y - 1 in series]
    moved = [jump for jump in pairs if jump.change]
    return max(moved, key=lambda jump: (abs(jump.change), -jump.year), default=None)


def rank(jump: Jump, peers: Iterable[Series]) -> tuple[int, int]:
    """Rank a jump by size among the changes of its peers from the same year to the same year.

    Gives the rank (1: none is larger) and the number of peers that have both years.
    """
    changes = [
        abs(series[jump.year] - series[jump.year - 1])
        for series in peers
        if jump.year in series and jump.year - 1 in series
    ]
    return 1 + sum(change > abs(jump.change) for change in changes), len(changes)


def check(measures: Iterable[str] | None) -> None:
    """Raise ParameterError for a measure that the yearly counts don't have."""
    known = kinds.measures("kind")
    for name in measures or ():
        if name not in known:
            raise ParameterError(f"no measure {name!r}: use {', '.join(known)}.")


def analyze(
    cases: Sequence[Case], measures: Sequence[str] | None, language: Language
) -> AnalysisResult:
    """Describe each measure of each place; the figure has its series with the reform marked.

    Raises InputError where a place was not counted.
    """
    wanted, words = measures or _DEFAULT, kinds.measures(language)
    rows = tuple(_row(case, name) for case in cases for name in wanted)

    def draw(form: str) -> bytes:
        panels = [
            figures.Panel(
                case.name,
                {words[name]: _series(case.code, name) for name in wanted},
                case.earliest,
                case.latest,
            )
            for case in cases
        ]
        return figures.series(panels, _TITLE[language], form, language)

    return AnalysisResult(ReformRow, rows, draw)


def told(reforms: Iterable[Reform]) -> list[Case]:
    """Take the places where street offices were abolished; raise InputError without any."""
    cases = [
        Case(one.place, int(one.code.ljust(12, "0")), *one.years, one.claims)
        for one in reforms
        if one.abolishes and one.code
    ]
    if not cases:
        raise InputError("no document of this build tells of abolished street offices: --place.")
    return sorted(cases, key=lambda case: case.code)


def named(places: Iterable[str], year: int, language: Language) -> list[Case]:
    """Take places by code or name, with a reform in a year."""
    units = divisions.listed(divisions.LAST_YEAR)
    found = [units.filter(code=find(units, place)["code"]) for place in places]
    return [
        Case(divisions.labels(unit, language)[0], unit["code"].item(), year, year, "")
        for unit in found
    ]


def _row(case: Case, measure: str) -> ReformRow:
    line = _series(case.code, measure)
    levels, jump = interrupt(line, case.earliest, case.latest), largest_jump(line)
    place: tuple[int | None, int | None] = (None, None)
    leap: tuple[int | None, int | None, int | None] = (None, None, None)
    if jump:
        place = rank(jump, _peers(case.code, measure))
        leap = jump.year, jump.before, jump.after
    return ReformRow(
        case.name, short(case.code), measure, _said(case), levels.standing, levels.before,
        levels.at, levels.after, levels.change, min(line), max(line), *leap, *place, case.claims,
    )  # fmt: skip


def _said(case: Case) -> str:
    """Write the time of the reform in EDTF."""
    if case.earliest == case.latest:
        return str(case.latest)
    return f"[{case.earliest or ''}..{case.latest or ''}]"


def _series(code: int, measure: str) -> Series:
    found = _counted(measure, pl.col("code") == code)
    if code not in found:
        raise InputError(f"{code} has no yearly counts of {measure}: it lies below county level.")
    return found[code]


def _peers(code: int, measure: str) -> list[Series]:
    """Give the series of all places of the same kind, the place itself among them."""
    alike = divisions.counts().filter(code=code)["kind"].unique().to_list()
    return list(_counted(measure, pl.col("kind").is_in(alike)).values())


def _counted(measure: str, wanted: pl.Expr) -> dict[int, Series]:
    found: dict[int, dict[int, int]] = {}
    rows = divisions.counts().filter(wanted).drop_nulls(measure).sort("code", "year")
    for code, year, value in rows.select("code", "year", measure).iter_rows():
        found.setdefault(code, {})[year] = value
    return dict(found)
