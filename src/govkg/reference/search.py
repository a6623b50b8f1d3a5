"""Search of the names of divisions: in Chinese, by pinyin, by a part."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from govkg.errors import ParameterError
from govkg.reference.index import NAMES_A_CODE, divide, fold, fold_reading, open_index, pairs

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator
    from pathlib import Path

# What an English name may end in. `Nanming District` is looked for by its pinyin.
_KIND_WORDS = {
    "area", "autonomous", "banner", "city", "committee", "community", "county", "district",
    "league", "municipality", "office", "prefecture", "province", "region", "resident", "street",
    "subdistrict", "town", "township", "village", "villager",
}  # fmt: skip
_MOST_WAYS = 16
_LONGEST = 100
_MATCH = """
SELECT d.id
FROM (SELECT rowid AS id FROM search WHERE search MATCH ?1 ORDER BY rowid LIMIT ?2) AS n
JOIN divisions AS d ON d.name = n.id AND d.kind <> 'placeholder'
ORDER BY n.id, d.level, d.id LIMIT ?2
"""
_ROW = """
SELECT n.name, d.level, d.kind, d.last, d.parent
FROM divisions AS d JOIN names AS n ON n.id = d.name WHERE d.id = ?
"""


@dataclass(frozen=True)
class Found:
    """A division whose name matches: its code of 12 digits, the names from the province down.

    `last` is the last list that has the name (a year, or a year and month), None where the list
    of 2023 has it.
    """

    code: str
    name: str
    level: int
    kind: str
    last: str | None
    path: tuple[str, ...]


def search(index: Path, text: str, limit: int = 20) -> list[Found]:
    """Find divisions by a name or a part of it, also in traditional characters, or by pinyin.

    Whole names come first, then those that begin so, then those that have it inside; among these
    the larger unit. Raises ParameterError where there is nothing to look for, too much, or the
    limit is below 1, InputError where the index can't be used.
    """
    if limit < 1:
        raise ParameterError(f"a limit is a number from 1 up, not {limit}.")
    if len(text) > _LONGEST:
        raise ParameterError(f"no name is longer than {_LONGEST} characters: give a part of it.")
    if not fold(text, str):
        raise ParameterError(f"{text!r} has nothing to look for: give a name or a part of one.")
    with open_index(index) as db:
        matches: dict[int, None] = {}
        for phrase in _phrases(db, text):
            matches.update(dict.fromkeys(one for (one,) in db.execute(_MATCH, (phrase, limit))))
            if len(matches) >= limit:
                break
        return [_found(db, one) for one in list(matches)[:limit]]


def _found(db: sqlite3.Connection, number: int) -> Found:
    name, level, kind, last, parent = db.execute(_ROW, (number,)).fetchone()
    path = [name]
    while parent is not None:
        above, _, its_kind, _, parent = db.execute(_ROW, (parent,)).fetchone()
        if its_kind != "placeholder":
            path.insert(0, above)
    code = f"{number // NAMES_A_CODE:012d}"
    return Found(code, name, level, kind, last, tuple(path))


def _phrases(db: sqlite3.Connection, text: str) -> Iterator[str]:
    """Write the question for FTS5, the best match first."""
    if re.fullmatch(r"[a-z\W]*[a-z][a-z\W]*", fold_reading(text)):
        yield from _reading_phrases(db, text)
    folded = fold(text, lambda char: _simplified(db, char))
    whole = pairs(folded)
    yield _phrase("pairs", whole)
    yield _phrase("pairs", whole[:-1])
    # Every character begins a pair, be it the last one.
    yield _phrase("pairs", whole[1:-1]) if len(folded) > 1 else _phrase("pairs", [folded], "*")


def _simplified(db: sqlite3.Connection, char: str) -> str:
    sql = "SELECT simplified FROM simplified WHERE traditional = ?"
    row = db.execute(sql, (char,)).fetchone()
    return str(row[0]) if row else char


def _reading_phrases(db: sqlite3.Connection, text: str) -> Iterator[str]:
    """Ask for Latin letters as syllables, in every way they divide; the last may be unfinished."""
    known = {str(row[0]) for row in db.execute("SELECT syllable FROM syllables")}
    ways = _ways(re.findall("[a-z]+", fold_reading(text)), known)
    unfinished = [way for way in ways if _grows(way[-1], known)]
    for begin, end, star in (("^ ", " $", ""), ("^ ", "", ""), ("^ ", "", "*"), ("", "", "*")):
        asked = ways if begin and not star else unfinished
        phrases = [_phrase("reading", [f"{begin}{' '.join(way)}{end}"], star) for way in asked]
        if not begin:
            phrases += [_phrase("reading", way) for way in ways if way not in unfinished]
        if phrases:
            yield " OR ".join(phrases)


def _grows(syllable: str, known: set[str]) -> bool:
    """Say whether letters may be the beginning of something longer."""
    return syllable not in known or any(
        one.startswith(syllable) for one in known if one != syllable
    )


def _ways(words: list[str], known: set[str]) -> list[list[str]]:
    while len(words) > 1 and words[-1] in _KIND_WORDS:
        words = words[:-1]
    ways: list[list[str]] = [[]]
    for number, word in enumerate(words, 1):
        # What is no pinyin may be a word of an English name: Hohhot.
        open_end = number == len(words)
        parts = list(islice(divide(word, known, open_end=open_end), _MOST_WAYS)) or [[word]]
        ways = [[*way, *part] for way in ways for part in parts][:_MOST_WAYS]
    return ways


def _phrase(column: str, tokens: list[str], star: str = "") -> str:
    return f'{column} : "{" ".join(tokens)}" {star}'
