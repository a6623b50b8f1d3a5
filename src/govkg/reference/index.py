"""The index of names: an SQLite file beside the builds, made from the tables.

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
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from govkg.errors import InputError
from govkg.layout import DATA, display
from govkg.reference.folding import divide, fold, fold_reading, pairs
from govkg.reference.suffixes import PATTERNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

FORMAT = 2
# A division is numbered by its code and, should its code have had several, its name.
NAMES_A_CODE = 16
_TOWNSHIP = 4
_DATASETS = (
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
  parent INTEGER, last TEXT
);
CREATE TABLE simplified (traditional TEXT PRIMARY KEY, simplified TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE syllables (syllable TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE search USING fts5(
  pairs, reading, content='', columnsize=0, prefix='1',
  tokenize="unicode61 remove_diacritics 0 tokenchars '^$'"
);
"""


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
    from govkg.reference.datasets import table

    db.executescript(_SCHEMA)
    rows = _with_former(table("nbs-divisions", "divisions")).sort("level", "id")
    names = rows.select("name", "level").unique("name", maintain_order=True, keep="first")
    names = names.with_row_index("number")
    simplified = dict(table("traditional-characters", "characters").iter_rows())
    db.executemany("INSERT INTO simplified VALUES (?, ?)", simplified.items())
    db.executemany("INSERT INTO names VALUES (?, ?)", names.drop("level").iter_rows())
    _add_divisions(db, rows.join(names.drop("level"), on="name"))
    readings = _readings()
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
    db.execute("INSERT INTO search (search) VALUES ('optimize')")
    db.execute(f"PRAGMA user_version = {FORMAT}")
    db.commit()
    return len(rows)


def _add_divisions(db: sqlite3.Connection, rows: pl.DataFrame) -> None:
    columns = rows.select("id", "number", "level", "kind", "parent", "last").sort("id")
    db.executemany("INSERT INTO divisions VALUES (?, ?, ?, ?, ?, ?)", columns.iter_rows())
    db.execute("CREATE INDEX by_name ON divisions (name, level, id)")


def _with_former(current: pl.DataFrame) -> pl.DataFrame:
    """Add the names that codes had before, of those that ended the last first; number them all."""
    import polars as pl

    from govkg.reference import history

    columns = ["code", "name", "level", "kind", "parent", "last"]
    ended = history.former(current)
    ended = ended.with_columns(name=pl.concat_list("name", "former_names")).explode("name")
    before = [frame.select(columns) for frame in (ended, history.renamed(current))]
    both = pl.concat([current.with_columns(last=pl.lit(None, pl.String)).select(columns), *before])
    nth = pl.int_range(pl.len()).over("code")
    return both.with_columns(
        id=pl.col("code") * NAMES_A_CODE + nth, parent=pl.col("parent") * NAMES_A_CODE
    )


class _Readings(NamedTuple):
    """How names read: by character, but for stems of their own; and English names of some."""

    syllables: dict[str, str]
    stems: dict[str, list[str]]
    english: dict[str, str]
    known: set[str]

    def of(self, name: str, level: int) -> str:
        """Write readings as syllables between marks: of the name, its short form, in English.

        A committee reads as its village does: nobody types cunminweiyuanhui.
        """
        group = "upper" if level < _TOWNSHIP else "township" if level == _TOWNSHIP else "committee"
        forms = {PATTERNS[group].sub(r"\1", name): None}
        if level <= _TOWNSHIP:
            forms = {name: None, **forms}
        read = [self._of_name(form) for form in forms]
        if english := self.english.get(name):
            read.append(re.findall("[a-z]+", fold_reading(english)))
        return " ".join(f"^ {' '.join(one)} $" for one in read)

    def _of_name(self, name: str) -> list[str]:
        for size in range(len(name), 1, -1):
            if read := self.stems.get(name[:size]):
                return read + [self.syllables.get(char, char) for char in name[size:]]
        return [self.syllables.get(char, char) for char in name]


def _readings() -> _Readings:
    from govkg.reference.datasets import table

    rows = table("romanization", "characters").iter_rows()
    syllables = {char: fold_reading(read).lstrip("'") for char, read in rows}
    known = set(syllables.values())
    stems = {}
    for stem, pinyin in table("romanization", "stems").iter_rows():
        words = re.findall("[a-z]+", fold_reading(pinyin))
        if len(read := _syllables_of(words, known, len(stem))) == len(stem):
            stems[stem] = read
    return _Readings(syllables, stems, dict(table("romanization", "overrides").iter_rows()), known)


def _syllables_of(words: list[str], known: set[str], size: int) -> list[str]:
    """Divide a stem's reading into as many syllables as it has characters; else give none."""
    ways: list[list[str]] = [[]]
    for word in words:
        ways = [[*way, *more] for way in ways for more in divide(word, known)]
    return next((way for way in ways if len(way) == size), [])
