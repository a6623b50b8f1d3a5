"""Typed columns as data frames of polars and pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govkg.errors import MissingLibrary

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    import pandas as pd
    import polars as pl

    from govkg.results.columns import Column

_PANDAS = {
    "boolean": "boolean",
    "date": "datetime64[s]",
    "datetime": "object",  # with zones and without, as they stand
    "decimal": "Float64",
    "double": "Float64",
    "integer": "Int64",
    "text": "string",
}


def to_polars(columns: Iterable[Column]) -> pl.DataFrame:
    """Make a polars data frame; decimals stay exact."""
    import polars as pl

    return pl.DataFrame([_series(column) for column in columns])


def to_pandas(columns: Iterable[Column], height: int) -> pd.DataFrame:
    """Make a pandas data frame of nullable columns and so many rows; decimals become floats.

    Raises MissingLibrary where pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingLibrary("pandas", "frames") from error
    series = {
        column.name: pd.Series(_floats(column), dtype=_PANDAS[column.type]) for column in columns
    }
    return pd.DataFrame(series, index=range(height))


def _series(column: Column) -> pl.Series:
    import polars as pl

    types: dict[str, Any] = {
        "boolean": pl.Boolean,
        "date": pl.Date,
        "datetime": pl.Object,
        "double": pl.Float64,
        "integer": pl.Int64,
        "text": pl.String,
    }
    if column.type == "decimal":
        return pl.Series(column.name, column.values, dtype=pl.Decimal(38, _scale(column.values)))
    return pl.Series(column.name, column.values, dtype=types[column.type])


def _scale(values: list[Decimal | None]) -> int:
    """Count the digits behind the point that the longest of the decimals has."""
    exponents = (value.as_tuple().exponent for value in values if value is not None)
    return max((-e for e in exponents if isinstance(e, int) and e < 0), default=0)


def _floats(column: Column) -> list[Any]:
    if column.type != "decimal":
        return column.values
    return [None if value is None else float(value) for value in column.values]
