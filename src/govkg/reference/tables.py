"""The tables of the reference datasets as polars frames."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from govkg import textfile
from govkg.errors import SourceError, UnknownName
from govkg.layout import DATA
from govkg.yamlfile import YamlError, load_mapping

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

_REFERENCE = DATA / "reference"
_TYPES = {"int16": "Int16", "int32": "Int32", "int64": "Int64", "boolean": "Boolean"}


def table(dataset: str, name: str) -> pl.DataFrame:
    """Read a table of a reference dataset, as `table("nbs-divisions", "divisions")`.

    Raises UnknownName where there is no such dataset or table, SourceError where the file can't
    be read.
    """
    import polars as pl

    path = path_of(dataset, name)
    try:
        if path.suffix == ".csv":
            return pl.read_csv(path, schema_overrides=_csv_types(dataset, name))
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        message = str(error).strip().partition("\n")[0]
        raise SourceError(path, None, f"can't be read as a table: {message}") from error


def path_of(dataset: str, name: str) -> Path:
    """Say which file holds a table."""
    tables = description(dataset)["tables"]
    if name not in tables:
        listing = f"govkg.table({dataset!r}, NAME), NAME one of {', '.join(tables)}"
        raise UnknownName(f"table of {dataset}", name, tables, listing)
    return _REFERENCE / dataset / str(tables[name]["file"])


@lru_cache
def description(dataset: str) -> dict[str, Any]:
    """Read the `dataset.yaml` of a dataset."""
    known = sorted(path.parent.name for path in _REFERENCE.glob("*/dataset.yaml"))
    if dataset not in known:
        raise UnknownName("dataset", dataset, known, "ls data/reference")
    path = _REFERENCE / dataset / "dataset.yaml"
    try:
        return load_mapping(textfile.read(path))
    except YamlError as error:
        raise SourceError(path, error.line, str(error)) from error


def _csv_types(dataset: str, name: str) -> dict[str, Any]:
    import polars as pl

    columns = description(dataset)["tables"][name]["columns"]
    return {
        column: getattr(pl, _TYPES.get(about["type"], "String"))
        for column, about in columns.items()
    }
