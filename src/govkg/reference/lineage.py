"""What each county, township and village became, from one yearly list to the next and to today.

Source: the dataset `lineage`, made from `nbs-series`; its dataset.yaml says how. A step is told as
its links tell it: all that an ambiguous one may be, nothing where nothing tells.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

import polars as pl

from govkg.errors import ParameterError
from govkg.reference import kinds
from govkg.reference.codes import CIVIL_AFFAIRS, PER_LEVEL, SERIES, has_bit, series_dates
from govkg.reference.datasets import dataset, table
from govkg.reference.kinds import COUNTY, LEVELS, TOWNSHIP, stem
from govkg.reference.lives import below_county

if TYPE_CHECKING:
    from govkg.reference.kinds import Level

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
    "numbered-parts": "medium",
    "joined-names": "medium",
    "similar-stem": "medium",
    "few-children-moved": "low",
    "namesake-village": "low",
    "only-one-in-county": "low",
    "joined-characters": "low",
}

# A name tells of the villages that it is made of; others may have gone into the new one as well.
OPEN = ("numbered-parts", "joined-names", "joined-characters")

_GOES_ON = (*CONTINUING, "divided")
_PARTS = ("divided", "transferred")
_UNLISTED = "not-listed-by-civil-affairs"


def years(level: Level) -> range:
    """Give the years that there are lists of; the list of the first year ends at townships."""
    listed = series_dates()
    return range(min(listed) + (level == "village"), max(listed) + 1)


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
    stored = _stored(level).filter(pl.col("year") == year)
    quiet = listed(level, year - 1).join(stored, left_on="code", right_on="old", how="anti")
    same = quiet.select(
        old="code", new="code", change=pl.lit("same"), method=pl.lit("same-code"), moved=pl.lit(1)
    )
    shares = pl.col("moved") / pl.col("moved").sum().over("old")
    equal = 1 / pl.len().over("old")
    weight = pl.when(pl.col("moved").sum().over("old") > 0).then(shares).otherwise(equal)
    both = pl.concat([same, stored.select(*same.columns)], how="vertical_relaxed")
    return both.select(
        "old", "new", "change", "method",
        weight=pl.when(pl.col("old").is_not_null()).then(weight),
    ).sort("old", "new")  # fmt: skip


def told(level: Level, year: int) -> pl.DataFrame:
    """Give the links of the units of the list before `year` that don't merely go on.

    Columns: old, new, change, method. A unit that is not among them is in both lists as it was.
    """
    links = _stored(level).filter(pl.col("year") == year, pl.col("old").is_not_null())
    return links.select("old", "new", "change", "method")


@lru_cache(maxsize=3)
def _units(level: Level) -> pl.DataFrame:
    units = dataset("nbs-series").table("units")
    return units.filter(pl.col("level") == LEVELS[level], pl.col("kind") != kinds.placeholder())


@lru_cache(maxsize=3)
def _stored(level: Level) -> pl.DataFrame:
    if level == "village":
        return dataset("lineage").table("villages").with_columns(moved=pl.lit(1, pl.UInt32))
    return dataset("lineage").table("links").filter(pl.col("level") == LEVELS[level])


def follow(level: Level, ended: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Follow places (place, code, end) through the lists, to what the newest has: place, code.

    The steps before it (place, year, old, new, change, method): first what ended the name, then
    what the units it led to became; `new` is null where nothing tells. A unit that goes on is
    followed with what was split off it, not with parts that went to its neighbors.
    """
    at = ended.select("place", "code", since=pl.col("end").cast(pl.Int16))
    found = []
    for year in years(level)[1:]:
        here, waiting = at.filter(pl.col("since") < year), at.filter(pl.col("since") >= year)
        taken = _taken(here.join(told(level, year), left_on="code", right_on="old"))
        then = pl.lit(year, pl.Int16)
        found.append(taken.with_columns(year=then).rename({"code": "old"}))
        quiet = here.join(taken, on=["place", "code"], how="anti")
        ending = quiet.filter(pl.col("since") == year - 1)  # the same unit, spelled otherwise
        found.append(
            ending.with_columns(
                year=then, new="code", change=pl.lit("same"), method=pl.lit("same-code")
            ).rename({"code": "old"})
        )
        gone_on = taken.drop_nulls("new").select("place", code="new", since=pl.lit(0, pl.Int16))
        at = pl.concat([waiting, quiet.with_columns(since=pl.lit(0, pl.Int16)), gone_on]).unique()
    columns = ("place", "year", "old", "new", "change", "method")
    told_twice = (pl.col("change") == "same") & (pl.col("since") != pl.col("year") - 1)
    every = pl.concat([part.filter(~told_twice).select(columns) for part in found])
    return every.unique().sort("place", "year", "old", "new"), at.select("place", "code")


def _taken(links: pl.DataFrame) -> pl.DataFrame:
    own = pl.col("change").is_in(CONTINUING).any().over("place", "code")
    return links.filter(~own | pl.col("change").is_in(_GOES_ON)).select(
        "place", "code", "since", "new", "change", "method"
    )


def named(level: Level, steps: pl.DataFrame) -> pl.DataFrame:
    """Add the name that each new unit (new, year) had; null where there is none."""
    places = below_county(level)
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
    steps, at = follow(level, ended)
    last = named(level, at.rename({"code": "new"}).with_columns(year=years(level)[-1]))
    low = [method for method, trust in CONFIDENCE.items() if trust == "low"]
    events = steps.group_by("place", maintain_order=True).agg(
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
    newest = below_county(level).filter(
        pl.col("ended").is_null(), pl.col("datasets") == SERIES,
        pl.col("kind").is_in(kinds.where("official", TOWNSHIP)),
    ).with_columns(county=unit, short=short)  # fmt: skip
    here = newest.filter(pl.col("county").is_in(known["county"].unique().implode()))
    return frozenset(here.join(known, on=["county", "short"], how="anti")["code"])
