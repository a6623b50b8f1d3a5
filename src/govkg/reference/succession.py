"""What followed a name under a code, 1980 to today: the events, checked against the lists.

An event of division-changes counts where the lists let it happen, and where both sides are of one
level: 衡水市, the county-level city, did not become the prefecture-level city of that name, though
its name did. Where no event is left the lists themselves may tell: the same name, or the same name
with another ending, begins in the province where one ended, and nothing else could have followed
it. What is neither stated nor the only possibility is not told, or told with a doubt.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from govkg.reference.codes import CHANGES, NO_END
from govkg.reference.datasets import table
from govkg.reference.kinds import COUNTY, stem_of, where
from govkg.reference.lives import FOREVER, Change, Key, Life, Spell, spells, year_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CORRECTIONS = "corrections"
_SLACK = 2  # years by which the lists follow an event, or an event the lists
_TOLD_BY_OTHERS = (
    2000  # what the source filled in by hand for later years agrees with other records
)
# What confirms a correction beyond the lists themselves; anything else is a doubt.
_CONFIRMING = ("approval", "reference")

_EVEN = 1985  # before that lists were made over again and again
# Provinces that were carved out of others: their codes may follow those of the old.
_CARVED = {46: 44, 50: 51}


class History(NamedTuple):
    """All lives by code and name."""

    lives: dict[Key, Life]

    def chain(self, life: Life) -> list[Change]:
        """Follow what a division became, step by step; a fork is followed on every side."""
        steps: list[Change] = []
        seen, ahead = {life.key}, list(life.ended_with)
        while ahead:
            change = ahead.pop(0)
            steps.append(change)
            if change.new not in seen:
                seen.add(change.new)
                ahead += self.lives[change.new].ended_with
        return steps

    def today(self, life: Life) -> list[Key]:
        """Give what a division is today: itself, or the ends of its chain that still stand."""
        if life.end == FOREVER:
            return [life.key]
        ends = [self.lives[change.new] for change in self.chain(life)]
        return list(dict.fromkeys(end.key for end in ends if end.end == FOREVER))

    def doubt(self, life: Life) -> str | None:
        """Say why not to trust what a division is today; None where nothing speaks against it."""
        steps = self.chain(life)
        reasons = [reason for step in steps if (reason := _not_sure(step))]
        ends = [life, *(self.lives[step.new] for step in steps)]
        lost = [end for end in ends if end.end != FOREVER and not end.ended_with]
        reasons += ["divided" if end.closed == "divided" else "successor-unknown" for end in lost]
        return " ".join(sorted(set(reasons))) or None


def _not_sure(step: Change) -> str | None:
    if step.found == "same-code":
        return "only-the-code-is-the-same"
    if step.found == "corrected" and step.confirmed not in _CONFIRMING:
        return "confirmed-by-lists-only"
    by_hand = step.found == "filled-in" and step.document is None and step.year < _TOLD_BY_OTHERS
    return "filled-in-by-hand" if by_hand else None


@cache
def history() -> History:
    """Give every spell its years, and what began and ended it."""
    found = spells()
    lives = {key: Life(spell, year_of(spell.first)) for key, spell in found.items()}
    for life in lives.values():
        life.end = year_of(life.spell.ended_by) if life.spell.ended_by else FOREVER
    by_old: dict[Key, list[Change]] = defaultdict(list)
    by_new: dict[Key, list[Change]] = defaultdict(list)
    for change in _events():
        if change.old:
            by_old[change.old].append(change)
        by_new[change.new].append(change)
    _attach_events(lives, by_old, by_new)
    _correct(lives)
    _Inference(lives).run()
    for life in lives.values():
        life.ended_with = [step for step in life.ended_with if step.new in lives]
    return History(lives)


def _events() -> list[Change]:
    """Read the events that end something, without those that are doubtful."""
    events = table(CHANGES, "events").sort("year", "number")
    told = [row for row in events.iter_rows(named=True) if row["new_code"] and not row["doubt"]]
    documents = {
        (row["new_code"], row["new_name"], row["year"]): row["doc_no"]
        for row in told
        if row["doc_no"]
    }
    found = []
    for row in told:
        old = None if row["old_code"] is None else (row["old_code"], row["old_name"])
        new = (row["new_code"], row["new_name"])
        if old == new or row["type"] == "code-reassigned":
            continue
        # One decision often is several events, of which one names the document.
        document = row["doc_no"] or documents.get((*new, row["year"]))
        about = (row["number"], row["year"], row["type"])
        found.append(Change(*about, old, new, document, row["successor"]))
    return found


def _attach_events(
    lives: dict[Key, Life], by_old: dict[Key, list[Change]], by_new: dict[Key, list[Change]]
) -> None:
    for life in lives.values():
        spell = life.spell
        first, last = year_of(spell.first), year_of(spell.last)
        after = year_of(spell.began_after) if spell.began_after else first
        started = [change for change in by_new[spell.key] if after <= change.year <= first]
        # Of an event with a document and one without, the document is the better source.
        life.began_with = min(started, key=lambda c: (c.document is None, c.year), default=None)
        if life.began_with:
            life.begin = life.began_with.year
        if life.end == FOREVER:
            continue
        ends = [change for change in by_old[spell.key] if _fits(change, life, lives, by_new)]
        exact = [change for change in ends if last <= change.year <= life.end]
        near = [c for c in ends if last - _SLACK <= c.year <= life.end + _SLACK]
        if stopped := exact or near:
            year = stopped[0].year if exact else min(stopped[-1].year, life.end)
            life.ended_with = [c for c in stopped if c.year == (exact or near[-1:])[0].year]
            life.end = year


def _fits(
    change: Change, life: Life, lives: dict[Key, Life], by_new: dict[Key, list[Change]]
) -> bool:
    """Say whether an event can be what became of a unit: to a unit of its level, its own way."""
    after = lives.get(change.new)
    if after is None or after.spell.level != life.spell.level or change.type in NO_END:
        return False
    if change.type != "renamed" or change.new[0] != life.spell.code:
        return True
    # A code that went to another unit looks renamed: 枝江县 became 枝江市, and not 枝城市.
    other = [c for c in by_new[change.new] if c.old and c.old[0] != life.spell.code]
    return not any(
        abs(c.year - change.year) <= 1 and c.old and stem_of(c.old[1]) == stem_of(change.new[1])
        for c in other
    )


def _correct(lives: dict[Key, Life]) -> None:
    """Put in place of what the source says what we know better, each row with its basis."""
    rows = table(CHANGES, CORRECTIONS).sort("old_code", "old_name", "year")
    seen: set[Key] = set()
    for row in rows.iter_rows(named=True):
        life = lives[row["old_code"], row["old_name"]]
        if life.key not in seen:
            life.ended_with = []
            seen.add(life.key)
        life.end = row["year"]
        if row["new_code"] is None:
            life.closed = row["type"]
            continue
        new = (row["new_code"], row["new_name"])
        about = (None, row["year"], row["type"], life.key, new, row["document"])
        life.ended_with.append(Change(*about, "corrected", row["confirmed"]))


class _Inference:
    """What the lists tell where no event does."""

    def __init__(self, lives: dict[Key, Life]) -> None:
        """Index the lives by what they may be looked for."""
        self.lives = lives
        # An event that names a later form of what followed (哈密县 of 1983: 伊州区) claims nothing.
        self.claimed = {
            change.new
            for life in lives.values()
            for change in life.ended_with
            if change.new in lives and life.spell.meets(lives[change.new].spell)
        }
        self.counties: dict[int, list[Spell]] = defaultdict(list)
        for life in lives.values():
            if life.spell.level == COUNTY:
                self.counties[life.spell.code // 100].append(life.spell)
        self.by_name: dict[tuple[int, int, str], list[Life]] = defaultdict(list)
        self.by_code: dict[int, list[Life]] = defaultdict(list)
        for life in lives.values():
            for name in {life.spell.name, stem_of(life.spell.name)}:
                self.by_name[_province(life), life.spell.level, name].append(life)
            self.by_code[life.spell.code].append(life)

    def run(self) -> None:
        """Fill in the ends that are the only possible ones, the surest way first."""
        ways: tuple[tuple[str, Callable[[Life], Iterable[Life]]], ...] = (
            ("same-name", self._of_name),
            ("same-stem", self._of_stem),
            ("same-city", self._same_city),
            ("only-new-district", self._new_district),
            ("same-name", self._on_lists_that_overlap),
            ("same-code", self._of_code),
        )
        for method, way in ways:
            for life in self.lives.values():
                if life.end == FOREVER or life.ended_with or life.closed:
                    continue
                after = [one for one in way(life) if one is not life]
                if len(after) == 1:
                    self._follow(life, after[0], method)

    def _follow(self, life: Life, after: Life, method: str) -> None:
        step = Change(None, life.end, method, life.key, after.key, None, method)
        life.ended_with = [step]
        self.claimed.add(after.key)

    def _of_name(self, life: Life) -> list[Life]:
        """Find the same name at the same level in the province, where it begins."""
        spell = life.spell
        named = self.by_name[_province(life), spell.level, spell.name]
        return [one for one in named if one.spell.name == spell.name and spell.meets(one.spell)]

    def _of_stem(self, life: Life) -> list[Life]:
        """Find the same name with another ending, that began as nothing else's successor."""
        spell = life.spell
        stem = stem_of(spell.name)
        if stem == spell.name:
            return []
        named = self.by_name[_province(life), spell.level, stem]
        return [
            one
            for one in named
            if spell.meets(one.spell)
            and one.key not in self.claimed
            # What begins under another prefecture is the same only where its kind is new too.
            and (spell.kind != one.spell.kind or spell.code == one.spell.code)
        ]

    def _on_lists_that_overlap(self, life: Life) -> list[Life]:
        """Find the one other code of a name, where the lists of one year have both.

        A prefecture or league may have become the city of the name (乌兰察布盟).
        """
        spell, stem = life.spell, stem_of(life.spell.name)
        if stem == spell.name:
            return []
        same = spell.name if spell.level == COUNTY else stem
        named = self.by_name[_province(life), spell.level, same]
        others = [one for one in named if one is not life]
        return [one for one in others if one.spell.last > spell.last] if len(others) < 3 else []

    def _cities(self, life: Life, level: int) -> list[Life]:
        """List the cities of another level that the name went to."""
        named = self.by_name[_province(life), level, life.spell.name]
        return [
            one for one in named if life.spell.name.endswith("市") and life.spell.meets(one.spell)
        ]

    def _same_city(self, life: Life) -> list[Life]:
        """Find a city that went to another level as it was, with nothing below it (东莞)."""
        spell = life.spell
        if spell.level == COUNTY:
            cities = self._cities(life, COUNTY - 1)
            return [one for one in cities if not self._begun_below(one, spell)]
        if spell.level == COUNTY - 1 and not self.counties[spell.code // 100]:
            return self._cities(life, COUNTY)
        return []

    def _begun_below(self, city: Life, since: Spell) -> list[Spell]:
        return [one for one in self.counties[city.spell.code // 100] if since.meets(one)]

    def _new_district(self, life: Life) -> list[Life]:
        """Find the one new district of the city that was set up under the county-level name."""
        spell = life.spell
        if spell.level != COUNTY:
            return []
        return [
            self.lives[one.key]
            for city in self._cities(life, COUNTY - 1)
            for one in self._begun_below(city, spell)
            if one.kind in where("of_cities") and one.key not in self.claimed
        ]

    def _of_code(self, life: Life) -> list[Life]:
        """Find another name of the same kind under the code, where neither name is elsewhere."""
        spell = life.spell
        if life.end < _EVEN:
            return []
        alike = [one for one in self.by_code[spell.code] if one.spell.kind == spell.kind]
        return [one for one in alike if spell.meets(one.spell) and one.key not in self.claimed]


def _province(life: Life) -> int:
    province = life.spell.code // 10**4
    return _CARVED.get(province, province)
