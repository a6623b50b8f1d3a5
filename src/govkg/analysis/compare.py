"""Two years of one place, or two places of one year, measure by measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Difference:
    """One measure twice; None where it was not counted."""

    measure: str
    one: int | None
    other: int | None

    @property
    def change(self) -> int | None:
        """The other minus the one."""
        return None if self.one is None or self.other is None else self.other - self.one

    @property
    def ratio(self) -> float | None:
        """The other divided by the one; None where that can't be."""
        return self.other / self.one if self.one and self.other is not None else None


def differences(one: Mapping[str, int | None], other: Mapping[str, int | None]) -> list[Difference]:
    """Compare two rows of counts, in the order of the first; what only one has is uncounted."""
    names = [*one, *(name for name in other if name not in one)]
    return [Difference(name, one.get(name), other.get(name)) for name in names]


def turnover(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Count by kind the codes that only one of two lists has, and those of both.

    Takes frames with `code` and `kind`; gives `kind`, `gone`, `new`, `stayed`, in order of kind.
    A code that changed its kind is gone from the one and new in the other.
    """
    sides = [frame.select("code", "kind").unique() for frame in (one, other)]
    parts = {
        "gone": sides[0].join(sides[1], on=["code", "kind"], how="anti"),
        "new": sides[1].join(sides[0], on=["code", "kind"], how="anti"),
        "stayed": sides[0].join(sides[1], on=["code", "kind"], how="semi"),
    }
    kinds = pl.concat(sides).select("kind").unique().sort("kind")
    for name, part in parts.items():
        counts = part.group_by("kind").agg(pl.len().cast(pl.Int64).alias(name))
        kinds = kinds.join(counts, on="kind", how="left", maintain_order="left")
    return kinds.fill_null(0)
