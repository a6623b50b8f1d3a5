"""The icicle: a hierarchy from left to right, each unit as high as what stands below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govkg.analysis.figures.style import COLORS, GRAY, draw
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from govkg.analysis.figures.style import Language
    from govkg.analysis.forest import Forest

_SIZE = (7.2, 6.0)
_LABELED = 0.011  # part of the height that a line of text needs
_FULL, _SMALL = 9, 5


def icicle(
    forest: Forest,
    names: Sequence[str],
    kinds: Mapping[str, str],
    title: str,
    form: str,
    language: Language,
) -> bytes:
    """Draw one tree: a column a level, a bar a unit, its height the leaves below it.

    `names` are labels by position, `kinds` the legend's words for the kinds worth a color, in
    order; other kinds are gray. Raises InputError where there is not exactly one root.
    """
    if len(forest.layers) == 0 or len(forest.layers[0]) != 1:
        raise InputError("an icicle has one root: choose one place.")
    colors = dict(zip(kinds, COLORS, strict=False))

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        low, high = _extents(forest)
        for depth, layer in enumerate(forest.layers):
            _column(axes, depth, layer, (low, high), forest, colors)
            _write(axes, depth, layer, (low, high), names)
        axes.set(xlim=(0, len(forest.layers)), ylim=(1, 0), title=title)
        axes.axis("off")
        _legend(axes, forest, kinds, colors)

    return draw(paint, _SIZE, form, language)


def _extents(forest: Forest) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give each unit its place from 0 to 1: siblings in order, each as wide as its leaves."""
    leaf = forest.children() == 0
    width = np.where(leaf, 1, forest.descendants(leaf)).astype(np.float64)
    low = np.zeros(len(forest))
    for layer in forest.layers[1:]:
        above = forest.parent[layer]
        order = np.argsort(above, kind="stable")
        ends = np.cumsum(width[layer[order]])
        starts = ends - width[layer[order]]
        first = np.searchsorted(above[order], above[order])
        low[layer[order]] = low[above[order]] + starts - starts[first]
    total = width[forest.layers[0]].sum()
    return low / total, (low + width) / total


def _column(
    axes: Axes,
    depth: int,
    layer: NDArray[np.intp],
    extents: tuple[NDArray[np.float64], NDArray[np.float64]],
    forest: Forest,
    colors: Mapping[str, str],
) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    low, high = extents
    bars = [Rectangle((depth, low[i]), 0.985, high[i] - low[i]) for i in layer]
    faces = [colors.get(str(forest.kinds[i]), GRAY) for i in layer]
    thin = 0.4 if len(layer) < 300 else 0.05  # lines must not hide the bars
    axes.add_collection(PatchCollection(bars, facecolor=faces, edgecolor="white", linewidth=thin))


def _write(
    axes: Axes,
    depth: int,
    layer: NDArray[np.intp],
    extents: tuple[NDArray[np.float64], NDArray[np.float64]],
    names: Sequence[str],
) -> None:
    low, high = extents
    for i in layer:
        room = high[i] - low[i]
        if room >= _LABELED:
            size = min(_FULL, max(_SMALL, room * 300))
            middle = (low[i] + high[i]) / 2
            axes.text(
                depth + 0.03, middle, names[i], va="center", size=size, color="white", clip_on=True
            )


def _legend(
    axes: Axes, forest: Forest, kinds: Mapping[str, str], colors: Mapping[str, str]
) -> None:
    from matplotlib.patches import Patch

    there = {
        str(kind): int(count)
        for kind, count in zip(*np.unique(forest.kinds, return_counts=True), strict=True)
    }
    told = [
        Patch(color=colors[kind], label=f"{word} ({there[kind]:,})")
        for kind, word in kinds.items()
        if kind in there and kind in colors
    ]
    axes.legend(handles=told, loc="upper center", bbox_to_anchor=(0.5, 0), ncols=4, fontsize=8)
