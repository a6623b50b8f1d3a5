"""Violins of spans, lines of shares, and grids of counts by year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from govkg.analysis.figures.style import BLACK, COLORS, MARKS, RED, draw
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from govkg.languages import Language

_SIZE = (7.2, 3.6)
_FENCE: dict[str, Any] = {"color": RED, "linestyle": "dashed", "linewidth": 1.2}
_SHOWN = 0.995  # the axis ends here; how many lie beyond is written above


def violin(
    groups: Mapping[str, NDArray[np.int64]],
    fences: Mapping[str, float],
    title: str,
    axis: str,
    form: str,
    language: Language,
) -> bytes:
    """Draw a violin a group: its quartiles as a box, its upper fence as a line.

    The axis ends at the 99.5th percentile of the widest group; the number of units beyond it
    stands above the violin. Raises InputError where all groups are empty.
    """
    shown = {name: counts for name, counts in groups.items() if counts.size}
    if not shown:
        raise InputError("there is nothing to draw: choose a larger place.")
    top = max(float(np.quantile(counts, _SHOWN)) for counts in shown.values())
    words = {"zh": ("上界", "另有 {} 个更大"), "en": ("upper fence", "{} more above")}[language]

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        _bodies(axes, [counts[counts <= top] for counts in shown.values()])
        for place, (name, counts) in enumerate(shown.items(), start=1):
            _quartiles(axes, place, counts)
            axes.plot((place - 0.3, place + 0.3), (fences[name],) * 2, **_FENCE)
            if beyond := int((counts > top).sum()):
                axes.text(place, top * 1.02, words[1].format(beyond), ha="center", size=7)
        ticks = [f"{name}\n(n = {counts.size:,})" for name, counts in shown.items()]
        axes.set_xticks(range(1, len(shown) + 1), ticks)
        axes.set(ylim=(0, top * 1.08), ylabel=axis, title=title)
        axes.legend([axes.lines[-1]], [words[0]], loc="upper right", bbox_to_anchor=(1, 1.14))

    return draw(paint, _SIZE, form, language)


def _bodies(axes: Axes, groups: Sequence[NDArray[np.int64]]) -> None:
    drawn: Any = axes.violinplot(list(groups), showextrema=False, widths=0.8, points=200)
    for body in drawn["bodies"]:
        body.set(facecolor=COLORS[0], edgecolor=COLORS[0], alpha=0.35)


def _quartiles(axes: Axes, place: int, counts: NDArray[np.int64]) -> None:
    first, median, third = np.quantile(counts, [0.25, 0.5, 0.75])
    axes.vlines(place, first, third, colors=BLACK, linewidth=4)
    axes.plot(place, median, marker="o", color="white", markeredgecolor=BLACK, markersize=5)
    axes.annotate(f"{median:g}", (place, median), (7, -3), textcoords="offset points", size=8)


def shares(
    years: Sequence[int],
    lines: Mapping[str, Sequence[float]],
    title: str,
    axis: str,
    form: str,
    language: Language,
) -> bytes:
    """Draw shares (0 to 1) over years, a line each, its name at its end."""

    def paint(figure: Figure) -> None:
        from matplotlib.ticker import PercentFormatter

        axes = figure.add_subplot()
        for (name, values), color, mark in zip(lines.items(), COLORS, MARKS, strict=False):
            axes.plot(years, values, color=color, marker=mark, markersize=4, label=name)
        axes.set(ylim=(0, 1.02), ylabel=axis, title=title)
        axes.set_xticks(list(years))
        axes.tick_params(axis="x", labelsize=8)
        axes.yaxis.set_major_formatter(PercentFormatter(1))
        axes.legend(loc="upper left", bbox_to_anchor=(1, 1), fontsize=8)

    return draw(paint, _SIZE, form, language)


def grid(
    rows: Mapping[str, Mapping[int, int]],
    years: Sequence[int],
    title: str,
    form: str,
    language: Language,
) -> bytes:
    """Draw counts as a grid, a row a place, a column a year; a year without a count stays blank.

    Shades are of cividis, by the logarithm; each number stands in its cell. Raises InputError
    where there is no row.
    """
    if not rows:
        raise InputError("there is nothing to draw: choose a larger place.")
    table = np.array([[line.get(year, 0) for year in years] for line in rows.values()])

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        shades = np.ma.masked_equal(np.log1p(table), 0)
        axes.imshow(shades, cmap="cividis", aspect="auto", vmin=0)
        for row, column in np.argwhere(table):
            color = "white" if shades[row, column] < shades.max() * 0.6 else BLACK
            text = f"{table[row, column]}"
            axes.text(column, row, text, ha="center", va="center", color=color, size=7)
        axes.set_xticks(range(len(years)), [str(year) for year in years])
        axes.set_yticks(range(len(rows)), list(rows), fontsize=8)
        axes.tick_params(length=0)
        axes.set_title(title)
        axes.spines[:].set_visible(False)

    return draw(paint, (_SIZE[0], 0.9 + 0.24 * len(rows)), form, language)
