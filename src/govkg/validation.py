"""Shapes and checks over a build, as findings that a curator can act on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from govkg import documents, ontology, queries, textfile
from govkg.errors import ShapesError
from govkg.layout import display
from govkg.namespaces import ONTOLOGY_GRAPH, SHAPES_GRAPH, shorten
from govkg.store import Store
from govkg.turtle import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.queries import Language

SEVERITIES = ("violation", "warning", "info")
COLUMNS = ("place", "severity", "rule", "focus", "path", "value", "message")
_NO_MESSAGE = {"en": "does not fit its shape", "zh": "不符合形状约束"}


class Finding(NamedTuple):
    """One thing to mend: severity, the rule, the node, where and what.

    Names are prefixed names; `path` and `value` are empty where the rule is about the node itself.
    """

    severity: str
    rule: str
    focus: str
    path: str
    value: str
    message: dict[str, str]


@dataclass(frozen=True)
class Report:
    """What validation found: `shapes` and `checks` say how many rules ran."""

    findings: tuple[Finding, ...]
    shapes: int
    checks: int

    def worst(self, least: str) -> list[Finding]:
        """List the findings that are at least of a severity."""
        counted = SEVERITIES[: SEVERITIES.index(least) + 1]
        return [finding for finding in self.findings if finding.severity in counted]

    @property
    def summary(self) -> str:
        """Say in one line what ran and what it found."""
        counts = {s: sum(f.severity == s for f in self.findings) for s in SEVERITIES}
        found = ", ".join(
            f"{n} {s if n == 1 or s == 'info' else s + 's'}" for s, n in counts.items()
        )
        return f"{self.shapes} shape constraints and {self.checks} checks ran: {found}"


def validate(store: Store) -> Report:
    """Validate a built store against the shapes (pySHACL) and every `queries/checks/no-*.rq`.

    Raises ShapesError where the shapes are broken or there is nothing to validate.
    """
    if not len(store):
        raise ShapesError("the graph is empty: nothing was checked. Run `govkg build` again.")
    shapes = load_shapes()
    checks = [q for name, q in queries.catalog("checks").items() if name.startswith("no-")]
    found = [*shacl_findings(store.to_rdflib(), shapes), *_check_findings(store, checks)]
    found.sort(key=lambda f: (SEVERITIES.index(f.severity), f[1:5]))
    return Report(tuple(found), _count_rules(shapes), len(checks))


def load_shapes() -> Graph:
    """Read the SHACL files into one graph; raise SourceError where one is broken."""
    store = Store()
    for path in ontology.shape_files():
        store.load(path, SHAPES_GRAPH)
    return store.to_rdflib()


def shacl_findings(data: Graph, shapes: Graph) -> Iterator[Finding]:
    """Run pySHACL, with no inference: the build has derived what the shapes rely on."""
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError
    from rdflib import Graph
    from rdflib.namespace import SH

    try:
        _, report, _ = pyshacl.validate(
            data, shacl_graph=shapes, inference="none", advanced=True, inplace=True
        )
    except ReportableRuntimeError as error:
        raise ShapesError(f"the shapes can't be used: {error}") from error
    if not isinstance(report, Graph):
        raise ShapesError(f"the shapes can't be used: {report}")
    for result in report.objects(None, SH.result):
        messages = list(report.objects(result, SH.resultMessage))
        source = report.value(result, SH.sourceConstraint) or report.value(result, SH.sourceShape)
        yield Finding(
            _severity(report.value(result, SH.resultSeverity)),
            _named(source),
            _named(report.value(result, SH.focusNode)),
            _named(report.value(result, SH.resultPath)),
            _named(report.value(result, SH.value)),
            {getattr(m, "language", None) or "en": str(m) for m in messages} or _NO_MESSAGE,
        )


def _severity(node: Node | None) -> str:
    return str(node).rpartition("#")[2].lower()


def _named(node: Node | None) -> str:
    from rdflib import BNode

    return "" if node is None or isinstance(node, BNode) else shorten(str(node))


def _check_findings(store: Store, checks: Iterable[queries.Query]) -> Iterator[Finding]:
    terms = _ontology_and_shapes()
    for check in checks:
        scope = terms if check.header.get("scope") == "ontology" else store
        rows = scope.select(check.text)
        for row in rows:
            said = dict(zip(rows.columns, (_named(term) for term in row), strict=True))
            yield Finding(
                str(check.header.get("severity", "violation")),
                check.name,
                said.get("focus", ""),
                said.get("path", ""),
                said.get("value", ""),
                {lang: _fill(text, said) for lang, text in check.header["message"].items()},
            )


def _fill(message: str, said: dict[str, str]) -> str:
    for name, value in said.items():
        message = message.replace(f"{{{name}}}", value)
    return message


def _ontology_and_shapes() -> Store:
    store = Store()
    for path in ontology.term_files():
        store.add_skolemized(path, ONTOLOGY_GRAPH)
    for path in ontology.shape_files():
        store.add_skolemized(path, SHAPES_GRAPH)
    return store


def _count_rules(shapes: Graph) -> int:
    from rdflib.namespace import SH

    return len({*shapes.objects(None, SH.property), *shapes.objects(None, SH.sparql)})


class Places:
    """Where nodes are described: the first line of each block in the Turtle sources."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._places: dict[str, str] = {}
        for path in files:
            for block in blocks(textfile.read(path)):
                self._places.setdefault(block.subject, f"{display(path)}:{block.line}")

    @classmethod
    def of_sources(cls) -> Places:
        """Index the ontology and every document."""
        files = [*ontology.term_files(), *ontology.shape_files()]
        for document in documents.all_documents():
            files += document.turtle_files()
        return cls(files)

    def of(self, name: str) -> str:
        """Give `file:line` of a prefixed name, empty where it is described in no file."""
        return self._places.get(name, "")


def as_text(report: Report, places: Places, language: Language) -> Iterator[str]:
    """Write a report for people: a line for the place and node, a line for what to do."""
    for finding in report.findings:
        where = places.of(finding.focus)
        subject = " ".join(part for part in (finding.focus, finding.path) if part)
        value = f" = {finding.value}" if finding.value else ""
        yield f"{where + ': ' if where else ''}{finding.severity}: {subject}{value}"
        yield f"  {finding.message.get(language) or finding.message['en']}  [{finding.rule}]"


def as_rows(report: Report, places: Places, language: Language) -> list[dict[str, str]]:
    """Give a report as plain rows, with the columns of COLUMNS."""
    rows = []
    for finding in report.findings:
        message = finding.message.get(language) or finding.message["en"]
        row = {**finding._asdict(), "place": places.of(finding.focus), "message": message}
        rows.append({name: str(row[name]) for name in COLUMNS})
    return rows
