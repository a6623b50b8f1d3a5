"""The algebra of a query: does it parse, does it multiply, does anything bound it."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from govkg.queryhelp.advice import Advice, at
from govkg.queryhelp.literals import mismatched, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from govkg.results import Selects

_AGGREGATES = {"AggregateJoin", "Group"}


def shape_of(query: str, engine: Selects | None, *, declared: bool) -> Iterator[Advice]:
    """Parse a query; give its syntax error, or warnings about its algebra.

    `declared` says that every prefix is declared: without, there is no algebra. An engine is asked
    what kinds of values its graph has.
    """
    from pyparsing import ParseException
    from rdflib.plugins.sparql.algebra import translateQuery
    from rdflib.plugins.sparql.parser import parseQuery

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            parsed = parseQuery(query)
            algebra = translateQuery(parsed).algebra if declared else None
        except ParseException as error:
            yield _syntax(query, error.loc)
            return
        except Exception:  # rdflib refuses in many ways; the engine says it better
            return
    if algebra is not None:
        yield from _cartesian(algebra)
        yield from _unbounded(algebra)
        if engine is not None:
            yield from mismatched(query, walk(algebra), engine)


def _syntax(query: str, offset: int) -> Advice:
    return Advice(
        "syntax", "error", "from here on this is not SPARQL 1.1.",
        "从这里起不合 SPARQL 1.1 语法。", *at(query, offset),
    )  # fmt: skip


def _cartesian(algebra: Any) -> Iterator[Advice]:  # noqa: ANN401 - rdflib's algebra has no types
    """Warn where the patterns of a group share no variable: every row meets every row."""
    for group in _groups(algebra):
        parts = _connected(_links(group))
        if len(parts) > 1:
            one, other = (f"?{min(part)}" for part in sorted(parts, key=min)[:2])
            yield Advice(
                "cartesian", "warning",
                f"nothing ties {one} to {other}: every row of one meets every row of the other.",
                f"{one} 与 {other} 之间没有任何联系：两边的行会两两相乘。",
            )  # fmt: skip
            return


def _unbounded(algebra: Any) -> Iterator[Advice]:  # noqa: ANN401
    """Warn where a SELECT or CONSTRUCT has no LIMIT and names no node that would narrow it."""
    nodes = list(walk(algebra))
    names = {node.name for node in nodes}
    if algebra.name not in {"SelectQuery", "ConstructQuery"} or names & {"Slice", *_AGGREGATES}:
        return
    triples = [triple for node in nodes if node.name == "BGP" for triple in node.triples]
    if triples and "values" not in names and not any(map(_narrows, triples)):
        yield Advice(
            "limit", "warning",
            "nothing narrows this query, it reads the whole graph: name a node, a class or a "
            "property, or add LIMIT 100.",
            "没有任何条件收窄这个查询，它要读遍全图：请指明节点、类或属性，或加上 LIMIT 100。",
        )  # fmt: skip


def _narrows(triple: Any) -> bool:  # noqa: ANN401
    """Say whether a pattern names a node, or a property that not every node has."""
    from rdflib import RDF, RDFS, Variable

    subject, predicate, value = triple
    return (
        _constant(subject)
        or _constant(value)
        or not (isinstance(predicate, Variable) or predicate in {RDF.type, RDFS.label})
    )


def _groups(query: Any) -> Iterator[Any]:  # noqa: ANN401
    """Give the group of a query, and the groups that stand for themselves inside it."""
    for node in walk(query):
        if node.name in {"Project", "AskQuery"}:
            yield node.p
        elif node.name == "Minus":
            yield node.p2


def _links(node: Any) -> Iterator[tuple[frozenset[str], bool]]:  # noqa: ANN401
    """Give the sets of variables that a group ties together, and whether triples tie them."""
    if node.name == "BGP":
        for triple in node.triples:
            yield frozenset(str(t) for t in triple if not _constant(t)), True
    elif node.name == "Union":
        yield frozenset(_variables(node)), True
    elif node.name == "Project":
        yield frozenset(map(str, node.PV)), True
    elif node.name == "values":
        yield frozenset(_variables(node)), False
    elif node.name in {"Filter", "Extend", "LeftJoin"}:
        own = _variables(node.expr) | ({str(node.var)} if node.name == "Extend" else set())
        yield frozenset(own), False
        yield from _inside(node)
    elif node.name == "Graph":
        inner = list(_inside(node))
        shared = set() if _constant(node.term) else {str(node.term)}
        yield from ((link | shared, ties) for link, ties in inner)
    elif node.name == "Minus":
        yield from _links(node.p1)
    else:
        yield from _inside(node)


def _inside(node: Any) -> Iterator[tuple[frozenset[str], bool]]:  # noqa: ANN401
    for name in ("p", "p1", "p2"):
        if name in node:
            yield from _links(node[name])


def _connected(links: Iterable[tuple[frozenset[str], bool]]) -> list[set[str]]:
    """Join sets that share a variable; leave out what no triple speaks of."""
    parts: list[tuple[set[str], bool]] = []
    for link, ties in links:
        if link:
            met = [part for part in parts if part[0] & link]
            parts = [part for part in parts if part not in met]
            whole = set(link).union(*(variables for variables, _ in met))
            parts.append((whole, ties or any(tied for _, tied in met)))
    return [variables for variables, tied in parts if tied]


def _variables(node: Any) -> set[str]:  # noqa: ANN401
    from rdflib import BNode, Variable
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, Variable | BNode):
        return {str(node)}
    if isinstance(node, CompValue):
        return set().union(*(_variables(v) for k, v in node.items() if k != "_vars"))
    if isinstance(node, list | tuple | set | frozenset):
        return set().union(*map(_variables, node))
    if isinstance(node, dict):
        return set().union(*map(_variables, (*node.keys(), *node.values())))
    return set()


def _constant(term: Any) -> bool:  # noqa: ANN401
    from rdflib import Literal, URIRef

    return isinstance(term, URIRef | Literal)
