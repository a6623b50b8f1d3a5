"""Terms of Oxigraph and terms of rdflib, one made of the other (ADR 2)."""

from __future__ import annotations

import logging
from collections import namedtuple
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from govkg.errors import InputError
from govkg.namespaces import PREFIXES
from govkg.results import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from rdflib.term import Node

    from govkg.results.graph import GraphResult

    RuleFunction = Callable[..., str | None]
    ShownDatatype = Callable[[str, str], str]
    OxTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

# rdflib logs a stack trace for each literal that Python can't read, such as 1,000 as a decimal or a
# date before year 1. It is still that literal: validation says what is wrong with it, and where.
logging.getLogger("rdflib.term").addFilter(
    lambda record: not record.getMessage().startswith("Failed to convert Literal lexical form")
)


def as_rdflib(term: OxTerm | None, shown: ShownDatatype | None = None) -> Any:  # noqa: ANN401 - rdflib's own terms are loosely typed
    """Turn an Oxigraph term into the rdflib term that people know.

    `shown` gives the datatype for the text and the datatype of a literal, where it is another.
    """
    from rdflib import BNode, Literal, URIRef

    match term:
        case ox.NamedNode():
            return URIRef(term.value)
        case ox.BlankNode():
            return BNode(term.value)
        case ox.Literal() if term.language:
            return Literal(term.value, lang=term.language)
        case ox.Literal() if term.datatype.value == PREFIXES["xsd"] + "string":
            return Literal(term.value)
        case ox.Literal():
            datatype = term.datatype.value
            if shown:
                datatype = shown(term.value, datatype)
            return Literal(term.value, datatype=URIRef(datatype), normalize=False)
        case None:
            return None
    raise InputError("triple terms of RDF 1.2 are not used here: ask for their parts.")


def to_ox(term: Node) -> Any:  # noqa: ANN401 - any Oxigraph term
    """Turn an rdflib term into an Oxigraph term; raise TypeError for what is none."""
    from rdflib import BNode, Literal, URIRef

    if isinstance(term, Literal) and term.language:
        return ox.Literal(str(term), language=term.language)
    if isinstance(term, Literal):
        return ox.Literal(
            str(term), datatype=ox.NamedNode(term.datatype) if term.datatype else None
        )
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    raise TypeError(term)


def names(iris: Iterable[str]) -> list[Any]:
    """Make nodes of IRIs; raise InputError for what is no IRI."""
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise InputError(f"a graph is named by an IRI: {error}") from error


def each_once(quads: Iterable[ox.Quad]) -> Iterator[tuple[OxTerm, OxTerm, OxTerm]]:
    """Give the triples of quads, each once."""
    seen = set()
    for quad in quads:
        triple = (quad.subject, quad.predicate, quad.object)
        if triple not in seen:
            seen.add(triple)
            yield triple


def as_date(function: RuleFunction) -> Callable[..., OxTerm | None]:
    """Make a function that Oxigraph can call of one from texts to an ISO date or None."""
    date = ox.NamedNode(PREFIXES["xsd"] + "date")

    def call(*terms: ox.NamedNode | ox.Literal) -> ox.Literal | None:
        found = function(*(term.value for term in terms))
        return ox.Literal(found, datatype=date) if found else None

    return call


def result_of(solutions: ox.QuerySolutions) -> Result:
    """Read all rows of an answer."""
    columns = tuple(variable.value for variable in solutions.variables)
    row = namedtuple("Row", columns, rename=True)  # type: ignore[misc]
    return Result(columns, tuple(row(*(as_rdflib(one) for one in found)) for found in solutions))


def graph_of(triples: Iterable[ox.Triple]) -> GraphResult:
    """Read all triples of an answer."""
    from govkg.results.graph import GraphResult

    graph = GraphResult()
    for triple in triples:
        graph.add(
            (as_rdflib(triple.subject), as_rdflib(triple.predicate), as_rdflib(triple.object))
        )
    return graph
