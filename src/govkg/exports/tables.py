"""Tables and JSON: CSV with the column names that Gephi's import knows, Parquet, and graphology.

JSON is as graphology serializes a graph (https://graphology.github.io/serialization.html).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl

from govkg.exports.presentation import colors, guarded, joined, sizes
from govkg.networks.model import known

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from govkg.exports.presentation import Style
    from govkg.networks.model import Network

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


def graphology(network: Network, out: BinaryIO, _style: Style) -> None:
    """Write a network as a multigraph, one node or edge a line; lists as arrays."""
    way = "directed" if network.directed else "undirected"
    head = {
        "attributes": {"name": network.name},
        "options": {"type": way, "multi": True, "allowSelfLoops": True},
    }
    out.write(_dump(head)[:-1] + b',"nodes":[')
    nodes = network.nodes.with_columns(
        colors(network.nodes).alias("color"), sizes(network).alias("size")
    )
    _write_rows(
        out,
        (
            {"key": row.pop("id"), "attributes": _with_arrays(row, network.lists)}
            for row in known(nodes)
        ),
    )
    out.write(b'],"edges":[')
    _write_rows(
        out, (_edge(number, row, network.lists) for number, row in enumerate(known(network.edges)))
    )
    out.write(b"]}\n")


def _edge(number: int, row: dict[str, Any], lists: tuple[str, ...]) -> dict[str, Any]:
    ends = {"source": row.pop("source"), "target": row.pop("target")}
    return {"key": str(number), **ends, "attributes": _with_arrays(row, lists)}


def _with_arrays(row: dict[str, Any], lists: tuple[str, ...]) -> dict[str, Any]:
    return {name: str(value).split() if name in lists else value for name, value in row.items()}


def _write_rows(out: BinaryIO, rows: Iterable[dict[str, Any]]) -> None:
    out.writelines((b",\n" if number else b"\n") + _dump(row) for number, row in enumerate(rows))


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
