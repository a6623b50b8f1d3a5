"""Shapes graphs: taken apart, aimed at nodes, and the nodes found that each shape is for.

Refused are shapes that no node meets, and targets that nothing declares.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from govkg.errors import ShapesError
from govkg.namespaces import GOV, shorten
from govkg.validation.ill_typed import shown_datatype
from govkg.validation.report import UnmetShapes
from govkg.validation.result import shape_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store
    from govkg.validation.report import Report

    Targets = Mapping[Node, Iterable[Node]]


def shape_nodes(shapes: Graph) -> set[Node]:
    """List all shapes and SPARQL constraints (SHACL, section 2.1)."""
    from rdflib.namespace import RDF, SH

    found = set(targeted(shapes))
    for kind in (SH.NodeShape, SH.PropertyShape):
        found |= set(shapes.subjects(RDF.type, kind))
    for source in list(shapes.subjects(SH.path, None)):
        found.add(source)
    found |= {called for _, called in calls(shapes)}
    return found | set(shapes.objects(None, SH.sparql))


def calls(shapes: Graph) -> Iterator[tuple[Node, Node]]:
    """List which shape calls which, directly or as a member of a list."""
    from rdflib.namespace import SH

    for predicate in (SH.property, SH.node, SH["not"], SH.qualifiedValueShape):
        yield from shapes.subject_objects(predicate)
    for predicate in (SH["or"], SH["and"], SH.xone):
        for shape, members in shapes.subject_objects(predicate):
            yield from ((shape, member) for member in shapes.items(members))


def target_predicates() -> tuple[Node, ...]:
    """List the predicates that give a shape its focus nodes."""
    from rdflib.namespace import SH

    return (SH.targetClass, SH.targetNode, SH.targetObjectsOf, SH.targetSubjectsOf)


def targets_of(shapes: Graph, shape: Node) -> list[tuple[Node, Node]]:
    """List the targets of a shape: predicate and object, a class that is a shape among them."""
    from rdflib.namespace import OWL, RDF, RDFS, SH

    found = [(p, o) for p in target_predicates() for o in shapes.objects(shape, p)]
    if any((shape, RDF.type, kind) in shapes for kind in (RDFS.Class, OWL.Class)):
        found.append((SH.targetClass, shape))
    return found


def targeted(shapes: Graph) -> list[Node]:
    """List the active shapes that have a target, in order."""
    from rdflib import Literal
    from rdflib.namespace import OWL, RDF, RDFS, SH

    found = {shape for p in target_predicates() for shape in shapes.subjects(p, None)}
    for kind in (RDFS.Class, OWL.Class):
        found |= {s for s in shapes.subjects(RDF.type, kind) if is_shape(shapes, s)}
    return sorted((s for s in found if (s, SH.deactivated, Literal(True)) not in shapes), key=str)


def is_shape(shapes: Graph, node: Node) -> bool:
    """Say whether a node is declared as a shape."""
    from rdflib.namespace import RDF, SH

    return any((node, RDF.type, kind) in shapes for kind in (SH.NodeShape, SH.PropertyShape))


def target_patterns(shapes: Graph, shape: Node) -> list[str]:
    """Write each target of a shape as a SPARQL pattern for ?this (SHACL, section 2.1.3).

    A blank node as target has no name that a query could use: it is left out.
    """
    from rdflib import BNode
    from rdflib.namespace import SH

    patterns: dict[Node, str] = {
        SH.targetClass: "{{ ?this a {} }}",
        SH.targetNode: "{{ VALUES ?this {{ {} }} }}",
        SH.targetObjectsOf: "{{ ?targeted {} ?this }}",
        SH.targetSubjectsOf: "{{ ?this {} ?targeted }}",
    }
    return [
        patterns[predicate].format(target.n3())
        for predicate, target in sorted(targets_of(shapes, shape), key=str)
        if not isinstance(target, BNode)
    ]


def aimed(shapes: Graph, targets: Targets) -> Graph:
    """Copy shapes and what they call, with targets of another kind: these nodes and no others."""
    from rdflib import Graph
    from rdflib.namespace import SH

    out = Graph(bind_namespaces="none")
    for node in reachable(shapes, targets):
        for s, p, o in shapes.triples((node, None, None)):
            if not _aims(p, o):
                out.add((s, p, o))
    for shape, nodes in targets.items():
        for node in nodes:
            out.add((shape, SH.targetNode, node))
    return out


def without(shapes: Graph, left_out: Iterable[tuple[Node, Node, Node]]) -> Graph:
    """Copy a shapes graph without some triples."""
    from rdflib import Graph

    out, dropped = Graph(bind_namespaces="none"), set(left_out)
    for triple in shapes:
        if triple not in dropped:
            out.add(triple)
    return out


def without_targets(shapes: Graph, untargeted: Iterable[Node]) -> Graph:
    """Copy a shapes graph in which some shapes have no focus nodes of their own."""
    told = (t for shape in untargeted for t in shapes.triples((shape, None, None)))
    return without(shapes, [(s, p, o) for s, p, o in told if _aims(p, o)])


def _aims(predicate: Node, value: Node) -> bool:
    """Say whether a triple about a shape gives it focus nodes (SHACL, section 2.1.3)."""
    from rdflib.namespace import OWL, RDF, RDFS

    implicit = predicate == RDF.type and value in (RDFS.Class, OWL.Class)
    return implicit or predicate in target_predicates()


def reachable(shapes: Graph, nodes: Iterable[Node]) -> set[Node]:
    """List nodes of a graph and all that they lead to."""
    found: set[Node] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo += shapes.objects(node, None)
    return found


def count_constraints(shapes: Graph) -> int:
    """Count the property shapes and SPARQL constraints."""
    from rdflib.namespace import SH

    return len({*shapes.objects(None, SH.property), *shapes.objects(None, SH.sparql)})


def focus_nodes(store: Store, shapes: Graph, within: Iterable[Node] | None = None) -> Targets:
    """Find the nodes that each shape is for, all or those among some."""
    aims = {shape: _Aim.of(shapes, shape) for shape in targeted(shapes)}
    if within is not None:
        facts = [_Facts.of(store, node) for node in sorted(within, key=str)]
        return {
            shape: [about.node for about in facts if aim.fits(about)] for shape, aim in aims.items()
        }
    found: dict[Node, list[Node]] = {}
    for shape in aims:
        targets = " UNION ".join(target_patterns(shapes, shape))
        found[shape] = [row[0] for row in store.select(f"SELECT DISTINCT ?this {{ {targets} }}")]
    return found


class _Facts(NamedTuple):
    """What decides which shapes a node is for."""

    node: Node
    types: frozenset[Node]
    out: frozenset[Node]
    into: frozenset[Node]

    @classmethod
    def of(cls, store: Store, node: Node) -> _Facts:
        """Look up a node."""
        from rdflib.namespace import RDF

        types = frozenset(kind for _, _, kind in store.match(node, RDF.type, None))
        about = store.match(node, None, None, shown_datatype)
        out = frozenset(predicate for _, predicate, _ in about)
        into = frozenset(predicate for _, predicate, _ in store.match(None, None, node))
        return cls(node, types, out, into)


class _Aim(NamedTuple):
    """The targets of a shape, read once for all nodes: there may be many (SHACL, section 2.1.3)."""

    classes: frozenset[Node]
    subjects_of: frozenset[Node]
    objects_of: frozenset[Node]
    nodes: frozenset[Node]

    @classmethod
    def of(cls, shapes: Graph, shape: Node) -> _Aim:
        """Read them."""
        from rdflib.namespace import SH

        aims = targets_of(shapes, shape)
        kinds = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
        return cls(*(frozenset(o for p, o in aims if p == kind) for kind in kinds))

    def fits(self, about: _Facts) -> bool:
        """Say whether one of the targets is this node."""
        return not (
            self.classes.isdisjoint(about.types)
            and self.subjects_of.isdisjoint(about.out)
            and self.objects_of.isdisjoint(about.into)
            and about.node not in self.nodes
        )


def unmet(shapes: Graph, store: Store) -> list[str]:
    """List the active shapes that no node of the data meets."""
    return [
        shape_name(shapes, shape)
        for shape in targeted(shapes)
        if not any(_asks(store, pattern) for pattern in target_patterns(shapes, shape))
    ]


def refuse_unknown(shapes: Graph, store: Store) -> None:
    """Refuse targets that nothing declares or uses; raise ShapesError."""
    for shape, target in _targets(shapes):
        if not _declared(store, target):
            raise ShapesError(
                f"{shape_name(shapes, shape)} aims at {shorten(str(target))}, which neither the "
                f"ontology nor the data knows{_near(store, str(target))}"
            )


def refuse_unmet(
    shapes: Graph, store: Store, expected: Collection[str] = (), report: Report | None = None
) -> None:
    """Refuse shapes that meet no node, but for those `expected` to meet none.

    Raises UnmetShapes, which takes along the report of what the other shapes found.
    """
    if names := sorted(set(unmet(shapes, store)) - set(expected)):
        raise UnmetShapes(names, report)


def _targets(shapes: Graph) -> Iterator[tuple[Node, Node]]:
    """List targets that are a class or property, and paths of our own namespace."""
    from rdflib import URIRef
    from rdflib.namespace import SH

    active = targeted(shapes)
    for predicate in (SH.targetClass, SH.targetObjectsOf, SH.targetSubjectsOf):
        yield from ((s, o) for s, o in sorted(shapes.subject_objects(predicate)) if s in active)
    for predicate in (SH.path, SH["class"], SH.inversePath):
        for shape, term in sorted(shapes.subject_objects(predicate), key=str):
            if isinstance(term, URIRef) and term.startswith(GOV):
                yield shape, term


def _declared(store: Store, term: Node) -> bool:
    from rdflib.namespace import DCTERMS, ORG, OWL, PROV, RDF, RDFS, SKOS

    if any(str(term) in vocabulary for vocabulary in (DCTERMS, ORG, OWL, PROV, RDF, RDFS, SKOS)):
        return True
    node = term.n3()
    return any(_asks(store, p) for p in (f"{node} a ?kind", f"?s a {node}", f"?s {node} ?o"))


def _asks(store: Store, pattern: str) -> bool:
    return bool(store.query(f"ASK {{ {pattern} }}"))


def _near(store: Store, term: str) -> str:
    declared = store.select(
        "SELECT DISTINCT ?term { VALUES ?kind { <http://www.w3.org/2002/07/owl#Class> "
        "<http://www.w3.org/2002/07/owl#ObjectProperty> "
        "<http://www.w3.org/2002/07/owl#DatatypeProperty> } ?term a ?kind }"
    )
    known = [str(row[0]) for row in declared]
    near = get_close_matches(term, known, n=1, cutoff=0.8)
    return f": did you mean {shorten(near[0])}?" if near else ": look at the spelling."
