"""Terms of a report as the names that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node


def name(node: Node | None) -> str:
    """Give a prefixed name or the text of a literal; empty for nothing and for blank nodes."""
    from rdflib import BNode

    return "" if node is None or isinstance(node, BNode) else shorten(str(node))


def severity(graph: Graph, shape: Node) -> str:
    """Give the severity that a shape states, violation where it states none."""
    from rdflib.namespace import SH

    return str(graph.value(shape, SH.severity, default=SH.Violation)).rpartition("#")[2].lower()


def messages(graph: Graph, node: Node | None) -> dict[str, str]:
    """Give the messages of a shape or constraint by language."""
    from rdflib.namespace import SH

    found = graph.objects(node, SH.message) if node is not None else ()
    return by_language(found) or {"en": "does not fit its shape", "zh": "不符合形状约束"}


def by_language(said: Iterable[Node]) -> dict[str, str]:
    """Map languages to texts; what names no language goes for English."""
    return {getattr(one, "language", None) or "en": str(one) for one in sorted(said, key=str)}
