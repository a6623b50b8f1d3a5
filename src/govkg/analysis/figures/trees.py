"""Trees: a hierarchy from left to right as an icicle, each unit as high as what stands below."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from govkg.analysis.figures.style import BLACK, COLORS, GRAY, PALE, draw
from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from govkg.analysis.hierarchy import Hierarchy
    from govkg.languages import Language

    Intervals = tuple[NDArray[np.float64], NDArray[np.float64]]

_SIZE = (7.2, 6.0)
_LABELED = 0.012  # part of the height that a line of text needs
_LARGEST, _SMALLEST = 9, 5
_WIDTH = 0.985
# Lines between the bars of a column by their number: they must not hide the bars.
_LINES = ((40, 0.6), (400, 0.2))


def icicle(
    hierarchy: Hierarchy,
    names: Sequence[str],
    kinds: Mapping[str, str],
    title: str,
    form: str,
    language: Language,
) -> bytes:
    """Draw one tree: a column a level, a bar a unit, its height the leaves below it.

    `names` are labels by position, `kinds` the legend's words for the kinds worth a color, in
    order; kinds with one word share a color, kinds without one are gray. Raises InputError where
    there is not exactly one root.
    """
    if len(hierarchy.layers) == 0 or len(hierarchy.layers[0]) != 1:
        raise InputError("an icicle has one root: choose one place.")
    by_word = dict(zip(dict.fromkeys(kinds.values()), COLORS, strict=False))
    colors = {kind: by_word[word] for kind, word in kinds.items() if word in by_word}

    def paint(figure: Figure) -> None:
        axes = figure.add_subplot()
        intervals = _intervals(hierarchy)
        for depth, layer in enumerate(hierarchy.layers):
            faces = [colors.get(str(hierarchy.kinds[i]), GRAY) for i in layer]
            _bars(axes, depth, layer, intervals, faces)
            _write(axes, depth, layer, intervals, names, faces)
        axes.set(xlim=(0, len(hierarchy.layers)), ylim=(1, 0), title=title)
        axes.axis("off")
        _legend(figure, hierarchy, kinds, colors)

    return draw(paint, _SIZE, form, language)


def _intervals(hierarchy: Hierarchy) -> Intervals:
    """Give each unit its place from 0 to 1: siblings in order, each as wide as its leaves."""
    leaf = hierarchy.children() == 0
    width = np.where(leaf, 1, hierarchy.descendants(leaf)).astype(np.float64)
    low = np.zeros(len(hierarchy))
    for layer in hierarchy.layers[1:]:
        ordered = layer[np.argsort(hierarchy.parent[layer], kind="stable")]
        above = hierarchy.parent[ordered]
        starts = np.cumsum(width[ordered]) - width[ordered]
        low[ordered] = low[above] + starts - starts[np.searchsorted(above, above)]
    total = width[hierarchy.layers[0]].sum()
    return low / total, (low + width) / total


def _bars(
    axes: Axes, depth: int, layer: NDArray[np.intp], intervals: Intervals, faces: list[str]
) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    low, high = intervals
    bars = [Rectangle((depth, low[i]), _WIDTH, high[i] - low[i]) for i in layer]
    line = next((width for most, width in _LINES if len(layer) <= most), 0)
    edges = "white" if line else faces
    axes.add_collection(PatchCollection(bars, facecolor=faces, edgecolor=edges, linewidth=line))


def _write(
    axes: Axes,
    depth: int,
    layer: NDArray[np.intp],
    intervals: Intervals,
    names: Sequence[str],
    faces: list[str],
) -> None:
    low, high = intervals
    for i, face in zip(layer, faces, strict=True):
        room = high[i] - low[i]
        if room >= _LABELED:
            size = min(_LARGEST, max(_SMALLEST, room * 300))
            color = BLACK if face in PALE else "white"
            middle = (low[i] + high[i]) / 2
            axes.text(depth + 0.03, middle, names[i], va="center", size=size, color=color)


def _legend(
    figure: Figure, hierarchy: Hierarchy, kinds: Mapping[str, str], colors: Mapping[str, str]
) -> None:
    """Name the colors in the order of depth, with the number of units."""
    from matplotlib.patches import Patch

    depths = hierarchy.depths()
    counts: dict[str, list[int]] = {}
    for kind, word in kinds.items():
        at = hierarchy.kinds == kind
        if kind in colors and at.any():
            counts.setdefault(word, [int(depths[at].min()), 0])[1] += int(at.sum())
    color_of = {word: colors[kind] for kind, word in kinds.items() if kind in colors}
    told = [
        Patch(color=color_of[word], label=f"{word} ({count:,})")
        for word, (_, count) in sorted(counts.items(), key=lambda pair: pair[1][0])
    ]
    figure.legend(handles=told, loc="outside lower center", ncols=3, fontsize=8)
