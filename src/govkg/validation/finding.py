"""A finding: one thing to mend, in the names and languages that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from govkg.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.languages import Language


SEVERITIES = ("violation", "warning", "info")


class Finding(NamedTuple):
    """One thing to mend: severity, the rule, the node, where and what.

    Names are prefixed names; `path` and `value` are empty where the rule is about the node itself.
    `component` is the prefixed name of SHACL's constraint component, where the engine says it;
    `term` is the value in N-Triples syntax, where it is more than its name; `stated` is the IRI of
    a severity that SHACL doesn't name; `filled` tells findings apart that differ in their message
    only.
    """

    severity: str
    rule: str
    focus: str
    path: str
    value: str
    message: dict[str, str]
    component: str = ""
    term: str = ""
    stated: str = ""
    filled: tuple[str, ...] = ()

    @property
    def identity(self) -> tuple[str, ...]:
        """Give what makes a finding the one that it is, whatever its severity."""
        return self.rule, self.focus, self.path, self.value, *self.filled

    def order(self) -> tuple[int, tuple[str, ...]]:
        """Sort by severity, then by names."""
        names = (self.focus, self.path, self.rule, self.value, *self.filled)
        return SEVERITIES.index(self.severity), names

    def text(self, language: Language) -> str:
        """Say what is wrong and what to do, in a language or else in English, or in any."""
        said = self.message
        return said.get(language) or said.get("en") or said[min(said)]


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
