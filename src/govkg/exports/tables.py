"""Tables of nodes and of edges: CSV with the column names that Gephi's import knows, Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from govkg.exports.text import guarded

if TYPE_CHECKING:
    from typing import BinaryIO

    from govkg.exports import Style
    from govkg.networks import Network

_NODES = {"id": "Id", "label": "Label", "kind": "Kind"}
_EDGES = {"source": "Source", "target": "Target", "kind": "Kind", "weight": "Weight"}


def nodes_csv(network: Network, out: BinaryIO, style: Style) -> None:
    """Write the nodes: Id, Label, Kind, then every attribute in order."""
    _csv(_first(network.nodes, _NODES), out, style)


def edges_csv(network: Network, out: BinaryIO, style: Style) -> None:
    """Write the edges: Source, Target, Type, Kind, Weight, then every attribute in order."""
    edges = _first(network.edges, _EDGES)
    typed = edges.select(
        "Source", "Target", pl.lit("Directed").alias("Type"), pl.exclude("Source", "Target")
    )
    _csv(typed, out, style)


def nodes_parquet(network: Network, out: BinaryIO, _style: Style) -> None:
    """Write the nodes as Parquet."""
    network.nodes.write_parquet(out, compression="zstd")


def edges_parquet(network: Network, out: BinaryIO, _style: Style) -> None:
    """Write the edges as Parquet."""
    network.edges.write_parquet(out, compression="zstd")


def _first(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    known = {name: told for name, told in names.items() if name in frame.columns}
    return frame.select(*known, pl.exclude(*known)).rename(known)


def _csv(frame: pl.DataFrame, out: BinaryIO, style: Style) -> None:
    """Write a table; a spreadsheet needs the mark to read it as UTF-8, and formulas guarded."""
    (guarded(frame) if style.excel else frame).write_csv(out, include_bom=style.excel)
