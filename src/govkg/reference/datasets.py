"""Reference tables as polars frames: what `dataset.yaml` says of them must hold."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from govkg import layout
from govkg.errors import SourceError, UnknownName
from govkg.textfile import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

DESCRIPTION = "dataset.yaml"
_AGAIN = "run `make reference` to make it again."
TYPES: dict[str, pl.DataType] = {
    "boolean": pl.Boolean(),
    "int16": pl.Int16(),
    "int32": pl.Int32(),
    "int64": pl.Int64(),
    "string": pl.String(),
    "uint8": pl.UInt8(),
    "uint16": pl.UInt16(),
    "uint32": pl.UInt32(),
}


class Column(msgspec.Struct, frozen=True):
    """The type of a column, one of `TYPES`; `bits` are the years that its bits stand for."""

    type: str
    bits: list[int] = []


class Table(msgspec.Struct, frozen=True):
    """What must hold of a table: its file, rows, key, columns, and rows by value of a column."""

    file: str
    rows: int
    key: list[str]
    columns: dict[str, Column]
    counts: dict[str, dict[Any, int]] = {}


class License(msgspec.Struct, frozen=True):
    """The words that a license asks to be kept."""

    notice: str


class Package(msgspec.Struct, frozen=True):
    """What a dataset is made from."""

    registry: str
    package: str
    version: str
    cutoff: str


class Description(msgspec.Struct, frozen=True):
    """What dataset.yaml says; title and publisher by language, cutoff in EDTF."""

    title: dict[str, str]
    publisher: dict[str, str]
    license: License
    cutoff: str
    sources: list[Package]
    tables: dict[str, Table]


@dataclass(frozen=True)
class Dataset:
    """One folder of `data/reference`: its name, its folder and what dataset.yaml says."""

    name: str
    folder: Path
    about: Description

    @property
    def description(self) -> Path:
        """The dataset.yaml."""
        return self.folder / DESCRIPTION

    def tables(self) -> list[str]:
        """Name the tables."""
        return sorted(self.about.tables)

    def table(self, name: str) -> pl.DataFrame:
        """Read a table; raise SourceError unless columns, key, rows and counts are as described."""
        about, path = self._about(name), self.path(name)
        frame = _read(path, _schema(about))
        _verify(frame, about, path)
        return frame

    def path(self, name: str) -> Path:
        """Say which file holds a table."""
        return self.folder / self._about(name).file

    def files(self) -> list[Path]:
        """Give the files that it is made of, the description first."""
        return [self.description, *(self.path(table) for table in self.tables())]

    def _about(self, table: str) -> Table:
        if table not in self.about.tables:
            raise UnknownName(f"table of {self.name}", table, self.tables(), "dataset.yaml")
        return self.about.tables[table]


def dataset(name: str) -> Dataset:
    """Find a dataset by the name of its folder; raise UnknownName or SourceError."""
    folder = layout.DATA / "reference" / name
    path = folder / DESCRIPTION
    if not path.is_file():
        known = [found.parent.name for found in folder.parent.glob(f"*/{DESCRIPTION}")]
        raise UnknownName("dataset", name, known, "ls data/reference")
    return Dataset(name, folder, _described(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=64)
def _described(path: Path, _changed: int) -> Description:
    """Read a description again only where its file has changed: PyYAML takes as long as a table."""
    return read_yaml(path, Description)


def table(of: str, name: str) -> pl.DataFrame:
    """Read a table of a reference dataset, as `table("nbs-divisions", "divisions")`.

    Raises UnknownName where there is no such dataset or table, SourceError where the file is not
    as its description says.
    """
    return dataset(of).table(name)


def named(name: str) -> pl.DataFrame:
    """Read a table by its name alone, or as `mca-townships/divisions` where two datasets have it.

    Of two tables of a name the one of the dataset that comes last is meant: nbs-divisions, the
    hierarchy. Raises UnknownName, with all names, where there is none.
    """
    full = {f"{of.name}/{table}": (of, table) for of in all_datasets() for table in of.tables()}
    short = {table: (of, table) for of, table in full.values()}
    if name not in full and name not in short:
        raise UnknownName("table", name, [*short, *full], "ls data/reference/*")
    of, table = full.get(name) or short[name]
    return of.table(table)


def all_datasets() -> list[Dataset]:
    """List the datasets, by name."""
    return [
        dataset(path.parent.name)
        for path in sorted((layout.DATA / "reference").glob(f"*/{DESCRIPTION}"))
    ]


def _read(path: Path, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    if not path.is_file():
        raise SourceError(path, None, f"is missing: {_AGAIN}")
    try:
        if path.suffix == ".csv":
            return pl.read_csv(path, schema=schema)
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).splitlines()[0]
        raise SourceError(path, None, f"can't be read ({reason}): {_AGAIN}") from error


def _schema(about: Table) -> dict[str, pl.DataType]:
    return {column: TYPES[said.type] for column, said in about.columns.items()}


def _verify(frame: pl.DataFrame, about: Table, path: Path) -> None:
    expected = _schema(about)
    if list(frame.schema.items()) != list(expected.items()):
        wrong = dict(frame.schema.items() ^ expected.items())
        raise SourceError(path, None, f"its columns {sorted(wrong)} are not as described: {_AGAIN}")
    if frame.height != about.rows:
        message = f"has {frame.height} rows and not {about.rows}: {_AGAIN}"
        raise SourceError(path, None, message)
    keys = frame.select(about.key)
    # Rows whose hashes differ, differ; only where hashes meet are the rows themselves compared.
    if keys.hash_rows().n_unique() != frame.height and keys.n_unique() != frame.height:
        raise SourceError(path, None, f"has a key {about.key} twice: {_AGAIN}")
    for column, counts in about.counts.items():
        bits = about.columns[column].bits
        found = _count_bits(frame, column, bits) if bits else _count(frame, column)
        if found != {_text(value): number for value, number in counts.items()}:
            raise SourceError(path, None, f"its counts by {column} are not as described: {_AGAIN}")


def _count(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return {_text(value): number for value, number in frame.group_by(column).len().iter_rows()}


def _count_bits(frame: pl.DataFrame, column: str, bits: list[int]) -> dict[str, int]:
    flags = [(pl.col(column) & (1 << i) != 0).sum().alias(str(b)) for i, b in enumerate(bits)]
    return {name: int(number) for name, number in frame.select(flags).row(0, named=True).items()}


def _text(value: object) -> str:
    """Write a value as a key of `counts` is written."""
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)
