"""`govkg analyze orphans`: what hangs nowhere, hangs too high, or has nothing below it."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govkg.cli import output
from govkg.cli.analyze import words
from govkg.cli.analyze.common import FigurePath, Force, Year, give, target
from govkg.cli.options import Form, Home, Lang
from govkg.cli.output import Format
from govkg.namespaces import expand

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import networkx as nx
    import polars as pl

    from govkg.api import KnowledgeGraph

    Row = tuple[str, ...]
    from govkg.languages import Language

_COLUMNS = ("problem", "id", "name", "kind")
_PROBLEMS = {
    "orphan": ("nothing above it", "没有上级"),
    "isolated": ("no tie to another node", "与其他节点没有关系"),
    "cycle": ("on a ring", "处于环中"),
    "skips-level": ("a level is missing above it", "与上级之间缺一级"),
    "childless": ("nothing below it", "没有下级"),
}
_TITLES = {
    "lists": ("Out of order in the lists of divisions", "区划名录中的异常"),
    "list": ("Out of order in the list of {}", "{}年区划名录中的异常"),
    "network": ("Out of order in the network {}", "网络{}中的异常"),
}


def orphans(
    network: Annotated[
        str | None, typer.Argument(help="A network (default: the list of a year).")
    ] = None,
    year: Year = None,
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """List orphans, cycles, skipped levels and units with nothing below them.

    Of a network: nodes without any tie, and rings of ties that lead. The figure counts by problem
    and kind, or, of the lists of all years (without --year), by problem, year and level.
    """
    from govkg.analysis import divisions

    language = lang or output.default_language()
    file = target(figure, language, force=force)
    if network is None:
        units = divisions.listed(year or divisions.YEARS[-1])
        rows = list(_of_list(units, divisions.labels(units, language)))
        draw = partial(_of_year, rows, year) if year else _columns
    else:
        from govkg.api import open_graph

        kg = open_graph(home)
        rows = list(_of_network(kg.network(network, lang=language).to_directed()))
        draw = partial(_of_kinds, kg, network, rows)
    give(_COLUMNS, rows, form, file, draw)


def _of_list(units: pl.DataFrame, names: list[str]) -> Iterator[tuple[str, ...]]:
    from govkg.analysis import divisions
    from govkg.analysis.orphans import faults

    told = dict(zip(units["code"], zip(names, units["kind"], strict=True), strict=True))
    for fault, code in faults(units):
        yield fault, divisions.short(code), *told[code]


def _of_network(graph: nx.MultiDiGraph[Any]) -> Iterator[tuple[str, ...]]:
    from govkg.analysis.orphans import isolated, rings

    for node in isolated(graph):
        about = graph.nodes[node]
        yield "orphan", node, about.get("label", ""), about.get("kind", about.get("type", ""))
    for ring in rings(graph):
        yield "cycle", " ".join(ring), "", ""


def _columns(form: str, language: Language) -> bytes:
    """Count the faults of every year by level, whatever year the rows are of."""
    from govkg.analysis import divisions, figures
    from govkg.analysis.orphans import faults

    panels: dict[str, dict[int, Counter[str]]] = {}
    for year in divisions.YEARS:
        output.progress(f"list of {year}")
        units = divisions.listed(year)
        level = dict(units.select("code", "level").iter_rows())
        for fault, code in faults(units):
            years = panels.setdefault(_problem(fault, language), _nothing(language))
            years[year][words.level(level[code], language)] += 1
    return figures.columns(panels, _title("lists", "", language), form, language)


def _nothing(language: Language) -> dict[int, Counter[str]]:
    from govkg.analysis import divisions

    levels = [words.level(number, language) for number in words.LEVELS]
    return {year: Counter(dict.fromkeys(levels, 0)) for year in divisions.YEARS}


def _of_year(rows: list[Row], year: int, form: str, language: Language) -> bytes:
    from govkg.analysis import figures

    told = ((fault, words.kind(kind, language)) for fault, *_, kind in rows)
    return figures.bars(_counted(told, language), _title("list", year, language), form, language)


def _of_kinds(
    kg: KnowledgeGraph, network: str, rows: list[Row], form: str, language: Language
) -> bytes:
    """Call kinds of nodes as the ontology does; a ring has no kind, but a length."""
    from govkg.analysis import figures

    classes = {kind: expand(f"gov:{kind}") for *_, kind in rows if kind}
    labels = kg.labels(classes.values(), language)
    of = "{}个节点" if language == "zh" else "of {}"
    told = (
        ("isolated", labels.get(classes[kind], kind)) if fault == "orphan"
        else (fault, of.format(len(node.split())))
        for fault, node, _, kind in rows
    )  # fmt: skip
    title = _title("network", network, language)
    return figures.bars(_counted(told, language), title, form, language)


def _counted(told: Iterable[tuple[str, str]], language: Language) -> dict[str, Counter[str]]:
    groups: dict[str, Counter[str]] = {}
    for fault, kind in told:
        groups.setdefault(_problem(fault, language), Counter())[kind] += 1
    return groups


def _problem(fault: str, language: Language) -> str:
    return _PROBLEMS[fault][language == "zh"]


def _title(of: str, name: object, language: Language) -> str:
    return _TITLES[of][language == "zh"].format(name)
