"""Validation results as plain rows, the same from every engine, and the findings made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from govkg.namespaces import shorten
from govkg.validation.finding import SEVERITIES, Finding, by_language, messages, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

_SH = "http://www.w3.org/ns/shacl#"
UNNAMED = "urn:govkg:unnamed-shape:"


class Row(NamedTuple):
    """A validation result: terms in N-Triples syntax, empty where there is none.

    `path` is in SPARQL syntax with full IRIs; `component` and `severity` are local names of SHACL,
    or IRIs of others; `constraint` is the SPARQL constraint, where one was run; `messages` are what
    it says of this result, where that is not what its shape says of all.
    """

    focus: str
    path: str
    value: str
    component: str
    severity: str
    shape: str
    constraint: str = ""
    messages: tuple[str, ...] = ()


def local(term: str) -> str:
    """Give the local name of a SHACL term, which may stand in angle brackets."""
    return term.strip("<>").removeprefix(_SH)


def as_node(term: str) -> Node | None:
    """Read a term of a row."""
    from rdflib.util import from_n3

    node = from_n3(term) if term else None
    return None if isinstance(node, str) and not hasattr(node, "n3") else node  # type: ignore[return-value]


def literal_parts(term: str) -> tuple[str, str]:
    """Take a literal with a datatype apart, as it is written; two empty texts for other terms."""
    from rdflib.util import from_n3

    written, _, datatype = term.rpartition("^^")
    is_literal = written.startswith('"') and written.endswith('"')
    return (str(from_n3(written)), datatype.strip("<>")) if is_literal else ("", "")


def in_syntax(name: str) -> str:
    """Write an IRI or `_:label` in N-Triples syntax."""
    return name if name.startswith("_:") else f"<{name}>"


def as_term(node: Node | None) -> str:
    """Write a term for a row."""
    return "" if node is None else node.n3()


def path_text(graph: Graph, path: Node | None) -> str:
    """Write a SHACL path in SPARQL syntax with full IRIs; empty where there is none.

    rdflib 7.6 writes a modifier of a modifier as `<a>?+`, which is no SPARQL.
    """
    from rdflib import BNode
    from rdflib.namespace import RDF, SH

    if path is None or not isinstance(path, BNode):
        return as_term(path)
    marks = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}
    for predicate, mark in marks.items():
        if inner := graph.value(path, predicate):
            return f"({path_text(graph, inner)}){mark}"
    if inner := graph.value(path, SH.inversePath):
        written = path_text(graph, inner)
        return f"^({written})" if (inner, RDF.first, None) in graph else f"^{written}"
    if options := graph.value(path, SH.alternativePath):
        return f"({'|'.join(path_text(graph, one) for one in graph.items(options))})"
    return "/".join(path_text(graph, step) for step in graph.items(path))


def report_rows(report: Graph) -> list[Row]:
    """Read the results of a report graph (SHACL, section 3.6)."""
    return list(_rows(report))


def _rows(report: Graph) -> Iterator[Row]:
    from rdflib.namespace import SH

    # A result nested in sh:detail belongs to the one that it explains.
    for result in report.objects(None, SH.result):
        focus, value, component, severity, shape, constraint = (
            report.value(result, predicate)
            for predicate in (
                *(SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.resultSeverity),
                *(SH.sourceShape, SH.sourceConstraint),
            )
        )
        said = sorted(map(as_term, report.objects(result, SH.resultMessage)))
        yield Row(
            as_term(focus),
            path_text(report, report.value(result, SH.resultPath)),
            as_term(value),
            local(str(component)),
            local(str(severity)),
            as_term(shape),
            as_term(constraint),
            # Those of a validator (section 6.2.3), which its component has and not the shape.
            () if str(component).startswith(str(SH)) else tuple(said),
        )


def as_finding(row: Row, shapes: Graph) -> Finding:
    """Turn a row into a finding, its rule the nearest shape that has a name.

    A severity that is none of SHACL's (section 2.1.4 allows any) counts as a violation.
    """
    said = as_node(row.constraint or row.shape)
    path = as_node(row.path) if row.path.startswith("<") and row.path.count("<") == 1 else None
    known = row.severity.lower() in SEVERITIES
    return Finding(
        row.severity.lower() if known else SEVERITIES[0],
        shorten(named(shapes, said)),
        name(as_node(row.focus)),
        name(path),
        literal_parts(row.value)[0] or name(as_node(row.value)),
        _messages(row, shapes),
        f"sh:{row.component}" if ":" not in row.component else shorten(row.component.strip("<>")),
        row.value,
        "" if known else row.severity.strip("<>"),
        row.messages,
    )


def _messages(row: Row, shapes: Graph) -> dict[str, str]:
    from rdflib.namespace import SH

    if row.messages:
        return by_language(filter(None, map(as_node, row.messages)))
    said, shape = as_node(row.constraint), as_node(row.shape)
    own = said is not None and (said, SH.message, None) in shapes
    return messages(shapes, said if own else shape)


def named(shapes: Graph, shape: Node | None) -> str:
    """Climb from a shape without a name of its own to the nearest that has one."""
    from rdflib.term import URIRef

    seen: set[Node] = set()
    while shape is not None and shape not in seen:
        if isinstance(shape, URIRef) and not str(shape).startswith(UNNAMED):
            return str(shape)
        seen.add(shape)
        shape = next(shapes.subjects(None, shape), None)
    return ""


def shape_name(shapes: Graph, shape: Node) -> str:
    """Name a shape for a message."""
    return shorten(named(shapes, shape)) or "a shape without a name"
