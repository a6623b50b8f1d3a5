"""What became of each county, township and village from one yearly list to the next.

Villages are matched first, by code and by name. Where the villages of a unit stand the next year
says what the unit became; its own code and name count where it has no villages, or none is found.
The list of 2015 has no villages: there, names have to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from tools.reference import datasets, kinds
from tools.reference.matching import (
    CODE,
    FAR,
    NEAR,
    OWN,
    STEM,
    WITH_PARENT,
    WITHIN,
    match,
    reach,
)
from tools.reference.yearly import FIRST, LAST, UP, Lists, read

if TYPE_CHECKING:
    from pathlib import Path

    from tools.reference.datasets import Dataset, Tell

COUNTED, FEW = "children-moved", "few-children-moved"
SIMILAR, NAMESAKE, ONLY = "similar-stem", "namesake-village", "only-one-in-county"
# A part of a unit that goes elsewhere counts from two villages on, or from a fifth of the unit:
# one village of a name found once more in the county may be another village.
_FEW, _PART = 2, 5
# Of a unit that keeps its name, half must be found again before any of it has left: where most of
# its villages have new names, the few that have not may be others. To be another unit, under
# another name, takes half of it, or three villages.
ENOUGH = 3
_OLD, _NEW, _N = pl.col("old"), pl.col("new"), pl.col("moved")
_LEFT, _CAME = pl.col("left"), pl.col("came")


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
    heirs = {up: _majority(votes(low, up, old.villages)) for up in UP}
    near, *rest = match(_moved_up(rest[0], heirs), rest[1], [*WITHIN, *NEAR])
    low = pl.concat([low, near])
    renamed, *_ = match(rest[0], rest[1], [(CODE, ("code",))])
    # There are no villages in 2015: townships are found by their names, and say where counties are.
    base, units = low, old.villages
    if not old.villages.height:
        units = old.townships
        base, *_ = match(*reach(units, new.townships), [OWN, *WITHIN, *WITH_PARENT, *FAR])
    heirs = {up: _majority(votes(base, up, units)) for up in UP}
    counties = _linked(old.counties, new.counties, votes(base, "county", units), heirs)
    heirs["county"] = counties.filter(continues()).select("old", heir="new")
    towns = _linked(old.townships, new.townships, votes(low, "township", old.villages), heirs)
    if not old.villages.height:
        towns = _by_name_alone(towns, old.townships, new, heirs)
    heirs["township"] = towns.filter(continues()).select("old", heir="new")
    villages = pl.concat([low, renamed])
    villages = _with_change(villages, old.villages, new.villages, heirs)
    if old.villages.height:  # or else all would be new in 2016
        loose = _loose(villages, old.villages, new.villages)
        villages = pl.concat([villages, loose], how="diagonal")
    upper = pl.concat(
        [
            counties.with_columns(level=pl.lit(kinds.COUNTY, pl.UInt8)),
            towns.with_columns(level=pl.lit(kinds.TOWNSHIP, pl.UInt8)),
        ]
    )
    return _changed(upper), villages.filter(pl.col("change") != "same")


CONTINUING = ("same", "recoded", "renamed", "kind-changed", "moved")


def continues() -> pl.Expr:
    """Say whether the new unit is the old one, under whatever code and name."""
    return pl.col("change").is_in(CONTINUING)


def votes(found: pl.DataFrame, up: str, low: pl.DataFrame) -> pl.DataFrame:
    """Count where the villages (or townships) of each unit stand: old, new, moved, left, came.

    `moved` stood under old and stand under new; `left` is all of old that is found again, `came`
    all of new that was found before. `half`: half of what old had is found; `enough`: so much, or
    three.
    """
    step = kinds.STEP[UP[up]]
    had = low.group_by(old=pl.col(up)).agg(had=pl.len())
    counted = found.group_by(_OLD // step * step, _NEW // step * step).agg(
        moved=pl.len().cast(pl.UInt32)
    )
    counted = counted.with_columns(left=_N.sum().over("old"), came=_N.sum().over("new"))
    half = pl.col("had") <= _LEFT * 2
    return counted.join(had, on="old", how="left").select(
        *counted.columns, half=half, enough=half | (_LEFT >= ENOUGH)
    )


def _majority(counted: pl.DataFrame) -> pl.DataFrame:
    return counted.filter(_N * 2 > _LEFT).select("old", heir="new")


def _moved_up(old: pl.DataFrame, heirs: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Put a unit under what became of the units above it."""
    for column in ("township", "county", "prefecture"):
        moved = pl.coalesce("heir", column).alias(column)
        old = old.join(heirs[column], left_on=column, right_on="old", how="left")
        old = old.with_columns(moved).drop("heir")
    parent = pl.coalesce(pl.when(pl.col("level") == UP[up] + 1).then(up) for up in UP)
    return old.with_columns(parent=parent)


