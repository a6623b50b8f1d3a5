"""What is out of order in a hierarchy or a network: orphans, cycles, skipped levels, gaps."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from govkg.analysis import divisions, figures
from govkg.analysis.hierarchy import NONE, Hierarchy
from govkg.analysis.result import AnalysisResult
from govkg.reference import kinds
from govkg.reference.codes import short

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    import networkx as nx
    import polars as pl

    from govkg.languages import Language

    Labels = Callable[[Collection[str]], Mapping[str, str]]

_PROBLEMS = {
    "orphan": {"en": "nothing above it", "zh": "没有上级"},
    "isolated": {"en": "no tie to another node", "zh": "与其他节点没有关系"},
    "cycle": {"en": "on a ring", "zh": "处于环中"},
    "skips-level": {"en": "a level is missing above it", "zh": "与上级之间缺一级"},
    "childless": {"en": "nothing below it", "zh": "没有下级"},
}
_TITLES = {
    "lists": {"en": "Out of order in the lists of divisions", "zh": "区划名录中的异常"},
    "list": {"en": "Out of order in the list of {}", "zh": "{}年区划名录中的异常"},
    "network": {"en": "Out of order in the network {}", "zh": "网络{}中的异常"},
    "ring": {"en": "of {}", "zh": "{}个节点"},
}
_LEVELS = {
    "en": ["province level", "prefecture level", "county level", "township level", "village level"],
    "zh": ["省级", "地级", "县级", "乡级", "村级"],
}


class Problem(NamedTuple):
    """What is wrong with a unit or a node; the `id` of a ring are those of its nodes."""

    problem: str
    id: str
    name: str
    kind: str


def of_list(
    year: int | None, language: Language, progress: Callable[[str], None]
) -> AnalysisResult:
    """List what is out of order in the list of a year, or in the last one.

    The figure counts by kind, or, where no year is asked for, by year and level in all lists.
    """
    units = divisions.listed(year or divisions.LAST_YEAR)
    names = zip(divisions.labels(units, language), units["kind"], strict=True)
    told = dict(zip(units["code"], names, strict=True))
    rows = tuple(Problem(fault, short(code), *told[code]) for fault, code in faults(units))

    def draw(form: str) -> bytes:
        if year is None:
            return _columns(form, language, progress)
        words = kinds.column(language)
        counted = _counted(((row.problem, words[row.kind]) for row in rows), language)
        title = _TITLES["list"][language].format(year)
        return figures.bars(counted, title, form, language)

    return AnalysisResult(Problem, rows, draw)


def of_network(
    name: str, graph: nx.MultiDiGraph[Any], leading: Collection[str], labels: Labels,
    language: Language,
) -> AnalysisResult:  # fmt: skip
    """List nodes without a tie, and rings of ties of the kinds that are `leading`.

    The figure counts by kind, in the words of `labels`; a ring has no kind, but a length.
    """
    rows = tuple(_of_network(graph, leading))

    def draw(form: str) -> bytes:
        words, ring = labels({row.kind for row in rows if row.kind}), _TITLES["ring"][language]
        told = (
            ("isolated", words.get(row.kind, row.kind)) if row.problem == "orphan"
            else (row.problem, ring.format(len(row.id.split())))
            for row in rows
        )  # fmt: skip
        title = _TITLES["network"][language].format(name)
        return figures.bars(_counted(told, language), title, form, language)

    return AnalysisResult(Problem, rows, draw)


def _of_network(graph: nx.MultiDiGraph[Any], leading: Collection[str]) -> Iterator[Problem]:
    for node in isolated(graph):
        about = graph.nodes[node]
        kind = about.get("kind", about.get("type", ""))
        yield Problem("orphan", node, about.get("label", ""), kind)
    for ring in rings(graph, leading):
        yield Problem("cycle", " ".join(ring), "", "")


def faults(units: pl.DataFrame) -> Iterator[tuple[str, int]]:
    """Yield what is out of order in a list of divisions, by kind of fault, then by code.

    Takes code, level, kind, parent. `orphan`: below the top level and without a listed parent;
    `cycle`: on a ring of parents; `skips-level`: the parent is more than one level up;
    `childless`: above the bottom of the list, and nothing below it.
    """
    hierarchy, level = Hierarchy.of_frame(units), units["level"].to_numpy().astype(int)
    # A part of a list begins at its own top: what stands there is no orphan.
    top, lowest = level.min(initial=kinds.VILLAGE), level.max(initial=0)
    rooted = hierarchy.parent == NONE
    for fault, flags in (
        ("orphan", rooted & (level > top)),
        ("skips-level", ~rooted & (level - level[hierarchy.parent] > 1)),
        ("childless", (level < lowest) & (hierarchy.children() == 0)),
    ):
        yield from ((fault, code) for code in sorted(hierarchy.ids[flags].tolist()))
    yield from (("cycle", code) for ring in hierarchy.cycles() for code in ring)


def isolated(graph: nx.MultiDiGraph[Any]) -> list[Any]:
    """List the nodes without a tie to another one."""
    return sorted(
        node
        for node in graph
        if not (set(graph.successors(node)) | set(graph.predecessors(node))) - {node}
    )


def rings(graph: nx.MultiDiGraph[Any], leading: Collection[str]) -> list[list[Any]]:
    """List the groups of nodes that lead each other in a ring, by ties of these kinds."""
    import networkx as nx

    ties = [(u, v) for u, v, about in graph.edges(data=True) if about.get("kind") in leading]
    led: nx.DiGraph[Any] = nx.DiGraph(ties)
    found = [sorted(part) for part in nx.strongly_connected_components(led) if len(part) > 1]
    return sorted(found + [[node] for node in led if led.has_edge(node, node)])


def _columns(form: str, language: Language, progress: Callable[[str], None]) -> bytes:
    """Count the faults of every year by level, whatever year the rows are of."""
    words = _LEVELS[language]
    panels: dict[str, dict[int, Counter[str]]] = {}
    for year, units in divisions.yearly(divisions.YEARS, None, progress):
        level = dict(units.select("code", "level").iter_rows())
        for fault, code in faults(units):
            years = panels.setdefault(
                _PROBLEMS[fault][language],
                {one: Counter(dict.fromkeys(words, 0)) for one in divisions.YEARS},
            )
            years[year][words[level[code] - 1]] += 1
    return figures.columns(panels, _TITLES["lists"][language], form, language)


def _counted(told: Iterable[tuple[str, str]], language: Language) -> dict[str, Counter[str]]:
    groups: dict[str, Counter[str]] = {}
    for fault, kind in told:
        groups.setdefault(_PROBLEMS[fault][language], Counter())[kind] += 1
    return groups
