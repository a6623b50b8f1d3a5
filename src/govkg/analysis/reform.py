"""Before and after a reform: a yearly series, interrupted; described, never tested.

Eight or nine yearly counts of a whole population carry no p-value: they are no sample, and
neighboring years depend on each other. What is given instead is the level before, at and after,
the largest yearly change, and its rank among the same years' changes of peers.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Series = Mapping[int, int]

Standing = Literal["interrupts", "before-series", "after-series", "undated"]


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
    first, last = earliest or -(10**4), latest or 10**4
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
