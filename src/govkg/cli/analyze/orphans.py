"""`govkg analyze orphans`: what hangs nowhere, hangs too high, or has nothing below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from govkg.cli import output
from govkg.cli.analyze.common import Year
from govkg.cli.options import Form, Home, Lang
from govkg.cli.output import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    import polars as pl

_COLUMNS = ("problem", "id", "name", "kind")


def orphans(
    network: Annotated[
        str | None, typer.Argument(help="A network (default: the list of a year).")
    ] = None,
    year: Year = None,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """List orphans, cycles, skipped levels and units with nothing below them.

    Of a network: nodes without any tie, and rings of ties that lead.
    """
    from govkg.analysis import lists

    language = lang or output.default_language()
    if network is None:
        units = lists.listed(year or lists.YEARS[-1])
        rows = list(_of_list(units, lists.labels(units, language)))
    else:
        from govkg.api import open_graph

        rows = list(_of_network(open_graph(home).network(network, lang=language)))
    output.write_rows(_COLUMNS, rows, form)


def _of_list(units: pl.DataFrame, names: list[str]) -> Iterator[tuple[str, ...]]:
    from govkg.analysis import lists
    from govkg.analysis.orphans import faults

    told = dict(zip(units["code"], zip(names, units["kind"], strict=True), strict=True))
    for fault, code in faults(units):
        yield fault, lists.short(code), *told[code]


def _of_network(graph: nx.MultiDiGraph[Any]) -> Iterator[tuple[str, ...]]:
    from govkg.analysis.orphans import isolated, rings

    for node in isolated(graph):
        about = graph.nodes[node]
        yield "orphan", node, about.get("label", ""), about.get("kind", about.get("type", ""))
    for ring in rings(graph):
        yield "cycle", " ".join(ring), "", ""
