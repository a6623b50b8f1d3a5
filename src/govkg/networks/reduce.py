"""Fewer edges: one for each pair, or those that hold the network together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from govkg.networks.frames import Network


def collapse(network: Network) -> Network:
    """Draw one edge for each ordered pair: `weight` counts its ties, `kinds` lists their kinds.

    `kind` is the kind of all of them, or `several`. The interval reaches from the first beginning
    to the last end; a side that is open for one tie is open. Lists are joined.
    """
    edges = network.edges
    told = [
        pl.when(pl.col("kind").n_unique() == 1)
        .then(pl.col("kind").first())
        .otherwise(pl.lit("several"))
        .alias("kind"),
        pl.len().cast(pl.Int64).alias("weight"),
        _joined("kind").alias("kinds"),
    ]
    for name, bound in (("begin", pl.col("begin").min()), ("end", pl.col("end").max())):
        if name in edges.columns:
            open_side = pl.col(name).is_null().any()
            told.append(pl.when(~open_side).then(bound).alias(name))
    told += [_joined(name).alias(name) for name in network.lists if name in edges.columns]
    pairs = edges.group_by("source", "target").agg(told).sort("source", "target")
    return replace(network, edges=pairs, lists=(*network.lists, "kinds"))


def _joined(name: str) -> pl.Expr:
    values = pl.col(name).drop_nulls().str.split(" ").explode().unique().sort()
    joined = values.str.join(" ")
    return pl.when(joined.str.len_bytes() > 0).then(joined)


def backbone(network: Network) -> Network:
    """Keep the ties of a spanning forest of the greatest weight: n nodes, c parts, n - c pairs.

    The weight of a pair is the number of its ties, both ways (Kruskal 1956,
    doi:10.1090/S0002-9939-1956-0078686-7); of equal ones the first by id stays. All ties of a kept
    pair are kept, so that direction, kind and dates are. A filter of edges by significance (Serrano
    et al. 2009, doi:10.1073/pnas.0808904106) asks for weights that vary; counts of claims don't.
    """
    import networkx as nx

    edges = network.edges.with_columns(
        low=pl.min_horizontal("source", "target"), high=pl.max_horizontal("source", "target")
    )
    weighed = edges.filter(pl.col("low") != pl.col("high")).group_by("low", "high")
    pairs = weighed.agg(pl.col("weight").sum()).sort("low", "high")
    graph: nx.Graph[str] = nx.Graph()
    graph.add_weighted_edges_from(pairs.iter_rows())
    kept = [sorted(pair) for pair in nx.maximum_spanning_edges(graph, "kruskal", data=False)]
    frame = pl.DataFrame(kept, schema={"low": pl.String, "high": pl.String}, orient="row")
    return replace(
        network,
        edges=edges.join(frame, on=["low", "high"], how="semi", maintain_order="left").drop(
            "low", "high"
        ),
    )
