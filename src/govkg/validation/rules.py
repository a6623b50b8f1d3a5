"""The rules: each shape that says a message and each check, with id, page and text.

Shapes are run by an engine; checks, which are SELECTs that must return nothing, here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govkg import queries, sources
from govkg.namespaces import BASE, SHAPES_GRAPH
from govkg.store import Store
from govkg.validation.finding import Finding, messages, name, severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.languages import Language
    from govkg.queries import Query

_PAGE = BASE + "rules"


@dataclass(frozen=True, order=True)
class Rule:
    """What a rule is about and says; `id` is stable."""

    id: str
    severity: str
    about: str
    title: dict[Language, str]
    message: dict[str, str]


def anchor(rule: str) -> str:
    """Name the location of a rule on the page of rules."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", rule)


def page(rule: str) -> str:
    """Give the address of a rule's page."""
    return f"{_PAGE}#{anchor(rule)}"


def all_rules() -> list[Rule]:
    """List shapes and checks by id."""
    store = Store()
    for path in sources.shape_files():
        store.load(path, SHAPES_GRAPH)
    return sorted([*_shapes(store.to_rdflib()), *_checks()], key=lambda rule: rule.id)


def _shapes(graph: Graph) -> Iterator[Rule]:
    from rdflib import URIRef
    from rdflib.namespace import SH

    for shape in set(graph.subjects(SH.message)):
        if isinstance(shape, URIRef):
            names = {getattr(n, "language", ""): str(n) for n in graph.objects(shape, SH.name)}
            title: dict[Language, str] = {
                "en": names.get("en", name(shape)),
                "zh": names.get("zh", name(shape)),
            }
            yield Rule(
                name(shape),
                severity(graph, shape),
                _about(graph, shape),
                title,
                messages(graph, shape),
            )


def _about(graph: Graph, shape: Node) -> str:
    """Name the targets of a shape or of the shape that has it, and the path."""
    from rdflib.namespace import SH

    owners = {shape, *graph.subjects(SH.property, shape), *graph.subjects(SH.sparql, shape)}
    kinds = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf, SH.targetNode)
    targets = {name(t) for owner in owners for kind in kinds for t in graph.objects(owner, kind)}
    path = name(graph.value(shape, SH.path))
    return " ".join([", ".join(sorted(targets)), path]).strip()


def _checks() -> Iterator[Rule]:
    for query in queries.catalog("checks").values():
        if query.name.startswith("no-"):
            said = query.header
            words = query.name.replace("-", " ")
            title: dict[Language, str] = {"en": words, "zh": words}
            yield Rule(query.name, said.severity, said.scope, title, said.message)


def described(rule: Rule) -> str:
    """Describe a rule in Markdown, in both languages."""
    titles = dict.fromkeys((rule.title["en"], rule.title["zh"]))
    said = "\n".join(f"- {language}: {text}" for language, text in sorted(rule.message.items()))
    return (
        f"## {rule.id}\n\n{' / '.join(titles)}\n\n"
        f"Severity: {rule.severity}. About: {rule.about or '-'}.\n\n{said}"
    )


def check_findings(checks: Iterable[Query], scopes: Mapping[str, Store]) -> Iterator[Finding]:
    """Run checks in the store that each names as its scope; a row is a finding."""
    for check in checks:
        rows = scopes[check.header.scope].select(check.text)
        for row in rows:
            said = dict(zip(rows.columns, map(name, row), strict=True))
            yield Finding(
                check.header.severity,
                check.name,
                said["focus"],
                said.get("path", ""),
                said.get("value", ""),
                {lang: _fill(text, said) for lang, text in check.header.message.items()},
            )


def _fill(message: str, said: Mapping[str, str]) -> str:
    for column, value in said.items():
        message = message.replace(f"{{{column}}}", value)
    return message
