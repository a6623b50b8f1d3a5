"""GEXF 1.3 (https://gexf.net/schema.html), as Gephi reads it: rows as text from whole columns.

Gephi tells parallel edges apart by source, target and the attribute `kind` alone, and adds up the
weights of those it can't: edges that agree in all three are one here, with a spell for each.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import polars as pl

from govkg.exports.presentation import ROWS, joined, palette, sizes, type_of, xml, xml_or_null
from govkg.networks.model import has_parallel

if TYPE_CHECKING:
    from typing import BinaryIO

    from govkg.exports.presentation import Style
    from govkg.networks.model import Network

_OF_EDGES = ("source", "target", "weight")
_ENDS = ["source", "target", "kind"]
# Columns beside a network's own, by names that no variable of a query has.
_NUMBER, _TIME, _SPELLS, _SIZE, _COLOR = "<number>", "<time>", "<spells>", "<size>", "<color>"
_OURS = {"id", *_OF_EDGES, _NUMBER, _TIME, _SPELLS, _SIZE, _COLOR}


def write(network: Network, out: BinaryIO, style: Style) -> None:
    """Write a network as GEXF 1.3, with intervals where the style is dynamic."""
    edges, spells = _without_parallel(network, dynamic=style.dynamic)
    # In a dynamic graph too, begin and end are columns: not every reader knows start and end.
    of_nodes = [name for name in network.nodes.columns if name not in {"id", "label"}]
    of_edges = [name for name in edges.columns if name not in _OF_EDGES]
    mode = ' mode="dynamic" timeformat="date" timerepresentation="interval"'
    mode = mode if style.dynamic else ' mode="static"'
    way = "directed" if network.directed else "undirected"
    out.write(_head(network.name, way + '"' + mode).encode())
    out.write(_declare("node", network.nodes, of_nodes, network.lists).encode())
    out.write(_declare("edge", edges, of_edges, network.lists).encode())
    out.write(b"    <nodes>\n")
    nodes = joined(network.nodes, network.lists).with_columns(sizes(network).alias(_SIZE))
    color = _channels(nodes)
    out.writelines(
        _nodes(part, of_nodes, color, dynamic=style.dynamic) for part in nodes.iter_slices(ROWS)
    )
    out.write(b"    </nodes>\n    <edges>\n")
    edges, color = joined(edges, network.lists).with_columns(spells.alias(_TIME)), _channels(edges)
    numbered = edges.with_row_index(_NUMBER)
    out.writelines(_edges(part, of_edges, color) for part in numbered.iter_slices(ROWS))
    out.write(b"    </edges>\n  </graph>\n</gexf>\n")


def _head(name: str, mode: str) -> str:
    title = xml(pl.Series([name]))[0]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
        f"  <meta>\n    <creator>govkg</creator>\n    <description>{title}</description>\n"
        f'  </meta>\n  <graph defaultedgetype="{mode}>\n'
    )


def _declare(of: str, frame: pl.DataFrame, names: list[str], lists: tuple[str, ...]) -> str:
    rows = "".join(
        f'      <attribute id="{told}" title="{told}" type="{_type(frame, name, lists)}"/>\n'
        for name, told in zip(names, _escaped_names(names), strict=True)
    )
    # Our attributes hold for all of a node's or edge's life, in a dynamic graph too.
    return f'    <attributes class="{of}" mode="static">\n{rows}    </attributes>\n' if rows else ""


def _type(frame: pl.DataFrame, name: str, lists: tuple[str, ...]) -> str:
    if name in lists and frame.schema[name] == pl.String:
        return "liststring"
    return type_of(frame[name])


def _escaped_names(names: list[str]) -> list[str]:
    return xml(pl.Series(names, dtype=pl.String)).to_list()


def _nodes(part: pl.DataFrame, names: list[str], color: pl.Expr, *, dynamic: bool) -> bytes:
    return _text(
        part.with_columns(
            xml(part["id"]),
            *_escaped(part, ["label", *names]),
            _times(part, dynamic=dynamic),
            color.alias(_COLOR),
        ),
        ['      <node id="', "id", '" label="', _col("label"), '"', _TIME, ">"],
        names,
        ["<viz:color ", _COLOR, '/><viz:size value="', _SIZE, '"/></node>\n'],
    )


def _edges(part: pl.DataFrame, names: list[str], color: pl.Expr) -> bytes:
    ends = [xml(part[name]) for name in ("source", "target")]
    spells = pl.col(_TIME).str.starts_with("<")
    return _text(
        part.with_columns(
            *ends,
            *_escaped(part, names),
            pl.when(~spells).then(_TIME).otherwise(pl.lit("")),
            pl.when(spells).then(_TIME).otherwise(pl.lit("")).alias(_SPELLS),
            color.alias(_COLOR),
        ),
        ['      <edge id="', _NUMBER, '" source="', "source", '" target="', "target", '" kind="',
         _col("kind"), '" weight="', "weight", '"', _TIME, ">"],
        names,
        [_SPELLS, "<viz:color ", _COLOR, "/></edge>\n"],
    )  # fmt: skip


def _col(name: str) -> str:
    """Name the escaped text of an attribute."""
    return f":{name}"


def _text(ready: pl.DataFrame, head: list[str], names: list[str], tail: list[str]) -> bytes:
    """Join the rows of a slice; pieces are names of our columns, and else text."""
    known = [ready[_col(name)].null_count() == 0 for name in names]
    some = pl.lit(value=True)
    if names and not any(known):
        some = pl.any_horizontal(pl.col(_col(name)).is_not_null() for name in names)
    values = [_attvalue(*one) for one in zip(names, _escaped_names(names), strict=True)]
    if values:
        opened, closed = (
            pl.when(some).then(pl.lit(tag)) for tag in ("<attvalues>", "</attvalues>")
        )
        values = [opened, *values, closed]
    pieces = [
        [pl.col(one) if one in _OURS or one.startswith(":") else pl.lit(one) for one in of]
        for of in (head, tail)
    ]
    line = pl.concat_str(*pieces[0], *values, *pieces[1], ignore_nulls=True)
    return bytes(ready.select(line.str.join("").cast(pl.Binary)).item())


def _attvalue(name: str, told: str) -> pl.Expr:
    """Write a value that is known; one that isn't is null."""
    return pl.concat_str(pl.lit(f'<attvalue for="{told}" value="'), _col(name), pl.lit('"/>'))


