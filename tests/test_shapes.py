"""The SHACL shapes: each finds what it is for, no more, and none of them is idle."""

from __future__ import annotations

import re
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest
from pyshacl.errors import ConstraintLoadError
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.namespace import OWL
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

import shape_harness as harness
from govkg.namespaces import BASE, GOV, PREFIXES, expand, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdflib.term import Node

    Triples = list[tuple[Node, Node, Node]]

FILES = harness.fixture_paths()
NODE_SHAPES = harness.node_shapes()
RULES = [rule for shape in NODE_SHAPES for rule in harness.rules(shape)]
OURS = re.compile(f"{re.escape(GOV)}|{re.escape(BASE)}code/")
SEVERITIES = {SH.Violation, SH.Warning, SH.Info}
# How Python itself takes a pattern apart; typeshed knows these modules in some versions only.
regex, regex_parser = import_module("re._constants"), import_module("re._parser")
CALLS = (SH.node, SH.property, SH["not"], SH["or"], SH["and"], SH.xone, SH.qualifiedValueShape)


def local(node: Node | Path) -> str:
    """Name a test case: a shape by its local name, a fixture by folder and file."""
    if isinstance(node, URIRef):
        return node.removeprefix(harness.SHAPE)
    return f"{node.parent.name}/{node.stem}"  # type: ignore[union-attr]


# What the shapes find


@pytest.mark.parametrize("path", FILES, ids=local)
def test_fixture_yields_exactly_what_it_expects(path: Path) -> None:
    fixture = harness.fixture(path)
    assert fixture.valid != bool(fixture.expected), "valid- expects nothing, invalid- something"
    assert {found.row for found in harness.findings(path)} == fixture.expected


@pytest.mark.parametrize("path", FILES, ids=local)
def test_fixture_reaches_the_shape_of_its_folder(path: Path) -> None:
    fixture = harness.fixture(path)
    assert fixture.nodes & focus_nodes(fixture.shape, fixture.data)


def test_every_file_is_collected() -> None:
    files = [path for path in harness.FIXTURES.rglob("*") if path.is_file()]
    assert len(files) == len(FILES) > 0
    assert all(re.match(r"(valid|invalid)-[a-z-]+\.ttl$", path.name) for path in files)


@pytest.mark.parametrize("kind", ["valid", "invalid"])
def test_every_shape_has_fixtures(kind: str) -> None:
    folders = {path.parent.name for path in FILES if path.name.startswith(f"{kind}-")}
    assert folders == {local(shape) for shape in NODE_SHAPES}


def test_every_rule_is_broken_by_some_fixture() -> None:
    broken = {found.rule for path in FILES for found in harness.findings(path)}
    assert broken == set(RULES)


# No shape is idle: without any one rule, constraint or target, some fixture yields something else


@pytest.mark.parametrize("shape", NODE_SHAPES, ids=local)
def test_deleting_any_part_of_a_shape_is_noticed(shape: URIRef) -> None:
    graph = harness.cut(shape)
    covering = [
        path for path in FILES if any(owner(f.rule) == shape for f in harness.findings(path))
    ]
    for path in covering:
        assert yields(path, shape, graph) == harness.fixture(path).expected
    survivors = [
        name
        for name, triples in mutants(shape)
        if not any(noticed(path, shape, graph, triples) for path in by_relevance(covering, name))
    ]
    assert not survivors


def mutants(shape: URIRef) -> Iterator[tuple[tuple[URIRef, str], Triples]]:
    """Give what can be deleted of a shape: whole rules, single constraints, targets."""
    graph = harness.shapes()
    for predicate, value in harness.targets(shape):
        yield (
            (shape, f"{shorten(str(predicate))} {shorten(str(value))}"),
            [(shape, predicate, value)],
        )
    for rule in {*harness.rules(shape), *called_helpers(shape)}:
        if rule != shape:
            yield (rule, "whole"), list(graph.triples((None, None, rule)))
        for predicate, value in harness.parameters(rule):
            yield (rule, shorten(str(predicate))), [(rule, predicate, value)]


