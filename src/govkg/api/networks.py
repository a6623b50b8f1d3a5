"""Networks drawn from a graph: their query run, their filters applied, their origin told."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from govkg import queries
from govkg.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govkg.languages import Language
    from govkg.networks import Network
    from govkg.results import Engine

# A place of a document and the division that it is listed as are one place.
_WITHIN = queries.inline(
    "within",
    top="iri",
    text="""
PREFIX gov: <https://w3id.org/govkg/ontology#>
SELECT DISTINCT ?place {
  ?top a gov:Territory .
  ?place (gov:within|gov:listedAs|^gov:listedAs)* ?top
} ORDER BY ?place
""",
)


def draw(
    engine: Engine,
    origin: Mapping[str, str],
    name: str,
    lang: Language | None,
    asked: Mapping[str, object],
) -> Network:
    """Draw a network by the name of its query; `origin` is told in what is exported of it."""
    from govkg import networks

    query = queries.find("networks", name)
    filters, params = networks.sort_out(query, asked)
    answer = engine.serialize(query.bind(params, lang), "tsv")
    drawn = networks.read(query, answer, lang or "en")
    places = _places(engine, filters.within) if filters.within else ()
    about = {
        "query": {"name": query.name, "sha256": sha256(query.text.encode()).hexdigest()},
        "parameters": params,
        **origin,
        "filters": filters.told(),
    }
    return replace(networks.apply(drawn, filters, places), about=about)


def _places(engine: Engine, territory: str) -> list[str]:
    """List the territories within one, in documents and in reference data alike."""
    name = f"division:{territory}" if territory.isdigit() else territory
    return [shorten(str(place)) for (place,) in engine.select(_WITHIN.bind({"top": name}))]
