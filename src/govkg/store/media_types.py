"""The formats that Oxigraph reads and writes, by suffix, name and media type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

import pyoxigraph as ox

from govkg.errors import FormatError, SourceError

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
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
# A key: within a text of JSON its quotes would be escaped. An IRI has no quotes.
_TYPES = re.compile(
    rb'"http://www\.w3\.org/1999/02/22-rdf-syntax-ns#type":\[((?:\{"@id":"[^"]*"\},?)+)\]'
)
_NODE = re.compile(rb'\{"@id":("[^"]*")\}')
_RDF_FORMATS = {
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".nq": ox.RdfFormat.N_QUADS,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".trig": ox.RdfFormat.TRIG,
    ".ttl": ox.RdfFormat.TURTLE,
}
RDF_SUFFIXES = tuple(_RDF_FORMATS)


def mend(media_type: str, written: bytes) -> bytes:
    """Mend what Oxigraph has written, which is not always what readers of the format take.

    JSON-LD says `@type`, by which tools find nodes, for `rdf:type`; XML keeps carriage returns.
    Raises FormatError where XML can't carry an answer: a control character, or a property whose
    IRI ends in no XML name. Source: JSON-LD 1.1 API, "Serialize RDF as JSON-LD".
    """
    if media_type == "application/ld+json":
        return _TYPES.sub(lambda found: b'"@type":[' + _NODE.sub(rb"\1", found[1]) + b"]", written)
    if not media_type.endswith("xml"):
        return written
    try:
        expat.ParserCreate(namespace_separator=" ").Parse(written, True)
    except expat.ExpatError as error:
        why = "it holds a character or the name of a property that XML has not"
        raise cant_carry(media_type, why) from error
    return written.replace(b"\r", b"&#13;") if b"\r" in written else written


def cant_carry(media_type: str, why: str) -> FormatError:
    """Make the error for an answer that has no form in a media type."""
    others = [
        other
        for family in (ROW_MEDIA_TYPES, GRAPH_MEDIA_TYPES)
        if media_type in family
        for other in family
        if other != media_type
    ]
    return FormatError(f"{media_type} can't carry this answer ({why}): take {' or '.join(others)}.")


def rdf_format(path: Path) -> ox.RdfFormat:
    """Tell the format of a file by its suffix; raise SourceError where it is none of RDF."""
    form = _RDF_FORMATS.get(path.suffix)
    if form is None:
        raise SourceError(path, None, f"not an RDF file: use one of {' '.join(_RDF_FORMATS)}.")
    return form
