"""The life of each name under a code at county level and above, 1980 to today.

A spell puts together what the lists say: the last list before it, the first and the last with
it, the first without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from govkg.reference.codes import CIVIL_AFFAIRS, REVISIONS, listings, series_dates
from govkg.reference.datasets import dataset, table

if TYPE_CHECKING:
    from collections.abc import Iterator

# The list labeled 2011-12 shows the end of 2012 (see the notes of gb2260-history).
_LABELED_EARLY = {"2011-12": "2012-12"}
_BEFORE_LABELED_EARLY = "2011-10"
_STATISTICAL_ONLY = ("placeholder", "statistical-zone", "special-area")

# 西沙区 and 南沙区, set up in 2020: the statistical lists have the islands instead.
_NOT_IN_SERIES = (460302, 460303)

FOREVER = 9999

Key = tuple[int, str]


@dataclass
class Spell:
    """A name under a code: dates are year and month, of lists."""

    code: int
    name: str
    level: int
    kind: str
    first: str
    last: str
    began_after: str | None = None
    ended_by: str | None = None
    datasets: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """Tell spells apart: code and name."""
        return self.code, self.name

    @property
    def stands(self) -> bool:
        """Whether the newest list has it."""
        return self.ended_by is None

    def meets(self, later: Spell) -> bool:
        """Say whether another may have begun where this one ended."""
        if self.ended_by is None or self.last >= later.first:
            return False
        return later.began_after is None or later.began_after < self.ended_by


class Change(NamedTuple):
    """A step from one code and name to another.

    `number` is that of the event in division-changes; None for what the lists alone tell, or a
    correction. `found` says how it is known: stated, filled-in or traced-by-name by the source;
    same-name, same-stem, only-new-district or same-code by the lists; corrected by us.
    """

    number: int | None
    year: int
    type: str
    old: Key | None
    new: Key
    document: str | None
    found: str | None


@dataclass
class Life:
    """A spell with the events that began and ended it, and its years from both."""

    spell: Spell
    begin: int
    end: int = FOREVER
    began_with: Change | None = None
    ended_with: list[Change] = field(default_factory=list)
    closed: str | None = None  # divided, or unknown: nothing is to be looked for

    @property
    def key(self) -> Key:
        """Tell lives apart: code and name."""
        return self.spell.key

    @property
    def ending_document(self) -> str | None:
        """The document by which it ended, where one is known."""
        return next((change.document for change in self.ended_with if change.document), None)


@cache
def civil_affairs_date() -> str:
    """Say of which month the civil-affairs list is."""
    return str(dataset(CIVIL_AFFAIRS).about["cutoff"])[:7]


@cache
def _last_revision() -> str:
    return str(table(REVISIONS, "revisions")["revision"].max())


@cache
def spells() -> dict[Key, Spell]:
    """Put the spells together from the three kinds of lists."""
    found: dict[Key, Spell] = {}
    for one in _listed():
        _add(found, one)
    dates = sorted(series_dates().values())
    for one in found.values():
        _bracket(one, dates)
    return found


def _listed() -> Iterator[Spell]:
    """Read a spell off each row of the three kinds of lists."""
    for row in listings().iter_rows(named=True):
        dataset = row.pop("dataset")
        began_after, first, last, ended_by = (
            _LABELED_EARLY.get(row[date], row[date])
            for date in ("began_after", "first", "last", "ended_by")
        )
        if began_after and began_after > first:
            began_after = _BEFORE_LABELED_EARLY
        about = (row["code"], row["name"], row["level"], row["kind"])
        yield Spell(*about, first, last, began_after, ended_by, [dataset])
    for code, name, level, _, kind in table(CIVIL_AFFAIRS, "divisions").iter_rows():
        newest = civil_affairs_date()
        yield Spell(code // 10**6, name, level, kind, newest, newest, datasets=[CIVIL_AFFAIRS])


def _add(spells: dict[Key, Spell], found: Spell) -> None:
    if found.kind == "placeholder":
        return
    known = spells.setdefault(found.key, found)
    if known is found:
        return
    if found.first < known.first:
        known.first, known.began_after = found.first, found.began_after
    if found.last > known.last:
        known.last, known.ended_by = found.last, found.ended_by
    known.datasets += [name for name in found.datasets if name not in known.datasets]


def _bracket(spell: Spell, dates: list[str]) -> None:
    """Narrow both ends by the lists that lack the name."""
    lists = [] if spell.code in _NOT_IN_SERIES else list(dates)
    if spell.kind not in _STATISTICAL_ONLY:
        lists += [_last_revision(), civil_affairs_date()]
    before = [d for d in (spell.began_after, *lists) if d and d < spell.first]
    after = [d for d in (spell.ended_by, *lists) if d and d > spell.last]
    spell.began_after = max(before, default=None)
    spell.ended_by = min(after, default=None)


def year_of(date: str) -> int:
    """Give the year of a year and month."""
    return int(date[:4])
