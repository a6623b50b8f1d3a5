"""Search of the names of divisions, in Chinese, by pinyin, by a part; and the index it asks.

The index is an SQLite file beside the builds, made from the tables.
A name is kept as pairs of characters between a beginning and an end, so that one character, a
beginning, a part and a whole name are all phrases of FTS5 (whose own trigrams find no word of two
characters). Its reading is kept as syllables. Names are numbered from the province down, so that
the first rows that match are the largest units. Names that county-level units and those above had
before are names as well, with the last list that has them.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from govkg.errors import InputError, ParameterError
from govkg.languages import fold, fold_reading
from govkg.layout import DATA, display
from govkg.reference import codes, kinds
from govkg.reference.datasets import table
from govkg.reference.romanize import Syllables, divide

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMAT = 3
# A division is numbered by its code and, should its code have had several, its name.
NAMES_A_CODE = 16
_LONGEST = 6  # letters of a syllable: zhuang
_DATASETS = (
    "division-kinds",
    "gb2260-history",
    "nbs-divisions",
    "nbs-series",
    "romanization",
    "traditional-characters",
)
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE divisions (
  id INTEGER PRIMARY KEY, name INTEGER NOT NULL, level INTEGER NOT NULL, kind TEXT NOT NULL,
  parent INTEGER, last TEXT, stands_in INTEGER NOT NULL
);
CREATE TABLE simplified (traditional TEXT PRIMARY KEY, simplified TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE syllables (syllable TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE kind_words (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5(
  pairs, reading, content='', columnsize=0, prefix='1',
  tokenize="unicode61 remove_diacritics 0 tokenchars '^$'"
);
"""


_MOST_WAYS = 16
_LONGEST = 100
_MATCH = """
SELECT d.id
FROM (SELECT rowid AS id FROM search WHERE search MATCH ?1 ORDER BY rowid LIMIT ?2) AS n
JOIN divisions AS d ON d.name = n.id AND NOT d.stands_in
ORDER BY n.id, d.level, d.id LIMIT ?2
"""
_ROW = """
SELECT n.name, d.level, d.kind, d.last, d.parent, d.stands_in
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
    name, level, kind, last, parent, _ = db.execute(_ROW, (number,)).fetchone()
    path = [name]
    while parent is not None:
        above, *_, parent, stands_in = db.execute(_ROW, (parent,)).fetchone()
        if not stands_in:
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
    words = re.findall("[a-z]+", fold_reading(text))
    ends = {str(row[0]) for row in db.execute("SELECT word FROM kind_words")}
    while len(words) > 1 and words[-1] in ends:  # `Nanming District` is looked for by its pinyin
        words.pop()
    ways = _ways(words, known)
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
    ways: list[list[str]] = [[]]
    for number, word in enumerate(words, 1):
        # What is no pinyin may be a word of an English name: Hohhot.
        open_end = number == len(words)
        parts = list(islice(divide(word, known, open_end=open_end), _MOST_WAYS)) or [[word]]
        ways = [[*way, *part] for way in ways for part in parts][:_MOST_WAYS]
    return ways


def _phrase(column: str, tokens: list[str], star: str = "") -> str:
    return f'{column} : "{" ".join(tokens)}" {star}'


def default_index(home: Path) -> Path:
    """Name the index of a build directory by what it is made from."""
    digest = hashlib.sha256(f"{FORMAT}".encode())
    for dataset in _DATASETS:
        for path in sorted((DATA / "reference" / dataset).iterdir()):
            if path.suffix in {".csv", ".parquet"}:
                digest.update(path.read_bytes())
    return home / f"names-{digest.hexdigest()[:16]}.sqlite"


def build_index(path: Path) -> int:
    """Write the index of all divisions; the file appears when it is whole. Count their names.

    Indexes of older tables beside it are removed. Raises InputError where it can't be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="tmp-names-", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            with closing(sqlite3.connect(draft)) as db:
                count = _fill(db)
            draft.replace(path)
        for old in path.parent.glob("names-*.sqlite"):
            if old.name != path.name:
                old.unlink(missing_ok=True)
    except (OSError, sqlite3.OperationalError) as error:
        raise InputError(
            f"{display(path)} can't be written: {error}. Free room or name another with --build."
        ) from error
    return count


@contextmanager
def open_index(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an index for reading; raise InputError where it is none of ours, or broken."""
    advice = "delete it, and it is made again."
    uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as db:
            [found] = db.execute("PRAGMA user_version").fetchone()
            if found != FORMAT:
                raise InputError(f"{display(path)} is no index of names of this version: {advice}")
            yield db
    except sqlite3.DatabaseError as error:
        raise InputError(f"{display(path)} can't be read ({error}): {advice}") from error


def _fill(db: sqlite3.Connection) -> int:
    db.executescript(_SCHEMA)
    rows = _with_former(table("nbs-divisions", "divisions")).sort("level", "id")
    names = rows.select("name", "level").unique("name", maintain_order=True, keep="first")
    names = names.with_row_index("number")
    simplified = dict(table("traditional-characters", "characters").iter_rows())
    db.executemany("INSERT INTO simplified VALUES (?, ?)", simplified.items())
    db.executemany("INSERT INTO names VALUES (?, ?)", names.drop("level").iter_rows())
    _add_divisions(db, rows.join(names.drop("level"), on="name"))
    readings = Syllables.load()
    db.executemany(
        "INSERT INTO search (rowid, pairs, reading) VALUES (?, ?, ?)",
        (
            (
                number,
                " ".join(pairs(fold(name, lambda char: simplified.get(char, char)))),
                readings.of(name, level),
            )
            for number, name, level in names.iter_rows()
        ),
    )
    db.executemany("INSERT INTO syllables VALUES (?)", ((one,) for one in readings.known))
    db.executemany("INSERT INTO kind_words VALUES (?)", ((one,) for one in kinds.words("words")))
    db.execute("INSERT INTO search (search) VALUES ('optimize')")
    db.execute(f"PRAGMA user_version = {FORMAT}")
    db.commit()
    return len(rows)


def _add_divisions(db: sqlite3.Connection, rows: pl.DataFrame) -> None:
    stands_in = pl.col("kind") == kinds.placeholder()
    columns = rows.select("id", "number", "level", "kind", "parent", "last", stands_in=stands_in)
    values = columns.sort("id").iter_rows()
    db.executemany("INSERT INTO divisions VALUES (?, ?, ?, ?, ?, ?, ?)", values)
    db.execute("CREATE INDEX by_name ON divisions (name, level, id)")


def _with_former(current: pl.DataFrame) -> pl.DataFrame:
    """Add the names that codes had before, of those that ended the last first; number them all."""
    columns = ["code", "name", "level", "kind", "parent", "last"]
    ended = codes.former(current)
    ended = ended.with_columns(name=pl.concat_list("name", "former_names")).explode("name")
    before = [frame.select(columns) for frame in (ended, codes.renamed(current))]
    both = pl.concat([current.with_columns(last=pl.lit(None, pl.String)).select(columns), *before])
    nth = pl.int_range(pl.len()).over("code")
    return both.with_columns(
        id=pl.col("code") * NAMES_A_CODE + nth, parent=pl.col("parent") * NAMES_A_CODE
    )


def pairs(folded: str) -> list[str]:
    """Cut into pairs of neighbors, with a beginning and an end: `^浮 浮山 山后 后$`."""
    return ["".join(pair) for pair in pairwise(f"^{folded}$")]
