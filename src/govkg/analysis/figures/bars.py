"""Bars to both sides of zero: what two years or two places have less and more of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govkg.analysis.figures.style import BLACK, BLUE, DARK, RED, draw, wrapped
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govkg.languages import Language

_WIDTH, _ROW, _EDGES = 7.2, 0.26, 0.75  # inches
_COLUMNS = 30  # of text in a label
_ROOM = 1.22  # the axis ends here times the longest bar, for the numbers


@dataclass(frozen=True)
class Change:
    """What went down (0 or less) and up (0 or more) under a name, and a note for the margin.

    `instead` is written where there is no bar.
    """

    label: str
    down: int
    up: int
    note: str = ""
    instead: str = "0"


@dataclass(frozen=True)
class Changes:
    """A panel: what its bars to the left and to the right mean, and the heading of the notes.

    Numbers have their sign where the panel is `signed`.
    """

    left: str
    right: str
    rows: Sequence[Change]
    notes: str = ""
    signed: bool = True


def diverging(panels: Sequence[Changes], title: str, form: str, language: Language) -> bytes:
    """Draw panels of bars to the left and right of zero, each on a scale of its own.

    Raises InputError where no bar has a length.
    """
    shown = [panel for panel in panels if any(row.down or row.up for row in panel.rows)]
    if not shown:
        raise InputError("there is nothing to draw: the two don't differ.")
    heights = [len(panel.rows) + 2.2 for panel in shown]

    def paint(figure: Figure) -> None:
        grid = figure.subplots(len(shown), 1, squeeze=False, height_ratios=heights)
        for axes, panel in zip(grid.flat, shown, strict=True):
            _panel(axes, panel)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        figure.align_ylabels()

    return draw(paint, (_WIDTH, _EDGES + _ROW * sum(heights)), form, language)


def _panel(axes: Axes, panel: Changes) -> None:
    longest = max(max(-row.down, row.up) for row in panel.rows)
    for place, row in enumerate(panel.rows):
        for value, color in ((row.down, RED), (row.up, BLUE)):
            if value:
                axes.barh(place, value, color=color, height=0.62)
                _number(axes, place, value, signed=panel.signed)
        if not (row.down or row.up):
            at = (0, place)
            axes.annotate(row.instead, at, (3, 0), textcoords="offset points", va="center", size=7)
        axes.annotate(
            row.note, (1.01, place), xycoords=("axes fraction", "data"), va="center", size=7,
        )  # fmt: skip
    axes.axvline(0, color=BLACK, linewidth=0.8)
    axes.set(xlim=(-longest * _ROOM, longest * _ROOM), ylim=(len(panel.rows) - 0.4, -1.5))
    labels = [wrapped(row.label, _COLUMNS) for row in panel.rows]
    axes.set_yticks(range(len(labels)), labels, fontsize=7.5)
    _heads(axes, panel)


def _number(axes: Axes, place: int, value: int, *, signed: bool) -> None:
    side = "right" if value < 0 else "left"
    away = (-3 if value < 0 else 3, 0)
    text = f"{value:+,}".replace("-", "−") if signed else f"{abs(value):,}"
    axes.annotate(
        text, (value, place), away, textcoords="offset points", ha=side, va="center", size=7
    )


def _heads(axes: Axes, panel: Changes) -> None:
    """Say at the top what both sides mean; without an axis, for each bar has its number."""
    for text, away, side in ((f"◀ {panel.left}", -4, "right"), (f"{panel.right} ▶", 4, "left")):
        axes.annotate(
            text, (0, -1), (away, 0), textcoords="offset points", ha=side, va="center", size=7.5,
            color=DARK,
        )  # fmt: skip
    at = ("axes fraction", "data")
    axes.annotate(panel.notes, (1.01, -1), xycoords=at, va="center", size=7, color=DARK)
    axes.tick_params(axis="y", length=0)
    axes.set_xticks([])
    axes.spines[:].set_visible(False)
