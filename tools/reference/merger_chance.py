"""Measure how often the names of merged villages fit by chance.

    python tools/reference/merger_chance.py

The new villages of each township are put beside the villages gone from another township of its
county, where no merger can have made them: what fits there fits by chance.
"""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.reference import kinds, yearly
from tools.reference.merged_villages import told

from govkg.reference.datasets import dataset

_UP = kinds.STEP[kinds.TOWNSHIP]
_COUNTY = kinds.STEP[kinds.COUNTY]


def chance() -> pl.DataFrame:
    """Give method, new (villages that it names of their own township) and by_chance (of others)."""
    units = dataset("nbs-series").table("units")
    stems = units.filter(pl.col("level") == kinds.VILLAGE)
    stems = stems.with_columns(stem=yearly.stem_of(pl.col("name"), kinds.VILLAGE))
    sides = [_sides(year, stems) for year in range(yearly.FIRST + 2, yearly.LAST + 1)]
    own = pl.concat(told(gone, come) for gone, come in sides)
    other = pl.concat(told(gone, _elsewhere(come)) for gone, come in sides)
    count = pl.col("new").n_unique()
    found = own.group_by("method").agg(new=count)
    by_chance = other.group_by("method").agg(by_chance=count)
    both = found.join(by_chance, on="method", how="left")
    return both.with_columns(pl.col("by_chance").fill_null(0)).sort("method")


def _sides(year: int, stems: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give what a list no longer has and what it has first, by what became of the townships."""
    links = dataset("lineage").table("villages").filter(
        pl.col("year") == year, pl.col("change").is_in(["gone", "new", "merged", "ambiguous"])
    )  # fmt: skip
    listed = {
        side: stems.filter(pl.col("years") & (1 << (at - yearly.FIRST)) != 0)
        .join(links.select(code=side).unique(), on="code", how="semi")
        .select("stem", pl.col("code").alias(side), township=pl.col("code") // _UP * _UP)
        for side, at in (("old", year - 1), ("new", year))
    }
    gone = listed["old"].join(_stood(year), on="township", how="left")
    gone = gone.with_columns(township=pl.coalesce("heir", "township"))
    return gone.select("stem", "old", "township"), listed["new"]


def _stood(year: int) -> pl.DataFrame:
    most = pl.col("moved") * 2 > pl.col("left")
    links = dataset("lineage").table("links").filter(pl.col("year") == year, most)
    return links.filter(pl.col("level") == kinds.TOWNSHIP).select(township="old", heir="new")


def _elsewhere(come: pl.DataFrame) -> pl.DataFrame:
    """Put the new villages of each township into the next one of the county that has any."""
    towns = come.select("township").unique().sort("township")
    towns = towns.with_columns(county=pl.col("township") // _COUNTY)
    after = pl.coalesce(pl.col("township").shift(-1), pl.col("township").first()).over("county")
    towns = towns.with_columns(after=after).filter(pl.col("township") != pl.col("after"))
    moved = come.join(towns, on="township")
    return moved.select("stem", "new", township="after")


def main() -> int:
    """Print the table."""
    print(chance())
    return 0


if __name__ == "__main__":
    sys.exit(main())
