"""The engine for whole countries: shacl-rust, in a process of its own, with pySHACL beside it.

shacl-rust 0.2.12 differs from pySHACL where a literal must itself be visited (the value nodes of
sh:qualifiedValueShape, an inverse step after another), and reads patterns as Rust does: shapes with
any of these run in pySHACL. It passes over
ill-typed literals in comparisons: a node that it complains of is looked at again by pySHACL, whose
rows count, unless there are more such nodes than that could bear.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from govkg.errors import MissingLibrary, ShapesError
from govkg.namespaces import COUNTS_GRAPH
from govkg.validation import lint, shares, worker
from govkg.validation import shapes as shapes_of
from govkg.validation.patterns import is_plain
from govkg.validation.rows import Row, as_node, as_term
from govkg.validation.shacl import focus_nodes, on_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store
    from govkg.validation.data import Data
    from govkg.validation.worker import Limits

CONFIRMED = 1_000


class Parts(NamedTuple):
    """A shapes graph in two: what shacl-rust does as pySHACL does, and the rest."""

    fast: Graph
    exact: Graph


def begin(data: Data, shapes: Graph, limits: Limits) -> Callable[[], list[Row]]:
    """Start core shapes over all graphs but the counts; what is returned waits for the rows.

    Raises ShapesError for recursive shapes (they crash shacl-rust), InternalError past the limits.
    """
    if find_spec("shacl_rust") is None:
        raise MissingLibrary("the fast engine, shacl-rust", "shapes")
    if calling := lint.recursive(shapes):
        raise ShapesError(
            f"{calling[0]} calls itself, which the fast engine can't bear: use --engine pyshacl."
        )
    parts = divide(shapes)
    return partial(_finish, data, parts, _start(data, parts.fast, limits))


def _start(data: Data, shapes: Graph, limits: Limits) -> Callable[[], list[Row]]:
    if data.quads is None:
        return partial(_written_out, data, shapes, limits)
    run = partial(worker.shacl_rust, data.quads, left_out=COUNTS_GRAPH, limits=limits)
    pool = ThreadPoolExecutor(shares.CORES)
    running = [pool.submit(run, share) for share in shares.shared_out(data, shapes)]
    pool.shutdown(wait=False)
    return lambda: [row for one in running for row in one.result()]


def _written_out(data: Data, shapes: Graph, limits: Limits) -> list[Row]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.nq"
        data.store.write_quads(path, without=data.left_out)
        return worker.shacl_rust(path, shapes, "", limits)


def _finish(data: Data, parts: Parts, rows: Callable[[], list[Row]]) -> list[Row]:
    found = confirmed(data.store, parts.fast, rows())
    for shape in shapes_of.targeted(parts.exact):
        store = data.store_of(parts.exact, shape)
        nodes = focus_nodes(store, parts.exact)[shape]
        found += on_nodes(store, parts.exact, {shape: nodes})
    return found


def confirmed(store: Store, shapes: Graph, found: list[Row]) -> list[Row]:
    """Put pySHACL's rows for those of the nodes that were complained of, unless they are many.

    Rows of shapes within shapes are about nodes that no target has: they are kept as they are.
    """
    from rdflib.namespace import SH

    outer = set(shapes_of.targeted(shapes))
    outer |= {rule for shape in outer for rule in shapes.objects(shape, SH.property)}
    names = {as_term(shape) for shape in outer}
    nodes = {node for row in found if row.shape in names and (node := as_node(row.focus))}
    if not nodes or len(nodes) > CONFIRMED:
        return found
    exact = on_nodes(store, shapes, focus_nodes(store, shapes, nodes))
    inner = [row for row in found if row.shape not in names]
    return [*inner, *(row for row in exact if row.shape in names)]


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
    idle = [
        shape
        for shape in shapes_of.targeted(cut)
        if not any(_is_own_rule(p) or p == SH.property for p in cut.predicates(shape, None))
    ]
    return shapes_of.without_targets(cut, idle)


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
