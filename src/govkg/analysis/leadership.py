"""Dual leadership: who answers to two, and along which lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from govkg.analysis import figures
from govkg.analysis.result import AnalysisResult

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import networkx as nx

    from govkg.languages import Language

_LINES = {"tiao", "kuai"}
_TITLE = {"en": "Bodies with two leaders", "zh": "有两个领导方的机构"}


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
    """Who leads, by which kind of tie, along which line (tiao, kuai or "", where none is said)."""

    id: str
    kind: str
    line: str


@dataclass(frozen=True)
class DualLeadership:
    """A node with two leaders or more.

    `certain` where one line is said to be 条 (tiao) and another 块 (kuai); else `possible`: there
    are two leaders, but the text does not say that they are of two lines.
    """

    node: str
    leaders: tuple[Leader, ...]
    standing: Literal["certain", "possible"]


def analyze(
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
    return AnalysisResult(DualRow, rows, lambda form: _leaders(graph, found, form, language))


def dual(graph: nx.MultiDiGraph[Any], kinds: Collection[str]) -> list[DualLeadership]:
    """Find the nodes to which ties of these kinds run from two nodes or more, in order of node.

    Edges carry `kind`, and `line` (a concept or a word that ends in tiao or kuai) where it is said.
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
    return word if word in _LINES else ""


def _standing(leaders: tuple[Leader, ...]) -> Literal["certain", "possible"]:
    pairs = {
        (one.line, other.line)
        for one in leaders
        for other in leaders
        if one.id != other.id and one.line and other.line
    }
    return "certain" if ("kuai", "tiao") in pairs else "possible"


def _leaders(
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
    return figures.leaders(bodies, _TITLE[language], form, language)
