"""Dual leadership: who answers to two, and along which lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Collection

    import networkx as nx

# Ties by which one body is above another; guidance and supervision bind less than leadership.
# Both the class of a tie and its shortcut go by these names.
LEADING = (
    "Leadership", "leads",
    "DirectAdministration", "directlyAdministers",
    "Dispatch", "dispatches",
    "Containment", "hasPart",
)  # fmt: skip
WEAKER = ("Guidance", "guides", "Supervision", "supervises", "Coordination", "coordinates")
_LINES = {"tiao", "kuai"}


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


def dual(
    graph: nx.MultiDiGraph[Any], kinds: Collection[str] = (*LEADING, *WEAKER)
) -> list[DualLeadership]:
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
