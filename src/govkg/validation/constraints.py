"""`sh:sparql` constraints in the store: once over all focus nodes where that is sound.

SHACL (section 5.3) pre-binds `$this` to one focus node at a time. For a SELECT that projects
`$this`, and whose every group finds it by a triple pattern of its own, the same rows come from
joining it with the targets. Any other is run for each node, with the node joined into every group
that says `$this`: in Oxigraph 0.5 `substitutions` bind nothing in FILTER, BIND and nested groups.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from govkg import sources, sparqltext, textfile
from govkg.errors import InputError, ShapesError
from govkg.namespaces import PREFIXES, SHAPES_GRAPH
from govkg.validation import messages
from govkg.validation import shapes as shapes_of
from govkg.validation.result import Row, as_term, local, path_text, shape_name
from govkg.validation.shape_queries import select_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.results import Result
    from govkg.store import Store

_SHAPES = "shapesGraph"
_PREBOUND = {"PATH", "currentShape", _SHAPES}
_RESULT = ("this", "path", "value", "message", "failure")  # SHACL, section 5.3.2
_THIS = "urn:govkg:this"


class Constraint(NamedTuple):
    """A SPARQL constraint, the shape that has it, and the shapes whose targets are its nodes."""

    shape: Node
    query: Node
    targeted: tuple[Node, ...]


def sparql_rows(
    shapes: Graph,
    constraints: Iterable[Constraint],
    store_of: Callable[[Node], Store],
    *,
    ours: bool = False,
) -> Iterator[Row]:
    """Run constraints in the stores that `store_of` says of the shapes that aim them.

    All of `ours` run once, as a test shows: they need not be parsed first. Raises ShapesError where
    one can't be run, or reports a failure.
    """
    setwise = sources.setwise_queries() if ours else {}
    for one in constraints:
        written = setwise.get(str(one.query).removeprefix(PREFIXES["shape"]))
        try:
            if written:
                said = store_of(one.targeted[0]).select(textfile.read(written))
                found = list(_results(shapes, one, said, {}))
            else:
                found = list(_found(shapes, one, store_of, ours=ours))
        except InputError as error:
            raise ShapesError(f"{shape_name(shapes, one.query)}: {error}") from error
        yield from dict.fromkeys(found)


def in_store(shapes: Graph) -> list[Constraint]:
    """List the constraints whose focus nodes the targets of shapes give.

    Those of shapes that others call, but for properties of a targeted shape, are the engine's.
    """
    from rdflib import Literal
    from rdflib.namespace import SH

    callers: dict[Node, list[Node]] = {}
    for caller, called in shapes_of.calls(shapes):
        callers.setdefault(called, []).append(caller)
    free = {shape for shape in shapes_of.targeted(shapes) if shape not in callers}
    return [
        Constraint(shape, query, aimed)
        for shape, query in sorted(shapes.subject_objects(SH.sparql))
        if (aimed := _aimed(shapes, shape, callers.get(shape, []), free))
        if all((node, SH.deactivated, Literal(True)) not in shapes for node in (shape, query))
    ]


def _aimed(
    shapes: Graph, shape: Node, callers: list[Node], free: Collection[Node]
) -> tuple[Node, ...]:
    """List the shapes whose focus nodes a shape has: itself, or those that it is a property of."""
    from rdflib.namespace import SH

    if not callers:
        return (shape,) if shape in free else ()
    nodes = sorted(shapes.subjects(SH.property, shape), key=str)
    plain = nodes == sorted(callers, key=str) and all(
        (one, SH.path, None) not in shapes for one in nodes
    )
    own = any((shape, target, None) in shapes for target in shapes_of.target_predicates())
    return tuple(nodes) if plain and not own and set(nodes) <= set(free) else ()


def _found(
    shapes: Graph, one: Constraint, store_of: Callable[[Node], Store], *, ours: bool
) -> Iterator[Row]:
    """Run a query once, or for each node, with as many columns as results and messages take."""
    select = select_of(shapes, one.shape, one.query)
    prologue, rest = select.parts
    filling = messages.names(messages.of_constraint(shapes, one.shape, one.query))
    wanted = " ".join(f"?{c}" for c in select.columns if c in {*_RESULT, *filling})
    once = ours or runs_once(prologue + rest)
    reads_shapes = any(sparqltext.variables(rest, [_SHAPES]))
    for aimed in one.targeted:
        store, targets = store_of(aimed), " UNION ".join(shapes_of.target_patterns(shapes, aimed))
        store = store.beside(shapes, SHAPES_GRAPH) if reads_shapes else store
        if once:
            joined = f"{prologue}\nSELECT DISTINCT {wanted} {{ {targets} {{ {rest}\n}} }}"
            answers: Iterable[Result] = [store.select(joined)]
        else:
            nodes = store.select(f"SELECT DISTINCT ?this {{ {targets} }}")
            answers = (_about(store, prologue + rest, node.this, one.shape) for node in nodes)
        for answer in answers:
            yield from _results(shapes, one, answer, select.named_prefixes)


def _results(
    shapes: Graph, one: Constraint, solutions: Result, prefixes: Mapping[str, str]
) -> Iterator[Row]:
    """Map solutions to results (SHACL, section 5.3.2)."""
    from rdflib.namespace import SH

    said = messages.of_constraint(shapes, one.shape, one.query)
    path, severity = shapes.value(one.shape, SH.path), shapes.value(one.shape, SH.severity)
    for solution in solutions:
        values = dict(zip(solutions.columns, solution, strict=True))
        if str(values.get("failure")) == "true":
            raise ShapesError(f"{shape_name(shapes, one.query)}: its query reports a failure.")
        value = values.get("value")
        yield Row(
            as_term(values["this"]),
            as_term(values.get("path")) or path_text(shapes, path),
            as_term(values["this"] if value is None and path is None else value),
            "SPARQLConstraintComponent",
            local(str(severity or SH.Violation)),
            as_term(one.shape),
            as_term(one.query),
            messages.filled(said, values, prefixes),
        )


def _about(store: Store, query: str, node: Node, shape: Node) -> Result:
    """Run a query for one node."""
    from rdflib import BNode

    others = f"VALUES (?currentShape ?{_SHAPES}) {{ ({shape.n3()} <{SHAPES_GRAPH}>) }}"
    joined = f"VALUES ?this {{ {node.n3()} }}"
    if isinstance(node, BNode):  # has no name in a query, but a function can give it
        joined = f"BIND(<{_THIS}>() AS ?this)"
    text = sparqltext.into_groups(query, f"{joined} {others}", ["this", *_PREBOUND])
    return store.select(text, {_THIS: node} if isinstance(node, BNode) else None)


def runs_once(select: str) -> bool:
    """Say whether a SELECT yields for all nodes at once what it yields for each by itself."""
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        query = parseQuery(select)[1]
    except Exception:  # pyparsing's, of several kinds
        return False
    if query.name != "SelectQuery" or "projection" not in query:  # SELECT *
        return False
    projected = {str(part.var) for part in query.projection if part.get("var")}
    if "this" not in projected or _names(query) & _PREBOUND:
        return False
    # What counts or cuts off would do so over all nodes together.
    if any(kind.startswith(("Aggregate_", "GroupBy", "LimitOffset")) for kind in _kinds(query)):
        return False
    return _finds_this(query.where)


def _finds_this(group: Any) -> bool:  # noqa: ANN401 - rdflib's parse tree
    """Say whether a group has `$this` in a triple pattern, and so has every group in it."""
    parts = list(group.get("part", ()))
    if not any(part.name == "TriplesBlock" and "this" in _names(part) for part in parts):
        return False
    return all(_harmless(part) for part in parts)


def _harmless(part: Any) -> bool:  # noqa: ANN401
    if part.name in {"TriplesBlock", "Filter", "Bind"}:
        return not _kinds(part) & {"SubSelect"}
    if part.name == "OptionalGraphPattern":
        return _keeps(part.graph)
    if part.name == "GroupOrUnionGraphPattern":
        return all(_keeps(group) for group in part.graph)
    return False


def _keeps(group: Any) -> bool:  # noqa: ANN401
    """Say whether a nested group either leaves `$this` alone or finds it by itself."""
    if _kinds(group) & {"SubSelect"}:
        return False
    return "this" not in _names(group) or _finds_this(group)


def _nodes(tree: Any) -> Iterator[Any]:  # noqa: ANN401
    from pyparsing import ParseResults
    from rdflib.plugins.sparql.parserutils import CompValue

    yield tree
    if isinstance(tree, CompValue):
        for value in tree.values():
            yield from _nodes(value)
    elif isinstance(tree, (list, tuple, ParseResults)):
        for value in tree:
            yield from _nodes(value)


def _names(tree: Any) -> set[str]:  # noqa: ANN401
    from rdflib import Variable

    return {str(node) for node in _nodes(tree) if isinstance(node, Variable)}


def _kinds(tree: Any) -> set[str]:  # noqa: ANN401
    return {getattr(node, "name", "") for node in _nodes(tree)}
