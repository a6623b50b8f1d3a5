"""A network as two frames: what queries give, filters narrow and writers write."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

LISTS = ("claims", "modality")
_ENDS = ("source", "target", "kind")


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
    return edges.sort(*_ENDS, *rest) if has_twins(edges) else edges


def has_twins(edges: pl.DataFrame) -> bool:
    """Say whether two edges, in order, have the same ends and kind."""
    same = [pl.col(name) == pl.col(name).shift() for name in _ENDS]
    return bool(edges.select(pl.all_horizontal(same).any()).item())


def _touched(edges: pl.DataFrame) -> pl.Series:
    return pl.concat([edges["source"], edges["target"].alias("source")]).unique()
