"""Townships that the yearly lists no longer have, and what followed them: for the graph.

Only what the lineage tells for sure is stated: nothing ambiguous, of low confidence, or of a part
that went to a neighbor. A code that is in use again is another unit's, and has no successor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from govkg.reference.codes import PER_LEVEL, SERIES, first_bit, interval, last_bit, local
from govkg.reference.datasets import dataset, table
from govkg.reference.kinds import COUNTY, TOWNSHIP
from govkg.reference.lineage import CONFIDENCE, CONTINUING

if TYPE_CHECKING:
    from collections.abc import Collection

LINEAGE = "lineage"
_CODE, _LEVEL = pl.col("code"), pl.col("level")
_TOLD = (*CONTINUING, "merged", "divided")
_PREFECTURE = COUNTY - 1


def former(divisions: pl.DataFrame) -> pl.DataFrame:
    """Give a row for each township code that was listed once: columns as codes.former gives.

    `divisions` are those of now and the former ones to county level. The name is the last one.
    """
    listed = table(SERIES, "units").filter(_LEVEL == TOWNSHIP)
    listed = listed.join(divisions.select("code"), on="code", how="anti")
    lives = (
        listed.sort("code", last_bit(pl.col("years")))
        .group_by("code", maintain_order=True)
        .agg(
            pl.col("name", "level", "kind").last(),
            pl.col("years").bitwise_or(),
            names=pl.col("name").unique(maintain_order=True),
        )
        .with_columns(first=first_bit(pl.col("years")), last=last_bit(pl.col("years")))
    )
    county, city = (_CODE // PER_LEVEL[of] * PER_LEVEL[of] for of in (COUNTY, _PREFECTURE))
    known = county.is_in(divisions["code"].implode())
    up = divisions.select(parent="code", parent_level="level", parent_kind="kind")
    years = (pl.col("first").cast(pl.String), pl.col("last").cast(pl.String))
    return (
        lives.with_columns(parent=pl.when(known).then(county).otherwise(city))
        .join(up, on="parent", how="left", maintain_order="left")
        .with_columns(
            *(year.alias(name) for year, name in zip(years, ("first", "last"), strict=True)),
            graph=pl.lit(SERIES),
            above=pl.lit(None, pl.Int64),
            id=local(_CODE, _LEVEL),
            up=local(pl.col("parent"), pl.col("parent_level")),
            former_names=pl.col("names").list.set_difference(pl.concat_list("name")),
            valid=interval(*years),
            placeholder=pl.lit(value=False),
        )
    )


def successions(gone: pl.DataFrame) -> pl.DataFrame:
    """Give code, id, successor and new of the last change of each former township, where sure."""
    low = [method for method, trust in CONFIDENCE.items() if trust == "low"]
    links = dataset(LINEAGE).table("links").filter(
        _LEVEL == TOWNSHIP, pl.col("change").is_in(_TOLD), ~pl.col("method").is_in(low),
        pl.col("old") != pl.col("new"),
    )  # fmt: skip
    ended = gone.select("id", code="code", year=pl.col("last").cast(pl.Int16) + 1)
    told = links.select("year", "new", code="old").join(ended, on=["code", "year"])
    successor = local(pl.col("new"), pl.lit(TOWNSHIP))
    return told.select("code", "id", successor.alias("successor"), "new").sort("code", "new")


def below(gone: pl.DataFrame, divisions: Collection[str]) -> list[str]:
    """Give the ids of the former townships of some counties and prefectures, given by id."""
    counties = [int(one) for one in divisions if len(one) == 6 and one[4:] != "00"]
    cities = [int(one[:4]) for one in divisions if one.endswith("00") and one[2:4] != "00"]
    inside = (_CODE // PER_LEVEL[COUNTY]).is_in(counties)
    inside |= (_CODE // PER_LEVEL[_PREFECTURE]).is_in(cities)
    return gone.filter(inside)["id"].to_list()
