"""Core SHACL by pySHACL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.errors import ShapesError
from govkg.validation.report import Finding
from govkg.validation.terms import messages, name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph


def core_findings(data: Graph, shapes: Graph) -> Iterator[Finding]:
    """Run the core constraints, with no inference: the build has derived what shapes rely on.

    Raises ShapesError where pySHACL can't use the shapes.
    """
    report = run_pyshacl(data, _without_sparql(shapes))
    from rdflib.namespace import SH

    for result in report.objects(None, SH.result):
        source = report.value(result, SH.sourceShape)
        yield Finding(
            name(report.value(result, SH.resultSeverity)).rpartition(":")[2].lower(),
            name(source),
            name(report.value(result, SH.focusNode)),
            name(report.value(result, SH.resultPath)),
            name(report.value(result, SH.value)),
            messages(shapes, source),
        )


def run_pyshacl(data: Graph, shapes: Graph) -> Graph:
    """Give pySHACL's report graph; raise ShapesError where the shapes can't be used."""
    import pyshacl
    from pyshacl.errors import ReportableRuntimeError
    from rdflib import Graph

    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    except ReportableRuntimeError as error:
        raise ShapesError(f"the shapes can't be used: {error}") from error
    if not isinstance(report, Graph):
        raise ShapesError(f"the shapes can't be used: {report}")
    return report


def count_constraints(shapes: Graph) -> int:
    """Count the property shapes and SPARQL constraints."""
    from rdflib.namespace import SH

    return len({*shapes.objects(None, SH.property), *shapes.objects(None, SH.sparql)})


def _without_sparql(shapes: Graph) -> Graph:
    from rdflib import Graph
    from rdflib.namespace import SH

    core = Graph()
    for triple in shapes:
        if triple[1] != SH.sparql:
            core.add(triple)
    return core
