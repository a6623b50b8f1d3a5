"""Colors and sizes: by kind and level, safe for color-blind readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from govkg.networks import Network

# Okabe and Ito 2008, https://jfly.uni-koeln.de/color/ (black and yellow left out), then gray.
_PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9")
_GRAY = "#999999"
_BY_LEVEL = {0: 40.0, 1: 30.0, 2: 20.0, 3: 12.0, 4: 6.0, 5: 3.0}


def palette(frame: pl.DataFrame) -> tuple[list[str | None], list[str]]:
    """Give the kinds that there are and the color of each: the most frequent have their own."""
    if "kind" not in frame.columns:
        return [None], [_GRAY]
    counted = frame.group_by("kind").len().sort(["len", "kind"], descending=[True, False])
    known = counted["kind"].drop_nulls().to_list()
    colors = [*_PALETTE, *[_GRAY] * len(known)][: len(known)]
    return [*known, None], [*colors, _GRAY]


def colors(frame: pl.DataFrame) -> pl.Series:
    """Give each row the color of its `kind`."""
    kinds, told = palette(frame)
    if kinds == [None]:
        return pl.Series([_GRAY], dtype=pl.String).new_from_index(0, frame.height)
    return frame["kind"].replace_strict(kinds, told, return_dtype=pl.String)


def sizes(network: Network) -> pl.Series:
    """Give each node the size of its level, or else of its number of ties."""
    if "level" in network.nodes.columns and network.nodes["level"].dtype.is_integer():
        return network.nodes["level"].replace_strict(
            _BY_LEVEL, default=8.0, return_dtype=pl.Float64
        )
    ends = pl.concat([network.edges["source"], network.edges["target"].alias("source")])
    degree = ends.value_counts().rename({"source": "id", "count": "ties"})
    joined = network.nodes.select("id").join(degree, on="id", how="left", maintain_order="left")
    return (4 + 4 * joined["ties"].fill_null(0).sqrt()).round(2)
