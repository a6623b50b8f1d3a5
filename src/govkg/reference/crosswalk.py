"""Unit to unit between two yearly lists, for panels: weights, stable ids, balanced groups."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import networkx as nx
import polars as pl

from govkg.errors import ParameterError
from govkg.reference import lineage
from govkg.reference.codes import local
from govkg.reference.datasets import dataset
from govkg.reference.kinds import COUNTY, LEVELS, placeholder
from govkg.reference.resolve import ambiguous, named_in

if TYPE_CHECKING:
    from govkg.reference.kinds import Level

COLUMNS = (
    "old", "old_name", "old_kind", "new", "new_name", "new_kind", "change", "weight",
    "confidence", "unit", "new_unit", "group", "closed",
)  # fmt: skip
_RANKS = {change: rank for rank, change in enumerate(lineage.CHANGES)}
_TRUST = ("high", "medium", "low")


def crosswalk(
    first: int, last: int, *, level: Level = "township", within: str | None = None
) -> pl.DataFrame:
    """Give what each unit of one yearly list is in a later one, with weights, as a frame.

    Columns: old, old_name, old_kind, new, new_name, new_kind (codes of 6, 9 or 12 digits; `new` is
    null where nothing tells what became of it, `old` where it is new), change, weight (those of an
    old unit add up to 1), confidence, unit and new_unit (stable ids), group and closed (see
    `balanced_groups`). `within` is the name or code of a county or a unit above it: all rows of old
    units that were there or became part of one there. Raises ParameterError for a level or years
    that there is no list of, UnknownName for a place that none has.
    """
    lineage.check(level, first, last)
    if first >= last:
        message = f"a crosswalk leads from a year to a later one, not from {first} to {last}."
        raise ParameterError(message)
    rows = compose(first, last, level)
    if within is not None:
        rows = _touching(rows, inside(within))
    together = balanced_groups(first, last, level)
    for side, year, unit in (("old", first, "unit"), ("new", last, "new_unit")):
        named = lineage.listed(level, year).join(_ids(level, year), on="code")
        names = {"name": f"{side}_name", "kind": f"{side}_kind", "unit": unit}
        rows = rows.join(named.rename({"code": side, **names}), on=side, how="left")
    member = pl.coalesce("unit", "new_unit")
    rows = rows.with_columns(member=member).join(together, left_on="member", right_on="unit")
    number = LEVELS[level]
    codes = [local(pl.col(side), pl.lit(number)).alias(side) for side in ("old", "new")]
    return rows.with_columns(codes).select(COLUMNS).sort("old", "new", nulls_last=True)


def compose(first: int, last: int, level: Level) -> pl.DataFrame:
    """Follow the links from list to list: old, new (12 digits), change, weight, confidence.

    The weight of a way is the product of its shares, that of a pair of units the sum over its ways.
    Its change is the farthest on a way, where there are several ways on that which changed least;
    its confidence is that of the least sure link on a way.
    """
    at = lineage.listed(level, first).select(
        old="code", new="code", weight=pl.lit(1.0), rank=pl.lit(0), trust=pl.lit(0)
    )
    for year in range(first + 1, last + 1):
        step = lineage.links(level, year).drop_nulls("old")
        step = step.select(
            new="old",
            to="new",
            share="weight",
            then=pl.col("change").replace_strict(_RANKS),
            by=pl.col("method").replace_strict(lineage.CONFIDENCE, default="high").replace_strict(
                _TRUST, range(len(_TRUST))
            ),
        )  # fmt: skip
        ways = at.join(step, on="new", how="left").with_columns(
            weight=pl.col("weight") * pl.col("share").fill_null(1),
            rank=pl.max_horizontal("rank", "then"),
            trust=pl.max_horizontal("trust", "by"),
        )
        at = (
            ways.sort("old", "to", "weight")  # floats add up alike in every run
            .group_by("old", new="to", maintain_order=True)
            .agg(pl.col("weight").sum(), pl.col("rank", "trust").min())
        )
    come = lineage.listed(level, last).join(at, left_on="code", right_on="new", how="anti")
    new = come.select(new="code", rank=pl.lit(_RANKS["new"]))
    words = {"rank": lineage.CHANGES, "trust": _TRUST}
    told = [
        pl.col(column).replace_strict(range(len(of)), of, return_dtype=pl.String).alias(name)
        for (column, of), name in zip(words.items(), ("change", "confidence"), strict=True)
    ]
    return pl.concat([at, new], how="diagonal_relaxed").select("old", "new", "weight", *told)


def units(level: Level = "township") -> pl.DataFrame:
    """Give the life of every unit: unit, code, name, kind, first, last, change, became.

    A row for each code and name that a unit had, with the first and last year of the lists that
    have it. `unit` is the code and year under which it was first listed: 320602001@2015. `change`
    says what ended the row, and `became` lists the codes that followed, that with most of it first;
    both are null where the newest list has it. Raises ParameterError for an unknown level.
    """
    lineage.check(level)
    years = lineage.years(level)
    rows = pl.concat(
        lineage.listed(level, year)
        .join(_ids(level, year), on="code")
        .join(_ends(level, year), on="code", how="left")
        .with_columns(year=pl.lit(year, pl.Int16))
        for year in years
    )
    run = pl.struct("code", "name", "kind").rle_id().over("unit")
    return (
        rows.sort("unit", "year")
        .group_by("unit", "code", "name", "kind", run.alias("run"), maintain_order=True)
        .agg(
            first=pl.col("year").first(),
            last=pl.col("year").last(),
            change=pl.col("change").last(),
            became=pl.col("became").last(),
        )
        .drop("run")
        .with_columns(code=local(pl.col("code"), pl.lit(LEVELS[level])))
    )


def balanced_groups(first: int, last: int, level: Level = "township") -> pl.DataFrame:
    """Give the smallest sets of units that keep their borders between two lists.

    Columns: unit, group (the first id in it), closed. All units are in a group together that a
    link of these years ties: merged, divided, a part moved, and all that an ambiguous one may be.
    A group is not closed where a unit of it is new or gone and nothing tells from or to where, nor
    where no more than a village's name tells what merged into it.
    """
    ties: nx.Graph[str] = nx.Graph()
    loose: set[str] = set()
    members = [_ids(level, first)["unit"]]
    for year in range(first + 1, last + 1):
        was = _ids(level, year - 1).rename({"code": "old", "unit": "unit"})
        now = _ids(level, year).rename({"code": "new", "unit": "new_unit"})
        links = lineage.links(level, year).join(was, on="old", how="left")
        links = links.join(now, on="new", how="left")
        loose.update(links.filter(pl.col("new").is_null())["unit"])
        loose.update(links.filter(pl.col("old").is_null())["new_unit"])
        loose.update(links.filter(pl.col("method").is_in(lineage.OPEN))["new_unit"])
        tied = links.drop_nulls(["unit", "new_unit"]).filter(pl.col("unit") != pl.col("new_unit"))
        ties.add_edges_from(tied.select("unit", "new_unit").iter_rows())
        members.append(now["new_unit"])
    together = {one: min(part) for part in nx.connected_components(ties) for one in part}
    every = pl.concat(members).unique().alias("unit").to_frame()
    group = pl.col("unit").replace(together)
    open_groups = pl.Series(sorted({together.get(one, one) for one in loose}), dtype=pl.String)
    return every.with_columns(group=group).with_columns(
        closed=~pl.col("group").is_in(open_groups.implode())
    ).sort("unit")  # fmt: skip


def inside(place: str) -> set[int]:
    """Give the codes that a place of county level or above had, by name or code.

    Raises UnknownName where no list has it, AmbiguousName where several places have the name.
    """
    known = dataset("nbs-series").table("units").filter(pl.col("level") <= COUNTY)
    known = known.filter(pl.col("kind") != placeholder())
    found = named_in(known, place).unique("code", maintain_order=True)
    codes = set(found["code"])
    lives = units("county").with_columns(pl.col("code").str.pad_end(12, "0").cast(pl.Int64))
    same = lives.filter(pl.col("code").is_in(codes))
    if len(codes) > 1 and same["unit"].n_unique() != 1:
        raise ambiguous(known.unique("code", keep="last"), place, found)
    return codes | set(lives.join(same, on="unit", how="semi")["code"])


def _touching(rows: pl.DataFrame, codes: set[int]) -> pl.DataFrame:
    """Keep all rows of the units that were in a place or became part of it, and its new ones."""
    step = max(next(s for s in (10**10, 10**8, 10**6, 1) if code % s == 0) for code in codes)
    of = [code // step for code in codes]
    there = rows.filter((pl.col("old") // step).is_in(of) | (pl.col("new") // step).is_in(of))
    known = pl.col("old").is_in(there["old"].drop_nulls().unique().implode())
    come = pl.col("old").is_null() & (pl.col("new") // step).is_in(of)
    return rows.filter(known.fill_null(value=False) | come)


@lru_cache(maxsize=32)
def _ids(level: Level, year: int) -> pl.DataFrame:
    """Give the stable id of each unit of a list: the code and year under which it was new."""
    listed = lineage.listed(level, year)
    number = pl.lit(LEVELS[level])
    own = local(pl.col("code"), number) + f"@{year}"
    if year == lineage.years(level)[0]:
        return listed.select("code", unit=own)
    kept = lineage.links(level, year).filter(pl.col("change").is_in(lineage.CONTINUING))
    before = kept.join(_ids(level, year - 1), left_on="old", right_on="code")
    return listed.join(before, left_on="code", right_on="new", how="left").select(
        "code", unit=pl.coalesce("unit", own)
    )


def _ends(level: Level, year: int) -> pl.DataFrame:
    """Say of the units of a list what the next one made of them: change and codes that followed."""
    if year == lineage.years(level)[-1]:
        return pl.DataFrame(schema={"code": pl.Int64, "change": pl.String, "became": pl.String})
    number = pl.lit(LEVELS[level])
    links = lineage.links(level, year + 1).drop_nulls("old").sort("old", "weight", descending=True)
    own = pl.col("change").is_in(lineage.CONTINUING)
    return links.group_by(code="old", maintain_order=True).agg(
        change=pl.coalesce(pl.col("change").filter(own).first(), pl.col("change").first()),
        became=local(pl.col("new"), number).drop_nulls().str.join(" "),
    )
