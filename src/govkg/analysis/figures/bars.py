"""Bars: to both sides of zero, in columns by year, or by group and name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govkg.analysis.figures.style import BLACK, BLUE, COLORS, DARK, RED, draw, wrapped
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govkg.languages import Language

    Counts = Mapping[str, int]

_WIDTH, _ROW, _EDGES = 7.2, 0.26, 0.75  # inches
_COLUMNS = 30  # of text in a label
_ROOM = 1.22  # the axis ends here times the longest bar, for the numbers
_HEIGHT, _COUNT_EDGES = 2.6, 0.8  # inches
_COUNT_COLUMNS = 36  # of text in a label
_HATCHES = ("", "//", "..", "xx", "")
_NOTHING = "there is nothing to draw: nothing is out of order here."


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


def columns(
    panels: Mapping[str, Mapping[int, Counts]], title: str, form: str, language: Language
) -> bytes:
    """Draw a panel a name, a column a year, stacked by part, the sum on top.

    Parts keep their color and hatching in all panels,
    in the order in which they come. Raises InputError where all counts are zero.
    """
    shown = {
        name: years
        for name, years in panels.items()
        if any(sum(parts.values()) for parts in years.values())
    }
    if not shown:
        raise InputError(_NOTHING)
    named = [part for years in shown.values() for one in years.values() for part in one.items()]
    counted = {part for part, count in named if count}
    parts = [part for part in dict.fromkeys(part for part, _ in named) if part in counted]

    def paint(figure: Figure) -> None:
        rows = (len(shown) + 1) // 2
        grid = figure.subplots(rows, min(len(shown), 2), squeeze=False)
        for axes, (name, years) in zip(grid.flat, shown.items(), strict=False):
            _stacks(axes, years, parts)
            axes.set_title(name, fontsize=9)
        for axes in list(grid.flat)[len(shown) :]:
            axes.axis("off")
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        _legend(figure, parts)

    return draw(paint, (_WIDTH, _COUNT_EDGES + _HEIGHT * ((len(shown) + 1) // 2)), form, language)


def _stacks(axes: Axes, years: Mapping[int, Counts], parts: Sequence[str]) -> None:
    from matplotlib.ticker import MaxNLocator

    bottom = dict.fromkeys(years, 0)
    for part, color, hatch in zip(parts, COLORS, _HATCHES, strict=False):
        heights = [years[year].get(part, 0) for year in years]
        below = list(bottom.values())
        axes.bar(list(years), heights, bottom=below, color=color, hatch=hatch, edgecolor="white")
        bottom = {year: bottom[year] + years[year].get(part, 0) for year in years}
    for year, height in bottom.items():
        text = f"{height:,}"
        axes.annotate(text, (year, height), (0, 2), textcoords="offset points", ha="center", size=7)
    axes.set_xticks(list(years))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.tick_params(axis="x", labelsize=7, length=0)
    axes.set_ylim(0, max(bottom.values()) * 1.1)


def _legend(figure: Figure, parts: Sequence[str]) -> None:
    from matplotlib.patches import Patch

    told = [
        Patch(facecolor=color, hatch=hatch, edgecolor="white", label=part)
        for part, color, hatch in zip(parts, COLORS, _HATCHES, strict=False)
    ]
    figure.legend(handles=told, loc="outside lower center", ncols=4, fontsize=8)


def bars(groups: Mapping[str, Counts], title: str, form: str, language: Language) -> bytes:
    """Draw a bar a name, the longest first, under the heading of its group, with its number.

    Raises InputError where all counts are zero.
    """
    shown = {group: counts for group, counts in groups.items() if any(counts.values())}
    if not shown:
        raise InputError(_NOTHING)
    rows = sum(len(counts) + 1 for counts in shown.values())

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        labels: list[str] = []
        for group, counts in shown.items():
            axes.text(0, len(labels), f" {group}", va="center", size=8, color=DARK)
            labels += ["", *_group(axes, len(labels) + 1, counts)]
        axes.set_yticks(range(rows), labels, fontsize=7.5)
        axes.tick_params(axis="y", length=0)
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)
        axes.set(ylim=(rows - 0.4, -0.6), title=title)
        axes.margins(x=0.1)

    return draw(paint, (_WIDTH, _COUNT_EDGES + _ROW * rows), form, language)


def _group(axes: Axes, top: int, counts: Counts) -> list[str]:
    """Draw the bars of a group; give their labels."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    for row, (_, count) in enumerate(ordered, start=top):
        axes.barh(row, count, color=BLUE, height=0.62)
        axes.annotate(
            f"{count:,}", (count, row), (3, 0), textcoords="offset points", va="center", size=7
        )
    return [wrapped(name, _COUNT_COLUMNS) for name, _ in ordered]
