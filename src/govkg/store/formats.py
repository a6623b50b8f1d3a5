"""The formats that Oxigraph reads and writes, by suffix, name and media type."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from govkg.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

RESULT_FORMATS = {
    "csv": ox.QueryResultsFormat.CSV,
    "json": ox.QueryResultsFormat.JSON,
    "tsv": ox.QueryResultsFormat.TSV,
    "xml": ox.QueryResultsFormat.XML,
}
ROW_MEDIA_TYPES = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPH_MEDIA_TYPES = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
_RDF_FORMATS = {
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
}
RDF_SUFFIXES = tuple(_RDF_FORMATS)


def rdf_format(path: Path) -> ox.RdfFormat:
    """Tell the format of a file by its suffix; raise SourceError where it is none of RDF."""
    form = _RDF_FORMATS.get(path.suffix)
    if form is None:
        raise SourceError(path, None, f"not an RDF file: use one of {' '.join(_RDF_FORMATS)}.")
    return form
