"""A network as two frames: what queries give, filters narrow, writers write, libraries take.

Some columns have a meaning, whoever wrote the query or the graph. Readers drop what they can't take
in them, fail on it, or lay it out wrongly (gephi/gephi#1945: a weight of zero), so it is refused
before anything is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from govkg.errors import InputError, MissingLibrary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx
    import rustworkx as rx

    Row = dict[str, Any]

LISTS = ("claims", "modality")
_ENDS = ("source", "target", "kind")
TEXTS = ("id", "node", "source", "target", "kind", "label")
_DAY = r"^\d{4}-\d\d-\d\d$"
_EXACT = 2**53  # below it a double holds every whole number
_RULES = {
    "weight": "is no number above 0: leave out a tie that weighs nothing; a sign is another column",
    "begin": "is no day from 0001 to 9999: write it as 2009-12-31",
    "end": "is no day from 0001 to 9999: write it as 2009-12-31",
    "level": "is no whole number",
}


@dataclass(frozen=True)
class Network:
    """Nodes (`id`, `label` and what is known) and edges (`source`, `target`, `kind`, `weight`...).

    Both are sorted by their ids and kinds. `lists` names the columns whose texts hold several
    values, separated by blanks; `about` says which query, build and filters it comes from. Where
    `directed` is false an edge says nothing of which end is first: `source` sorts before `target`.
    """

    name: str
    nodes: pl.DataFrame
    edges: pl.DataFrame
    lists: tuple[str, ...] = LISTS
    about: dict[str, Any] = field(default_factory=dict)
    directed: bool = True

    def with_nodes(self, nodes: pl.DataFrame) -> Network:
        """Keep these nodes and the edges between them."""
        ends = [pl.col(end).is_in(nodes["id"].implode()) for end in ("source", "target")]
        return replace(self, nodes=nodes, edges=self.edges.filter(*ends))

    def with_edges(self, edges: pl.DataFrame) -> Network:
        """Keep these edges; nodes that lose their last tie by that go with it."""
        before, after = _touched(self.edges), _touched(edges)
        lost = pl.col("id").is_in(before.implode()) & ~pl.col("id").is_in(after.implode())
        return replace(self, nodes=self.nodes.filter(~lost), edges=edges)

    def counts(self) -> dict[str, Any]:
        """Count nodes and edges, and edges by kind in order of kind."""
        kinds = self.edges.group_by("kind").len().sort("kind")
        return {
            "nodes": self.nodes.height,
            "edges": self.edges.height,
            "kinds": dict(kinds.iter_rows()),
        }


def tidy(
    nodes: pl.DataFrame, edges: pl.DataFrame, *, directed: bool = True
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Sort both, label what has no label, weigh what has no weight, order the columns."""
    if not directed:
        ends = pl.min_horizontal("source", "target"), pl.max_horizontal("source", "target")
        edges = edges.with_columns(source=ends[0], target=ends[1])
    if "label" not in nodes.columns:
        nodes = nodes.with_columns(label=pl.col("id"))
    if "weight" not in edges.columns:
        edges = edges.with_columns(weight=pl.lit(1, pl.Int64))
    nodes = nodes.with_columns(pl.col("label").fill_null(pl.col("id")))
    edges = edges.with_columns(pl.col("weight").fill_null(1))
    rest = sorted(set(edges.columns) - {*_ENDS, "weight"})
    return (
        nodes.select("id", "label", *sorted(set(nodes.columns) - {"id", "label"})).sort("id"),
        _in_order(edges.select(*_ENDS, "weight", *rest), rest),
    )


def _in_order(edges: pl.DataFrame, rest: list[str]) -> pl.DataFrame:
    """Sort by ends and kind; by all else only where these don't decide, for it takes memory."""
    edges = edges.sort(_ENDS)
    return edges.sort(*_ENDS, *rest) if has_parallel(edges) else edges


def has_parallel(edges: pl.DataFrame) -> bool:
    """Say whether two edges, in order, are parallel: of the same ends and kind."""
    same = [pl.col(name) == pl.col(name).shift() for name in _ENDS]
    return bool(edges.select(pl.all_horizontal(same).any()).item())


def _touched(edges: pl.DataFrame) -> pl.Series:
    return pl.concat([edges["source"], edges["target"].alias("source")]).unique()


def to_networkx(network: Network) -> nx.MultiGraph[str]:
    """Make a MultiDiGraph, or a MultiGraph of an undirected network, in order of id.

    Parallel ties of one kind get numbers as keys.
    """
    import networkx as nx

    make = nx.MultiDiGraph if network.directed else nx.MultiGraph
    graph: nx.MultiGraph[str] = make(name=network.name)
    graph.add_nodes_from((row.pop("id"), row) for row in known(network.nodes))
    for row in known(network.edges):
        source, target, kind = row.pop("source"), row.pop("target"), row["kind"]
        key = kind if not graph.has_edge(source, target, kind) else None
        graph.edges[source, target, graph.add_edge(source, target, key)].update(row)
    return graph


