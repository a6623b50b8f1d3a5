"""Lines: series with the reform marked, and reforms on a line of time."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from textwrap import fill
from typing import TYPE_CHECKING

from govkg.analysis.figures.style import COLORS, GRAY, MARKS, draw
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from govkg.languages import Language

_ROW, _WRAP = 0.26, 48
_WORDS = {
    "zh": {
        "by": "改革：至迟{}年（早于序列）",
        "in": "改革：{}年",
        "from": "改革：{}年以后",
        "axis": "线段：可能开始的时间；标记：至迟；虚线：文中未载时间",
    },
    "en": {
        "by": "reform: by {} (before the series)",
        "in": "reform: {}",
        "from": "reform: after {}",
        "axis": "bar: when it may have begun; mark: at the latest; dotted: the text gives no time",
    },
}


@dataclass(frozen=True)
class Panel:
    """A place: its yearly counts by measure, and the years between which its reform lies."""

    title: str
    lines: Mapping[str, Mapping[int, int]]
    earliest: int | None
    latest: int | None


@dataclass(frozen=True)
class Event:
    """A reform: begun between `earliest` and `latest`; None is open.

    Both are years with fractions: 2009.0 is the first day of 2009, 2009.997 its last.
    """

    label: str
    kind: str
    earliest: float | None
    latest: float


def series(panels: Sequence[Panel], title: str, form: str, language: Language) -> bytes:
    """Draw a panel a place, two in a row, all over the same years."""
    rows = (len(panels) + 1) // 2
    columns = min(len(panels), 2)

    def paint(figure: Figure) -> None:
        grid = figure.subplots(rows, columns, squeeze=False, sharex=True)
        for axes, panel in zip(grid.flat, panels, strict=False):
            _panel(axes, panel, language)
        for axes in list(grid.flat)[len(panels) :]:
            axes.axis("off")
        figure.suptitle(title, x=0.01, ha="left", fontsize=11)
        handles, labels = grid.flat[0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=4)

    return draw(paint, (7.2, 1.2 + 2.2 * rows), form, language)


def _panel(axes: Axes, panel: Panel, language: Language) -> None:
    years = sorted({year for line in panel.lines.values() for year in line})
    for (name, line), color, mark in zip(panel.lines.items(), COLORS, MARKS, strict=False):
        there = sorted(line)
        values = [line[year] for year in there]
        axes.plot(there, values, color=color, marker=mark, markersize=4, label=name, clip_on=False)
    top = max((value for line in panel.lines.values() for value in line.values()), default=0)
    axes.set(title=panel.title, ylim=(0, top * 1.25 or 1), xlim=(years[0] - 1.1, years[-1] + 0.4))
    axes.set_xticks(years)
    axes.tick_params(axis="x", labelsize=7)
    _mark(axes, panel, years, language)


def _mark(axes: Axes, panel: Panel, years: list[int], language: Language) -> None:
    """Shade when the reform may have been, and say when; an arrow where that is out of sight."""
    words, (left, right) = _WORDS[language], axes.get_xlim()
    first, last = panel.earliest, panel.latest
    if last is not None and last < years[0]:
        begin, end, said = left, years[0] - 0.5, "◀ " + words["by"].format(last)
    elif first is not None and first > years[-1]:
        begin, end, said = right, right, words["from"].format(first - 1) + " ▶"
    elif last is not None:
        begin, end = (left if first is None else first - 0.5), last + 0.5
        said = words["in"].format(last if first in (None, last) else f"{first}–{last}")
    elif first is not None:
        begin, end, said = first - 0.5, right, words["from"].format(first - 1)
    else:
        return
    axes.axvspan(begin, end, color=GRAY, alpha=0.3, linewidth=0)
    place = ("data", "axes fraction")
    at = max(begin, left) if begin < right else left
    axes.annotate(said, (at, 0.94), xycoords=place, size=7, va="center").set_in_layout(False)


def timeline(events: Sequence[Event], title: str, form: str, language: Language) -> bytes:
    """Draw a bar an event over the time in which it began; undated ones are an open arrow.

    Color and mark tell the kind of event. Raises InputError where there is none.
    """
    if not events:
        raise InputError("there is no event to draw.")
    kinds = sorted({event.kind for event in events})
    styles = {
        kind: (COLORS[i % len(COLORS)], MARKS[i % len(MARKS)]) for i, kind in enumerate(kinds)
    }
    dated = [event.earliest for event in events if event.earliest is not None]
    left = min([*dated, min(event.latest for event in events) - 1]) - 1.5

    def paint(figure: Figure) -> None:
        from matplotlib.lines import Line2D

        axes = figure.add_subplot()
        for row, event in enumerate(events):
            _event(axes, row, event, left, styles[event.kind])
        labels = [fill(event.label, _WRAP) for event in events]
        axes.set_yticks(range(len(events)), labels, fontsize=7)
        axes.set(ylim=(len(events) - 0.5, -0.5), title=title)
        axes.set_xlabel(_WORDS[language]["axis"], fontsize=7)
        axes.grid(axis="x", alpha=0.3)
        told = [
            Line2D([], [], color=color, marker=mark, label=kind)
            for kind, (color, mark) in styles.items()
        ]
        figure.legend(handles=told, loc="outside lower center", ncols=4, fontsize=8)

    return draw(paint, (7.2, 1.4 + _ROW * len(events)), form, language)


def _event(axes: Axes, row: int, event: Event, left: float, style: tuple[str, str]) -> None:
    """Draw a bar and a mark; a year reaches half a year to both sides of its tick.

    The mark stands amid what of the bar is in the last year: at the tick, where the year is all
    that is known.
    """
    color, mark = style
    first, last = left if event.earliest is None else event.earliest - 0.5, event.latest - 0.5
    if event.earliest is None:
        axes.hlines(row, first, last, colors=color, linewidth=1, linestyles="dotted")
    else:
        axes.hlines(row, first, last, colors=color, linewidth=3)
    at = (max(event.earliest or 0, floor(event.latest)) + event.latest) / 2 - 0.5
    axes.plot(at, row, marker=mark, color=color, markersize=5)
