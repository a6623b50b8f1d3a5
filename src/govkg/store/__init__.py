"""The only package that sees Oxigraph: quads loaded, queried and dumped."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import pyoxigraph as ox

from govkg.errors import InputError
from govkg.namespaces import BASE
from govkg.queries import lookup
from govkg.sparqltext import names_graphs
from govkg.store.media_types import (
    GRAPH_MEDIA_TYPES,
    RDF_SUFFIXES,
    RESULT_FORMATS,
    ROW_MEDIA_TYPES,
    cant_carry,
    mend,
)
from govkg.store.quads import Quads
from govkg.store.rdflib_terms import as_date, graph_of, names, result_of, to_ox

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.results import Result
    from govkg.results.graph import GraphResult
    from govkg.store.rdflib_terms import OxTerm, RuleFunction

    OxGraph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph
    OxFunctions = dict[ox.NamedNode, Callable[..., OxTerm | None]]

__all__ = [
    "RDF_SUFFIXES",
    "RESULT_FORMATS",
    "Dataset",
    "Store",
    "columns_of",
    "convert_json",
    "mend",
    "read_json",
]


# How Oxigraph's errors of writing begin; others are of the disk.
_WRITERS = ("RDF/XML ", "JSON-LD ")


@dataclass(frozen=True)
class Dataset:
    """The graphs a request asks: `graphs` (default, named) go before those named `in_query`."""

    graphs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    in_query: bool = False


class Store(Quads):
    """A set of quads that answers SPARQL over the union of its graphs."""

    _unnamed: list[OxGraph] | None = None

    def beside(self, graph: Graph, name: str) -> Self:
        """Copy the store into memory, with a graph that only GRAPH finds, by its name."""
        copy = self.in_memory()
        copy._unnamed = [*copy._inner.named_graphs(), ox.DefaultGraph()]
        copy.load_text(graph.serialize(format="nt"), Path("graph.nt"), name)
        return copy

    def query(self, sparql: str) -> Result | GraphResult | bool:
        """Run any query: rows of a SELECT, an rdflib graph of a CONSTRUCT, a bool of an ASK.

        Raises InputError, with line and column, where the query is not valid SPARQL 1.1.
        """
        answer = self._run(sparql)
        if isinstance(answer, ox.QuerySolutions):
            return result_of(answer)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        return graph_of(answer)

    def select(self, sparql: str, constants: Mapping[str, Node] | None = None) -> Result:
        """Run a SELECT; raise InputError for any other form of query.

        `constants` are terms that the query calls by functions without arguments (by IRI), as it
        must call blank nodes.
        """
        terms = {ox.NamedNode(iri): to_ox(term) for iri, term in (constants or {}).items()}
        answer = self._run(sparql, {iri: partial(_given, term) for iri, term in terms.items()})
        if not isinstance(answer, ox.QuerySolutions):
            raise InputError("this takes a SELECT query; ASK and CONSTRUCT give no rows.")
        return result_of(answer)

    def serialize(self, sparql: str, form: str) -> bytes:
        """Run a query and write its answer in a W3C result format, a graph in Turtle.

        Raises InputError where the query is not valid, FormatError where XML can't carry it.
        """
        answer = self._run(sparql)
        if isinstance(answer, ox.QueryTriples):
            return answer.serialize(format=ox.RdfFormat.TURTLE) or b""
        written = answer.serialize(format=RESULT_FORMATS[form]) or b""
        return mend(RESULT_FORMATS[form].media_type, written)

    def answer(self, sparql: str, media_type: str, out: IO[bytes], dataset: Dataset) -> None:
        """Write the answer to any query in a media type of rows or of graphs, as it is found.

        What is written is right for readers once it is mended (`mend`). Raises InputError where
        the query is not valid SPARQL 1.1, FormatError where the format has no form for a term of
        the answer, and whatever `out` raises.
        """
        default, named = (names(graphs) for graphs in dataset.graphs)
        given = bool(default or named)
        try:
            found = self._inner.query(
                sparql,
                base_iri=BASE,
                use_default_graph_as_union=not (given or dataset.in_query),
                default_graph=default if given else None,
                named_graphs=named if given else None,
            )
        except (SyntaxError, ValueError) as error:
            raise InputError(f"the query is not valid SPARQL 1.1: {error}") from error
        try:
            if isinstance(found, ox.QueryTriples):
                found.serialize(out, GRAPH_MEDIA_TYPES[media_type])
            else:
                found.serialize(out, ROW_MEDIA_TYPES[media_type])
        except OSError as error:
            if str(error).startswith(_WRITERS):
                raise cant_carry(media_type, str(error)) from error
            raise

    def derive(self, rule: str, functions: Mapping[str, RuleFunction], graph: str) -> int:
        """Add to `graph` what a CONSTRUCT rule yields and no graph states; count it.

        `functions` (IRI to function) take the texts of terms and give an ISO date or None.
        """
        known = {ox.NamedNode(iri): as_date(function) for iri, function in functions.items()}
        target = ox.NamedNode(graph)
        found = set(self._run(rule, known))  # type: ignore[arg-type]
        new = [t for t in found if not self._states(t)]
        self._inner.extend(ox.Quad(s, p, o, target) for s, p, o in new)
        return len(new)

    def _states(self, triple: ox.Triple) -> bool:
        s, p, o = triple
        return any(self._inner.quads_for_pattern(s, p, o, None))

    def _run(
        self, sparql: str, functions: OxFunctions | None = None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._inner.query(
                sparql,
                use_default_graph_as_union=not (self._unnamed or names_graphs(sparql)),
                default_graph=self._unnamed,
                custom_functions=functions,
            )
        except SyntaxError as error:
            message = textwrap.shorten(str(error.msg), 160)
            raise InputError(f"the query is not valid SPARQL 1.1: {message}") from error

    def counts(self) -> dict[str, int]:
        """Count the triples of each graph, by graph IRI in order."""
        rows = self.select(lookup("graph-counts").text)
        return {str(g): int(n) for g, n in sorted(rows)}


def _given(term: OxTerm) -> OxTerm:
    return term


def columns_of(sparql: str, prefixes: Mapping[str, str]) -> tuple[str, ...] | None:
    """Give the columns of a SELECT, None for another form of query, without running it.

    Raises InputError as `query` does.
    """
    try:
        answer = ox.Store().query(sparql, prefixes=dict(prefixes))
    except SyntaxError as error:
        raise InputError(textwrap.shorten(str(error.msg), 160)) from error
    if not isinstance(answer, ox.QuerySolutions):
        return None
    return tuple(variable.value for variable in answer.variables)


def read_json(answer: bytes) -> Result | bool:
    """Read SPARQL 1.1 results in JSON; raise SyntaxError where they are none."""
    found = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    return result_of(found) if isinstance(found, ox.QuerySolutions) else bool(found)


def convert_json(answer: bytes, form: str) -> bytes:
    """Write SPARQL 1.1 results in JSON in another W3C result format."""
    found = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    return mend(
        RESULT_FORMATS[form].media_type, found.serialize(format=RESULT_FORMATS[form]) or b""
    )
