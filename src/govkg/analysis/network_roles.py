"""Roles in networks: who answers to two leaders, along which lines; who stands between others.

In a tree brokerage and centrality say nothing new: betweenness, closeness and constraint of a node
follow from its depth and from how many stand below it. `brokers` therefore refuses a forest and
points to descendants and span.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from govkg.analysis import figures
from govkg.analysis.figures import LINES, Broker
from govkg.analysis.result import AnalysisResult
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import networkx as nx

    from govkg.languages import Language

_LEADERS = {"en": "Bodies with two leaders", "zh": "有两个领导方的机构"}
_BROKERS = {"en": "Who stands between others", "zh": "谁居于他者之间"}
_FEWEST = 3  # nobody stands between two nodes alone


class DualRow(NamedTuple):
    """A tie from one of the leaders of a node: its kind, and its line where one is said."""

    node: str
    label: str
    standing: str
    leader: str
    leader_label: str
    kind: str
    line: str


@dataclass(frozen=True)
class Leader:
    """Who leads, by which kind of tie, along which line ("" where none is said)."""

    id: str
    kind: str
    line: str


@dataclass(frozen=True)
class DualLeadership:
    """A node with two leaders or more.

    `certain` where two of them are said to lead along different lines, 条 and 块; else `possible`:
    there are two leaders, but the text does not say that they are of two lines.
    """

    node: str
    leaders: tuple[Leader, ...]
    standing: Literal["certain", "possible"]


def dual_leadership(
    graph: nx.MultiDiGraph[Any], kinds: Collection[str], language: Language
) -> AnalysisResult:
    """List each tie of these kinds to a node with two leaders; the figure draws them by line."""
    found = dual(graph, kinds)
    label = {node: str(about.get("label", "")) for node, about in graph.nodes(data=True)}
    rows = tuple(
        DualRow(
            one.node, label[one.node], one.standing,
            leader.id, label[leader.id], leader.kind, leader.line,
        )
        for one in found
        for leader in one.leaders
    )  # fmt: skip
    return AnalysisResult(DualRow, rows, lambda form: _draw_leaders(graph, found, form, language))


def dual(graph: nx.MultiDiGraph[Any], kinds: Collection[str]) -> list[DualLeadership]:
    """Find the nodes to which ties of these kinds run from two nodes or more, in order of node.

    Edges carry `kind`, and `line` (a concept of that list, or its last part) where one is said.
    """
    found = []
    for node in sorted(graph):
        ties = graph.in_edges(node, data=True)
        leaders = {
            Leader(source, about["kind"], _line(about))
            for source, _, about in ties
            if about.get("kind") in kinds and source != node
        }
        if len({leader.id for leader in leaders}) > 1:
            told = tuple(sorted(leaders, key=lambda one: (one.id, one.kind, one.line)))
            found.append(DualLeadership(node, told, _standing(told)))
    return found


def _line(about: dict[str, Any]) -> str:
    word = str(about.get("line") or "").replace("/", ":").rpartition(":")[2]
    return word if word in LINES else ""


def _standing(leaders: tuple[Leader, ...]) -> Literal["certain", "possible"]:
    several = any(
        one.id != other.id and one.line and other.line and one.line != other.line
        for one in leaders
        for other in leaders
    )
    return "certain" if several else "possible"


def _draw_leaders(
    graph: nx.MultiDiGraph[Any], found: Sequence[DualLeadership], form: str, language: Language
) -> bytes:
    label = {node: str(about.get("label", "")) for node, about in graph.nodes(data=True)}
    # The words of a kind of tie stand at the edges.
    words = {about["kind"]: about.get("tie", about["kind"]) for *_, about in graph.edges(data=True)}
    bodies = [
        figures.Led(
            label[one.node],
            one.standing == "certain",
            [figures.Tie(label[at.id], words[at.kind], at.line) for at in one.leaders],
        )
        for one in found
    ]
    return figures.leaders(bodies, _LEADERS[language], form, language)


def brokerage(graph: nx.MultiDiGraph[Any], language: Language) -> AnalysisResult:
    """Measure who stands between others; the figure has a dot for each, part by part."""
    found = brokers(graph)
    title = _BROKERS[language]
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
