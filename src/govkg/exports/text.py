"""Texts as they may stand in a file: without control characters, escaped for its format."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govkg.networks import Network

# Controls but tab and newline, marks of direction and width, what XML 1.0 has no place for.
# The joiners U+200C and U+200D stay: scripts and emoji are spelled with them.
UNWANTED = (
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}"
    r"\u{2060}-\u{2069}\u{feff}\u{fff9}-\u{fffb}\u{fffe}\u{ffff}]"
)
_XML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;"}
_NEEDS_XML = r'[&<>"\t\n]'
_ROWS = 20_000
_FORMULA = r"^[\s]*[=+\-@＝＋－＠\t]"


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
    parts = (column.slice(start, _ROWS) for start in range(0, column.len(), _ROWS))
    return any(part.str.join("").str.contains(pattern).any() for part in parts)


def xml(column: pl.Series) -> pl.Series:
    """Escape texts for an attribute of XML; give numbers and booleans as texts."""
    if column.dtype != pl.String:
        return column.cast(pl.String)
    if not _holds(column, _NEEDS_XML):
        return column
    return column.str.replace_many(list(_XML), list(_XML.values()))


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
