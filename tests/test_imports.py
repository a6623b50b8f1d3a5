"""Modules import each other in no circle, not even for their types."""

from __future__ import annotations

import grimp
import networkx as nx
import pytest


@pytest.fixture(scope="module")
def imports() -> nx.DiGraph[str]:
    """Every import of one of our modules by another, at the top, in a function or for types."""
    found = grimp.build_graph("govkg", exclude_type_checking_imports=False, cache_dir=None)
    graph: nx.DiGraph[str] = nx.DiGraph()
    for module in found.modules:
        graph.add_edges_from(
            (module, other) for other in found.find_modules_directly_imported_by(module)
        )
    return graph


def circles(graph: nx.DiGraph[str]) -> set[frozenset[str]]:
    return {frozenset(c) for c in nx.strongly_connected_components(graph) if len(c) > 1}


def test_no_modules_import_each_other_in_a_circle(imports: nx.DiGraph[str]) -> None:
    assert circles(imports) == set()


def test_imports_for_types_and_in_functions_count(imports: nx.DiGraph[str]) -> None:
    """Were they overlooked, the circles that they close would be too."""
    assert ("govkg.validation.report", "govkg.validation.locations") in imports.edges  # for types
    assert ("govkg.validation.engines.pyshacl", "govkg.validation.engines.store_view") in (
        imports.edges  # in a function
    )
    closed = imports.copy()
    closed.add_edge("govkg.validation.locations", "govkg.validation.report")
    assert circles(closed) == {frozenset({"govkg.validation.locations", "govkg.validation.report"})}
