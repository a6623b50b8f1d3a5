"""Committees right under a district or county, without a street office or town in between."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from govkg.analysis.divisions import DIRECT

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOWEST = 5


@dataclass(frozen=True)
class DirectCommittees:
    """A county or district, and how many committees of either kind stand right under it."""

    county: int
    residents: int
    villagers: int

    @property
    def total(self) -> int:
        """Both kinds together."""
        return self.residents + self.villagers


def directly_administered(units: pl.DataFrame) -> Iterator[DirectCommittees]:
    """Yield, in order of code, the counties of a list that have committees right under them.

    Takes code, level, kind, parent. Committees count whose parent is a row of the kind `direct`,
    or is the county itself; committees of zones and like-units do not.
    """
    above = units.select(parent="code", parent_kind="kind", parent_level="level", over="parent")
    placed = units.filter(pl.col("level") == _LOWEST).join(above, on="parent")
    stands_in = pl.col("parent_kind") == DIRECT
    right_under = placed.filter(stands_in | (pl.col("parent_level") == _LOWEST - 2))
    county = pl.when(stands_in).then("over").otherwise("parent")
    counts = (
        right_under.group_by(county=county)
        .agg(
            residents=(pl.col("kind") == "resident-committee").sum(),
            villagers=(pl.col("kind") == "villager-committee").sum(),
        )
        .filter(pl.col("residents") + pl.col("villagers") > 0)
        .sort("county")
    )
    for row in counts.iter_rows():
        yield DirectCommittees(*row)