def noticed(path: Path, shape: URIRef, graph: Graph, triples: Triples) -> bool:
    """Say whether a fixture yields something else once triples are taken from its shape."""
    kept = [triple for triple in triples if triple in graph]
    for triple in kept:
        graph.remove(triple)
    try:
        return yields(path, shape, graph) != harness.fixture(path).expected
    except ConstraintLoadError:
        return True
    finally:
        for triple in kept:
            graph.add(triple)


def yields(path: Path, shape: URIRef, graph: Graph) -> set[harness.Row]:
    """Give what a fixture yields with one shape as in a graph, and all the others as they are."""
    others = {f.row for f in harness.findings(path) if owner(f.rule) != shape}
    return others | {found.row for found in harness.fixture(path).run(graph)}


def by_relevance(paths: list[Path], mutant: tuple[URIRef, str]) -> list[Path]:
    """Put the fixtures first that break the rule by the very constraint that is deleted."""
    rule, parameter = mutant
    name = parameter.removeprefix("sh:")
    component = f"sh:{name[:1].upper()}{name[1:]}ConstraintComponent"

    def distance(path: Path) -> int:
        found = [f for f in harness.findings(path) if f.rule == rule]
        return 2 - bool(found) - any(f.row.component == component for f in found)

    return sorted(paths, key=distance)


def owner(rule: URIRef) -> Node:
    """Find the node shape that a rule belongs to."""
    graph = harness.shapes()
    return graph.value(None, SH.property, rule) or graph.value(None, SH.sparql, rule) or rule


def called_helpers(shape: URIRef) -> set[URIRef]:
    """List the node shapes without a target that a node shape calls."""
    return {helper for helper in harness.helpers() if (helper, None, None) in harness.cut(shape)}


def focus_nodes(shape: URIRef, data: Graph) -> set[Node]:
    """Find the nodes that a shape looks at."""
    found: set[Node] = set()
    for predicate, value in harness.targets(shape):
        if predicate == SH.targetClass:
            found |= set(data.subjects(RDF.type, value))
        elif predicate == SH.targetSubjectsOf:
            found |= set(data.subjects(value, None))
        else:
            found |= set(data.objects(None, value))
    return found


# Shapes and ontology fit together


def test_every_class_is_guarded() -> None:
    guarded = set(harness.shapes().objects(None, SH.targetClass))
    classes = harness.own_terms(OWL.Class)
    above = {c: set(harness.terms().transitive_objects(c, RDFS.subClassOf)) for c in classes}
    assert classes
    assert [shorten(c) for c in sorted(classes) if not above[c] & guarded] == []


def test_every_term_of_ours_in_the_shapes_exists() -> None:
    used = {
        node
        for triple in harness.shapes()
        for node in triple
        if isinstance(node, URIRef) and OURS.match(node)
    }
    used |= {name for query in queries() for name in names_in(query)}
    defined = set(harness.terms().subjects())
    assert used
    assert sorted(shorten(node) for node in used - defined) == []


def test_targets_are_of_the_right_kind() -> None:
    properties, classes = harness.own_properties(), harness.own_terms(OWL.Class)
    for shape in NODE_SHAPES:
        for predicate, value in harness.targets(shape):
            if str(value).startswith(GOV):
                assert value in (classes if predicate == SH.targetClass else properties), value


def test_paths_are_properties() -> None:
    properties, graph = harness.own_properties(), harness.shapes()
    paths = list(graph.objects(None, SH.path))
    assert paths
    for path in paths:
        steps = re.split(r"[\^/|*]+", harness.path_text(graph, path))
        for step in (URIRef(expand(name)) for name in steps if name):
            assert not step.startswith(GOV) or step in properties, step


def test_every_shacl_term_exists() -> None:
    used = {n for triple in harness.shapes() for n in triple if str(n).startswith(str(SH))}
    assert used
    assert [term for term in used if str(term) not in SH] == []


# How the rules are written


