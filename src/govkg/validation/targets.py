"""The nodes that shapes are for; shapes refused that no node meets, or of misspelt targets."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from govkg.errors import ShapesError
from govkg.namespaces import GOV, shorten
from govkg.validation import shapes as shapes_of
from govkg.validation.ill_typed import shown_datatype
from govkg.validation.report import UnmetShapes
from govkg.validation.result import shape_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store
    from govkg.validation.report import Report
    from govkg.validation.shapes import Targets


def focus_nodes(store: Store, shapes: Graph, within: Iterable[Node] | None = None) -> Targets:
    """Find the nodes that each shape is for, all or those among some."""
    aims = {shape: _Aim.of(shapes, shape) for shape in shapes_of.targeted(shapes)}
    if within is not None:
        facts = [_Facts.of(store, node) for node in sorted(within, key=str)]
        return {
            shape: [about.node for about in facts if aim.fits(about)] for shape, aim in aims.items()
        }
    found: dict[Node, list[Node]] = {}
    for shape in aims:
        targets = " UNION ".join(shapes_of.target_patterns(shapes, shape))
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
        from rdflib.namespace import OWL, RDF, RDFS, SH

        implicit = any((shape, RDF.type, kind) in shapes for kind in (RDFS.Class, OWL.Class))
        return cls(
            frozenset((*shapes.objects(shape, SH.targetClass), *([shape] if implicit else []))),
            frozenset(shapes.objects(shape, SH.targetSubjectsOf)),
            frozenset(shapes.objects(shape, SH.targetObjectsOf)),
            frozenset(shapes.objects(shape, SH.targetNode)),
        )

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
