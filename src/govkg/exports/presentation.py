"""How values stand in a file: texts clean and escaped for its format, colors and sizes of nodes.

Colors go by kind and are safe for color-blind readers, sizes by level.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govkg.networks.model import Network

# Controls but tab and newline, marks of direction and width, what XML 1.0 has no place for.
# The joiners U+200C and U+200D stay: scripts and emoji are spelled with them.
UNWANTED = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}"
    r"\u{2060}-\u{2069}\u{feff}\u{fff9}-\u{fffb}\u{fffe}\u{ffff}]"
)
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
_NEEDS_XML = r'[&<>"\t\n]'
# Rows that are written or searched at once, so that memory does not grow with the network.
ROWS = 20_000
_FORMULA = r"^[\s]*[=+\-@＝＋－＠\t]"

# Okabe and Ito 2008, https://jfly.uni-koeln.de/color/ (black and yellow left out), then gray.
_PALETTE = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9")
_GRAY = "#999999"
_BY_LEVEL = {0: 40.0, 1: 30.0, 2: 20.0, 3: 12.0, 4: 6.0, 5: 3.0}


@dataclass(frozen=True)
class Style:
    """How to write: `dynamic` GEXF with intervals, CSV for `excel` with formulas guarded."""

    dynamic: bool = False
    excel: bool = False


def clean(network: Network) -> tuple[Network, int]:
    """Leave out the characters that no format should carry; count them."""
    nodes, of_nodes = _cleaned(network.nodes)
    edges, of_edges = _cleaned(network.edges)
    [name] = pl.Series([network.name]).str.replace_all(UNWANTED, "")
    return replace(network, name=name, nodes=nodes, edges=edges), of_nodes + of_edges


def _cleaned(frame: pl.DataFrame) -> tuple[pl.DataFrame, int]:
    total = 0
    for name, kind in frame.schema.items():
        if kind == pl.String and _holds(frame[name], UNWANTED):
            total += int(frame[name].str.count_matches(UNWANTED).sum())
            bare = frame[name].str.replace_all(UNWANTED, "")
            frame = frame.with_columns(bare)
    return frame, total


def _holds(column: pl.Series, pattern: str) -> bool:
    """Search a column as one text, a slice at a time: a search each takes six times as long."""
    parts = (column.slice(start, ROWS) for start in range(0, column.len(), ROWS))
    return any(part.str.join("").str.contains(pattern).any() for part in parts)


def xml(column: pl.Series) -> pl.Series:
    """Escape texts for an attribute of XML; give numbers and booleans as texts."""
    if column.dtype != pl.String:
        return column.cast(pl.String)
    if not _holds(column, _NEEDS_XML):
        return column
    return column.str.replace_many(list(_XML), list(_XML.values()))


def xml_or_null(column: pl.Series) -> pl.Series:
    """Escape as `xml` does; give null for an empty text, which says nothing."""
    text = xml(column)
    return text.replace("", None) if (text == "").any() else text


def joined(frame: pl.DataFrame, lists: Iterable[str]) -> pl.DataFrame:
    """Divide the values of lists by `|`, which is how a list is written where it is a text."""
    held = [name for name in lists if frame.schema.get(name) == pl.String]
    return frame.with_columns(pl.col(held).str.replace_all(" ", "|", literal=True))


def type_of(column: pl.Series) -> str:
    """Name the type of a column as GEXF does: `long` only where `integer`, 32 bits, won't do."""
    if column.dtype.is_integer():
        small = column.is_between(-(2**31), 2**31 - 1).all()
        return "integer" if small else "long"
    return {pl.Boolean: "boolean", pl.Float64: "double"}.get(type(column.dtype), "string")


def guarded(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before texts that a spreadsheet would take for a formula."""
    text = pl.col(pl.String)
    return frame.with_columns(
        pl.when(text.str.contains(_FORMULA)).then("'" + text).otherwise(text).name.keep()
    )


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
