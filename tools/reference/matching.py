"""Units of two lists matched one to one, by code and by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    Keys = Sequence[tuple[str, Sequence[str]]]

CODE, STEM = "same-code", "same-parent-and-stem"
# The nearest first; in each the same kind before any kind. `parent` is what became of the unit
# above, as soon as that is known.
OWN = (CODE, ("code", "stem"))
WITHIN = [(STEM, ("parent", "stem", "kind")), (STEM, ("parent", "stem"))]
WITH_PARENT = [
    ("same-stems", (up, "parent_stem", "stem", "kind")) for up in ("county", "prefecture", "far")
]
NEAR = [
    ("same-county-and-stem", ("county", "stem", "kind")),
    ("same-county-and-stem", ("county", "stem")),
]
FAR = [("same-stem", (up, "stem", "kind")) for up in ("prefecture", "far")]


def match(
    old: pl.DataFrame, new: pl.DataFrame, keys: Keys
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Match one to one by each key in turn, where both sides have it once among what is left.

    Gives old, new and method, and what is left on both sides.
    """
    found = [pl.DataFrame(schema={"old": pl.Int64, "new": pl.Int64, "method": pl.String})]
    for method, key in keys:
        ours, theirs = (
            part.drop_nulls(key)
            .filter(pl.len().over(key) == 1)
            .select(*(k for k in key if k != "code"), pl.col("code").alias(side), _code="code")
            .rename({"_code": "code"} if "code" in key else {"_code": f"_{side}"})
            for side, part in (("old", old), ("new", new))
        )
        met = ours.join(theirs, on=key).select("old", "new", method=pl.lit(method))
        old = old.join(met, left_on="code", right_on="old", how="anti")
        new = new.join(met, left_on="code", right_on="new", how="anti")
        found.append(met)
    return pl.concat(found), old, new


def reach(old: pl.DataFrame, new: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add `far`: the province, where the county is in one of the lists only."""

    def only(part: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
        known = pl.col("county").is_in(other["county"].unique().implode())
        return part.with_columns(far=pl.when(~known).then("province"))

    return only(old, new), only(new, old)
