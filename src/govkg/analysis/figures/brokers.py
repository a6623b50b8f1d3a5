"""Who stands between others: dots of betweenness in order, Burt's constraint beside them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from govkg.analysis.figures.style import BLUE, DARK, GRAY, RED, draw, wrapped
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govkg.analysis.brokerage import Broker
    from govkg.languages import Language

_WIDTH, _ROW, _EDGES = 7.2, 0.27, 1.3  # inches
_COLUMNS = 44  # of text in a label
_MOST, _MOST_OF_PART = 40, 15  # rows
_WORDS = {
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
        _heads(left, right, shown, language)
        labels = [wrapped(dot.label, _COLUMNS) for _, dot in ticks]
        left.set_yticks([row for row, _ in ticks], labels, fontsize=7)
        left.set(xlim=(0, 1.04), ylim=(rows - 0.4, -0.6), xlabel=_WORDS[language]["betweenness"])
        right.set(xlim=(0, 1.17), xlabel=_WORDS[language]["constraint"])  # it ends at 1.125
        for axes in (left, right):
            axes.grid(axis="x", alpha=0.3)
            axes.tick_params(axis="y", length=0)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        _legend(figure, len(dots) - len(ticks), language)

    return draw(paint, (_WIDTH, _EDGES + _ROW * rows), form, language)


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


def _heads(left: Axes, right: Axes, parts: Sequence[Sequence[Broker]], language: Language) -> None:
    row = 0
    for part in parts:
        name = _WORDS[language]["part"].format(part[0].part, part[0].size)
        left.text(0.012, row, name, va="center", size=7, color=DARK)
        for axes in (left, right):
            if row:
                axes.axhline(row - 0.5, color=GRAY, linewidth=0.5)
        row += len(part) + 1


def _legend(figure: Figure, rest: int, language: Language) -> None:
    from matplotlib.lines import Line2D

    words = _WORDS[language]
    told = [
        Line2D([], [], color=color, marker="o", linestyle="", markerfacecolor=face, label=label)
        for color, face, label in ((RED, RED, words["cuts"]), (BLUE, "white", words["keeps"]))
    ]
    note = words["rest"].format(rest) if rest else None
    figure.legend(
        handles=told, loc="outside lower center", ncols=2, fontsize=8, title=note,
        title_fontsize=7, alignment="left",
    )  # fmt: skip
