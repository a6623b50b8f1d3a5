"""The names of the units above divisions, each as it was in a year."""

from __future__ import annotations

import polars as pl

from govkg.reference.codes import PER_LEVEL
from govkg.reference.kinds import TOWNSHIP
from govkg.reference.names import tier

_ABOVE = (1, 2, 3, TOWNSHIP)


def paths(divisions: pl.DataFrame) -> pl.Series:
    """Give the path of each division (code of 12 digits, name, when), from the province down.

    A list of names for each row. `when` is a year; where no list of it has a unit above, its name
    is that of the last one.
    """
    rows = divisions.select("code", "name", "when").with_row_index("at")
    for level in _ABOVE:
        above = pl.col("code") // PER_LEVEL[level] * PER_LEVEL[level]
        asked = rows.filter(above != pl.col("code")).select("at", "when", above=above)
        named = _names(asked.select("above", "when").unique(), level)
        found = asked.join(named, on=["above", "when"]).select(
            "at", pl.col("name").alias(f"{level}")
        )
        rows = rows.join(found, on="at", how="left", maintain_order="left")
    return rows.select(
        path=pl.concat_list(*(f"{level}" for level in _ABOVE), "name").list.drop_nulls()
    )["path"]


def _names(asked: pl.DataFrame, level: int) -> pl.DataFrame:
    if asked.is_empty():
        return asked.with_columns(name=pl.lit(None, pl.String))
    places = tier("township" if level == TOWNSHIP else "upper").places
    named = asked.join(places.select("begin", "end", "name", above="code"), on="above")
    then = pl.col("when").is_between("begin", "end")
    # Of several in the year the first to end, else the last that there was.
    order = pl.when(then).then("end").otherwise(-pl.col("end"))
    best = named.sort(~then, order, "name").unique(
        ["above", "when"], keep="first", maintain_order=True
    )
    return best.select("above", "when", "name")
