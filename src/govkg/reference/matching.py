"""Names, years and units above, joined with the divisions that they can mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from govkg.errors import ParameterError, UnknownName
from govkg.reference import names as naming
from govkg.reference.codes import first_year, last_year

if TYPE_CHECKING:
    from collections.abc import Sequence

    Column = pl.Series | Sequence[Any] | Any

Status = Literal["found", "ambiguous", "other-years", "unknown"]

ASKED = ("row", "key", "year", "within")
_CODE_DIGITS = (2, 4, 6, 9, 12)


def ask(names: Column, year: int | Column | None, within: str | Column | None) -> pl.DataFrame:
    """Lay out what is asked: row, name, key (without spaces), year, within."""
    if isinstance(year, int):
        _check_year(year)  # a column has no room for any number
    given = _series(names, pl.String)
    frame = pl.DataFrame(
        {
            "name": given,
            "year": _spread(year, len(given), pl.Int32),
            "within": _spread(within, len(given), pl.String),
        }
    ).with_row_index("row")
    years = frame["year"].drop_nulls()
    outside = years.filter(~years.is_between(first_year(), last_year()))
    for one in outside:
        _check_year(one)
    return frame.with_columns(pl.col("name").str.replace_all(r"\s+", "").fill_null("").alias("key"))


def _check_year(year: int) -> None:
    if not first_year() <= year <= last_year():
        raise ParameterError(
            f"no list tells of {year}: give a year from {first_year()} to {last_year()}."
        )


def _series(values: Column, dtype: Any) -> pl.Series:  # noqa: ANN401 - a class or an instance
    """Read a column; what pandas has for a missing value (NaN, NaT, NA) is null."""
    wanted = "text" if dtype == pl.String else "whole numbers"
    try:
        if isinstance(values, pl.Series):
            series = values
        else:
            plain = [None if value is None or _missing(value) else value for value in values]
            series = pl.Series("", plain)
        if series.dtype.is_float():
            series = series.fill_nan(None)
        if dtype == pl.String and series.dtype not in (pl.String, pl.Categorical, pl.Null):
            raise ParameterError(f"a column of {wanted} is needed.")
        whole = series.cast(dtype)
        if series.dtype.is_float() and (whole != series).any():
            raise ParameterError(f"a column of {wanted} is needed.")
        return whole
    except (TypeError, pl.exceptions.PolarsError) as error:
        raise ParameterError(f"a column of {wanted} is needed.") from error


def _missing(value: Any) -> bool:  # noqa: ANN401
    return value != value or type(value).__name__ == "NAType"


def _spread(value: Any, size: int, dtype: Any) -> pl.Series:  # noqa: ANN401
    if value is None or isinstance(value, (int, str)):
        return pl.Series("", [value], dtype=dtype).new_from_index(0, size)
    series = _series(value, dtype)
    if len(series) != size:
        raise ParameterError(f"a column of {size} values is needed, not of {len(series)}.")
    return series


def candidates(asked: pl.DataFrame, *, ever: bool = False) -> pl.DataFrame:
    """Find the divisions of each row, in its year or, with `ever`, in all: the first tier with any.

    Without a year it is the newest of those that followed each other under the name.
    """
    scopes = _scopes(asked["within"].drop_nulls().unique().to_list())
    open_rows, parts = asked.filter(pl.col("key") != ""), []
    for group in naming.TIERS:
        if open_rows.is_empty():
            break
        found = _in_tier(open_rows, group, scopes, ever=ever)
        parts.append(found)
        open_rows = open_rows.join(found, on="row", how="anti")
        if group == "upper":  # 白下区 of 2020 is no village, but the district of other years
            exact = naming.tier(group).keys.filter("exact")
            open_rows = open_rows.join(exact, on="key", how="anti")
    return pl.concat(parts) if parts else _in_tier(asked.clear(), "upper", scopes)


def _in_tier(
    asked: pl.DataFrame, group: str, scopes: pl.DataFrame, *, ever: bool = False
) -> pl.DataFrame:
    tier = naming.tier(group)
    # Names come again and again in a column: each is looked up once.
    wanted = asked.select("key", "year", "within").unique()
    hits = wanted.join(tier.keys, on="key").filter(
        pl.lit(ever)
        | pl.when(pl.col("year").is_null())
        .then("newest")
        .otherwise(pl.col("year").is_between("begin", "end"))
    )
    hits = hits.drop("begin", "end", "newest").join(tier.places, on="place")
    hits = _within(hits, scopes)
    best = hits.filter(pl.col("exact") == pl.col("exact").max().over("key", "year", "within"))
    best = best.unique(["key", "year", "within", "place"]).with_columns(pl.lit(group).alias("tier"))
    return asked.select(ASKED).join(
        best, on=["key", "year", "within"], nulls_equal=True
    ).drop("key", "year", "within", "exact")  # fmt: skip


def _within(hits: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """Keep what lies below its `within`, or needs none."""
    free = hits.filter(pl.col("within").is_null())
    if scopes.is_empty():
        return free
    bound = hits.join(scopes, on="within").filter(
        pl.col("code") // pl.col("unit") == pl.col("prefix")
    )
    return pl.concat([free, bound.drop("unit", "prefix").unique()])


def _scopes(names: list[str]) -> pl.DataFrame:
    """Read each `within` as the codes that it may stand for."""
    rows = []
    for name in names:
        prefixes = _prefixes("".join(name.split()))
        if not prefixes:
            keys = naming.tier("upper").keys["key"].unique().to_list()
            raise UnknownName("unit above", name, keys, "govkg resolve NAME")
        rows += [(name, unit, prefix) for unit, prefix in prefixes]
    schema = {"within": pl.String, "unit": pl.Int64, "prefix": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _prefixes(name: str) -> set[tuple[int, int]]:
    """Give the codes that a name or a code covers, each as the digits that count."""
    if name.isascii() and name.isdigit():
        digits = name.rstrip("0")
        size = next((n for n in _CODE_DIGITS if n >= len(digits)), 0)
        return {(10 ** (12 - size), int(digits.ljust(size, "0")))} if digits and size else set()
    tier = naming.tier("upper")
    hits = tier.keys.filter(pl.col("key") == name).join(tier.places, on="place")
    if hits["exact"].any():
        hits = hits.filter("exact")
    sizes = {1: 10**10, 2: 10**8, 3: 10**6}
    return {
        (sizes[level], code // sizes[level])
        for code, level in hits.select("code", "level").iter_rows()
    }
