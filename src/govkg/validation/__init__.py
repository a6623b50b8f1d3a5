"""Shapes and checks over a build, as findings that a curator can act on.

Core SHACL runs in pySHACL, the engine of record. `sh:sparql` constraints and the checks of
`queries/checks` run once each, over all focus nodes, in the store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg import ontology, queries
from govkg.errors import ShapesError
from govkg.namespaces import COUNTS_GRAPH, ONTOLOGY_GRAPH, SHAPES_GRAPH
from govkg.store import Store
from govkg.validation.checks import check_findings
from govkg.validation.constraints import sparql_findings
from govkg.validation.formats import FORMATS, write
from govkg.validation.places import Places
from govkg.validation.report import COLUMNS, SEVERITIES, Finding, Report, as_rows, as_text
from govkg.validation.shacl import core_findings, count_constraints

if TYPE_CHECKING:
    from rdflib import Graph

__all__ = [
    "COLUMNS",
    "FORMATS",
    "SEVERITIES",
    "Finding",
    "Places",
    "Report",
    "as_rows",
    "as_text",
    "load_ontology_and_shapes",
    "load_shapes",
    "validate",
    "write",
]


def validate(store: Store) -> Report:
    """Validate a built store against the shapes and every `queries/checks/no-*.rq`.

    Raises ShapesError where the shapes are broken or there is nothing to validate.
    """
    if not len(store):
        raise ShapesError("the graph is empty: nothing was checked. Run `govkg build` again.")
    # The counts repeat a table that is under test: they are left out.
    graph, shapes = store.in_memory(without=COUNTS_GRAPH), load_shapes()
    if not (constraints := count_constraints(shapes)):
        raise ShapesError("there is no shape: nothing was checked. Look into ontology/shapes.")
    checks = [q for name, q in queries.catalog("checks").items() if name.startswith("no-")]
    found = [
        *core_findings(graph.to_rdflib(), shapes),
        *sparql_findings(graph, shapes),
        *check_findings(checks, {"data": graph, "ontology": load_ontology_and_shapes()}),
    ]
    return Report(tuple(sorted(found, key=Finding.order)), constraints, len(checks))


def load_shapes() -> Graph:
    """Read the SHACL files into one graph; raise SourceError where one is broken."""
    store = Store()
    for path in ontology.shape_files():
        store.load(path, SHAPES_GRAPH)
    return store.to_rdflib()


def load_ontology_and_shapes() -> Store:
    """Read terms and shapes, each into its graph: where checks of scope `ontology` look."""
    store = Store()
    for path in ontology.term_files():
        store.add_skolemized(path, ONTOLOGY_GRAPH)
    for path in ontology.shape_files():
        store.add_skolemized(path, SHAPES_GRAPH)
    return store
