"""Relations: leaders and who answers to them, and who stands between others."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from govkg.analysis.figures.style import BLACK, BLUE, DARK, GRAY, RED, draw, wrapped
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govkg.languages import Language

_WIDTH, _ROW, _EDGES = 7.2, 0.42, 0.9  # inches
_GAP = 0.3  # rows between two bodies
_COLUMNS = 34  # of text in a label
_LEFT, _RIGHT = 0.40, 0.64  # where ties begin and end
# By concept of the code list `line`: color, dashes, mark at the leader, in the order of the legend.
# No other place in Python names these concepts; a test holds them to the ontology.
LINES: dict[str, tuple[str, Literal["-", "--", ":"], str]] = {
    "tiao": (BLUE, "-", "s"),
    "kuai": (RED, "--", "o"),
}
_STYLES = {**LINES, "": (DARK, ":", "D")}
_WORDS = {
    "zh": {
        "tiao": "条：沿部门系统", "kuai": "块：沿属地", "": "文中未说条块", "leaders": "领导方",
        "body": "被领导方", "certain": "确定：一条一块", "possible": "可能：领导方不止一个",
    },
    "en": {
        "tiao": "tiao: along a department", "kuai": "kuai: along the territory",
        "": "line not said", "leaders": "leaders", "body": "who answers to them",
        "certain": "certain: tiao and kuai", "possible": "possible: several leaders",
    },
}  # fmt: skip
_BROKER_ROW, _BROKER_EDGES = 0.27, 1.3  # inches
_BROKER_COLUMNS = 44  # of text in a label
_MOST, _MOST_OF_PART = 40, 15  # rows
_BROKER_WORDS = {
    "zh": {
        "part": "部分{}：{}个节点", "betweenness": "中介中心性", "constraint": "约束（Burt）",
        "cuts": "实心：去掉后该部分断开", "keeps": "空心：去掉后仍连通",
        "rest": "未画：另有{}个节点（所在部分较小，或中介中心性较低）",
    },
    "en": {
        "part": "part {}: {} nodes", "betweenness": "betweenness",
        "constraint": "constraint (Burt)",
        "cuts": "filled: its part falls apart without it", "keeps": "hollow: its part holds",
        "rest": "not shown: {} more nodes, of smaller parts or with less betweenness",
    },
}  # fmt: skip


@dataclass(frozen=True)
class Tie:
    """A leader, by which kind of tie (in words), along which of the `LINES`, or ""."""

    leader: str
    word: str
    line: str


@dataclass(frozen=True)
class Led:
    """A body and its leaders; `certain` where one leads along 条 and one along 块."""

    label: str
    certain: bool
    ties: Sequence[Tie]


def leaders(bodies: Sequence[Led], title: str, form: str, language: Language) -> bytes:
    """Draw a line a tie: color, dashes and mark tell 条 from 块, words the kind of tie.

    Raises InputError where there is no body.
    """
    if not bodies:
        raise InputError("there is nothing to draw: no node of this network has two leaders.")
    rows = sum(len(body.ties) + _GAP for body in bodies)

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        top = 0.0
        for body in bodies:
            _body(axes, top, body, language)
            top += len(body.ties) + _GAP
        axes.set(xlim=(0, 1), ylim=(rows - 0.5, -1), title=title)
        axes.axis("off")
        _heads(axes, language)
        _legend(figure, bodies, language)

    return draw(paint, (_WIDTH, _EDGES + _ROW * (rows + 0.5)), form, language)


def _body(axes: Axes, top: float, body: Led, language: Language) -> None:
    middle = top + (len(body.ties) - 1) / 2
    standing = _WORDS[language]["certain" if body.certain else "possible"]
    label = wrapped(body.label, _COLUMNS)
    axes.text(_RIGHT + 0.02, middle, label, va="center", size=8)
    below = (0, -5.5 * (label.count("\n") + 1) - 1)
    axes.annotate(
        standing, (_RIGHT + 0.02, middle), below, textcoords="offset points", size=6.5, va="top",
        color=DARK,
    )  # fmt: skip
    order = list(_STYLES)
    for row, tie in enumerate(sorted(body.ties, key=lambda tie: order.index(tie.line))):
        _tie(axes, top + row, middle, tie)
    axes.plot(_RIGHT, middle, marker="o", color=BLACK, markersize=5)


def _tie(axes: Axes, row: float, middle: float, tie: Tie) -> None:
    color, dashes, mark = _STYLES[tie.line]
    axes.plot((_LEFT, _RIGHT), (row, middle), color=color, linestyle=dashes, linewidth=1.5)
    axes.plot(_LEFT, row, marker=mark, color=color, markersize=5)
    axes.text(_LEFT - 0.02, row, wrapped(tie.leader, _COLUMNS), ha="right", va="center", size=8)
    part = 0.4  # of the way, where ties of one body still are apart
    at = (_LEFT + part * (_RIGHT - _LEFT), row + part * (middle - row))
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    axes.text(*at, tie.word, size=6.5, ha="center", va="center", bbox=behind)


def _heads(axes: Axes, language: Language) -> None:
    words = _WORDS[language]
    axes.text(_LEFT - 0.02, -0.8, words["leaders"], ha="right", va="center", size=7, color=DARK)
    axes.text(_RIGHT + 0.02, -0.8, words["body"], va="center", size=7, color=DARK)


def _legend(figure: Figure, bodies: Sequence[Led], language: Language) -> None:
    from matplotlib.lines import Line2D

    there = {tie.line for body in bodies for tie in body.ties}
    told = [
        Line2D([], [], color=color, linestyle=dashes, marker=mark, label=_WORDS[language][line])
        for line, (color, dashes, mark) in _STYLES.items()
        if line in there
    ]
    figure.legend(handles=told, loc="outside lower center", ncols=3, fontsize=8, handlelength=3)


class Broker(NamedTuple):
    """How a node stands between others, within its part of the network.

    `part` numbers that part (weak component), 1 the largest, and `size` counts its nodes.
    `betweenness` is the share, 0 to 1, of the shortest undirected paths between other pairs of the
    part that run through it;
    `constraint` (Burt) is near 1 where its neighbors know each other or it has only one;
    `cuts` says whether the part falls apart without it. `ins` and `outs` count neighbors.
    """

    node: str
    label: str
    part: int
    size: int
    ins: int
    outs: int
    betweenness: float
    constraint: float
    cuts: bool


def brokers(dots: Sequence[Broker], title: str, form: str, language: Language) -> bytes:
    """Draw the nodes that stand between others, part by part; how many are left out is told.

    Takes dots with the largest betweenness first. Raises InputError where nobody stands between.
    """
    shown = _shown(dots)
    if not shown:
        raise InputError("there is nothing to draw: nobody stands between others here.")
    rows = sum(len(part) + 1 for part in shown)

    def paint(figure: Figure) -> None:
        left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
        ticks = list(_rows(shown))
        for row, dot in ticks:
            _dot(left, right, row, dot)
        _part_heads(left, right, shown, language)
        labels = [wrapped(dot.label, _BROKER_COLUMNS) for _, dot in ticks]
        left.set_yticks([row for row, _ in ticks], labels, fontsize=7)
        left.set(
            xlim=(0, 1.04), ylim=(rows - 0.4, -0.6), xlabel=_BROKER_WORDS[language]["betweenness"]
        )
        right.set(xlim=(0, 1.17), xlabel=_BROKER_WORDS[language]["constraint"])  # it ends at 1.125
        for axes in (left, right):
            axes.grid(axis="x", alpha=0.3)
            axes.tick_params(axis="y", length=0)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        _cut_legend(figure, len(dots) - len(ticks), language)

    return draw(paint, (_WIDTH, _BROKER_EDGES + _BROKER_ROW * rows), form, language)


def _shown(dots: Sequence[Broker]) -> list[list[Broker]]:
    """Choose by part, the largest first, those with betweenness, as many as a page holds."""
    between = sorted((dot for dot in dots if dot.betweenness > 0), key=lambda dot: dot.part)
    parts = [list(of)[:_MOST_OF_PART] for _, of in groupby(between, lambda dot: dot.part)]
    room = _MOST
    for part in parts:
        del part[room:]
        room -= len(part)
    return [part for part in parts if part]


def _rows(parts: Sequence[Sequence[Broker]]) -> Iterator[tuple[int, Broker]]:
    """Give each dot its row; each part begins with a row for its name."""
    row = 0
    for part in parts:
        yield from enumerate(part, start=row + 1)
        row += len(part) + 1


def _dot(left: Axes, right: Axes, row: int, dot: Broker) -> None:
    color = RED if dot.cuts else BLUE
    face = color if dot.cuts else "white"
    for axes, value, mark in ((left, dot.betweenness, "o"), (right, dot.constraint, "s")):
        axes.hlines(row, 0, value, colors=GRAY, linewidth=0.8)
        axes.plot(
            value, row, marker=mark, color=color, markerfacecolor=face, markersize=5, clip_on=False
        )


def _part_heads(
    left: Axes, right: Axes, parts: Sequence[Sequence[Broker]], language: Language
) -> None:
    row = 0
    for part in parts:
        name = _BROKER_WORDS[language]["part"].format(part[0].part, part[0].size)
        left.text(0.012, row, name, va="center", size=7, color=DARK)
        for axes in (left, right):
            if row:
                axes.axhline(row - 0.5, color=GRAY, linewidth=0.5)
        row += len(part) + 1


def _cut_legend(figure: Figure, rest: int, language: Language) -> None:
    from matplotlib.lines import Line2D

    words = _BROKER_WORDS[language]
    told = [
        Line2D([], [], color=color, marker="o", linestyle="", markerfacecolor=face, label=label)
        for color, face, label in ((RED, RED, words["cuts"]), (BLUE, "white", words["keeps"]))
    ]
    note = words["rest"].format(rest) if rest else None
    figure.legend(
        handles=told, loc="outside lower center", ncols=2, fontsize=8, title=note,
        title_fontsize=7, alignment="left",
    )  # fmt: skip