def _linked(
    old: pl.DataFrame, new: pl.DataFrame, counted: pl.DataFrame, heirs: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Link the units of one level: those that continue, parts, gone, new and ambiguous."""
    # Townships right under a city (东莞) have no county.
    counted = counted.join(old, left_on="old", right_on="code", how="semi")
    counted = counted.join(new, left_on="new", right_on="code", how="semi")
    kept, *rest = match(old, new, [OWN])
    lone = (
        counted.join(rest[0], left_on="old", right_on="code", how="semi")
        .join(rest[1], left_on="new", right_on="code", how="semi")
        .filter(_N * 2 > _LEFT)
        .filter(pl.len().over("new") == 1, _N * 2 > _CAME, pl.col("enough"))
        .select("old", "new", method=pl.lit(COUNTED))
    )
    rest = [
        part.join(lone, left_on="code", right_on=side, how="anti")
        for part, side in zip(rest, ("old", "new"), strict=True)
    ]
    moved = _moved_up(rest[0], heirs)
    named, *_ = match(*reach(moved, rest[1]), [*WITHIN, *FAR, (CODE, ("code",))])
    named = _not_denied(named, counted)
    own = pl.concat([kept, lone, named])
    own = own.join(counted, on=["old", "new"], how="left")
    own = _with_change(own, old, new, heirs)
    parts = _parts(own, counted)
    links = pl.concat([own, parts], how="diagonal")
    loose = _loose(links, old, new)
    return pl.concat([links, _ambiguous(loose, moved, new)], how="diagonal")


def _not_denied(named: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Leave out a successor by name where all that is known of its villages stands elsewhere."""
    known = counted.select("old").unique()
    agreed = named.join(counted, on=["old", "new"], how="semi")
    return pl.concat([agreed, named.join(known, on="old", how="anti")])


def _with_change(
    own: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, heirs: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Say how a unit that continues has changed: the first of moved, kind, name, code."""
    columns = ("parent", "kind", "stem")
    was = _moved_up(old, heirs).select(pl.col("code").alias("old"), *columns)
    now = new.select(new="code", **{f"new_{column}": column for column in columns})
    change = (
        pl.when(pl.col("parent") != pl.col("new_parent"))
        .then(pl.lit("moved"))
        .when(pl.col("kind") != pl.col("new_kind"))
        .then(pl.lit("kind-changed"))
        .when(pl.col("stem") != pl.col("new_stem"))
        .then(pl.lit("renamed"))
        .when(_OLD != _NEW)
        .then(pl.lit("recoded"))
        .otherwise(pl.lit("same"))
    )
    joined = own.join(was, on="old", how="left").join(now, on="new", how="left")
    return joined.with_columns(change=change).select(*own.columns, "change")


def _parts(own: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Tell of villages that went to another unit than the one that continues theirs."""
    lives = pl.col("old").is_in(own["old"].implode())
    lived = pl.col("new").is_in(own["new"].implode())
    part = (
        pl.when(~lives & (_N * 2 > _LEFT))
        .then(pl.lit("merged"))
        .when(lives & lived)
        .then(pl.lit("transferred"))
        .otherwise(pl.lit("divided"))
    )
    rest = counted.join(own, on=["old", "new"], how="anti")
    large = pl.col("half") & ((_N >= _FEW) | (_N * _PART >= _LEFT))
    method = pl.when("enough").then(pl.lit(COUNTED)).otherwise(pl.lit(FEW))
    return rest.filter(~lives | large).with_columns(change=part, method=method)


def _loose(links: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """List what is gone and what is new: no link leads from it, or to it."""
    gone = old.join(links, left_on="code", right_on="old", how="anti").select(old="code")
    come = new.join(links, left_on="code", right_on="new", how="anti").select(new="code")
    return pl.concat(
        [gone.with_columns(change=pl.lit("gone")), come.with_columns(change=pl.lit("new"))],
        how="diagonal",
    )


def _ambiguous(loose: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """List all that a gone unit may have become, where several have its name; keep the rest."""
    key = ["county", "stem"] if (old["level"] == kinds.TOWNSHIP).all() else ["parent", "stem"]
    gone = old.join(loose, left_on="code", right_on="old", how="semi")
    come = new.join(loose, left_on="code", right_on="new", how="semi")
    told = gone.select(*key, old="code").join(come.select(*key, new="code"), on=key)
    told = told.filter((pl.len().over("old") > 1) | (pl.len().over("new") > 1)).select(
        "old", "new", change=pl.lit("ambiguous"), method=pl.lit(STEM)
    )
    return _replaced(loose, told)


def _by_name_alone(
    links: pl.DataFrame, old: pl.DataFrame, new: Lists, heirs: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Find towns gone from a list without villages; what their names don't settle is ambiguous.

    How often each way is right is measured on later lists, with their villages hidden, by
    tools/reference/lineage_agreement.py.
    """
    moved = _moved_up(old, heirs)
    similar = _similar(*_left(links, moved, new.townships))
    similar = _with_change(similar, old, new.townships, heirs)
    links = _replaced(links, similar)
    gone, come = _left(links, moved, new.townships)
    gone = gone.filter(pl.col("kind").is_in(["town", "township"]))
    seats = _namesakes(gone, new.villages)
    by_seat = seats.filter(pl.col("seat") == "resident-committee").with_columns(
        change=pl.lit("merged")
    )
    only = gone.filter(pl.len().over("county") == 1).join(
        come.filter(pl.len().over("county") == 1), on="county"
    )
    only = only.select(old="code", new="code_right", method=pl.lit(ONLY))
    doubtful = pl.concat(
        [seats.filter(pl.col("seat") != "resident-committee").drop("seat"), only]
    ).join(by_seat, on="old", how="anti")
    doubtful = doubtful.unique(["old", "new"], keep="first", maintain_order=True)
    told = pl.concat([by_seat.drop("seat"), doubtful.with_columns(change=pl.lit("ambiguous"))])
    return _replaced(links, told)


def _left(
    links: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give the units that are gone and those that are new; like-townships weren't listed before."""
    gone = links.filter(pl.col("change") == "gone")
    come = links.filter(pl.col("change") == "new")
    return (
        old.join(gone, left_on="code", right_on="old", how="semi"),
        new.join(come, left_on="code", right_on="new", how="semi").filter(
            pl.col("kind") != "like-township"
        ),
    )


def _similar(gone: pl.DataFrame, come: pl.DataFrame) -> pl.DataFrame:
    """Pair a gone and a new unit of a county where one stem begins or ends with the other."""
    both = gone.select("county", "stem", old="code").join(
        come.select("county", new="code", other="stem"), on="county"
    )
    stem, other = pl.col("stem"), pl.col("other")
    alike = (
        other.str.starts_with(stem)
        | stem.str.starts_with(other)
        | other.str.ends_with(stem)
        | stem.str.ends_with(other)
    )
    found = both.filter(alike).filter(pl.len().over("old") == 1, pl.len().over("new") == 1)
    return found.select("old", "new", method=pl.lit(SIMILAR))


def _namesakes(gone: pl.DataFrame, villages: pl.DataFrame) -> pl.DataFrame:
    """Find the one village of the county that has the name of a gone town: its seat, mostly."""
    once = villages.filter(pl.len().over("county", "stem") == 1)
    found = gone.filter(pl.len().over("county", "stem") == 1).join(once, on=["county", "stem"])
    return found.select(
        old="code", new="township_right", method=pl.lit(NAMESAKE), seat="kind_right"
    )


def _replaced(links: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Put links in the place of what was gone and new."""
    loose = pl.col("change").is_in(["gone", "new"])
    rest = links.filter(loose).join(told, on="old", how="anti").join(told, on="new", how="anti")
    return pl.concat([links.filter(~loose), rest, told], how="diagonal")


def _changed(links: pl.DataFrame) -> pl.DataFrame:
    """Leave out a unit that stays the same and whose villages all stay, and none come."""
    quiet = (pl.col("change") == "same") & (pl.len().over("level", "old") == 1)
    return links.filter(~quiet.fill_null(value=False)).with_columns(
        pl.col("moved", "left", "came").fill_null(0)
    )
