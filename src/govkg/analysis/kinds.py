"""Which towns, townships and street areas became another kind, from list to list."""

from __future__ import annotations

import polars as pl

from govkg.reference import lineage

_PROVINCE = 10**10


def kind_changes() -> pl.DataFrame:
    """Count the units of township level that became another kind, by year and province.

    Columns: year (of the later list), province (code), old_kind, new_kind, went_on (the unit goes
    on, as another kind), dissolved (it ended, and most of it is in a unit of that kind). What is
    ambiguous or gone is not counted.
    """
    later = lineage.years("township")[1:]
    counted = (
        pl.concat(_changed(year) for year in later)
        .group_by("year", "province", "old_kind", "new_kind")
        .agg(went_on=pl.col("goes_on").sum(), dissolved=(~pl.col("goes_on")).sum())
    )
    return counted.sort("year", "province", "old_kind", "new_kind")


def _changed(year: int) -> pl.DataFrame:
    """Give the units of the list before whose successor, or most of it, is of another kind."""
    links = lineage.links("township", year).drop_nulls(["old", "new"])
    goes_on = pl.col("change").is_in(lineage.CONTINUING)
    kept = links.filter(goes_on)
    rest = links.filter(pl.col("change") != "ambiguous", pl.col("weight") > 1 / 2)
    ended = rest.join(kept, on="old", how="anti")
    both = pl.concat([kept, ended]).with_columns(goes_on=goes_on)
    for side, of in (("old", year - 1), ("new", year)):
        kinds = lineage.listed("township", of).select(
            pl.col("code").alias(side), pl.col("kind").alias(f"{side}_kind")
        )
        both = both.join(kinds, on=side)
    return both.filter(pl.col("old_kind") != pl.col("new_kind")).select(
        pl.lit(year, pl.Int16).alias("year"),
        (pl.col("old") // _PROVINCE * _PROVINCE).alias("province"),
        "old_kind",
        "new_kind",
        "goes_on",
    )