@pytest.mark.parametrize("rule", RULES, ids=local)
def test_rule_has_name_message_and_severity(rule: URIRef) -> None:
    graph = harness.shapes()
    assert rule == owner(rule) or rule.startswith(f"{owner(rule)}-")
    for said in (SH.name, SH.message):
        languages = [getattr(text, "language", None) for text in graph.objects(rule, said)]
        assert sorted(filter(None, languages)) == ["en", "zh"]
    severities = [*graph.objects(rule, SH.severity)]
    assert len(severities) == 1
    assert set(severities) <= SEVERITIES
    if (owner(rule), SH.sparql, rule) in graph:
        assert severities == [*graph.objects(owner(rule), SH.severity)]


def test_rules_have_iris() -> None:
    graph = harness.shapes()
    for shape in NODE_SHAPES:
        rules = [*graph.objects(shape, SH.property), *graph.objects(shape, SH.sparql)]
        assert not [rule for rule in rules if isinstance(rule, BNode)]
        assert harness.rules(shape), f"{shape} has no rule"


def test_patterns_have_no_repetition_inside_a_repetition() -> None:
    patterns = [str(pattern) for pattern in harness.shapes().objects(None, SH.pattern)]
    assert patterns
    assert nests("^(a+)+$")
    assert [pattern for pattern in patterns if nests(pattern)] == []


def test_no_shape_calls_itself() -> None:
    graph = harness.shapes()
    shapes = {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(SH.path, None)}
    assert len(shapes) > len(NODE_SHAPES) > 0
    for shape in shapes:
        assert shape not in called(shape)


def test_sparql_constraints_are_safe_and_cheap() -> None:
    found = list(queries())
    assert found
    for query in found:
        words = set(re.findall(r"[A-Za-z]+", query.upper()))
        assert not words & {"MINUS", "VALUES", "SERVICE", "FROM", "LOAD", "GRAPH"}
        for absent in parts(prepareQuery(query).algebra, "Builtin_NOTEXISTS"):
            assert sum(len(bgp.triples) for bgp in parts(absent.graph, "BGP")) == 1


def nests(pattern: str) -> bool:
    """Say whether a regular expression has a repetition inside a repetition."""

    def repeats(tree: Iterable[Any], inside: bool) -> bool:
        for code, argument in tree:
            repeat = code in (regex.MAX_REPEAT, regex.MIN_REPEAT)
            if (repeat and inside) or any(
                repeats(branch, inside or repeat) for branch in branches(argument)
            ):
                return True
        return False

    return repeats(regex_parser.parse(pattern), inside=False)


def branches(argument: object) -> Iterator[Iterable[Any]]:
    """Find the parts of a parsed regular expression below a node."""
    if isinstance(argument, regex_parser.SubPattern):
        yield argument
    elif isinstance(argument, (list, tuple)):
        for item in argument:
            yield from branches(item)


def called(shape: Node) -> set[Node]:
    """List the shapes that a shape calls, at any depth."""
    graph, found, todo = harness.shapes(), set[Any](), [shape]
    while todo:
        node = todo.pop()
        for call in CALLS:
            for value in graph.objects(node, call):
                members = [*graph.items(value)] or [value]
                todo += [member for member in members if member not in found]
                found |= set(members)
    return found


def queries() -> list[str]:
    """List the SPARQL constraints, with the prefixes they are read with."""
    graph = harness.shapes()
    prefixes = "".join(
        f"PREFIX {graph.value(d, SH.prefix)}: <{graph.value(d, SH.namespace)}>\n"
        for d in graph.objects(URIRef(harness.SHAPE + "prefixes"), SH.declare)
    )
    found = [text for text in graph.objects(None, SH.select) if isinstance(text, Literal)]
    assert found
    return [prefixes + text for text in found]


def names_in(query: str) -> Iterator[URIRef]:
    """Find the names of our namespaces in a query."""
    for prefix, name in re.findall(r"(?<![\w<-])([a-z-]+):([\w-]+)", query):
        iri = PREFIXES.get(prefix, "") + name
        if OURS.match(iri):
            yield URIRef(iri)


def parts(algebra: object, name: str) -> Iterator[CompValue]:
    """Find the nodes of one kind in the algebra of a query."""
    if isinstance(algebra, CompValue):
        if algebra.name == name:
            yield algebra
        for value in algebra.values():
            yield from parts(value, name)
    elif isinstance(algebra, (list, tuple, set)):
        for value in algebra:
            yield from parts(value, name)
