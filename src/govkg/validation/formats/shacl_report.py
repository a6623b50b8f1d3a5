"""The report of the W3C: sh:ValidationReport (SHACL, section 3.6), in Turtle.

Nodes are skolemized by content, so that the same findings give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from govkg.namespaces import GENID, PREFIXES, expand
from govkg.validation.result import as_node

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Literal, URIRef

    from govkg.languages import Language
    from govkg.validation.finding import Finding
    from govkg.validation.locations import Locations
    from govkg.validation.report import Report

_IRI = re.compile(r"[a-zA-Z][\w+.-]*:[^\x00-\x20<>\"{}|^`\\]+")


def turtle(report: Report, language: Language, locations: Locations) -> str:  # noqa: ARG001 - one signature
    """Write the report and its results, messages in all their languages."""
    from rdflib import RDF, Graph, Literal, URIRef
    from rdflib.namespace import SH

    graph = Graph(bind_namespaces="none")
    for prefix in ("sh", "xsd"):
        graph.bind(prefix, PREFIXES[prefix])
    node = URIRef(GENID + "report")
    graph.add((node, RDF.type, SH.ValidationReport))
    graph.add((node, SH.conforms, Literal(not report.findings)))
    for finding in report.findings:
        graph.add((node, SH.result, _result(graph, finding)))
    return graph.serialize(format="turtle")


def _result(graph: Graph, finding: Finding) -> URIRef:
    from rdflib import RDF, Literal, URIRef
    from rdflib.namespace import SH

    identity = "\0".join((finding.severity, *finding.identity, finding.component))
    node = URIRef(f"{GENID}result-{hashlib.sha256(identity.encode()).hexdigest()[:16]}")
    check = "" if ":" in finding.rule else PREFIXES["check"]
    component = finding.component or ("sh:SPARQLConstraintComponent" if check else "")
    said = {
        SH.focusNode: finding.focus,
        SH.resultPath: finding.path,
        SH.value: finding.value,
        SH.sourceShape: check + finding.rule,
        SH.sourceConstraintComponent: component,
        SH.resultSeverity: finding.stated or f"sh:{finding.severity.capitalize()}",
    }
    graph.add((node, RDF.type, SH.ValidationResult))
    for predicate, name in said.items():
        if name:
            graph.add((node, predicate, _term(name)))
    if value := as_node(finding.term):
        graph.set((node, SH.value, value))
    for language, message in finding.message.items():
        graph.add((node, SH.resultMessage, Literal(message, lang=language)))
    return node


def _term(name: str) -> URIRef | Literal:
    from rdflib import Literal, URIRef

    iri = expand(name)
    known = iri != name or "://" in name
    return URIRef(iri) if known and _IRI.fullmatch(iri) else Literal(name)
