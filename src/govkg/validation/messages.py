"""What results say: the messages of shapes, their placeholders filled from a solution."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from govkg.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rdflib import Graph, Literal
    from rdflib.term import Node

_PLACEHOLDER = re.compile(r"\{[?$](\w+)\}")


def of_constraint(shapes: Graph, shape: Node, constraint: Node) -> list[Literal]:
    """List the messages of a SPARQL constraint, else those of its shape (SHACL, 5.3.2)."""
    from rdflib import Literal
    from rdflib.namespace import SH

    for node in (constraint, shape):
        said = [one for one in shapes.objects(node, SH.message) if isinstance(one, Literal)]
        if said:
            return sorted(said, key=lambda one: (one.language or "", str(one)))
    return []


def names(messages: Iterable[Literal]) -> set[str]:
    """List the variables that messages have placeholders for."""
    return {name for message in messages for name in _PLACEHOLDER.findall(message)}


def filled(
    messages: Iterable[Literal], solution: Mapping[str, Node | None], prefixes: Mapping[str, str]
) -> tuple[str, ...]:
    """Fill `{$name}` and `{?name}`, as N-Triples; of no variable that is not bound.

    A `?message` of the solution goes before all others. Nothing is given where no message has
    anything to fill: it is then as the shape says it.
    """
    from rdflib import Literal

    own = solution.get("message")
    if isinstance(own, Literal):
        return (Literal(str(own), lang=own.language).n3(),)
    said = list(messages)
    if not names(said) & {name for name, value in solution.items() if value is not None}:
        return ()

    def fill(found: re.Match[str]) -> str:
        value = solution.get(found[1])
        return found[0] if value is None else _readable(value, prefixes)

    texts = (Literal(_PLACEHOLDER.sub(fill, one), lang=one.language) for one in said)
    return tuple(text.n3() for text in texts)


def _readable(node: Node, prefixes: Mapping[str, str]) -> str:
    from rdflib import URIRef

    if not isinstance(node, URIRef):
        return str(node)
    short = shorten(str(node))
    fits = [(len(n), p, n) for p, n in prefixes.items() if n and node.startswith(n)]
    if short != str(node) or not fits:
        return short
    _, prefix, namespace = max(fits)
    return f"{prefix}:{node.removeprefix(namespace)}"
