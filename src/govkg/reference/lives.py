"""The life of each name under a code at county level and above, 1980 to today.

A spell puts together what the lists say: the last list before it, the first and the last with
it, the first without it; and the events that began or ended it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from govkg.reference.codes import CHANGES, CIVIL_AFFAIRS, REVISIONS, listings, series_dates
from govkg.reference.datasets import dataset, table

if TYPE_CHECKING:
    from collections.abc import Iterator

FOREVER = 9999
# The list labeled 2011-12 shows the end of 2012 (see the notes of gb2260-history).
_LABELED_EARLY = {"2011-12": "2012-12"}
_BEFORE_LABELED_EARLY = "2011-10"
_STATISTICAL_ONLY = ("placeholder", "statistical-zone", "special-area")

# 西沙区 and 南沙区, set up in 2020: the statistical lists have the islands instead.
_NOT_IN_SERIES = (460302, 460303)

Key = tuple[int, str]


class Change(NamedTuple):
    """An event of division-changes: one code and name to another."""

    number: int
    year: int
    type: str
    old: Key | None
    new: Key
    document: str | None
    found: str | None


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
    begin: int = 0
    end: int = FOREVER
    began_with: Change | None = None
    ended_with: list[Change] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """Tell spells apart: code and name."""
        return self.code, self.name

    @property
    def ending_document(self) -> str | None:
        """The document by which it ended, where one is known."""
        return next((change.document for change in self.ended_with if change.document), None)


class History(NamedTuple):
    """All spells, and the events by what they started from."""

    spells: dict[Key, Spell]
    by_old: dict[Key, list[Change]]

    def chain(self, spell: Spell) -> list[Change]:
        """Follow what a division became, step by step; a fork is followed on every side."""
        steps: list[Change] = []
        seen, ahead = {spell.key}, list(spell.ended_with)
        while ahead:
            change = ahead.pop(0)
            steps.append(change)
            if change.new not in seen:
                seen.add(change.new)
                ahead += self._onward(change)
        return steps

    def today(self, spell: Spell) -> list[Key]:
        """Give what a division is today: itself, or the ends of its chain that still stand."""
        if spell.end == FOREVER:
            return [spell.key]
        ends = [self.spells.get(change.new) for change in self.chain(spell)]
        return list(dict.fromkeys(end.key for end in ends if end and end.end == FOREVER))

    def _onward(self, change: Change) -> list[Change]:
        if known := self.spells.get(change.new):
            return known.ended_with
        later = [c for c in self.by_old.get(change.new, []) if c.year >= change.year]
        return later[:1]


@cache
def civil_affairs_date() -> str:
    """Say of which month the civil-affairs list is."""
    return str(dataset(CIVIL_AFFAIRS).about["cutoff"])[:7]


@cache
def _last_revision() -> str:
    return str(table(REVISIONS, "revisions")["revision"].max())


@cache
def history() -> History:
    """Put the spells together from the five tables."""
    spells: dict[Key, Spell] = {}
    for found in _listed():
        _add(spells, found)
    dates = sorted(series_dates().values())
    for spell in spells.values():
        _bracket(spell, dates)
    by_old, by_new = _changes()
    for spell in spells.values():
        _attach(spell, by_old.get(spell.key, []), by_new.get(spell.key, []))
    return History(spells, by_old)


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


def _changes() -> tuple[dict[Key, list[Change]], dict[Key, list[Change]]]:
    by_old: dict[Key, list[Change]] = {}
    by_new: dict[Key, list[Change]] = {}
    events = table(CHANGES, "events").sort("year", "number")
    documents = {
        (row["new_code"], row["new_name"], row["year"]): row["doc_no"]
        for row in events.iter_rows(named=True)
        if row["doc_no"] and row["new_code"] and not row["doubt"]
    }
    for row in events.iter_rows(named=True):
        if row["doubt"] or row["new_code"] is None or row["type"] == "code-reassigned":
            continue
        old = None if row["old_code"] is None else (row["old_code"], row["old_name"])
        new = (row["new_code"], row["new_name"])
        if old == new:
            continue
        # One decision often is several events, of which one names the document.
        document = row["doc_no"] or documents.get((*new, row["year"]))
        change = Change(
            row["number"], row["year"], row["type"], old, new, document, row["successor"]
        )
        by_new.setdefault(new, []).append(change)
        if old:
            by_old.setdefault(old, []).append(change)
    return by_old, by_new


def _attach(spell: Spell, ends: list[Change], begins: list[Change]) -> None:
    """Take the events of a spell that lie between the lists, and the years from them."""
    first, last = _year(spell.first), _year(spell.last)
    after = _year(spell.began_after) if spell.began_after else first
    until = _year(spell.ended_by) if spell.ended_by else FOREVER
    started = [c for c in begins if after <= c.year <= first]
    stopped = [c for c in ends if last <= c.year <= until]
    # Of an event with a document and one without, the document is the better source.
    spell.began_with = min(started, key=lambda c: (c.document is None, c.year), default=None)
    spell.ended_with = [c for c in stopped if c.year == stopped[0].year]
    spell.begin = spell.began_with.year if spell.began_with else first
    spell.end = stopped[0].year if stopped else until


def _year(date: str) -> int:
    return int(date[:4])
