"""`govkg analyze dual-leadership` and `brokerage`: who answers to two, who stands between."""

from __future__ import annotations

from dataclasses import astuple
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govkg.cli import output
from govkg.cli.analyze.common import FigurePath, Force, give, target
from govkg.cli.options import Form, Home, Lang
from govkg.cli.output import Format

if TYPE_CHECKING:
    import networkx as nx

    from govkg.analysis.brokerage import Broker
    from govkg.analysis.leadership import DualLeadership

    Graph = nx.MultiDiGraph[Any]
    from govkg.languages import Language

_DUAL = ("node", "label", "standing", "leader", "leader_label", "kind", "line")
_BROKER = ("node", "label", "part", "size", "ins", "outs", "betweenness", "constraint", "cuts")

Network = Annotated[str, typer.Argument(help="A network's name or a .rq file.")]


def dual_leadership(
    network: Network = "institutions",
    kind: Annotated[
        list[str] | None, typer.Option(help="Kinds of ties that count (default: all that lead).")
    ] = None,
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """List the nodes that two leaders stand above, a row for each tie: certain where 条 and 块."""
    from govkg.analysis.leadership import LEADING, WEAKER, dual
    from govkg.api import open_graph

    language = lang or output.default_language()
    file = target(figure, language, force=force)
    graph = open_graph(home).network(network, lang=language).to_directed()
    found = dual(graph, kind or (*LEADING, *WEAKER))
    rows = [
        (one.node, _label(graph, one.node), one.standing, leader.id, _label(graph, leader.id),
         leader.kind, leader.line)
        for one in found
        for leader in one.leaders
    ]  # fmt: skip
    give(_DUAL, rows, form, file, partial(_leaders, graph, found))
    if not rows:
        typer.echo("govkg: no node of this network has two leaders.", err=True)


def brokerage(
    network: Network = "institutions",
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Measure who stands between others: betweenness and constraint within each part."""
    from govkg.analysis.brokerage import brokers
    from govkg.api import open_graph

    language = lang or output.default_language()
    file = target(figure, language, force=force)
    graph = open_graph(home).network(network, lang=language).to_directed()
    rows, found = [], brokers(graph)
    for broker in found:
        node, *measures = astuple(broker)
        rows.append((node, _label(graph, node), *measures))
    give(_BROKER, rows, form, file, partial(_brokers, graph, found))


def _leaders(graph: Graph, found: list[DualLeadership], form: str, language: Language) -> bytes:
    from govkg.analysis import figures

    # The words of a kind of tie stand at the edges.
    words = {about["kind"]: about.get("tie", about["kind"]) for *_, about in graph.edges(data=True)}
    bodies = [
        figures.Led(
            _label(graph, one.node),
            one.standing == "certain",
            [figures.Tie(_label(graph, at.id), words[at.kind], at.line) for at in one.leaders],
        )
        for one in found
    ]
    title = "Bodies with two leaders" if language == "en" else "有两个领导方的机构"
    return figures.leaders(bodies, title, form, language)


def _brokers(graph: Graph, found: list[Broker], form: str, language: Language) -> bytes:
    from govkg.analysis import figures

    dots = [
        figures.Dot(
            _label(graph, one.node), one.part, one.size, one.betweenness, one.constraint, one.cuts
        )
        for one in found
    ]
    title = "Who stands between others" if language == "en" else "谁居于他者之间"
    return figures.brokers(dots, title, form, language)


def _label(graph: Graph, node: str) -> str:
    return str(graph.nodes[node].get("label", ""))
