"""Towns gone from a list without villages, found by what their names tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
from tools.reference import kinds
from tools.reference.succession import moved_up, replaced, with_change

from govkg.reference.lineage import CONTINUING

if TYPE_CHECKING:
    from tools.reference.yearly import Lists

SIMILAR, NAMESAKE, ONLY = "similar-stem", "namesake-village", "only-one-in-county"


def by_name_alone(
    links: pl.DataFrame, old: pl.DataFrame, new: Lists, heirs: dict[str, pl.DataFrame]
) -> pl.DataFrame:
    """Find towns gone from a list without villages; what their names don't settle is ambiguous.

    How often each way is right is measured on later lists, with their villages hidden, by
    tools/reference/lineage_agreement.py.
    """
    moved = moved_up(old, heirs)
    similar = _similar(*_left(links, moved, new.townships))
    similar = with_change(similar, old, new.townships, heirs)
    links = replaced(links, similar)
    gone, come = _left(links, moved, new.townships)
    gone = gone.filter(pl.col("kind").is_in(["town", "township"]))
    seats = _namesakes(gone, new.villages)
    seats = seats.with_columns(
        sure=(pl.col("seat") == "resident-committee") | pl.col("alone") & _in(seats, links, come)
    )
    by_seat = seats.filter("sure").with_columns(change=pl.lit("merged"))
    only = gone.filter(pl.len().over("county") == 1).join(
        come.filter(pl.len().over("county") == 1), on="county"
    )
    only = only.select(old="code", new="code_right", method=pl.lit(ONLY))
    doubtful = pl.concat([seats.filter(~pl.col("sure")).select(only.columns), only]).join(
        by_seat, on="old", how="anti"
    )
    doubtful = doubtful.unique(["old", "new"], keep="first", maintain_order=True)
    doubtful = doubtful.with_columns(change=pl.lit("ambiguous"))
    return replaced(links, pl.concat([by_seat.select(doubtful.columns), doubtful]))


def _in(seats: pl.DataFrame, links: pl.DataFrame, come: pl.DataFrame) -> pl.Series:
    """Say of each whether the unit it leads to is new that year, or of another name or kind."""
    changed = links.filter(pl.col("change").is_in(set(CONTINUING) - {"same"}))["new"]
    return seats["new"].is_in(pl.concat([changed, come["code"]]).implode())


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
    """Find the one village of the county that has the name of a gone town: its seat, mostly.

    `alone`: no other village of the prefecture has the name, and none elsewhere in the county
    begins with it.
    """
    once = villages.filter(pl.len().over("county", "stem") == 1)
    found = gone.filter(pl.len().over("county", "stem") == 1).join(once, on=["county", "stem"])
    found = found.select(
        "county",
        "stem",
        old="code",
        new="township_right",
        method=pl.lit(NAMESAKE),
        seat="kind_right",
    )
    return found.with_columns(alone=~pl.col("old").is_in(_elsewhere(found, villages).implode()))


def _elsewhere(found: pl.DataFrame, villages: pl.DataFrame) -> pl.Series:
    """Give the gone towns whose name is that of a village elsewhere, or begins such a name."""
    prefecture = pl.col("county") // kinds.STEP[kinds.PREFECTURE] * kinds.STEP[kinds.PREFECTURE]
    asked = found.with_columns(prefecture=prefecture).join(
        villages.select("prefecture", "township", here="county", other="stem"), on="prefecture"
    )
    begins = pl.col("other").str.starts_with(pl.col("stem")) & (pl.col("here") == pl.col("county"))
    same = pl.col("other") == pl.col("stem")
    return asked.filter(same | begins, pl.col("township") != pl.col("new"))["old"].unique()
