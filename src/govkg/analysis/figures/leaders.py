"""Who has two leaders: leaders on the left, the body that answers to them on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from govkg.analysis.figures.style import BLACK, BLUE, DARK, RED, draw, wrapped
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govkg.languages import Language

_WIDTH, _ROW, _EDGES = 7.2, 0.42, 0.9  # inches
_GAP = 0.3  # rows between two bodies
_COLUMNS = 34  # of text in a label
_LEFT, _RIGHT = 0.40, 0.64  # where ties begin and end
# By line: color, dashes, mark at the leader.
_LOOKS: dict[str, tuple[str, Literal["-", "--", ":"], str]] = {
    "tiao": (BLUE, "-", "s"),
    "kuai": (RED, "--", "o"),
    "": (DARK, ":", "D"),
}
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


@dataclass(frozen=True)
class Tie:
    """A leader, by which kind of tie (in words), along which line: tiao, kuai or ""."""

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
    order = list(_LOOKS)
    for row, tie in enumerate(sorted(body.ties, key=lambda tie: order.index(tie.line))):
        _tie(axes, top + row, middle, tie)
    axes.plot(_RIGHT, middle, marker="o", color=BLACK, markersize=5)


def _tie(axes: Axes, row: float, middle: float, tie: Tie) -> None:
    color, dashes, mark = _LOOKS[tie.line]
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
        for line, (color, dashes, mark) in _LOOKS.items()
        if line in there
    ]
    figure.legend(handles=told, loc="outside lower center", ncols=3, fontsize=8, handlelength=3)
