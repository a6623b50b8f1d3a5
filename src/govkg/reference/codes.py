"""Codes of divisions: their digits, their years, those of today and those that ended."""

from __future__ import annotations

from functools import cache

import polars as pl

from govkg.reference.datasets import dataset, table
from govkg.reference.kinds import COUNTY, TOWNSHIP, placeholder

# What a code of 12 digits is divided by to give that of the unit of a level.
PER_LEVEL = {1: 10**10, 2: 10**8, 3: 10**6, 4: 10**3, 5: 1}
_PER_COUNTY = PER_LEVEL[COUNTY]
# Events that end neither the code nor the name of what they are about.
NO_END = ("established", "seat-moved", "transferred", "adjusted")
CHANGES = "division-changes"
DIVISIONS = "nbs-divisions"
CIVIL_AFFAIRS = "mca-townships"
REVISIONS = "gb2260-history"
SERIES = "nbs-series"
_CODE, _LEVEL = pl.col("code"), pl.col("level")


def local(code: pl.Expr, level: pl.Expr) -> pl.Expr:
    """Write a code without its last zeros: 6 digits to county level, 9 for a township, else 12."""
    return (
        pl.when(level <= COUNTY)
        .then(code // _PER_COUNTY)
        .when(level == TOWNSHIP)
        .then(code // PER_LEVEL[TOWNSHIP])
        .otherwise(code)
        .cast(pl.String)
    )


def short(code: int) -> str:
    """Write a code without the zeros that only fill a level: 6 digits, 9, or 12."""
    text = f"{code:012d}"
    return text[:6] if text.endswith("0" * 6) else text[:9] if text.endswith("0" * 3) else text


@cache
def first_year() -> int:
    """Give the year of the oldest list: the first revision of GB/T 2260."""
    return int(str(table(REVISIONS, "revisions")["revision"].min())[:4])


@cache
def last_year() -> int:
    """Give the newest year that any dataset tells of: the last of the events."""
    return int(dataset(CHANGES).about.cutoff[:4])


@cache
def series_dates() -> dict[int, str]:
    """Say of which month the statistical list of each year is: the order is that of the bits."""
    about = dataset(SERIES).about
    years = about.tables["units"].columns["years"].bits
    cutoffs = (source.cutoff[:7] for source in about.sources)
    return dict(zip(years, cutoffs, strict=True))


def first_bit(bits: pl.Expr) -> pl.Expr:
    """Give the first year of a column of bits, of the yearly lists."""
    return min(series_dates()) + bits.cast(pl.UInt16).bitwise_trailing_zeros()


def last_bit(bits: pl.Expr) -> pl.Expr:
    """Give the last year of a column of bits."""
    return min(series_dates()) + 15 - bits.cast(pl.UInt16).bitwise_leading_zeros()


def has_bit(bits: pl.Expr, year: int) -> pl.Expr:
    """Say of a column of bits whether the list of a year is among them."""
    return (bits & (1 << list(series_dates()).index(year))) != 0


@cache
def listings() -> pl.DataFrame:
    """Give a row for each name under a code (6 digits) that a dataset has, to county level.

    Columns: code, name, level, kind, began_after, first, last, ended_by (year and month of lists,
    the brackets of the revisions only), dataset.
    """
    units = table(SERIES, "units").filter(_LEVEL <= COUNTY)
    bits = pl.col("years")
    by_series = units.select(
        (_CODE // _PER_COUNTY).cast(pl.Int32), "name", "level", "kind",
        pl.lit(None, pl.String).alias("began_after"),
        first_bit(bits).replace_strict(series_dates(), return_dtype=pl.String).alias("first"),
        last_bit(bits).replace_strict(series_dates(), return_dtype=pl.String).alias("last"),
        pl.lit(None, pl.String).alias("ended_by"),
        pl.lit(SERIES).alias("dataset"),
    )  # fmt: skip
    by_revisions = table(REVISIONS, "codes").drop("revisions", "missing")
    return pl.concat([by_revisions.with_columns(dataset=pl.lit(REVISIONS)), by_series])


def divisions() -> pl.DataFrame:
    """Read the hierarchy, with the local name of each and of its parent, and its valid years."""
    frame = table(DIVISIONS, "divisions")
    up = frame.select(parent="code", parent_level="level", parent_kind="kind", above="parent")
    return (
        frame.join(up, on="parent", how="left", maintain_order="left")
        .join(_valid(), on="code", how="left", maintain_order="left")
        .with_columns(id=local(_CODE, _LEVEL), up=local(pl.col("parent"), pl.col("parent_level")))
    )


def former(current: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each code that was listed once: the frame that divisions() gives.

    The name is the last one; `former_names` are those before. `graph` is the dataset it is from.
    """
    listed = _listed().filter(~_CODE.is_in(current["code"].implode()))
    lives = (
        listed.sort("last", "first", maintain_order=True)
        .group_by("code", maintain_order=True)
        .agg(
            pl.col("name", "level", "kind").last(),
            first=pl.col("first").min(),
            last=pl.col("last").max(),
            names=pl.col("name").unique(maintain_order=True),
            graph=pl.col("dataset").sort().first(),
        )
        .sort("code")
    )
    return _with_parents(lives, current).with_columns(
        former_names=pl.col("names").list.set_difference(pl.concat_list("name")),
        valid=interval(pl.col("first"), pl.col("last")),
        placeholder=pl.col("kind") == placeholder(),
    )


def renamed(current: pl.DataFrame) -> pl.DataFrame:
    """Give the names that codes of today had before: code, name, level, kind, parent, last."""
    now = current.filter(_LEVEL <= COUNTY)
    return (
        _listed()
        .join(now, on=["code", "name"], how="anti")
        .group_by("code", "name", maintain_order=True)
        .agg(pl.col("kind").last(), pl.col("last").max())
        .join(now.select("code", "level", "parent"), on="code")
    )


def _listed() -> pl.DataFrame:
    """Give the listings with codes of 12 digits; yearly lists are told by their year alone."""
    yearly = pl.col("dataset") == SERIES
    moments = [
        pl.when(yearly).then(pl.col(end).str.slice(0, 4)).otherwise(end).alias(end)
        for end in ("first", "last")
    ]
    return listings().with_columns(_CODE.cast(pl.Int64) * _PER_COUNTY, *moments)


def _valid() -> pl.DataFrame:
    """Give the years in which each code to township level is listed, as EDTF: 2016/2023."""
    years = (
        table(SERIES, "units")
        .filter(_LEVEL <= TOWNSHIP)
        .group_by("code")
        .agg(pl.col("years").bitwise_or())
        .with_columns(first=first_bit(pl.col("years")), last=last_bit(pl.col("years")))
    )
    revisions = table(REVISIONS, "codes").group_by("code").agg(pl.col("first").min())
    begun = revisions.select(_CODE.cast(pl.Int64) * _PER_COUNTY, began="first")
    first = pl.coalesce("began", pl.col("first").cast(pl.String))
    valid = interval(first, pl.col("last").cast(pl.String))
    return years.join(begun, on="code", how="left").select("code", valid=valid)


def interval(first: pl.Expr, last: pl.Expr) -> pl.Expr:
    """Write two years, or years and months, as EDTF: 2016/2023, or 2016 where both are one."""
    return pl.when(first == last).then(last).otherwise(pl.concat_str(first, pl.lit("/"), last))


def _with_parents(lives: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Hang each code on its prefecture's code, or, where none is known, on its province's."""
    columns = ["code", "level", "kind"]
    known = pl.concat([lives.select(columns), current.filter(_LEVEL <= COUNTY).select(columns)])
    prefecture = pl.when(_LEVEL == COUNTY).then(_CODE // PER_LEVEL[2] * PER_LEVEL[2])
    province = pl.when(_LEVEL > 1).then(_CODE // PER_LEVEL[1] * PER_LEVEL[1])
    listed = prefecture.is_in(known["code"].implode())
    up = known.select(parent="code", parent_level="level", parent_kind="kind")
    return (
        lives.with_columns(parent=pl.when(listed).then(prefecture).otherwise(province))
        .join(up, on="parent", how="left", maintain_order="left")
        .with_columns(
            above=pl.lit(None, dtype=pl.Int64),
            id=local(_CODE, _LEVEL),
            up=local(pl.col("parent"), pl.col("parent_level")),
        )
    )
