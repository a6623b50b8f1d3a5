"""The yearly lists of divisions as hierarchies: who stood under whom in 2015 to 2023."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import polars as pl

from govkg.errors import AmbiguousName, ParameterError, UnknownName
from govkg.reference.codes import PER_LEVEL, has_bit, series_dates
from govkg.reference.datasets import dataset
from govkg.reference.kinds import COUNTY, direct, measures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from govkg.languages import Language

    YearlyList = tuple[int, pl.DataFrame]

YEARS = tuple(series_dates())
VILLAGE_YEARS = YEARS[1:]  # the list of the first year ends at townships
_UNITS = tuple(PER_LEVEL[level] for level in range(1, 5))
LAST_YEAR = YEARS[-1]
DIRECT = direct()
# Rows of the lists that stand for "nothing in between": committees right under a district.
_STAND_IN = "直辖|直管|直属镇|虚镇|模拟镇"


def listed(year: int) -> pl.DataFrame:
    """Give the list of a year: code, name, level (1 to 5), kind, parent; the kinds as they were.

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
    return with_parents(_units().filter(has).drop("years").with_columns(kind=kind).sort("code"))


def with_committees(year: int | None) -> tuple[int, ...]:
    """Give a year, or all years whose lists have committees."""
    return (year,) if year else VILLAGE_YEARS


def yearly(
    years: Iterable[int], within: str | None, progress: Callable[[str], None]
) -> Iterator[YearlyList]:
    """Yield the years, each with its list, or the part of it that is a place and what is below."""
    for year in years:
        progress(f"list of {year}")
        yield year, below(listed(year), within)


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


def find(units: pl.DataFrame, place: str) -> dict[str, Any]:
    """Find one unit in a list by code (without its last zeros) or name, Chinese, English or pinyin.

    Units of county level and above go before townships, and these before villages, as in
    `govkg resolve`. Raises UnknownName where there is none, AmbiguousName where several of one
    group have the name.
    """
    if place.isdecimal():
        found = units.filter(pl.col("code") == int(place.ljust(12, "0")))
    else:
        named = units.filter(pl.col("name") == place) if not place.isascii() else units.clear()
        named = named if named.height else _read_as(units.filter(pl.col("level") <= COUNTY), place)
        group = pl.max_horizontal("level", COUNTY)
        found = named.filter(group == group.min())
    if found.height == 1:
        return found.row(0, named=True)
    if found.is_empty():
        upper = units.filter(pl.col("level") <= COUNTY)
        known = upper["name"].to_list() + (labels(upper, "en") if place.isascii() else [])
        raise UnknownName("division", place, known, "govkg find NAME")
    raise AmbiguousName(
        "division", place, [_told(units, one) for one in found.iter_rows(named=True)]
    )


def _read_as(units: pl.DataFrame, place: str) -> pl.DataFrame:
    """Keep the units whose English name, or whose whole name in pinyin, reads so."""
    from govkg.languages import fold, fold_reading
    from govkg.reference import romanize

    wanted = fold(fold_reading(place), str)
    whole = romanize.romanize(units["name"].unique(), romanize.Readings.load())
    read = dict(whole.iter_rows())
    forms = zip(units["name"], labels(units, "en"), strict=True)
    return units.filter(
        [
            wanted in {fold(fold_reading(form), str) for form in (read[name], english)}
            for name, english in forms
        ]
    )


def _told(units: pl.DataFrame, one: dict[str, Any]) -> str:
    """Write a unit with its code and the names above it."""
    names, above = [one["name"]], one["parent"]
    while above is not None and (parent := units.filter(code=above)).height:
        names.insert(0, parent["name"][0])
        above = parent["parent"][0]
    return f"{short(one['code'])} {' '.join(names)}"


def within(units: pl.DataFrame, code: int) -> pl.DataFrame:
    """Keep a unit and all below it; it becomes the root."""
    parts = next((unit for unit in _UNITS if code % unit == 0), 1)
    kept = units.filter(pl.col("code") // parts == code // parts)
    return kept.with_columns(parent=pl.when(pl.col("code") != code).then(pl.col("parent")))


@lru_cache(maxsize=1)
def _units() -> pl.DataFrame:
    return dataset("nbs-series").table("units")


def labels(units: pl.DataFrame, language: Language) -> list[str]:
    """Name the units of a list, row by row: as listed, or in pinyin with the kind in English."""
    if language == "zh":
        return units["name"].to_list()
    from govkg.reference import romanize

    told = romanize.labels(units, romanize.Readings.load()).select("name", "kind", "en")
    return units.join(told, on=["name", "kind"], how="left", maintain_order="left")["en"].to_list()


def names(units: pl.DataFrame, level: int, language: Language) -> dict[int, str]:
    """Name the units of a list down to a level, by code."""
    upper = units.filter(pl.col("level") <= level)
    return dict(zip(upper["code"], labels(upper, language), strict=True))


def short(code: int) -> str:
    """Write a code without the zeros that only fill a level: 6 digits, 9, or 12."""
    text = f"{code:012d}"
    return text[:6] if text.endswith("0" * 6) else text[:9] if text.endswith("0" * 3) else text
