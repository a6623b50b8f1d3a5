"""Brokerage and centrality in networks that have cross ties.

In a tree they say nothing new: betweenness, closeness and constraint of a node follow from its
depth and from how many stand below it. `brokers` therefore refuses a forest and points to
descendants and span.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from govkg.analysis import figures
from govkg.analysis.figures import Broker
from govkg.analysis.result import AnalysisResult
from govkg.errors import InputError

if TYPE_CHECKING:
    import networkx as nx

    from govkg.languages import Language

_FEWEST = 3  # nobody stands between two nodes alone
_TITLE = {"en": "Who stands between others", "zh": "谁居于他者之间"}


def analyze(graph: nx.MultiDiGraph[Any], language: Language) -> AnalysisResult:
    """Measure who stands between others; the figure has a dot for each, part by part."""
    found = brokers(graph)
    title = _TITLE[language]
    return AnalysisResult(
        Broker, tuple(found), lambda form: figures.brokers(found, title, form, language)
    )


def brokers(graph: nx.MultiDiGraph[Any]) -> list[Broker]:
    """Measure every node that lies in a part of three nodes or more, the largest broker first.

    Parallel and opposite ties count once, self loops not at all. Raises InputError where the
    network is a forest: each node has one above it at most, and no part has a cross tie.
    """
    import networkx as nx

    ties: nx.DiGraph[Any] = nx.DiGraph((u, v) for u, v in graph.edges() if u != v)
    simple: nx.Graph[Any] = nx.Graph(ties)
    if simple and nx.is_forest(simple) and max(dict(ties.in_degree()).values()) == 1:
        raise InputError(
            "the network is a tree, where brokerage follows from depth: use `govkg analyze span`."
        )
    parts = sorted(nx.connected_components(simple), key=lambda part: (-len(part), min(part)))
    found = [
        broker
        for number, part in enumerate(parts, start=1)
        if len(part) >= _FEWEST
        for broker in _of_part(graph, number, simple.subgraph(part))
    ]
    return sorted(found, key=lambda one: (-one.betweenness, -one.size, one.node))


def _of_part(graph: nx.MultiDiGraph[Any], number: int, part: nx.Graph[Any]) -> list[Broker]:
    import networkx as nx

    between, constraint = nx.betweenness_centrality(part), nx.constraint(part)
    cuts = set(nx.articulation_points(part))
    return [
        Broker(
            node,
            str(graph.nodes[node].get("label", "")),
            number,
            len(part),
            len(set(graph.predecessors(node)) - {node}),
            len(set(graph.successors(node)) - {node}),
            round(between[node], 6),
            round(constraint[node], 6),
            node in cuts,
        )
        for node in part
    ]
