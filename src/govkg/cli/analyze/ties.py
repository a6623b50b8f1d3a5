"""`govkg analyze dual-leadership` and `brokerage`: who answers to two, who stands between."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govkg.cli import output
from govkg.cli.analyze.common import give
from govkg.cli.options import Form, Home, Lang
from govkg.cli.output import Format

if TYPE_CHECKING:
    import networkx as nx

_DUAL = ("node", "label", "standing", "leader", "leader_label", "kind", "line")
_BROKER = ("node", "label", "part", "ins", "outs", "betweenness", "constraint", "cuts")

Network = Annotated[str, typer.Argument(help="A network's name or a .rq file.")]


def dual_leadership(
    network: Network = "institutions",
    kind: Annotated[
        list[str] | None, typer.Option(help="Kinds of ties that count (default: all that lead).")
    ] = None,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """List the nodes that two leaders stand above, a row for each tie: certain where 条 and 块."""
    from govkg.analysis.leadership import LEADING, WEAKER, dual
    from govkg.api import open_graph

    graph = open_graph(home).network(network, lang=lang or output.default_language())
    rows = [
        (one.node, _label(graph, one.node), one.standing, leader.id, _label(graph, leader.id),
         leader.kind, leader.line)
        for one in dual(graph, kind or (*LEADING, *WEAKER))
        for leader in one.leaders
    ]  # fmt: skip
    give(_DUAL, rows, form)
    if not rows:
        typer.echo("govkg: no node of this network has two leaders.", err=True)


def brokerage(
    network: Network = "institutions",
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Measure who stands between others: betweenness and constraint within each part."""
    from govkg.analysis.brokerage import brokers
    from govkg.api import open_graph

    graph = open_graph(home).network(network, lang=lang or output.default_language())
    rows = []
    for broker in brokers(graph):
        node, *measures = astuple(broker)
        rows.append((node, _label(graph, node), *measures))
    give(_BROKER, rows, form)


def _label(graph: nx.MultiDiGraph[Any], node: str) -> str:
    return str(graph.nodes[node].get("label", ""))
