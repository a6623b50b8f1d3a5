"""Runs SHACL shapes over fixtures and gives back comparable rows.

A fixture is a Turtle file under `tests/shapes/<Shape>/`. Its first lines say what it must yield:
`# expect: <focus> <path or -> <constraint component> <severity>`, with prefixed names and paths
in SPARQL syntax. To its triples come those of the ontology that every build has: what classes and
concepts it names are, and the superclasses of its nodes. Only findings about its own nodes count.
"""

from __future__ import annotations

import gc
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pyshacl
from rdflib import RDF, RDFS, SH, SKOS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL
from rdflib.plugins.sparql import prepareQuery

from govkg import sources
from govkg.namespaces import GOV, PREFIXES, shorten
from govkg.validation.ill_typed import set_apart

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib.query import Result
    from rdflib.term import Node

FIXTURES = Path(__file__).parent / "shapes"
SHAPE = PREFIXES["shape"]
_EXPECT = "# expect: "
_TARGETS = {SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf}
_NOT_CONSTRAINTS = _TARGETS | {
    *(RDF.type, SH.path, SH.name, SH.message, SH.severity, SH.property, SH.sparql),
    *(SH.prefixes, SH.select),  # the whole constraint is one
    SH.qualifiedValueShape,  # nothing without its counts
}


class Row(NamedTuple):
    """A finding, as an `# expect:` line writes it."""

    focus: str
    path: str
    component: str
    severity: str

    def __str__(self) -> str:
        return _EXPECT + " ".join(self)


class Found(NamedTuple):
    """A finding and the rule that it comes from."""

    row: Row
    rule: URIRef


class PreparedGraph(Graph):
    """A graph that parses each query once; pySHACL asks the same one for every focus node."""

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Result:  # noqa: ANN401
        """Run a query, parsed before where it has been asked before."""
        prepared = _prepare(query_object) if isinstance(query_object, str) else query_object
        return super().query(prepared, *args, **kwargs)


_prepare = lru_cache(maxsize=None)(prepareQuery)


