"""What each county, township and village of the yearly lists became from one list to the next.

Source: the dataset `lineage`, made from `nbs-series`; its dataset.yaml says how.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import polars as pl

from govkg.errors import ParameterError
from govkg.reference.codes import has_bit, series_dates
from govkg.reference.datasets import dataset

Level = Literal["county", "township", "village"]
LEVELS = {"county": 3, "township": 4, "village": 5}
# The new unit is the old one, whatever its code and name: the further on, the more has changed.
CONTINUING = ("same", "recoded", "renamed", "kind-changed", "moved")
# The unit ends, or loses a part.
CHANGES = (*CONTINUING, "transferred", "divided", "merged", "ambiguous", "gone", "new")
# How far a link is to be trusted, by how it was found: measured, see docs/how-to/crosswalk.md.
CONFIDENCE = {
    "same-code": "high",
    "children-moved": "high",
    "same-parent-and-stem": "high",
    "same-stems": "high",
    "same-county-and-stem": "medium",
    "same-stem": "medium",
    "similar-stem": "medium",
    "few-children-moved": "low",
    "namesake-village": "low",
    "only-one-in-county": "low",
}


def years(level: Level) -> range:
    """Give the years that there are lists of; the list of the first year ends at townships."""
    lists = series_dates()
    return range(min(lists) + (level == "village"), max(lists) + 1)


def check(level: Level, *asked: int) -> None:
    """Raise ParameterError unless there are lists of that level and those years."""
    if level not in LEVELS:
        raise ParameterError(f"no level {level!r}: use {', '.join(LEVELS)}.")
    known = years(level)
    for year in asked:
        if year not in known:
            message = f"there is no list of {year} to {level} level: use"
            raise ParameterError(f"{message} {known[0]} to {known[-1]}.")


def listed(level: Level, year: int) -> pl.DataFrame:
    """Give the units of a list: code (12 digits), name, kind; placeholders are left out.

    Raises ParameterError where there is no such list.
    """
    check(level, year)
    return (
        _units(level)
        .filter(has_bit(pl.col("years"), year))
        .select("code", "name", "kind")
        .sort("code")
    )


def links(level: Level, year: int) -> pl.DataFrame:
    """Give what became of each unit of the list before `year`: old, new, change, method, weight.

    A unit that is gone has no `new`, a new one no `old`; the weights of an old unit add up to 1:
    the shares of its villages, equal shares where none is found again. Raises ParameterError where
    one of the two lists is missing.
    """
    check(level, year - 1, year)
    told = _stored(level).filter(pl.col("year") == year)
    quiet = listed(level, year - 1).join(told, left_on="code", right_on="old", how="anti")
    same = quiet.select(
        old="code", new="code", change=pl.lit("same"), method=pl.lit("same-code"), moved=pl.lit(1)
    )
    shares = pl.col("moved") / pl.col("moved").sum().over("old")
    equal = 1 / pl.len().over("old")
    weight = pl.when(pl.col("moved").sum().over("old") > 0).then(shares).otherwise(equal)
    both = pl.concat([same, told.select(*same.columns)], how="vertical_relaxed")
    return both.select(
        "old", "new", "change", "method",
        weight=pl.when(pl.col("old").is_not_null()).then(weight),
    ).sort("old", "new")  # fmt: skip


@lru_cache(maxsize=3)
def _units(level: Level) -> pl.DataFrame:
    units = dataset("nbs-series").table("units")
    return units.filter(pl.col("level") == LEVELS[level], pl.col("kind") != "placeholder")


@lru_cache(maxsize=3)
def _stored(level: Level) -> pl.DataFrame:
    if level == "village":
        return dataset("lineage").table("villages").with_columns(moved=pl.lit(1, pl.UInt32))
    return dataset("lineage").table("links").filter(pl.col("level") == LEVELS[level])