def to_rustworkx(network: Network) -> rx.PyDiGraph[Row, Row] | rx.PyGraph[Row, Row]:
    """Make a PyDiGraph, or a PyGraph, whose nodes and edges carry attributes, nodes their `id`.

    Raises MissingLibrary where rustworkx is not installed.
    """
    try:
        import rustworkx as rx
    except ImportError as error:
        raise MissingLibrary("rustworkx", "analysis") from error
    make = rx.PyDiGraph if network.directed else rx.PyGraph
    graph = make(attrs={"name": network.name})
    places = graph.add_nodes_from(list(known(network.nodes)))
    place = dict(zip(network.nodes["id"], places, strict=True))
    ends = zip(network.edges["source"], network.edges["target"], known(network.edges), strict=True)
    graph.add_edges_from([(place[source], place[target], row) for source, target, row in ends])
    return graph


def from_networkx(graph: nx.Graph[Any]) -> Network:
    """Make a network of a graph, with whatever attributes it carries, to write it.

    Edges without `kind` are of the kind `tie`. Raises InputError where an attribute is of no
    plain type, or of several, and where `checked` does.
    """
    nodes = [{**row, "id": str(node)} for node, row in graph.nodes(data=True)]
    edges = [
        {"kind": "tie", **row, "source": str(source), "target": str(target)}
        for source, target, row in graph.edges(data=True)
    ]
    name, directed = str(graph.graph.get("name") or "network"), graph.is_directed()
    frames = checked(name, _frame(nodes, ("id",)), _frame(edges, _ENDS))
    return Network(name, *tidy(*frames, directed=directed), directed=directed)


def known(frame: pl.DataFrame) -> Iterator[Row]:
    """Yield rows without what is not known."""
    for row in frame.iter_rows(named=True):
        yield {name: value for name, value in row.items() if value is not None}


def _frame(rows: list[Row], needed: Iterable[str]) -> pl.DataFrame:
    schema = dict.fromkeys(needed, pl.String) if not rows else None
    try:
        return pl.DataFrame(rows, schema=schema, infer_schema_length=None)
    except (pl.exceptions.PolarsError, TypeError) as error:
        raise InputError(f"an attribute can't be written as a column: {error}") from error


def checked(
    where: str, nodes: pl.DataFrame, edges: pl.DataFrame, lists: Iterable[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give both with names and days as texts, weights and levels as numbers.

    Raises InputError, with the query or graph, the node or edge and the value, where a name is
    empty or a blank node, a weight is not above 0, a day is none or after its end, a level is not
    whole, or a value of a list holds the `|` that divides them in files.
    """
    parts = ((nodes, ("begin", "end", "level")), (edges, ("weight", "begin", "end")))
    one, other = (_checked(where, frame, names, set(lists)) for frame, names in parts)
    return one, other


def _checked(
    where: str, frame: pl.DataFrame, names: Iterable[str], lists: set[str]
) -> pl.DataFrame:
    found = _as_texts(where, frame)
    for name in names:
        if name in found.columns:
            typed = _typed(found[name])
            _refuse(where, found, name, found[name].is_not_null() & typed.is_null(), _RULES[name])
            found = found.with_columns(typed)
    if {"begin", "end"} <= set(found.columns):
        backward = (found["begin"] > found["end"]).fill_null(value=False)
        _refuse(where, found, "begin", backward, "is after its end")
    for name in sorted(lists & set(found.columns)):
        if found.schema[name] == pl.String:
            torn = found[name].str.contains("|", literal=True).fill_null(value=False)
            _refuse(where, found, name, torn, "holds a |, which divides values of lists in files")
    return found


def _as_texts(where: str, frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.with_columns(pl.col(name).cast(pl.String) for name in TEXTS if name in frame)
    for name in ("id", "source", "target"):
        if name in frame.columns:
            bare = frame[name].is_null() | (frame[name].str.len_bytes() == 0)
            _refuse(where, frame, name, bare, "is empty: each node needs a name")
            blank = frame[name].str.starts_with("_:")
            _refuse(where, frame, name, blank, "is a blank node: give it an IRI or a text as name")
    return frame


def _typed(column: pl.Series) -> pl.Series:
    """Give a column with a meaning in its type, null where a value isn't what it means."""
    if column.name in {"begin", "end"}:
        text = column.cast(pl.String)
        day = text.str.contains(_DAY) & (text.str.to_date("%Y-%m-%d", strict=False).dt.year() > 0)
        return pl.select(pl.when(day).then(text).alias(column.name)).to_series()
    number = column.cast(pl.Float64, strict=False)
    whole = (number == number.floor()) & (number.abs() < _EXACT)
    fits = whole if column.name == "level" else number.is_finite() & (number > 0)
    known = pl.select(pl.when(fits).then(number).alias(column.name)).to_series()
    return known.cast(pl.Int64) if whole.all() or column.name == "level" else known


def _refuse(where: str, frame: pl.DataFrame, name: str, bad: pl.Series, why: str) -> None:
    """Name the first of the bad rows, in order of names."""
    if not bad.any():
        return
    ends = [one for one in ("id", "source", "target", "kind") if one in frame.columns]
    row = frame.filter(bad).sort(ends).row(0, named=True)
    if "source" in row:
        what = f"the edge {row['source']} -> {row['target']} ({row['kind']})"
    else:
        what = f"the node {row['id']}"
    raise InputError(f"{where}: {what}: {name} {row[name]!r} {why}.")
