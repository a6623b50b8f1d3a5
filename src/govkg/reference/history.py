"""Codes of county level and above that are no longer listed, and what became of them."""

from __future__ import annotations

import polars as pl

from govkg.reference.datasets import dataset
from govkg.reference.units import COUNTY, FIRST_YEAR, local

_PER_COUNTY = 10**6
_PROVINCE, _PREFECTURE = 10**10, 10**8
# Events that end neither the code nor the name of what they are about.
_NO_END = ("established", "seat-moved", "transferred", "adjusted")
_CODE, _LEVEL = pl.col("code"), pl.col("level")


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
            graph=pl.col("graph").sort().first(),
        )
        .sort("code")
    )
    return _with_parents(lives, current).with_columns(
        former_names=pl.col("names").list.set_difference(pl.concat_list("name")),
        valid=pl.when(pl.col("first") == pl.col("last"))
        .then("last")
        .otherwise(pl.concat_str("first", pl.lit("/"), "last")),
        placeholder=pl.col("kind") == "placeholder",
    )


def successions(former: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Give `id` and `successor`: what followed a former code, where nothing speaks against it.

    An event counts where it ends the last name of the code; codes in use again are left alone.
    """
    events = dataset("division-changes").table("events")
    known = pl.concat([former.select("code", "id"), current.select("code", "id")])
    ended = events.filter(
        pl.col("doubt").is_null()
        & ~pl.col("type").is_in(_NO_END)
        & (pl.col("old_code") != pl.col("new_code"))
    ).select(
        code=pl.col("old_code").cast(pl.Int64) * _PER_COUNTY,
        name="old_name",
        new=pl.col("new_code").cast(pl.Int64) * _PER_COUNTY,
    )
    return (
        ended.join(former.select("code", "name", "id"), on=["code", "name"])
        .join(known.select(new="code", successor="id"), on="new")
        .select("code", "id", "successor", "new")
        .unique()
        .sort("code", "new")
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
    return pl.concat([_by_revisions(), _by_series()])


def _by_revisions() -> pl.DataFrame:
    codes = dataset("gb2260-history").table("codes")
    return codes.select(
        _CODE.cast(pl.Int64) * _PER_COUNTY,
        "name",
        "level",
        "kind",
        "first",
        "last",
        graph=pl.lit("gb2260-history"),
    )


def _by_series() -> pl.DataFrame:
    units = dataset("nbs-series").table("units").filter(_LEVEL <= COUNTY)
    bits = pl.col("years")
    return units.select(
        "code",
        "name",
        "level",
        "kind",
        first=(FIRST_YEAR + bits.bitwise_trailing_zeros()).cast(pl.String),
        last=(FIRST_YEAR + 15 - bits.bitwise_leading_zeros()).cast(pl.String),
        graph=pl.lit("nbs-series"),
    )


def _with_parents(lives: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Hang each code on its prefecture's code, or, where none is known, on its province's."""
    columns = ["code", "level", "kind"]
    known = pl.concat([lives.select(columns), current.filter(_LEVEL <= COUNTY).select(columns)])
    prefecture = pl.when(_LEVEL == COUNTY).then(_CODE // _PREFECTURE * _PREFECTURE)
    province = pl.when(_LEVEL > 1).then(_CODE // _PROVINCE * _PROVINCE)
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
