"""Shapes that are broken or reach outside: refused before any engine runs."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from govkg.errors import ShapesError
from govkg.validation import shapes as shapes_of
from govkg.validation.patterns import lint_patterns
from govkg.validation.result import shape_name
from govkg.validation.shape_queries import lint_queries

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

# SHACL Advanced Features and SHACL-JS: the engines pass over them in silence.
_NOT_RUN = frozenset(
    """
    condition construct entailment expression filterShape intersection js jsFunctionName jsLibrary
    nodes returnType rule target union update values JSConstraint JSFunction JSLibrary JSRule
    JSTarget JSTargetType JSValidator SPARQLConstructExecutable SPARQLFunction SPARQLRule
    SPARQLTarget SPARQLTargetType SPARQLUpdateExecutable TripleRule
    """.split()  # noqa: SIM905 - a list of words, as words
)
_DESCRIBE = frozenset(
    ("name", "description", "message", "severity", "order", "group", "deactivated", "path")
)


def lint(shapes: Graph) -> None:
    """Refuse shapes that no engine may see: unknown terms, queries that reach outside, no use.

    Raises ShapesError, which names the shape or term.
    """
    for term in sorted(_sh_terms(shapes)):
        _known(shapes, term)
    lint_queries(shapes)
    lint_patterns(shapes)
    _reached(shapes)


def recursive(shapes: Graph) -> list[str]:
    """List the shapes that call themselves, directly or through others."""
    calls: dict[Node, set[Node]] = {}
    for shape, called in shapes_of.calls(shapes):
        calls.setdefault(shape, set()).add(called)
    return sorted({shape_name(shapes, shape) for shape in calls if shape in _below(calls, shape)})


def _below(calls: dict[Node, set[Node]], shape: Node) -> set[Node]:
    found: set[Node] = set()
    todo = list(calls[shape])
    while todo:
        node = todo.pop()
        if node not in found:
            found.add(node)
            todo += calls.get(node, ())
    return found


def _sh_terms(shapes: Graph) -> set[str]:
    from rdflib.namespace import SH

    return {str(t) for triple in shapes for t in triple if t.startswith(str(SH))}  # type: ignore[attr-defined]


def _known(shapes: Graph, term: str) -> None:
    from rdflib.namespace import SH

    local = term.removeprefix(str(SH))
    if local in _NOT_RUN:
        raise ShapesError(f"sh:{local} is not run here: use SHACL Core or sh:sparql instead.")
    if term not in SH:
        near = get_close_matches(local, [t.removeprefix(str(SH)) for t in dir(SH)], n=1)
        hint = f": did you mean sh:{near[0]}?" if near else "."
        raise ShapesError(f"{_users(shapes, term)}: sh:{local} is no term of SHACL{hint}")


def _users(shapes: Graph, term: str) -> str:
    from rdflib import URIRef

    using = [s for s, p, o in shapes if URIRef(term) in (p, o)]
    return min((shape_name(shapes, node) for node in using), default="the shapes")


def _reached(shapes: Graph) -> None:
    """Refuse shapes with nothing to check, or to check it on."""
    from rdflib.namespace import SH

    aimed, called = shapes_of.targeted(shapes), {c for _, c in shapes_of.calls(shapes)}
    if not aimed:
        raise ShapesError(
            "there is no shape with a target: nothing was checked. Give one sh:targetClass."
        )
    parts = set(shapes.objects(None, SH.sparql))
    for shape in sorted(shapes_of.shape_nodes(shapes) - parts, key=str):
        if (shape, SH.deactivated, None) in shapes:
            continue
        if shape not in called and shape not in aimed:
            raise ShapesError(
                f"{shape_name(shapes, shape)} is never used: give it a target, or call it by "
                "sh:node."
            )
        if shape in aimed and not _constrains(shapes, shape):
            raise ShapesError(
                f"{shape_name(shapes, shape)} has a target and nothing to check: add it."
            )


def _constrains(shapes: Graph, shape: Node) -> bool:
    from rdflib.namespace import RDF, RDFS

    targets = shapes_of.target_predicates()
    return any(
        predicate not in targets
        and predicate != RDF.type
        and not predicate.startswith(str(RDFS))  # type: ignore[attr-defined]
        and str(predicate).rpartition("#")[2] not in _DESCRIBE
        for predicate in shapes.predicates(shape, None)
    )
