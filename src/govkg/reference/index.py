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
import unicodedata
from contextlib import closing, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from govkg.errors import InputError
from govkg.layout import DATA, display

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl

FORMAT = 2
# A division is numbered by its code and, should its code have had several, its name.
NAMES_A_CODE = 16
_LONGEST = 6  # letters of a syllable: zhuang
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
    from govkg.reference.romanize import Syllables

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

    from govkg.reference import codes

    columns = ["code", "name", "level", "kind", "parent", "last"]
    ended = codes.former(current)
    ended = ended.with_columns(name=pl.concat_list("name", "former_names")).explode("name")
    before = [frame.select(columns) for frame in (ended, codes.renamed(current))]
    both = pl.concat([current.with_columns(last=pl.lit(None, pl.String)).select(columns), *before])
    nth = pl.int_range(pl.len()).over("code")
    return both.with_columns(
        id=pl.col("code") * NAMES_A_CODE + nth, parent=pl.col("parent") * NAMES_A_CODE
    )


def fold(text: str, simplify: Callable[[str], str]) -> str:
    """Keep letters and digits: small, of plain width, simplified."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(simplify(char) for char in plain if char.isalnum())


def fold_reading(text: str) -> str:
    """Bring pinyin to plain small letters: no tones, ü (also typed v) as u."""
    letters = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return re.sub("([ln])v", r"\1u", plain)


def pairs(folded: str) -> list[str]:
    """Cut into pairs of neighbors, with a beginning and an end: `^浮 浮山 山后 后$`."""
    return ["".join(pair) for pair in pairwise(f"^{folded}$")]


def divide(word: str, known: set[str], *, open_end: bool = False) -> Iterator[list[str]]:
    """Divide letters into known syllables, the longest first.

    With an open end the last may be the beginning of a syllable, as one types.
    """
    # From each place on: the pieces that lead to the end. Found backwards, so that a word that
    # can't be divided is told at once and not after every way has been tried.
    pieces: list[list[str]] = [[] for _ in word]
    for place in reversed(range(len(word))):
        for size in range(min(_LONGEST, len(word) - place), 0, -1):
            piece, end = word[place : place + size], place + size
            leads = end == len(word) or pieces[end]
            if leads and (
                piece in known or (open_end and end == len(word) and _begins(piece, known))
            ):
                pieces[place].append(piece)
    return _from(0, len(word), pieces)


def _begins(letters: str, known: set[str]) -> bool:
    return any(one.startswith(letters) for one in known)


def _from(place: int, size: int, pieces: list[list[str]]) -> Iterator[list[str]]:
    if place == size:
        yield []
        return
    for piece in pieces[place]:
        for rest in _from(place + len(piece), size, pieces):
            yield [piece, *rest]
