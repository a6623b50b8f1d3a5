"""GraphML 1.0 (http://graphml.graphdrawing.org/specification.html): rows as text from columns.

Written for the readers there are: running ids of edges, for several keep one edge of each id;
weights as doubles, for NetworKit reads no other; a key for nodes or for edges, never for `all`,
which igraph and Tulip leave out and graphology fails on; characters as themselves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from govkg.exports.presentation import ROWS, joined, type_of, xml, xml_or_null

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from govkg.exports.presentation import Style
    from govkg.networks.model import Network

_TYPES = {"integer": "int"}  # what GEXF calls otherwise
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_GRAPHML = "http://graphml.graphdrawing.org/xmlns"
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<graphml xmlns="{_GRAPHML}" xmlns:xsi="{_XSI}"\n'
    f'    xsi:schemaLocation="{_GRAPHML} {_GRAPHML}/1.0/graphml.xsd">\n'
    '  <key id="graph-name" for="graph" attr.name="name" attr.type="string"/>\n'
)


def write(network: Network, out: BinaryIO, _style: Style) -> None:
    """Write a network as GraphML, UTF-8."""
    nodes = joined(network.nodes, network.lists)
    weighed = network.edges.with_columns(pl.col("weight").cast(pl.Float64))
    edges = joined(weighed, network.lists).with_row_index("#")
    of_nodes = {name: name for name in nodes.columns if name != "id"}
    of_edges = {
        name: f"edge-{name}" if name in of_nodes else name
        for name in edges.columns
        if name not in {"#", "source", "target"}
    }
    out.write(_HEAD.encode())
    out.write(_keys("node", nodes, of_nodes).encode())
    out.write(_keys("edge", edges, of_edges).encode())
    way = "directed" if network.directed else "undirected"
    [name] = xml(pl.Series([network.name]))
    out.write(f'  <graph edgedefault="{way}">\n    <data key="graph-name">{name}</data>\n'.encode())
    out.writelines(_rows(nodes, ['    <node id="', ":id", '">'], of_nodes, "</node>\n"))
    ends = ['    <edge id="', ":#", '" source="', ":source", '" target="', ":target", '">']
    out.writelines(_rows(edges, ends, of_edges, "</edge>\n"))
    out.write(b"  </graph>\n</graphml>\n")


def _keys(of: str, frame: pl.DataFrame, keys: dict[str, str]) -> str:
    escaped = xml(pl.Series([*keys, *keys.values()], dtype=pl.String)).to_list()
    kinds = [type_of(frame[name]) for name in keys]
    return "".join(
        f'  <key id="{key}" for="{of}" attr.name="{name}" attr.type="{_TYPES.get(kind, kind)}"/>\n'
        for name, key, kind in zip(escaped, escaped[len(keys) :], kinds, strict=False)
    )


def _rows(frame: pl.DataFrame, head: list[str], keys: dict[str, str], tail: str) -> Iterator[bytes]:
    """Write the rows of a frame, a slice at a time; pieces that begin with `:` are columns."""
    escaped = xml(pl.Series(list(keys.values()), dtype=pl.String)).to_list()
    data = [
        pl.concat_str(pl.lit(f'<data key="{key}">'), f":{name}", pl.lit("</data>"))
        for name, key in zip(keys, escaped, strict=True)
    ]
    start = [pl.col(one) if one.startswith(":") else pl.lit(one) for one in head]
    line = pl.concat_str(*start, *data, pl.lit(tail), ignore_nulls=True).str.join("")
    for part in frame.iter_slices(ROWS):
        ready = pl.DataFrame([xml_or_null(part[name]).alias(f":{name}") for name in part.columns])
        yield bytes(ready.select(line.cast(pl.Binary)).item())
