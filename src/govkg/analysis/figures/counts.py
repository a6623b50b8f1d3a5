"""Counts as bars: by year, stacked, or by group and name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.analysis.figures.style import BLUE, COLORS, DARK, draw, wrapped
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govkg.languages import Language

    Counts = Mapping[str, int]

_WIDTH, _HEIGHT, _ROW, _EDGES = 7.2, 2.6, 0.26, 0.8  # inches
_COLUMNS = 36  # of text in a label
_HATCHES = ("", "//", "..", "xx", "")
_NOTHING = "there is nothing to draw: nothing is out of order here."


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

    return draw(paint, (_WIDTH, _EDGES + _HEIGHT * ((len(shown) + 1) // 2)), form, language)


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

    return draw(paint, (_WIDTH, _EDGES + _ROW * rows), form, language)


def _group(axes: Axes, top: int, counts: Counts) -> list[str]:
    """Draw the bars of a group; give their labels."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    for row, (_, count) in enumerate(ordered, start=top):
        axes.barh(row, count, color=BLUE, height=0.62)
        axes.annotate(
            f"{count:,}", (count, row), (3, 0), textcoords="offset points", va="center", size=7
        )
    return [wrapped(name, _COLUMNS) for name, _ in ordered]
