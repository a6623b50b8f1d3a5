"""What became of each county, township and village from one yearly list to the next.

Villages are matched first, by code and by name. Where the villages of a unit stand the next year
says what the unit became; its own code and name count where it has no villages, or none is found.
The list of 2015 has no villages: there, names have to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from tools.reference import datasets, kinds
from tools.reference.by_name import by_name_alone
from tools.reference.matching import CODE, FAR, NEAR, OWN, WITH_PARENT, WITHIN, match, reach
from tools.reference.merged_villages import merged
from tools.reference.succession import (
    continues,
    linked,
    loose,
    majority,
    moved_up,
    votes,
    with_change,
)
from tools.reference.yearly import FIRST, LAST, UP, Lists, read

if TYPE_CHECKING:
    from pathlib import Path

    from tools.reference.datasets import Dataset, Tell


def lineage(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the links between all pairs of neighboring lists, but for what stays as it is."""
    del cache  # It is made from a dataset that is already here.
    source = datasets.load("nbs-series")
    made = links(
        source.tables["units"].read(source.folder), lambda step: tell(f"{dataset.name}: {step}")
    )
    return {
        name: made[name].select(list(table.columns)).sort(table.key, nulls_last=False)
        for name, table in dataset.tables.items()
    }


def links(units: pl.DataFrame, tell: Tell) -> dict[str, pl.DataFrame]:
    """Link all pairs of neighboring lists: `links` of counties and townships, and `villages`."""
    old, found = read(units, FIRST), []
    for year in range(FIRST + 1, LAST + 1):
        tell(f"{year - 1} to {year}")
        new = read(units, year)
        found.append([part.with_columns(year=pl.lit(year, pl.Int16)) for part in pair(old, new)])
        old = new
    upper, lower = zip(*found, strict=True)
    return {"links": pl.concat(upper), "villages": pl.concat(lower)}


def pair(old: Lists, new: Lists) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Link two neighboring lists: counties and townships with counts, and villages."""
    low, *rest = match(*reach(old.villages, new.villages), [OWN, *WITHIN, *WITH_PARENT])
    heirs = {up: majority(votes(low, up, old.villages)) for up in UP}
    near, *rest = match(moved_up(rest[0], heirs), rest[1], [*WITHIN, *NEAR])
    low = pl.concat([low, near])
    renamed, *_ = match(rest[0], rest[1], [(CODE, ("code",))])
    # There are no villages in 2015: townships are found by their names, and say where counties are.
    base, units = low, old.villages
    if not old.villages.height:
        units = old.townships
        base, *_ = match(*reach(units, new.townships), [OWN, *WITHIN, *WITH_PARENT, *FAR])
    heirs = {up: majority(votes(base, up, units)) for up in UP}
    counties = linked(old.counties, new.counties, votes(base, "county", units), heirs)
    stood = heirs["township"]
    heirs["county"] = counties.filter(continues()).select("old", heir="new")
    towns = linked(old.townships, new.townships, votes(low, "township", old.villages), heirs)
    if not old.villages.height:
        towns = by_name_alone(towns, old.townships, new, heirs)
    heirs["township"] = towns.filter(continues()).select("old", heir="new")
    villages = pl.concat([low, renamed])
    villages = with_change(villages, old.villages, new.villages, heirs)
    if old.villages.height:  # or else all would be new in 2016
        apart = loose(villages, old.villages, new.villages)
        apart = merged(apart, old.villages, new.villages, stood)
        villages = pl.concat([villages, apart], how="diagonal")
    upper = pl.concat(
        [
            counties.with_columns(level=pl.lit(kinds.COUNTY, pl.UInt8)),
            towns.with_columns(level=pl.lit(kinds.TOWNSHIP, pl.UInt8)),
        ]
    )
    return _changed(upper), villages.filter(pl.col("change") != "same")


def _changed(links: pl.DataFrame) -> pl.DataFrame:
    """Leave out a unit that stays the same and whose villages all stay, and none come."""
    quiet = (pl.col("change") == "same") & (pl.len().over("level", "old") == 1)
    return links.filter(~quiet.fill_null(value=False)).with_columns(
        pl.col("moved", "left", "came").fill_null(0)
    )
