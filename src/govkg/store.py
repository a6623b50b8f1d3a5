"""The only module that sees Oxigraph: loading, querying and dumping quads."""

from __future__ import annotations

import re
import tempfile
import textwrap
from collections import namedtuple
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pyoxigraph as ox

from govkg import textfile
from govkg.errors import InputError, SourceError
from govkg.namespaces import BASE, GENID, PREFIXES
from govkg.results import Result
from govkg.sparqltext import names_graphs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.results.graph import GraphResult

    RuleFunction = Callable[..., str | None]
    OxTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
    OxFunctions = dict[ox.NamedNode, Callable[..., OxTerm | None]]

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


@dataclass(frozen=True)
class Dataset:
    """The graphs a request asks: `graphs` (default, named) go before those named `in_query`."""

    graphs: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    in_query: bool = False


class Store:
    """A set of quads that answers SPARQL over the union of its graphs."""

    def __init__(self, inner: ox.Store | None = None) -> None:
        self._inner = inner or ox.Store()

    @classmethod
    def open(cls, directory: Path) -> Store:
        """Open a store on disk for reading only."""
        try:
            return cls(ox.Store.read_only(str(directory)))
        except OSError as error:
            raise InputError(
                f"{directory} holds no readable store ({error}): run `govkg build` again."
            ) from error

    def in_memory(self, *, without: Iterable[str] = ()) -> Store:
        """Copy the store, or all but some graphs, into memory, where scans are faster."""
        copy, left_out = ox.Store(), set(map(ox.NamedNode, without))
        for graph in self._inner.named_graphs():
            if graph not in left_out:
                copy.bulk_extend(self._inner.quads_for_pattern(None, None, None, graph))
        copy.bulk_extend(self._inner.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        return Store(copy)

    @classmethod
    def of_dump(cls, quads: Path) -> Store:
        """Load an N-Quads file of ours into memory, three times as fast as copying a store."""
        store = cls()
        store._inner.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
        return store

    def excerpt(self, large: Iterable[str]) -> Store:
        """Copy all graphs into memory but some large ones; of these, what the others lead to."""
        left_out = list(large)
        copy = self.in_memory(without=left_out)
        copy.follow(self, left_out)
        return copy

    def follow(self, other: Store, graphs: Iterable[str]) -> None:
        """Add what the objects here lead to, step by step, in some graphs of another store."""
        among = list(map(ox.NamedNode, graphs))
        todo = {quad.object for quad in self._inner if isinstance(quad.object, ox.NamedNode)}
        done: set[OxTerm] = set()
        while todo:
            node = todo.pop()
            done.add(node)
            for graph in among:
                for quad in other._inner.quads_for_pattern(node, None, None, graph):
                    self._inner.add(quad)
                    if isinstance(quad.object, ox.NamedNode) and quad.object not in done:
                        todo.add(quad.object)

    def add(self, other: Store) -> None:
        """Add all quads of another store."""
        self._inner.bulk_extend(other._inner)

    def subjects(self) -> set[str]:
        """List the subjects of all graphs: IRIs, and blank nodes as `_:label`."""
        return {str(quad.subject).strip("<>") for quad in self._inner}

    def match(self, s: Node | None, p: Node | None, o: Node | None) -> Iterator[tuple[Any, ...]]:
        """Find the triples of all graphs, each once, that fit a pattern of rdflib terms."""
        try:
            pattern = [None if term is None else _to_ox(term) for term in (s, p, o)]
            quads = self._inner.quads_for_pattern(pattern[0], pattern[1], pattern[2], None)
        except (TypeError, ValueError):  # no such term can stand here
            return iter(())
        return (tuple(map(_term, triple)) for triple in _each_once(quads))

    def __len__(self) -> int:
        return len(self._inner)

    def load(self, path: Path, graph: str | None = None) -> None:
        """Add a file (Turtle, TriG, N-Triples, N-Quads, JSON-LD); triples go to `graph`.

        Raises SourceError, with the line, where the file is missing, of no known format or broken.
        """
        self.load_text(textfile.read(path), path, graph)

    def load_text(self, text: str, path: Path, graph: str | None = None) -> None:
        """Add RDF in the format of the file that it comes from or would be written to."""
        target = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        try:
            self._inner.load(text.encode(), _rdf_format(path), to_graph=target)
        except SyntaxError as error:
            message = re.sub(r"^Parser error (at|between) line .*?: ", "", error.msg)
            raise SourceError(path, error.lineno, f"{message}: mend the syntax here.") from error

    def add_skolemized(self, path: Path, graph: str) -> None:
        """Add an RDF file, its blank nodes named by RDFC-1.0 canonicalization and file name."""
        staging = Store()
        staging.load(path)
        quads = ox.Dataset(staging._inner)
        quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        name = f"{GENID}{path.parent.name}-{path.stem}-"
        target = ox.NamedNode(graph)

        def named(term: Any) -> Any:  # noqa: ANN401 - whatever stands there, kept
            return ox.NamedNode(name + term.value) if isinstance(term, ox.BlankNode) else term

        self._inner.extend(
            ox.Quad(named(quad.subject), quad.predicate, named(quad.object), target)
            for quad in quads
        )

    def query(self, sparql: str) -> Result | GraphResult | bool:
        """Run any query: rows of a SELECT, an rdflib graph of a CONSTRUCT, a bool of an ASK.

        Raises InputError, with line and column, where the query is not valid SPARQL 1.1.
        """
        answer = self._run(sparql)
        if isinstance(answer, ox.QuerySolutions):
            return _result(answer)
        if isinstance(answer, ox.QueryBoolean):
            return bool(answer)
        return _graph(answer)

    def select(self, sparql: str) -> Result:
        """Run a SELECT; raise InputError for any other form of query."""
        answer = self._run(sparql)
        if not isinstance(answer, ox.QuerySolutions):
            raise InputError("this takes a SELECT query; ASK and CONSTRUCT give no rows.")
        return _result(answer)

    def serialize(self, sparql: str, form: str) -> bytes:
        """Run a SELECT or ASK and write the answer in a W3C result format."""
        answer = self._run(sparql)
        if isinstance(answer, ox.QueryTriples):
            written = answer.serialize(format=ox.RdfFormat.TURTLE)
        else:
            written = answer.serialize(format=RESULT_FORMATS[form])
        return written or b""

    def answer(self, sparql: str, media_type: str, out: IO[bytes], dataset: Dataset) -> None:
        """Write the answer to any query in a media type of rows or of graphs, as it is found.

        Raises InputError where the query is not valid SPARQL 1.1, and whatever `out` raises.
        """
        default, named = (_names(graphs) for graphs in dataset.graphs)
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
        if isinstance(found, ox.QueryTriples):
            found.serialize(out, GRAPH_MEDIA_TYPES[media_type])
        else:
            found.serialize(out, ROW_MEDIA_TYPES[media_type])

    def derive(self, rule: str, functions: Mapping[str, RuleFunction], graph: str) -> int:
        """Add to `graph` what a CONSTRUCT rule yields and no graph states; count it.

        `functions` (IRI to function) take the texts of terms and give an ISO date or None.
        """
        known = {ox.NamedNode(iri): _as_date(function) for iri, function in functions.items()}
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
                use_default_graph_as_union=not names_graphs(sparql),
                custom_functions=functions,
            )
        except SyntaxError as error:
            message = textwrap.shorten(str(error.msg), 160)
            raise InputError(f"the query is not valid SPARQL 1.1: {message}") from error

    def counts(self) -> dict[str, int]:
        """Count the triples of each graph, by graph IRI in order."""
        rows = self.select("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
        return {str(g): int(n) for g, n in sorted(rows)}

    def dump_quads(self, path: Path) -> None:
        """Write sorted N-Quads, with little memory, whatever the size."""
        with tempfile.TemporaryDirectory(prefix=".dump-", dir=path.parent) as folder:
            unsorted = Path(folder) / path.name
            self._inner.dump(str(unsorted), ox.RdfFormat.N_QUADS)
            textfile.sort_lines(unsorted, path)

    def write_quads(self, path: Path, *, without: Iterable[str] = ()) -> None:
        """Write N-Quads in no order, without the quads of some graphs."""
        ox.serialize(self._without(without), path, ox.RdfFormat.N_QUADS)

    def write_triples(self, path: Path, *, without: Iterable[str] = ()) -> None:
        """Write N-Triples in no order, without the triples of some graphs."""
        kept = (quad.triple for quad in self._without(without))
        ox.serialize(kept, path, ox.RdfFormat.N_TRIPLES)

    def _without(self, graphs: Iterable[str]) -> Iterator[ox.Quad]:
        left_out = set(map(ox.NamedNode, graphs))
        return (quad for quad in self._inner if quad.graph_name not in left_out)

    def dump_trig(self, path: Path) -> None:
        """Write TriG, in the order of the N-Quads."""
        in_order = sorted((str(quad.graph_name), str(quad), quad) for quad in self._inner)
        with path.open("wb") as trig:
            quads = (quad for *_, quad in in_order)
            ox.serialize(quads, trig, ox.RdfFormat.TRIG, prefixes=PREFIXES)

    @staticmethod
    def write(directory: Path, quads: Path) -> None:
        """Make a store on disk of an N-Quads file, in one load.

        A second load, or optimizing after it, would leave files twice as large: RocksDB keeps what
        it merges uncompressed, while one load gives sorted, compressed files.
        """
        on_disk = ox.Store(str(directory))
        on_disk.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
        on_disk.flush()

    def to_rdflib(self, *graphs: str) -> Graph:
        """Copy the union of the named graphs (all, where none is named) for rdflib."""
        from rdflib import Graph

        union = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            union.bind(prefix, namespace)
        names = graphs or tuple(self.counts())
        for graph in map(ox.NamedNode, names):
            for quad in self._inner.quads_for_pattern(None, None, None, graph):
                union.add((_term(quad.subject), _term(quad.predicate), _term(quad.object)))
        return union


def read_json(answer: bytes) -> Result | bool:
    """Read SPARQL 1.1 results in JSON; raise SyntaxError where they are none."""
    found = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    return _result(found) if isinstance(found, ox.QuerySolutions) else bool(found)


def convert_json(answer: bytes, form: str) -> bytes:
    """Write SPARQL 1.1 results in JSON in another W3C result format."""
    found = ox.parse_query_results(answer, format=ox.QueryResultsFormat.JSON)
    return found.serialize(format=RESULT_FORMATS[form]) or b""


def _names(iris: Iterable[str]) -> list[Any]:
    try:
        return [ox.NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise InputError(f"a graph is named by an IRI: {error}") from error


def _rdf_format(path: Path) -> ox.RdfFormat:
    form = _RDF_FORMATS.get(path.suffix)
    if form is None:
        raise SourceError(path, None, f"not an RDF file: use one of {' '.join(_RDF_FORMATS)}.")
    return form


def _each_once(quads: Iterable[ox.Quad]) -> Iterator[tuple[OxTerm, OxTerm, OxTerm]]:
    seen = set()
    for quad in quads:
        triple = (quad.subject, quad.predicate, quad.object)
        if triple not in seen:
            seen.add(triple)
            yield triple


def _to_ox(term: Node) -> Any:  # noqa: ANN401 - any Oxigraph term
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


def _as_date(function: RuleFunction) -> Callable[..., OxTerm | None]:
    date = ox.NamedNode(PREFIXES["xsd"] + "date")

    def call(*terms: ox.NamedNode | ox.Literal) -> ox.Literal | None:
        found = function(*(term.value for term in terms))
        return ox.Literal(found, datatype=date) if found else None

    return call


def _result(solutions: ox.QuerySolutions) -> Result:
    columns = tuple(variable.value for variable in solutions.variables)
    row = namedtuple("Row", columns, rename=True)  # type: ignore[misc]
    return Result(columns, tuple(row(*(_term(term) for term in found)) for found in solutions))


def _graph(triples: Iterable[ox.Triple]) -> GraphResult:
    from govkg.results.graph import GraphResult

    graph = GraphResult()
    for triple in triples:
        graph.add((_term(triple.subject), _term(triple.predicate), _term(triple.object)))
    return graph


def _term(term: OxTerm | None) -> Any:  # noqa: ANN401 - rdflib's own terms are loosely typed
    """Turn an Oxigraph term into the rdflib term that people know."""
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
            return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
        case None:
            return None
    raise InputError("triple terms of RDF 1.2 are not used here: ask for their parts.")
