"""`sh:sparql` constraints, each run once over all its focus nodes in the store.

SHACL (section 5.3) pre-binds `$this` to one focus node at a time. For a SELECT that projects
`$this`, and whose every group finds it by a triple pattern of its own, the same rows come from
joining it with the targets, without a query for every node. Other constraints are left to pySHACL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govkg import ontology, textfile
from govkg.errors import InputError, ShapesError
from govkg.namespaces import PREFIXES
from govkg.validation import shapes as shapes_of
from govkg.validation.rows import Row, as_term
from govkg.validation.terms import name, severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store

_PREBOUND = {"PATH", "currentShape", "shapesGraph"}


def sparql_rows(
    shapes: Graph, pairs: Iterable[tuple[Node, Node]], store_of: Callable[[Node], Store]
) -> Iterator[Row]:
    """Run constraints, each with its node shape, once in the store that `store_of` the shape says.

    Raises ShapesError where one is no valid query.
    """
    setwise = ontology.setwise_queries()
    for shape, constraint in pairs:
        try:
            found = store_of(shape).select(_query(shapes, shape, constraint, setwise))
        except InputError as error:
            raise ShapesError(f"{name(constraint) or name(shape)}: {error}") from error
        for row in found:
            yield Row(
                as_term(row.this),
                as_term(getattr(row, "path", None)),
                as_term(getattr(row, "value", None) or row.this),  # SHACL, section 5.3.2
                "SPARQLConstraintComponent",
                severity(shapes, shape).capitalize(),
                as_term(shape),
                as_term(constraint),
            )


def set_based(shapes: Graph, *, ours: bool = False) -> list[tuple[Node, Node]]:
    """List the constraints, with their node shapes, that can be run once over all focus nodes.

    All of `ours` can, as a test shows: they need not be parsed first.
    """
    from rdflib import Literal
    from rdflib.namespace import SH

    targeted = set(shapes_of.targeted(shapes))
    called = {called for _, called in shapes_of.calls(shapes)}
    return [
        (shape, constraint)
        for shape, constraint in sorted(shapes.subject_objects(SH.sparql))
        if shape in targeted and shape not in called and (shape, SH.path, None) not in shapes
        if (constraint, SH.deactivated, Literal(True)) not in shapes
        if ours
        or runs_once(_prefixes(shapes, constraint) + str(shapes.value(constraint, SH.select)))
    ]


def runs_once(select: str) -> bool:
    """Say whether a SELECT yields for all nodes at once what it yields for each by itself."""
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        query = parseQuery(select)[1]
    except Exception:
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


def _query(shapes: Graph, shape: Node, constraint: Node, setwise: Mapping[str, Path]) -> str:
    from rdflib.namespace import SH

    local = str(constraint).removeprefix(PREFIXES["shape"])
    if local in setwise:
        return textfile.read(setwise[local])
    select = shapes.value(constraint, SH.select)
    targets = " UNION ".join(shapes_of.target_patterns(shapes, shape))
    head = f"{_prefixes(shapes, constraint)}SELECT DISTINCT ?this ?path ?value"
    return f"{head} {{ {targets} {{ {select} }} }}"


def _prefixes(shapes: Graph, constraint: Node) -> str:
    from rdflib.namespace import OWL, SH

    return "".join(
        f"PREFIX {shapes.value(d, SH.prefix)}: <{shapes.value(d, SH.namespace)}>\n"
        for named in shapes.objects(constraint, SH.prefixes)
        for source in shapes.transitive_objects(named, OWL.imports)
        for d in shapes.objects(source, SH.declare)
    )
