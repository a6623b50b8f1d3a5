"""JSON as graphology serializes a graph (https://graphology.github.io/serialization.html)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from govkg.exports.presentation import colors, sizes
from govkg.networks.conversion import known

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from govkg.exports.presentation import Style
    from govkg.networks.network import Network


def write(network: Network, out: BinaryIO, _style: Style) -> None:
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
    _rows(
        out,
        ({"key": row.pop("id"), "attributes": _lists(row, network.lists)} for row in known(nodes)),
    )
    out.write(b'],"edges":[')
    _rows(
        out, (_edge(number, row, network.lists) for number, row in enumerate(known(network.edges)))
    )
    out.write(b"]}\n")


def _edge(number: int, row: dict[str, Any], lists: tuple[str, ...]) -> dict[str, Any]:
    ends = {"source": row.pop("source"), "target": row.pop("target")}
    return {"key": str(number), **ends, "attributes": _lists(row, lists)}


def _lists(row: dict[str, Any], lists: tuple[str, ...]) -> dict[str, Any]:
    return {name: str(value).split() if name in lists else value for name, value in row.items()}


def _rows(out: BinaryIO, rows: Iterable[dict[str, Any]]) -> None:
    out.writelines((b",\n" if number else b"\n") + _dump(row) for number, row in enumerate(rows))


def _dump(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
