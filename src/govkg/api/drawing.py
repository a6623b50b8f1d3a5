"""Networks drawn from a graph: their query run, their filters applied, their origin told."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from govkg import queries
from govkg.api import nodes
from govkg.namespaces import expand, shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govkg.languages import Language
    from govkg.networks import Network
    from govkg.queries import Query
    from govkg.results import Engine


def draw(
    engine: Engine,
    origin: Mapping[str, str],
    query: Query,
    lang: Language | None,
    asked: Mapping[str, object],
) -> Network:
    """Draw a network by its query; `origin` is told in what is exported of it."""
    from govkg import networks

    filters, params = networks.sort_out(query, asked)
    params = nodes.given(engine, query, params, lang)
    if filters.within:
        filters = replace(filters, within=_territory(engine, filters.within, lang))
    answer = engine.serialize(query.bind(params, lang), "tsv")
    drawn = networks.read(query, answer, lang or "en")
    if filters.ego:
        filters = replace(filters, ego=_ego(engine, drawn, filters.ego, lang or "en"))
    places = _places(engine, filters.within) if filters.within else ()
    about = {
        "query": {"name": query.name, "sha256": sha256(query.text.encode()).hexdigest()},
        "parameters": params,
        **origin,
        "filters": filters.told(),
    }
    return replace(networks.apply(drawn, filters, places), about=about)


def _territory(engine: Engine, name: str, lang: Language | None) -> str:
    """Give the prefixed name of a territory by its code, its IRI or a name."""
    code = f"division:{name}" if name.isdigit() else name
    return shorten(nodes.resolve(engine, code, lang or "en"))


def _ego(engine: Engine, network: Network, name: str, lang: Language) -> str:
    """Give the id of a node of a network by its id, a label in it, or a name in the graph."""
    import polars as pl

    ids = network.nodes["id"]
    if name in ids or queries.is_iri(name):
        return shorten(expand(name))
    labels = [column for column in network.nodes.columns if column.startswith("label")]
    named = network.nodes.filter(pl.any_horizontal(pl.col(labels) == name))["id"]
    if named.len() == 1:
        return str(named[0])
    among = named if named.len() else ids
    return shorten(nodes.resolve(engine, name, lang, {expand(one) for one in among}))


def _places(engine: Engine, name: str) -> list[str]:
    """List the territories within one, in documents and in reference data alike."""
    query = queries.lookup("places-within").bind({"top": name})
    return [shorten(str(place)) for (place,) in engine.select(query)]