def _channels(frame: pl.DataFrame) -> pl.Expr:
    """Write the colors of all kinds as the three channels that every reader knows."""
    told = {
        kind: f'r="{int(one[1:3], 16)}" g="{int(one[3:5], 16)}" b="{int(one[5:7], 16)}"'
        for kind, one in zip(*palette(frame), strict=True)
    }
    if "kind" not in frame.columns:
        return pl.lit(told[None])
    return pl.col("kind").replace_strict(told, return_dtype=pl.String)


def _escaped(part: pl.DataFrame, names: list[str]) -> list[pl.Series]:
    """Escape the values of a slice; an empty text says nothing."""
    # A label is an attribute of the element itself, and stays where it is empty.
    write = {"label": xml}
    return [write.get(name, xml_or_null)(part[name]).alias(_col(name)) for name in names]


def _times(frame: pl.DataFrame, *, dynamic: bool) -> pl.Series:
    """Write the interval of each row; a side that is open is left out."""
    text = pl.Series(_TIME, [""], dtype=pl.String).new_from_index(0, frame.height)
    if not dynamic:
        return text
    if {"begin", "end"} <= set(frame.columns):
        frame = frame.with_columns(_past_a_point())
    for side, name in (("start", "begin"), ("end", "end")):
        if name in frame.columns:
            told = pl.format(' {}="{}"', pl.lit(side), pl.col(name)).fill_null("")
            text = text + frame.select(told).to_series()
    return text.alias(_TIME)


def _past_a_point() -> pl.Expr:
    """Let a point in time last to the next day, else it has no extent to be shown."""
    point = pl.col("begin") == pl.col("end")
    next_day = pl.col("end").map_elements(_next_day, return_dtype=pl.String)
    return pl.when(point).then(next_day).otherwise(pl.col("end")).alias("end")


def _next_day(day: str) -> str | None:
    """Give the day after one; the last of all has none."""
    found = date.fromisoformat(day)
    return None if found == date.max else (found + timedelta(days=1)).isoformat()


def _without_parallel(network: Network, *, dynamic: bool) -> tuple[pl.DataFrame, pl.Series]:
    """Merge edges that Gephi can't tell apart: weights added, lists joined, a spell for each."""
    edges = network.edges.with_columns(_times(network.edges, dynamic=dynamic))
    if not has_parallel(edges):
        return edges.drop(_TIME), edges[_TIME]
    spell = pl.format("<spell{}/>", _TIME)
    several = pl.format("<spells>{}</spells>", spell.unique().sort().str.join(""))
    open_always = (pl.col(_TIME) == "").any()
    time = (
        pl.when(open_always)
        .then(pl.lit(""))
        .when(pl.len() > 1)
        .then(several)
        .otherwise(pl.col(_TIME).first())
    )
    merged = edges.group_by(_ENDS, maintain_order=True).agg(
        pl.col("weight").sum(),
        *(
            _merged(name, network.lists)
            for name in edges.columns
            if name not in {*_ENDS, "weight", _TIME}
        ),
        time.alias(_TIME),
    )
    return merged.drop(_TIME), merged[_TIME]


def _merged(name: str, lists: tuple[str, ...]) -> pl.Expr:
    """Keep all that parallel edges say: lists and texts joined, first beginning, last end."""
    values = pl.col(name).drop_nulls()
    if name in lists:
        return values.str.split(" ").explode().unique().sort().str.join(" ").alias(name)
    if name in {"begin", "end"}:
        return values.min() if name == "begin" else values.max()
    text = values.cast(pl.String).unique().sort().str.join("; ")
    several = pl.when(pl.len() > 0).then(text)
    return several.alias(name)
