"""Levels of cities: where does a pattern (three levels of government, four of management) hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from govkg.analysis.hierarchy import NONE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from govkg.analysis.hierarchy import Hierarchy


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


def test(
    hierarchy: Hierarchy, pattern: Pattern, kinds: Mapping[str, Collection[str]]
) -> list[CityLevels]:
    """Test a pattern on every city of a hierarchy: each node of the first level's kinds is one.

    `kinds` says which kinds of nodes have an institution of a class. A level is present where a
    node of its kinds stands under one of each present level before it; units of other kinds in
    between (placeholders, zones) are passed over. So a city that lost its street offices but
    kept districts and committees has two levels of government and three of management.
    """
    bits = np.zeros(len(hierarchy), dtype=np.int64)
    for number, level in enumerate(pattern.levels):
        bits[hierarchy.is_a(kinds[level.kind])] |= 1 << number
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


@dataclass(frozen=True)
class Summary:
    """A pattern over all cities of a year: how many there are, in how many it holds, how far."""

    cities: int
    hold: int
    bottom: int
    whole: int

    @property
    def share(self) -> float | None:
        """The part of the last level that the pattern covers, over all cities."""
        return self.whole / self.bottom if self.bottom else None


def summarize(cities: Sequence[CityLevels]) -> Summary:
    """Sum up what `test` found."""
    return Summary(
        len(cities),
        sum(city.holds for city in cities),
        sum(city.bottom for city in cities),
        sum(city.whole for city in cities),
    )
