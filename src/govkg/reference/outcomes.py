"""What became of townships and villages that the newest list no longer has, and what stands today.

Source: the dataset `lineage`. A step is told as its links tell it: all that an ambiguous one may
be, nothing where nothing tells.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from govkg.reference import lineage, names
from govkg.reference.codes import CIVIL_AFFAIRS, PER_LEVEL, SERIES
from govkg.reference.datasets import table
from govkg.reference.kinds import COUNTY, stem

if TYPE_CHECKING:
    from govkg.reference.lineage import Level

_GOES_ON = (*lineage.CONTINUING, "divided")
_PARTS = ("divided", "transferred")
_BY_CIVIL_AFFAIRS = ("town", "township", "street-area")


def follow(level: Level, ended: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Follow places (place, code, end) through the lists, to what the newest has: place, code.

    The steps before it (place, year, old, new, change, method): first what ended the name, then
    what the units it led to became; `new` is null where nothing tells. A unit that goes on is
    followed with what was split off it, not with parts that went to its neighbors.
    """
    at = ended.select("place", "code", since=pl.col("end").cast(pl.Int16))
    found = []
    for year in lineage.years(level)[1:]:
        here, waiting = at.filter(pl.col("since") < year), at.filter(pl.col("since") >= year)
        taken = _taken(here.join(lineage.told(level, year), left_on="code", right_on="old"))
        told = pl.lit(year, pl.Int16)
        found.append(taken.with_columns(year=told).rename({"code": "old"}))
        quiet = here.join(taken, on=["place", "code"], how="anti")
        ending = quiet.filter(pl.col("since") == year - 1)  # the same unit, spelled otherwise
        found.append(
            ending.with_columns(
                year=told, new="code", change=pl.lit("same"), method=pl.lit("same-code")
            ).rename({"code": "old"})
        )
        gone_on = taken.drop_nulls("new").select("place", code="new", since=pl.lit(0, pl.Int16))
        at = pl.concat([waiting, quiet.with_columns(since=pl.lit(0, pl.Int16)), gone_on]).unique()
    columns = ("place", "year", "old", "new", "change", "method")
    told_twice = (pl.col("change") == "same") & (pl.col("since") != pl.col("year") - 1)
    every = pl.concat([part.filter(~told_twice).select(columns) for part in found])
    return every.unique().sort("place", "year", "old", "new"), at.select("place", "code")


def _taken(links: pl.DataFrame) -> pl.DataFrame:
    own = pl.col("change").is_in(lineage.CONTINUING).any().over("place", "code")
    return links.filter(~own | pl.col("change").is_in(_GOES_ON)).select(
        "place", "code", "since", "new", "change", "method"
    )


def named(level: Level, steps: pl.DataFrame) -> pl.DataFrame:
    """Add the name that each new unit (new, year) had; null where there is none."""
    places = names.tier(level).places
    those = places.filter(pl.col("code").is_in(steps["new"].drop_nulls().unique().implode()))
    found = (
        steps.select("new", "year").drop_nulls().unique()
        .join(those.select("name", "begin", "end", new="code"), on="new")
        .filter(pl.col("year").is_between("begin", "end"))
        .sort("begin").unique(["new", "year"], keep="last", maintain_order=True)
        .select("new", "year", "name")
    )  # fmt: skip
    return steps.join(found, on=["new", "year"], how="left", maintain_order="left")


def outcomes(level: Level, places: pl.DataFrame) -> pl.DataFrame:
    """Say of places (place, code, name, end, ended) what ended them and what stands today.

    Columns: place, event_year, change, today_code, today_name (several in one text), doubt:
    ambiguous, low-confidence, successor-unknown, divided, not-listed-by-civil-affairs.
    """
    ended = places.filter(pl.col("ended").is_not_null())
    told, at = follow(level, ended)
    last = named(level, at.rename({"code": "new"}).with_columns(year=lineage.years(level)[-1]))
    low = [method for method, trust in lineage.CONFIDENCE.items() if trust == "low"]
    events = told.group_by("place", maintain_order=True).agg(
        event_year=pl.col("year").first().cast(pl.Int32),
        change=pl.col("change").first(),
        ambiguous=(pl.col("change") == "ambiguous").any(),
        low=pl.col("method").is_in(low).any(),
        parts=pl.col("change").is_in(_PARTS).any() | pl.col("new").is_null().any(),
    )
    standing = (
        last.sort("place", "new")
        .group_by("place", maintain_order=True)
        .agg(
            today_code=pl.col("new").cast(pl.String).str.join(" "),
            today_name=pl.col("name").str.join(" "),
            several=pl.len() > 1,
            unlisted=pl.col("new").is_in(unlisted(level)).any(),
        )
    )
    gone = ended.select("place").join(events, on="place", how="left").join(
        standing, on="place", how="left"
    ).with_columns(doubt=_doubt())  # fmt: skip
    still = places.filter(pl.col("ended").is_null()).select(
        "place",
        today_code=pl.col("code").cast(pl.String),
        today_name="name",
        doubt=pl.when(pl.col("code").is_in(unlisted(level))).then(pl.lit(_UNLISTED)),
    )
    columns = ("place", "event_year", "change", "today_code", "today_name", "doubt")
    return pl.concat([gone.select(columns), still], how="diagonal_relaxed").select(columns)


_UNLISTED = "not-listed-by-civil-affairs"


def _doubt() -> pl.Expr:
    return (
        pl.when(pl.col("today_code").is_null()).then(pl.lit("successor-unknown"))
        .when("ambiguous").then(pl.lit("ambiguous"))
        .when("low").then(pl.lit("low-confidence"))
        .when(pl.col("parts") | pl.col("several")).then(pl.lit("divided"))
        .when("unlisted").then(pl.lit(_UNLISTED))
    )  # fmt: skip


@cache
def unlisted(level: Level) -> frozenset[int]:
    """Give the townships of the newest yearly list that the civil-affairs list has none of.

    Only in counties that it has, and only kinds that it lists: zones and farms it leaves out.
    """
    if level != "township":
        return frozenset()
    unit = pl.col("code") // PER_LEVEL[COUNTY]
    short = stem(pl.col("name"), "township")
    rows = table(CIVIL_AFFAIRS, "townships").filter(~pl.col("abolished"))
    known = rows.select(county=unit, short=short).unique()
    newest = names.tier(level).places.filter(
        pl.col("ended").is_null(), pl.col("datasets") == SERIES,
        pl.col("kind").is_in(_BY_CIVIL_AFFAIRS),
    ).with_columns(county=unit, short=short)  # fmt: skip
    here = newest.filter(pl.col("county").is_in(known["county"].unique().implode()))
    return frozenset(here.join(known, on=["county", "short"], how="anti")["code"])
