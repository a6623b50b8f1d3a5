"""What became of the units of one level: from where their villages stand, their codes and names."""

from __future__ import annotations

import polars as pl
from tools.reference import kinds
from tools.reference.matching import CODE, FAR, OWN, STEM, WITHIN, match, reach
from tools.reference.yearly import UP

from govkg.reference.lineage import CONTINUING

COUNTED, FEW = "children-moved", "few-children-moved"
# A part of a unit that goes elsewhere counts from two villages on, or from a fifth of the unit:
# one village of a name found once more in the county may be another village.
_FEW, _PART = 2, 5
# Of a unit that keeps its name, half must be found again before any of it has left: where most of
# its villages have new names, the few that have not may be others. To be another unit, under
# another name, takes half of it, or three villages.
ENOUGH = 3
_OLD, _NEW, _N = pl.col("old"), pl.col("new"), pl.col("moved")
_LEFT, _CAME = pl.col("left"), pl.col("came")


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


def majority(counted: pl.DataFrame) -> pl.DataFrame:
    """Give for each unit the one where most of its villages stand."""
    return counted.filter(_N * 2 > _LEFT).select("old", heir="new")


def moved_up(old: pl.DataFrame, heirs: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Put a unit under what became of the units above it."""
    for column in ("township", "county", "prefecture"):
        moved = pl.coalesce("heir", column).alias(column)
        old = old.join(heirs[column], left_on=column, right_on="old", how="left")
        old = old.with_columns(moved).drop("heir")
    parent = pl.coalesce(pl.when(pl.col("level") == UP[up] + 1).then(up) for up in UP)
    return old.with_columns(parent=parent)


def linked(
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
    moved = moved_up(rest[0], heirs)
    named, *_ = match(*reach(moved, rest[1]), [*WITHIN, *FAR, (CODE, ("code",))])
    named = _not_denied(named, counted)
    own = pl.concat([kept, lone, named])
    own = own.join(counted, on=["old", "new"], how="left")
    own = with_change(own, old, new, heirs)
    parts = _parts(own, counted)
    links = pl.concat([own, parts], how="diagonal")
    apart = loose(links, old, new)
    return pl.concat([links, _ambiguous(apart, moved, new)], how="diagonal")


def _not_denied(named: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    """Leave out a successor by name where all that is known of its villages stands elsewhere."""
    known = counted.select("old").unique()
    agreed = named.join(counted, on=["old", "new"], how="semi")
    return pl.concat([agreed, named.join(known, on="old", how="anti")])


def with_change(
    own: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, heirs: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Say how a unit that continues has changed: the first of moved, kind, name, code."""
    columns = ("parent", "kind", "stem")
    was = moved_up(old, heirs).select(pl.col("code").alias("old"), *columns)
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


def loose(links: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """List what is gone and what is new: no link leads from it, or to it."""
    gone = old.join(links, left_on="code", right_on="old", how="anti").select(old="code")
    come = new.join(links, left_on="code", right_on="new", how="anti").select(new="code")
    return pl.concat(
        [gone.with_columns(change=pl.lit("gone")), come.with_columns(change=pl.lit("new"))],
        how="diagonal",
    )


def _ambiguous(apart: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame) -> pl.DataFrame:
    """List all that a gone unit may have become, where several have its name; keep the rest."""
    key = ["county", "stem"] if (old["level"] == kinds.TOWNSHIP).all() else ["parent", "stem"]
    gone = old.join(apart, left_on="code", right_on="old", how="semi")
    come = new.join(apart, left_on="code", right_on="new", how="semi")
    told = gone.select(*key, old="code").join(come.select(*key, new="code"), on=key)
    told = told.filter((pl.len().over("old") > 1) | (pl.len().over("new") > 1)).select(
        "old", "new", change=pl.lit("ambiguous"), method=pl.lit(STEM)
    )
    return replaced(apart, told)


def replaced(links: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Put links in the place of what was gone and new."""
    loose = pl.col("change").is_in(["gone", "new"])
    rest = links.filter(loose).join(told, on="old", how="anti").join(told, on="new", how="anti")
    return pl.concat([links.filter(~loose), rest, told], how="diagonal")
