"""Shapes that would check nothing: of misspelt targets, and of targets that no node meets."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from govkg.errors import ShapesError
from govkg.namespaces import GOV, shorten
from govkg.validation import shapes as shapes_of
from govkg.validation.report import IdleShapes
from govkg.validation.rows import shape_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store
    from govkg.validation.report import Report


def unmet(shapes: Graph, store: Store) -> list[str]:
    """List the active shapes that no node of the data meets."""
    return [
        shape_name(shapes, shape)
        for shape in shapes_of.targeted(shapes)
        if not any(_asks(store, pattern) for pattern in shapes_of.target_patterns(shapes, shape))
    ]


def refuse_unknown(shapes: Graph, store: Store) -> None:
    """Refuse targets that nothing declares or uses; raise ShapesError."""
    for shape, target in _targets(shapes):
        if not _declared(store, target):
            raise ShapesError(
                f"{shape_name(shapes, shape)} aims at {shorten(str(target))}, which neither the "
                f"ontology nor the data knows{_near(store, str(target))}"
            )


def refuse_idle(
    shapes: Graph, store: Store, expected: Collection[str] = (), report: Report | None = None
) -> None:
    """Refuse shapes that meet no node, but for those `expected` to meet none.

    Raises IdleShapes, which takes along the report of what the other shapes found.
    """
    if idle := sorted(set(unmet(shapes, store)) - set(expected)):
        raise IdleShapes(idle, report)


def _targets(shapes: Graph) -> Iterator[tuple[Node, Node]]:
    """List targets that are a class or property, and paths of our own namespace."""
    from rdflib import URIRef
    from rdflib.namespace import SH

    active = shapes_of.targeted(shapes)
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