class Fixture:
    """One Turtle file and what it is expected to yield."""

    def __init__(self, path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        self.path = path
        self.shape = URIRef(SHAPE + path.parent.name)
        self.expected = frozenset(map(_row, filter(_expects, text.splitlines())))
        self.valid = path.name.startswith("valid-")
        self.data = PreparedGraph()
        self.data.parse(data=text, format="turtle")
        self.nodes = set(self.data.subjects())
        for triple in [*_context(self.data.all_nodes()), *_closure(self.data)]:
            self.data.add(triple)

    def __str__(self) -> str:
        return f"{self.path.parent.name}/{self.path.stem}"

    def run(self, shapes: Graph) -> list[Found]:
        """Validate the fixture against a shapes graph; leave out the nodes of the context."""
        return [
            Found(Row(_name(focus), path, component, severity), rule)
            for focus, path, component, severity, rule in _report(self.data, shapes)
            if focus in self.nodes
        ]


@cache
def fixtures() -> tuple[Fixture, ...]:
    """Read every fixture, in order of path, and spare them the collections that follow pySHACL."""
    read = tuple(Fixture(path) for path in fixture_paths())
    gc.collect()
    gc.freeze()
    return read


def fixture_paths() -> list[Path]:
    """List the fixture files."""
    return sorted(FIXTURES.glob("*/*.ttl"))


@cache
def fixture(path: Path) -> Fixture:
    """Read one fixture, once."""
    return next(found for found in fixtures() if found.path == path)


@cache
def shapes() -> Graph:
    """Read all SHACL files."""
    return _read(sources.shape_files())


@cache
def terms() -> Graph:
    """Read all modules and code schemes."""
    return _read(path for path in sources.term_files() if path.exists())


@cache
def findings(path: Path) -> tuple[Found, ...]:
    """Validate a fixture against all shapes, once."""
    return tuple(fixture(path).run(shapes()))


def node_shapes() -> list[URIRef]:
    """List the node shapes that have a target, by IRI."""
    return sorted({s for target in _TARGETS for s in _iris(shapes().subjects(target))})


def helpers() -> list[URIRef]:
    """List the node shapes without a target: they are called by others."""
    return sorted({*_iris(shapes().subjects(RDF.type, SH.NodeShape))} - {*node_shapes()})


def rules(shape: URIRef) -> list[URIRef]:
    """List the rules of a node shape: property shapes, SPARQL constraints, and it itself."""
    found = [
        *_iris(shapes().objects(shape, SH.property)),
        *_iris(shapes().objects(shape, SH.sparql)),
    ]
    return sorted(found) + ([shape] if parameters(shape) else [])


def found_in_sparql(shape: URIRef) -> bool:
    """Say whether a node shape holds SPARQL constraints."""
    return (shape, SH.sparql, None) in shapes()


def parameters(rule: URIRef) -> list[tuple[Node, Node]]:
    """List the constraint parameters of a rule: predicate and value."""
    return [po for po in shapes().predicate_objects(rule) if po[0] not in _NOT_CONSTRAINTS]


def targets(shape: URIRef) -> list[tuple[Node, Node]]:
    """List the target declarations of a node shape: predicate and value."""
    return [po for po in shapes().predicate_objects(shape) if po[0] in _TARGETS]


def cut(shape: URIRef) -> Graph:
    """Cut a node shape, with all that it calls, out of the shapes graph."""
    out = Graph()
    todo: list[Node] = [shape, URIRef(SHAPE + "prefixes")]
    while todo:
        node = todo.pop()
        if (node, None, None) in out:
            continue
        for triple in shapes().triples((node, None, None)):
            out.add(triple)
            if isinstance(triple[2], BNode) or str(triple[2]).startswith(SHAPE):
                todo.append(triple[2])
    return out


def _report(data: Graph, rules: Graph) -> Iterator[tuple[Node, str, str, str, URIRef]]:
    data = set_apart(data)  # as run_rules does for every engine
    _, report, _ = pyshacl.validate(data, shacl_graph=rules, inference="none", inplace=True)
    assert isinstance(report, Graph), report
    for result in report.objects(None, SH.result):
        source = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
        focus, severity, component = (
            report.value(result, p)
            for p in (SH.focusNode, SH.resultSeverity, SH.sourceConstraintComponent)
        )
        assert isinstance(source, URIRef), f"a rule has no IRI: {focus} {component}"
        assert focus is not None
        path = path_text(report, report.value(result, SH.resultPath))
        yield focus, path, _name(component), _name(severity), source


def path_text(graph: Graph, path: Node | None) -> str:
    """Write a SHACL path in SPARQL syntax; `-` where there is none."""
    if path is None:
        return "-"
    if isinstance(path, URIRef):
        return _name(path)
    if options := graph.value(path, SH.alternativePath):
        return "|".join(path_text(graph, step) for step in Collection(graph, options))
    if inverse := graph.value(path, SH.inversePath):
        return "^" + path_text(graph, inverse)
    return "/".join(path_text(graph, step) for step in Collection(graph, path))


def _context(nodes: Iterable[Node]) -> Iterator[tuple[Node, Node, Node]]:
    """Say of the classes and concepts that nodes name, and those above them, what they are."""
    graph, todo = terms(), list(nodes)
    done: set[Node] = set()
    while todo:
        node = todo.pop()
        if node in done:
            continue
        done.add(node)
        for predicate in (RDF.type, RDFS.subClassOf, SKOS.inScheme, SKOS.broader):
            for value in graph.objects(node, predicate):
                if isinstance(value, URIRef):
                    yield node, predicate, value
                    if predicate != RDF.type:
                        todo.append(value)


def _closure(data: Graph) -> Iterator[tuple[Node, Node, Node]]:
    for node, kind in list(data.subject_objects(RDF.type)):
        for above in terms().transitive_objects(kind, RDFS.subClassOf):
            if isinstance(above, URIRef):
                yield node, RDF.type, above


def own_terms(kind: URIRef) -> set[URIRef]:
    """List the classes or properties of our namespace in the modules."""
    return {s for s in _iris(terms().subjects(RDF.type, kind)) if s.startswith(GOV)}


def own_properties() -> set[URIRef]:
    """List the properties of our namespace, of every kind."""
    kinds = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
    return set().union(*map(own_terms, kinds))


def _read(paths: Iterable[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle")
    return graph


def _iris(nodes: Iterable[Node]) -> Iterator[URIRef]:
    return (node for node in nodes if isinstance(node, URIRef))


def _expects(line: str) -> bool:
    return line.startswith(_EXPECT)


def _row(line: str) -> Row:
    return Row(*line.removeprefix(_EXPECT).split())


def _name(node: Node | None) -> str:
    return f"_:{node}" if isinstance(node, BNode) else shorten(str(node))
