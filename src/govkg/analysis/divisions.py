"""The yearly lists of divisions as hierarchies: who stood under whom in 2015 to 2023."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from govkg.errors import ParameterError
from govkg.reference.codes import PER_LEVEL, has_bit, series_dates
from govkg.reference.datasets import dataset
from govkg.reference.kinds import direct, measures
from govkg.reference.resolve import find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from govkg.languages import Language

    YearlyList = tuple[int, pl.DataFrame]

YEARS = tuple(series_dates())
VILLAGE_YEARS = YEARS[1:]  # the list of the first year ends at townships
_UNITS = tuple(PER_LEVEL[level] for level in range(1, 5))
LAST_YEAR = YEARS[-1]
DIRECT = direct()
# Rows of the lists that stand for "nothing in between": committees right under a district.
_STAND_IN = "直辖|直管|直属镇|虚镇|模拟镇"


def listed(year: int, place: str | None = None) -> pl.DataFrame:
    """Give the list of a year: code, name, level (1 to 5), kind, parent; the kinds as they were.

    With a place, by code or name, it is what `below` keeps of the list.

    The parent is the nearest listed code above. A row that has the digits of a town, but by its
    name only holds committees right under a county or district, is of the kind `direct`. Raises
    ParameterError for a year without a list.
    """
    if year not in YEARS:
        raise ParameterError(f"there is no list of {year}: use {YEARS[0]} to {YEARS[-1]}.")
    has = has_bit(pl.col("years"), year)
    town = pl.col("kind") == measures("kind")["towns"]
    stands_in = town & pl.col("name").str.contains(_STAND_IN)
    kind = pl.when(stands_in).then(pl.lit(DIRECT)).otherwise("kind")
    units = _units().filter(has).drop("years").with_columns(kind=kind).sort("code")
    return with_parents(units.filter(_is_within(find(units, place)["code"])) if place else units)


def with_committees(year: int | None) -> tuple[int, ...]:
    """Give a year, or all years whose lists have committees."""
    return (year,) if year else VILLAGE_YEARS


def yearly(
    years: Iterable[int], within: str | None, progress: Callable[[str], None]
) -> Iterator[YearlyList]:
    """Yield the years, each with its list, or the part of it that is a place and what is below."""
    for year in years:
        progress(f"list of {year}")
        yield year, listed(year, within)


def below(units: pl.DataFrame, place: str | None) -> pl.DataFrame:
    """Keep a place, by code or name, and all below it; without a place, all."""
    return within(units, find(units, place)["code"]) if place else units


def committees() -> dict[str, str]:
    """Give the kinds of committees: residents' and villagers'."""
    kind = measures("kind")
    return {"residents": kind["resident_committees"], "villagers": kind["villager_committees"]}


def with_parents(units: pl.DataFrame) -> pl.DataFrame:
    """Add the `parent` of each: zeros for its last group of digits, and the next where not listed.

    Source: notes of data/reference/nbs-series/dataset.yaml.
    """
    known = units["code"].implode()
    above = pl.lit(None, dtype=pl.Int64)
    for level, unit in enumerate(_UNITS, start=1):
        code = pl.col("code") // unit * unit
        below = pl.col("level") > level
        above = pl.when(below & code.is_in(known)).then(code).otherwise(above)
    return units.with_columns(parent=above)


def counts() -> pl.DataFrame:
    """Give the yearly counts of units below each province, prefecture and county."""
    return dataset("nbs-series").table("counts")


def within(units: pl.DataFrame, code: int) -> pl.DataFrame:
    """Keep a unit and all below it; it becomes the root."""
    kept = units.filter(_is_within(code))
    return kept.with_columns(parent=pl.when(pl.col("code") != code).then(pl.col("parent")))


def _is_within(code: int) -> pl.Expr:
    parts = next((unit for unit in _UNITS if code % unit == 0), 1)
    return pl.col("code") // parts == code // parts


@lru_cache(maxsize=1)
def _units() -> pl.DataFrame:
    return dataset("nbs-series").table("units")


def labels(units: pl.DataFrame, language: Language) -> list[str]:
    """Name the units of a list, row by row: as listed, or in pinyin with the kind in English."""
    if language == "zh":
        return units["name"].to_list()
    from govkg.reference.romanize import english

    return english(units).to_list()


def names(units: pl.DataFrame, level: int, language: Language) -> dict[int, str]:
    """Name the units of a list down to a level, by code."""
    upper = units.filter(pl.col("level") <= level)
    return dict(zip(upper["code"], labels(upper, language), strict=True))
