"""What of a network to take: by time, kind, place, level, neighborhood; told apart or together."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import polars as pl

from govkg import dates
from govkg.errors import InputError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from govkg.networks.model import Network
    from govkg.queries import Query

_LEVELS = re.compile(r"([0-5])(?:-([0-5]))?")


@dataclass(frozen=True)
class Filters:
    """Filters, applied in this order; one that is not set takes everything.

    `sets` false leaves out nodes for several bodies or places that a text doesn't itemize
    (`collective`); `within` a territory (`territory:guiyang`, `division:520100` or its code);
    `levels` as `3` or `1-3`; `kinds` of tie; `modality` of claims; `as_of` any EDTF date or
    interval (`2010`, `2008/2013`), ties without dates stay unless `dated`; `ego` a node's id or
    label with its neighbors up to `radius` steps; `backbone` the spanning forest of the heaviest
    ties; `collapse` one edge a pair.
    """

    sets: bool = True
    within: str | None = None
    levels: str | None = None
    kinds: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    as_of: str | None = None
    dated: bool = False
    ego: str | None = None
    radius: int = 1
    backbone: bool = False
    collapse: bool = False

    def told(self) -> dict[str, Any]:
        """Give the filters that are set, for a manifest."""
        return {name: value for name, value in asdict(self).items() if value != _UNSET[name]}


_UNSET = asdict(Filters())


def sort_out(query: Query, asked: Mapping[str, Any]) -> tuple[Filters, dict[str, str]]:
    """Tell filters from the query's own parameters, which come first where names are the same.

    Raises ParameterError for a name that is neither.
    """
    params = {name: str(value) for name, value in asked.items() if name in query.parameters}
    rest = {name: value for name, value in asked.items() if name not in params}
    unknown = sorted(rest.keys() - _UNSET.keys())
    if unknown:
        known = ", ".join([*query.parameters, *_UNSET])
        raise ParameterError(f"{query.name} has no parameter or filter {unknown[0]!r}: {known}.")
    for name in ("kinds", "modality"):
        several = rest.get(name)
        if several is not None:
            rest[name] = (several,) if isinstance(several, str) else tuple(several)
    return Filters(**{name: value for name, value in rest.items() if value is not None}), params


def apply(network: Network, filters: Filters, places: Collection[str] = ()) -> Network:
    """Take of a network what the filters ask for; `places` are the territories within `within`.

    Raises InputError where a filter is ill-formed or asks for what the network knows nothing of.
    """
    if not filters.sets:
        network = _single(network)
    if filters.within is not None:
        network = _within(network, filters.within, places)
    if filters.levels is not None:
        network = _of_levels(network, filters.levels)
    if filters.kinds:
        network = _of_kinds(network, filters.kinds)
    if filters.modality:
        network = _of_modality(network, filters.modality)
    if filters.as_of is not None or filters.dated:
        network = _as_of(network, filters.as_of, dated=filters.dated)
    if filters.ego is not None:
        network = _around(network, filters.ego, filters.radius)
    if filters.backbone:
        network = backbone(network)
    return collapse(network) if filters.collapse else network


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


def _single(network: Network) -> Network:
    """Leave out the sets; a network that tells none has none."""
    if "collective" not in network.nodes.columns:
        return network
    is_set = pl.col("collective").cast(pl.String).eq_missing("true")  # of a query, or of a graph
    return network.with_nodes(network.nodes.filter(~is_set))


def _within(network: Network, territory: str, places: Collection[str]) -> Network:
    if not places:
        raise ParameterError(f"no territory is {territory!r}: name one as territory:guiyang.")
    found = pl.Series(sorted(places), dtype=pl.String).implode()
    inside = pl.col("id").is_in(found)
    placed = pl.col("id").str.contains("^(?:division|territory):")
    if "territory" in network.nodes.columns:
        inside |= pl.col("territory").is_in(found).fill_null(value=False)
        placed |= pl.col("territory").is_not_null()
    return _with_attached(network, inside, placed, f"territory {territory}")


def _of_levels(network: Network, levels: str) -> Network:
    asked = _LEVELS.fullmatch(levels)
    if not asked:
        raise ParameterError(
            f"levels {levels!r}: write one as 3 or a span as 1-3 (0 nation, 5 villages)."
        )
    _need(network, network.nodes, "level")
    level, last = pl.col("level"), asked[2] or asked[1]
    inside = level.is_between(int(asked[1]), int(last)).fill_null(value=False)
    return _with_attached(network, inside, level.is_not_null(), f"level {levels}")


def _with_attached(network: Network, inside: pl.Expr, placed: pl.Expr, what: str) -> Network:
    """Keep nodes inside, and those of no place at all that are tied to one of them."""
    kept = network.nodes.filter(inside)
    if kept.is_empty():
        raise InputError(f"the network {network.name} has no node of {what}.")
    near = _neighbors(network.edges, kept["id"])
    # Events and posts have no level or place of their own: they come with what they are tied to.
    loose = network.nodes.filter(~inside & ~placed, pl.col("id").is_in(near.implode()))
    return network.with_nodes(pl.concat([kept, loose]).sort("id"))


def _of_kinds(network: Network, kinds: tuple[str, ...]) -> Network:
    known = sorted(network.edges["kind"].unique())
    _check_known(network, "ties of the kind", kinds, known)
    return network.with_edges(network.edges.filter(pl.col("kind").is_in(kinds)))


def _of_modality(network: Network, modality: tuple[str, ...]) -> Network:
    _need(network, network.edges, "modality")
    of_each = pl.col("modality").str.split(" ")
    known = sorted(network.edges.select(of_each.explode().unique().drop_nulls()).to_series())
    _check_known(network, "claims of the modality", modality, known)
    asked = of_each.list.eval(pl.element().is_in(modality)).list.any()
    return network.with_edges(network.edges.filter(asked))


def _check_known(network: Network, what: str, asked: Iterable[str], known: list[str]) -> None:
    for one in asked:
        if one not in known:
            raise ParameterError(
                f"the network {network.name} has no {what} {one!r}; it has: {', '.join(known)}."
            )


def _as_of(network: Network, when: str | None, *, dated: bool) -> Network:
    """Keep ties that may have held at some time of an EDTF date or interval."""
    bounds = dates.bounds(when) if when else dates.Bounds()
    edges = network.edges
    columns = [name for name in ("begin", "end") if name in edges.columns]
    if not columns:
        raise ParameterError(f"the ties of the network {network.name} have no dates.")
    kept = pl.any_horizontal(pl.col(columns).is_not_null()) if dated else pl.lit(value=True)
    if "begin" in columns and bounds.end_latest:
        kept &= (pl.col("begin") <= bounds.end_latest).fill_null(value=True)
    if "end" in columns and bounds.begin_earliest:
        kept &= (pl.col("end") >= bounds.begin_earliest).fill_null(value=True)
    return network.with_edges(edges.filter(kept))


def _around(network: Network, ego: str, radius: int) -> Network:
    if radius < 1:
        raise ParameterError(f"radius {radius}: an ego network reaches at least 1 step.")
    labels = [name for name in ("id", "label", "label_zh", "label_en") if name in network.nodes]
    named = network.nodes.filter(pl.any_horizontal(pl.col(labels) == ego))
    if named.height != 1:
        many = "no node" if named.is_empty() else f"{named.height} nodes"
        raise ParameterError(f"the network {network.name} has {many} called {ego!r}: give its id.")
    reached = named["id"]
    for _ in range(radius):
        reached = pl.concat([reached, _neighbors(network.edges, reached)]).unique()
    return network.with_nodes(network.nodes.filter(pl.col("id").is_in(reached.implode())))


def _neighbors(edges: pl.DataFrame, nodes: pl.Series) -> pl.Series:
    """List the nodes tied to one of these, whichever way the tie points."""
    ids = nodes.implode()
    out = edges.filter(pl.col("source").is_in(ids))["target"].alias("id")
    back = edges.filter(pl.col("target").is_in(ids))["source"].alias("id")
    return pl.concat([out, back]).unique()


def _need(network: Network, frame: pl.DataFrame, column: str) -> None:
    if column not in frame.columns:
        raise ParameterError(f"the network {network.name} knows no {column} to filter by.")
