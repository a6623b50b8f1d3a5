"""Shapes graphs: taken apart by what can run where, and aimed at some nodes only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

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
    from rdflib.namespace import OWL, RDF, RDFS, SH

    patterns = {
        SH.targetClass: "{{ ?this a {} }}",
        SH.targetNode: "{{ VALUES ?this {{ {} }} }}",
        SH.targetObjectsOf: "{{ ?targeted {} ?this }}",
        SH.targetSubjectsOf: "{{ ?this {} ?targeted }}",
    }
    found = [
        pattern.format(node.n3())
        for predicate, pattern in patterns.items()
        for node in sorted(shapes.objects(shape, predicate), key=str)
        if not isinstance(node, BNode)
    ]
    if any((shape, RDF.type, kind) in shapes for kind in (RDFS.Class, OWL.Class)):
        found.append(f"{{ ?this a {shape.n3()} }}")
    return found


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
