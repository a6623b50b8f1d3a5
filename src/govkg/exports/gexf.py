"""GEXF 1.3 (https://gexf.net/schema.html), as Gephi reads it: rows as text from whole columns.

Gephi tells parallel edges apart by source, target and the attribute `kind` alone, and adds up the
weights of those it can't: edges that agree in all three are one here, with a spell for each.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from govkg.exports import look
from govkg.exports.text import xml

if TYPE_CHECKING:
    from typing import BinaryIO

    from govkg.exports import Style
    from govkg.networks import Network

_ROWS = 20_000
_OF_EDGES = ("source", "target", "weight")
_TYPES = {pl.Int64: "long", pl.Float64: "double", pl.Boolean: "boolean"}
_TWIN = ["source", "target", "kind"]


def write(network: Network, out: BinaryIO, style: Style) -> None:
    """Write a network as GEXF 1.3, with intervals where the style is dynamic."""
    edges, spells = _without_twins(network, dynamic=style.dynamic)
    hidden = {"begin", "end"} if style.dynamic else set()
    of_nodes = [name for name in network.nodes.columns if name not in {"id", "label"} | hidden]
    of_edges = [name for name in edges.columns if name not in {*_OF_EDGES, *hidden}]
    mode = ' mode="dynamic" timeformat="date" timerepresentation="interval"'
    mode = mode if style.dynamic else ' mode="static"'
    out.write(_head(network.name, mode).encode())
    out.write(_declare("node", network.nodes, of_nodes, network.lists).encode())
    out.write(_declare("edge", edges, of_edges, network.lists).encode())
    out.write(b"    <nodes>\n")
    _stream(out, _nodes(network, of_nodes, dynamic=style.dynamic))
    out.write(b"    </nodes>\n    <edges>\n")
    _stream(out, _edges(edges, of_edges, network.lists, spells))
    out.write(b"    </edges>\n  </graph>\n</gexf>\n")


def _head(name: str, mode: str) -> str:
    title = xml(pl.Series([name]))[0]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
        f"  <meta>\n    <creator>govkg</creator>\n    <description>{title}</description>\n"
        f'  </meta>\n  <graph defaultedgetype="directed"{mode}>\n'
    )


def _declare(of: str, frame: pl.DataFrame, names: list[str], lists: tuple[str, ...]) -> str:
    rows = "".join(
        f'      <attribute id="{name}" title="{name}" type="{_type(frame, name, lists)}"/>\n'
        for name in names
    )
    # Our attributes hold for all of a node's or edge's life, in a dynamic graph too.
    return f'    <attributes class="{of}" mode="static">\n{rows}    </attributes>\n' if rows else ""


def _type(frame: pl.DataFrame, name: str, lists: tuple[str, ...]) -> str:
    if name in lists and frame.schema[name] == pl.String:
        return "liststring"
    return next((told for kind, told in _TYPES.items() if frame.schema[name] == kind), "string")


def _nodes(network: Network, names: list[str], *, dynamic: bool) -> pl.LazyFrame:
    frame = network.nodes
    color, size = _channels(look.colors(frame)), look.sizes(network).cast(pl.String)
    cells = _cells(frame, names, network.lists)
    ready = frame.select(xml(frame["id"]), xml(frame["label"])).with_columns(
        *cells, color.alias("_color"), size.alias("_size"), _times(frame, dynamic=dynamic)
    )
    return ready.lazy().select(
        pl.concat_str(
            pl.format('      <node id="{}" label="{}"{}>', "id", "label", "_time"),
            _attvalues(cells),
            pl.format('<viz:color {}/><viz:size value="{}"/></node>\n', "_color", "_size"),
        )
    )


def _edges(
    frame: pl.DataFrame, names: list[str], lists: tuple[str, ...], spells: pl.Series
) -> pl.LazyFrame:
    cells = _cells(frame, names, lists)
    ready = frame.select(xml(frame[name]) for name in ("source", "target", "kind", "weight"))
    ready = ready.with_columns(
        *cells, _channels(look.colors(frame)).alias("_color"), spells.alias("_time")
    )
    ready = ready.with_row_index("_id")
    shape = '      <edge id="{}" source="{}" target="{}" kind="{}" weight="{}"{}'
    return ready.lazy().select(
        pl.concat_str(
            pl.format(
                shape, "_id", "source", "target", "kind", "weight",
                pl.when(pl.col("_time").str.starts_with("<")).then(pl.lit("")).otherwise("_time"),
            ),
            pl.lit(">"),
            _attvalues(cells),
            pl.when(pl.col("_time").str.starts_with("<")).then("_time").otherwise(pl.lit("")),
            pl.format('<viz:color {}/></edge>\n', "_color"),
        )
    )  # fmt: skip


def _channels(colors: pl.Series) -> pl.Series:
    """Write colors as the three channels that every reader knows."""
    told = {
        one: f'r="{int(one[1:3], 16)}" g="{int(one[3:5], 16)}" b="{int(one[5:7], 16)}"'
        for one in colors.unique()
    }
    return colors.replace_strict(told, return_dtype=pl.String)


def _cells(frame: pl.DataFrame, names: list[str], lists: tuple[str, ...]) -> list[pl.Series]:
    """Write each value as an attvalue, and what is not known as nothing."""
    cells = []
    for name in names:
        text = xml(frame[name])
        if name in lists and frame.schema[name] == pl.String:
            text = text.str.replace_all(" ", "|", literal=True)
        told = pl.format('<attvalue for="{}" value="{}"/>', pl.lit(name), pl.col("v"))
        known = pl.col("v").is_not_null() & (pl.col("v") != "")
        cell = pl.DataFrame({"v": text}).select(pl.when(known).then(told).otherwise(pl.lit("")))
        cells.append(cell.to_series().alias(f"_{name}_"))
    return cells


def _attvalues(cells: list[pl.Series]) -> pl.Expr:
    if not cells:
        return pl.lit("")
    joined = pl.concat_str(cell.name for cell in cells)
    return (
        pl.when(joined != "")
        .then(pl.format("<attvalues>{}</attvalues>", joined))
        .otherwise(pl.lit(""))
    )


def _times(frame: pl.DataFrame, *, dynamic: bool) -> pl.Series:
    """Write the interval of each row; a side that is open is left out."""
    text = pl.Series("_time", [""], dtype=pl.String).new_from_index(0, frame.height)
    if not dynamic:
        return text
    if {"begin", "end"} <= set(frame.columns):
        frame = frame.with_columns(_past_a_point())
    for side, name in (("start", "begin"), ("end", "end")):
        if name in frame.columns:
            told = pl.format(' {}="{}"', pl.lit(side), pl.col(name)).fill_null("")
            text = text + frame.select(told).to_series()
    return text.alias("_time")


def _past_a_point() -> pl.Expr:
    """Let a point in time last to the next day, else it has no extent to be shown."""
    point = pl.col("begin") == pl.col("end")
    next_day = pl.col("end").map_elements(_next_day, return_dtype=pl.String)
    return pl.when(point).then(next_day).otherwise(pl.col("end")).alias("end")


def _next_day(day: str) -> str:
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def _without_twins(network: Network, *, dynamic: bool) -> tuple[pl.DataFrame, pl.Series]:
    """Merge edges that Gephi can't tell apart: weights added, lists joined, a spell for each."""
    edges = network.edges.with_columns(_times(network.edges, dynamic=dynamic))
    if edges.select(_TWIN).is_unique().all():
        return edges.drop("_time"), edges["_time"]
    spell = pl.format("<spell{}/>", "_time")
    several = pl.format("<spells>{}</spells>", spell.unique().sort().str.join(""))
    open_always = (pl.col("_time") == "").any()
    time = (
        pl.when(open_always)
        .then(pl.lit(""))
        .when(pl.len() > 1)
        .then(several)
        .otherwise(pl.col("_time").first())
    )
    merged = edges.group_by(_TWIN, maintain_order=True).agg(
        pl.col("weight").sum(),
        *(
            _merged(name, network.lists)
            for name in edges.columns
            if name not in {*_TWIN, "weight", "_time"}
        ),
        time.alias("_time"),
    )
    return merged.drop("_time"), merged["_time"]


def _merged(name: str, lists: tuple[str, ...]) -> pl.Expr:
    if name not in lists:
        return pl.col(name).drop_nulls().first()
    return (
        pl.col(name).drop_nulls().str.split(" ").explode().unique().sort().str.join(" ").alias(name)
    )


def _stream(out: BinaryIO, lines: pl.LazyFrame) -> None:
    """Write the rows a slice at a time, so that the text is never whole in memory."""
    text = lines.collect().to_series()
    slices = (text[start : start + _ROWS] for start in range(0, text.len(), _ROWS))
    out.writelines("".join(rows).encode() for rows in slices)
