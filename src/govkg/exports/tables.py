"""Tables of nodes and of edges: CSV with the column names that Gephi's import knows, Parquet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from govkg.exports.presentation import guarded, joined

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from govkg.exports.presentation import Style
    from govkg.networks.network import Network

_NODES = {"id": "Id", "label": "Label", "kind": "Kind"}
_EDGES = {"source": "Source", "target": "Target", "kind": "Kind", "weight": "Weight"}


def nodes_csv(network: Network, out: BinaryIO, style: Style) -> None:
    """Write the nodes: Id, Label, Kind, then every attribute in order; lists divided by `|`."""
    _csv(_first(joined(network.nodes, network.lists), _NODES), out, style)


def edges_csv(network: Network, out: BinaryIO, style: Style) -> None:
    """Write the edges: Source, Target, Type, Kind, Weight, then every attribute in order."""
    edges = _first(joined(network.edges, network.lists), _EDGES)
    way = pl.lit("Directed" if network.directed else "Undirected").alias("Type")
    typed = edges.select("Source", "Target", way, pl.exclude("Source", "Target"))
    _csv(typed, out, style)


def nodes_parquet(network: Network, out: BinaryIO, _style: Style) -> None:
    """Write the nodes as Parquet; lists as lists."""
    _parted(network.nodes, network.lists).write_parquet(out, compression="zstd")


def edges_parquet(network: Network, out: BinaryIO, _style: Style) -> None:
    """Write the edges as Parquet; lists as lists."""
    _parted(network.edges, network.lists).write_parquet(out, compression="zstd")


def _parted(frame: pl.DataFrame, lists: Iterable[str]) -> pl.DataFrame:
    held = [name for name in lists if frame.schema.get(name) == pl.String]
    return frame.with_columns(pl.col(held).str.split(" "))


def _first(frame: pl.DataFrame, names: dict[str, str]) -> pl.DataFrame:
    known = {name: told for name, told in names.items() if name in frame.columns}
    return frame.select(*known, pl.exclude(*known)).rename(known)


def _csv(frame: pl.DataFrame, out: BinaryIO, style: Style) -> None:
    """Write a table; a spreadsheet needs the mark to read it as UTF-8, and formulas guarded."""
    (guarded(frame) if style.excel else frame).write_csv(out, include_bom=style.excel)
