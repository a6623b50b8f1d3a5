"""What the lists tell of what followed a name under a code, where no event does."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from govkg.reference.kinds import COUNTY, stem_of
from govkg.reference.lives import FOREVER, Change, Key, Life, Spell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_EVEN = 1985  # before that lists were made over again and again
# Provinces that were carved out of others: their codes may follow those of the old.
_CARVED = {46: 44, 50: 51}


class Inference:
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
            if spell.meets(one.spell) and one.key not in self.claimed and self._near(life, one)
        ]

    def _near(self, life: Life, other: Life) -> bool:
        """Hold what begins under another prefecture to be the same only where that is new too."""
        return life.spell.kind != other.spell.kind or life.spell.code == other.spell.code

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
            if one.kind == "district" and one.key not in self.claimed
        ]

    def _of_code(self, life: Life) -> list[Life]:
        """Find another name of the same kind under the code, where neither name is elsewhere."""
        spell = life.spell
        if life.end < _EVEN:
            return []
        return [
            one
            for one in self.by_code[spell.code]
            if spell.meets(one.spell)
            and one.spell.kind == spell.kind
            and one.key not in self.claimed
        ]


def _province(life: Life) -> int:
    province = life.spell.code // 10**4
    return _CARVED.get(province, province)
