"""What dataset.yaml says of a dataset: its packages, its tables, the counts that must hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from tools.reference.errors import UnusableError
from tools.reference.packages import Package, verify

from govkg.reference.datasets import TYPES
from govkg.textfile import YamlError, load_mapping

if TYPE_CHECKING:
    from collections.abc import Callable

    Tell = Callable[[str], None]

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "data" / "reference"


@dataclass(frozen=True)
class Table:
    """One committed table: its file, key, columns, and the counts that must hold."""

    dataset: str
    name: str
    file: str
    rows: int
    key: tuple[str, ...]
    columns: dict[str, pl.DataType]
    bits: dict[str, tuple[int, ...]]
    counts: dict[str, dict[str, int]]

    @property
    def label(self) -> str:
        """The table as error messages name it."""
        return f"{self.dataset}/{self.file}"

    def read(self, folder: Path) -> pl.DataFrame:
        """Read the table from a folder and check it."""
        path = folder / self.file
        if not path.is_file():
            message = f"{path} is missing"
            raise UnusableError(message)
        try:
            if path.suffix == ".csv":
                frame = pl.read_csv(path, schema=self.columns)
            else:
                frame = pl.read_parquet(path)
        except (pl.exceptions.PolarsError, OSError) as error:
            message = f"{path} can't be read: {error}"
            raise UnusableError(message) from error
        self.check(frame)
        return frame

    def check(self, frame: pl.DataFrame) -> None:
        """Raise UnusableError unless columns, key, order and counts are as dataset.yaml says."""
        expected, found = dict(self.columns), dict(frame.schema)
        if list(expected.items()) != list(found.items()):
            message = f"{self.label}: expected the columns {expected}, found {found}"
            raise UnusableError(message)
        if frame.height != self.rows:
            message = f"{self.label}: expected {self.rows} rows, found {frame.height}"
            raise UnusableError(message)
        keys = frame.select(self.key)
        if keys.is_duplicated().any():
            twice = keys.filter(keys.is_duplicated()).row(0)
            message = f"{self.label}: expected {self.key} to be unique, found {twice} twice"
            raise UnusableError(message)
        if not keys.equals(keys.sort(self.key)):
            message = f"{self.label}: expected the rows in the order of {self.key}"
            raise UnusableError(message)
        for column, expected_counts in self.counts.items():
            found_counts = self.count(frame, column)
            if found_counts != expected_counts:
                wrong = {
                    value: (expected_counts.get(value, 0), found_counts.get(value, 0))
                    for value in sorted(expected_counts.keys() | found_counts.keys())
                    if expected_counts.get(value, 0) != found_counts.get(value, 0)
                }
                told = "; ".join(f"{v}: expected {e}, found {f}" for v, (e, f) in wrong.items())
                message = f"{self.label}, rows by {column}: {told}"
                raise UnusableError(message)

    def count(self, frame: pl.DataFrame, column: str) -> dict[str, int]:
        """Count rows by the values of a column; for a column of bits, by each bit."""
        if column in self.bits:
            bits = self.bits[column]
            flags = [
                (pl.col(column) & (1 << i) != 0).sum().alias(str(b)) for i, b in enumerate(bits)
            ]
            row = frame.select(flags).row(0, named=True)
            return {name: int(number) for name, number in row.items() if number}
        grouped = frame.group_by(column).len()
        return {_text(value): number for value, number in grouped.iter_rows()}


@dataclass(frozen=True)
class Dataset:
    """One folder of data/reference."""

    name: str
    folder: Path
    meta: dict[str, Any]
    packages: tuple[Package, ...]
    derived: tuple[Package, ...]  # files of other datasets that it is made from
    tables: dict[str, Table]

    def package(self, name: str) -> Package:
        """Give the one package of that name."""
        return next(p for p in self.packages if p.name == name)

    def verify_derived(self) -> None:
        """Raise UnusableError unless what it is made from is what is pinned."""
        for source in self.derived:
            path = self.folder.parent / source.file
            if not path.is_file():
                message = f"{path} is missing: make {source.name} first"
                raise UnusableError(message)
            try:
                verify(path, source.size, source.integrity)
            except UnusableError as error:
                message = f"{error}: {self.name} is made from {source.name}, pin what it is now"
                raise UnusableError(message) from error


def load(name: str, root: Path | None = None) -> Dataset:
    """Read data/reference/<name>/dataset.yaml."""
    path = (root or REFERENCE) / name / "dataset.yaml"
    try:
        meta = load_mapping(path.read_text(encoding="utf-8"))
        return Dataset(
            name=name,
            folder=path.parent,
            meta=meta,
            packages=_sources(meta, lambda registry: registry not in {"shared", "derived"}),
            derived=_sources(meta, lambda registry: registry == "derived"),
            tables={table: _table(name, table, about) for table, about in meta["tables"].items()},
        )
    except OSError as error:
        message = f"{path} can't be read: {error.strerror}"
        raise UnusableError(message) from error
    except YamlError as error:
        message = f"{path}, line {error.line}: {error}"
        raise UnusableError(message) from error
    except KeyError as error:
        message = f"{path}: expected the key {error.args[0]!r}, not found"
        raise UnusableError(message) from error


def _sources(meta: dict[str, Any], wanted: Callable[[str], bool]) -> tuple[Package, ...]:
    return tuple(
        Package(
            source["registry"],
            source["package"],
            str(source["version"]),
            source["file"],
            source["size"],
            source["integrity"],
        )
        for source in meta["sources"]
        if wanted(source["registry"])
    )


def _table(dataset: str, name: str, about: dict[str, Any]) -> Table:
    columns = about["columns"]
    return Table(
        dataset=dataset,
        name=name,
        file=about["file"],
        rows=about["rows"],
        key=tuple(about["key"]),
        columns={column: TYPES[said["type"]] for column, said in columns.items()},
        bits={column: tuple(said["bits"]) for column, said in columns.items() if "bits" in said},
        counts={
            column: {_text(value): number for value, number in counts.items()}
            for column, counts in about.get("counts", {}).items()
        },
    )


def _text(value: object) -> str:
    """Write a value as a key of YAML's `counts` is written."""
    return str(value).lower() if isinstance(value, bool) or value is None else str(value)
