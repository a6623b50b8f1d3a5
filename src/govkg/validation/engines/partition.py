"""Shapes divided for shacl-rust: what it is right about, and that work over two processes.

shacl-rust 0.2.12 differs from pySHACL where a literal must itself be visited (the value nodes of
sh:qualifiedValueShape, an inverse step after another), and reads patterns as Rust does: rules with
any of these run in pySHACL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from govkg.validation import shapes as shapes_of
from govkg.validation.patterns import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.validation.data import Data

CORES = 2  # each reads all the data: more would cost more memory than they save time
_ENOUGH = 100_000


class Parts(NamedTuple):
    """A shapes graph in two: what shacl-rust does as pySHACL does, and the rest."""

    fast: Graph
    exact: Graph


def divide(shapes: Graph) -> Parts:
    """Split targeted shapes into rules that shacl-rust is right about and rules that it is not."""
    from rdflib.namespace import SH

    exact: list[tuple[Node, Node, Node]] = []
    fast: list[tuple[Node, Node, Node]] = []
    for shape in shapes_of.targeted(shapes):
        rules = list(shapes.triples((shape, SH.property, None)))
        weak = [rule for rule in rules if _is_weak(shapes, shapes_of.reachable(shapes, [rule[2]]))]
        own = [t for t in shapes.triples((shape, None, None)) if _is_own_rule(t[1])]
        own_weak = own if _is_weak(shapes, shapes_of.reachable(shapes, [t[2] for t in own])) else []
        if (weak or own_weak) and (shape, SH.closed, None) in shapes:  # asks for all its properties
            weak, own_weak = rules, own
        exact += [*weak, *own_weak]
        fast += [t for t in [*rules, *own] if t not in {*weak, *own_weak}]
    return Parts(_pruned(shapes, exact), _pruned(shapes, fast))


def _is_own_rule(predicate: Node) -> bool:
    from rdflib.namespace import SH

    describing = {SH.property, SH.path, SH.severity, SH.message, SH.name, SH.deactivated}
    return (
        str(predicate).startswith(str(SH))
        and predicate not in describing
        and predicate not in shapes_of.target_predicates()
    )


def _pruned(shapes: Graph, rules: Iterable[tuple[Node, Node, Node]]) -> Graph:
    """Leave rules out, and with them the targets of shapes that have nothing left to check."""
    from rdflib.namespace import SH

    cut = shapes_of.without(shapes, rules)
    empty = [
        shape
        for shape in shapes_of.targeted(cut)
        if not any(_is_own_rule(p) or p == SH.property for p in cut.predicates(shape, None))
    ]
    return shapes_of.without_targets(cut, empty)


def _is_weak(shapes: Graph, nodes: set[Node]) -> bool:
    """Say whether rules visit literals by themselves or have patterns that Rust reads otherwise."""
    from rdflib.namespace import SH

    return any(
        any(
            not _only_nodes(shapes, called)
            for called in shapes.objects(node, SH.qualifiedValueShape)
        )
        or any((step, SH.inversePath, None) in shapes for step in _later_steps(shapes, node))
        or not all(
            is_plain(str(pattern), str(shapes.value(node, SH.flags) or ""))
            for pattern in shapes.objects(node, SH.pattern)
        )
        for node in nodes
    )


def _only_nodes(shapes: Graph, shape: Node) -> bool:
    """Say whether no literal fits a shape; shacl-rust, which counts none, is right then."""
    from rdflib import Literal
    from rdflib.namespace import SH

    if (shape, SH["class"], None) in shapes or (shape, SH.nodeKind, SH.IRI) in shapes:
        return True
    listed = shapes.value(shape, SH["in"])
    return listed is not None and not any(isinstance(one, Literal) for one in shapes.items(listed))


def _later_steps(shapes: Graph, node: Node) -> Iterable[Node]:
    """List the step of a path that comes after another."""
    from rdflib.namespace import RDF

    rest = shapes.value(node, RDF.rest)
    return shapes.objects(rest, RDF.first) if rest else ()


def shared_out(data: Data, shapes: Graph) -> list[Graph]:
    """Divide shapes for large data into two graphs with about half of the work each."""
    if not data.large:
        return [shapes]
    work = {shape: _work(data, shapes, shape) for shape in shapes_of.targeted(shapes)}
    shares: list[list[Node]] = [[] for _ in range(CORES)]
    for shape in sorted(work, key=lambda shape: (-work[shape], str(shape))):
        min(shares, key=lambda share: sum(work[one] for one in share)).append(shape)
    return [shapes_of.without_targets(shapes, work.keys() - set(share)) for share in shares]


def _work(data: Data, shapes: Graph, shape: Node) -> int:
    """Estimate a shape's work: its nodes in large graphs, up to some, times its rules."""
    from rdflib.namespace import SH

    targets = " UNION ".join(shapes_of.target_patterns(shapes, shape))
    nodes = 0
    for graph in data.reached:
        among = f"SELECT ?this {{ GRAPH <{graph}> {{ {targets} }} }} LIMIT {_ENOUGH}"
        (row,) = data.store.select(f"SELECT (COUNT(*) AS ?n) {{ {{ {among} }} }}")
        nodes += int(row.n)
    return nodes * (1 + len(list(shapes.objects(shape, SH.property))))
