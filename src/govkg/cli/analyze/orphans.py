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
        rows = list(_of_list(units.with_columns(label=_series(lists.labels(units, language)))))
    else:
        from govkg.api import open_graph

        rows = list(_of_network(open_graph(home).network(network, lang=language)))
    output.write_rows(_COLUMNS, rows, form)


def _series(values: list[str]) -> Any:  # noqa: ANN401 - polars is imported late
    import polars as pl

    return pl.Series(values)


def _of_list(units: Any) -> Iterator[tuple[str, ...]]:  # noqa: ANN401
    from govkg.analysis import lists
    from govkg.analysis.orphans import faults

    names = dict(units.select("code", "label").iter_rows())
    kinds = dict(units.select("code", "kind").iter_rows())
    for fault, code in faults(units):
        yield fault, lists.short(code), names[code], kinds[code]


def _of_network(graph: Any) -> Iterator[tuple[str, ...]]:  # noqa: ANN401
    from govkg.analysis.orphans import isolated, rings

    for node in isolated(graph):
        about = graph.nodes[node]
        yield "orphan", node, about.get("label", ""), about.get("kind", about.get("type", ""))
    for ring in rings(graph):
        yield "cycle", " ".join(ring), "", ""
