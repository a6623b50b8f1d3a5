"""Span of control: how many bodies of one kind stand right under one of another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from govkg.analysis.hierarchy import Hierarchy

FENCE = 1.5
RESIDENTS, VILLAGERS = "resident-committee", "villager-committee"
_COMMITTEES = (RESIDENTS, VILLAGERS)


@dataclass(frozen=True)
class Span:
    """A relation to count: units of the kinds `below` right under one of the kinds `above`."""

    name: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    en: str
    zh: str


SPANS = (
    Span("street", ("street-area",), _COMMITTEES, "committees per street office", "每街道的村居数"),
    Span("town", ("town",), _COMMITTEES, "committees per town", "每镇的村居数"),
    Span("township", ("township",), _COMMITTEES, "committees per township", "每乡的村居数"),
    Span(
        "district", ("district",), ("street-area",), "street offices per district", "每区的街道数"
    ),
)


def counting(span: Span, below: str) -> Span:
    """Narrow a span to one kind of committees; other spans stay as they are."""
    return replace(span, below=(below,)) if span.below == _COMMITTEES else span


@dataclass(frozen=True)
class Distribution:
    """Numbers summed up; an outlier lies beyond a fence.

    The fences are Tukey's: `fence` times the distance of the quartiles below the first or above
    the third (1.5 is usual, 3 is far out). Quartiles interpolate linearly.
    """

    units: int
    below: int
    low: int
    first: float
    median: float
    third: float
    high: int
    mean: float
    lower_fence: float
    upper_fence: float
    outliers: int


def counted(hierarchy: Hierarchy, span: Span) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Count for each unit of the upper kinds what stands right under it: ids and counts.

    A unit that has none counts as zero.
    """
    at = hierarchy.is_a(span.above)
    return hierarchy.ids[at], hierarchy.children(hierarchy.is_a(span.below))[at]


def distribution(counts: NDArray[np.int64], fence: float = FENCE) -> Distribution | None:
    """Sum up counts; None where there are none."""
    if not counts.size:
        return None
    low, first, median, third, high = np.quantile(counts, [0, 0.25, 0.5, 0.75, 1]).tolist()
    lower, upper = first - fence * (third - first), third + fence * (third - first)
    beyond = int(((counts < lower) | (counts > upper)).sum())
    return Distribution(
        counts.size,
        int(counts.sum()),
        int(low),
        first,
        median,
        third,
        int(high),
        float(counts.mean()),
        lower,
        upper,
        beyond,
    )


def outliers(
    ids: NDArray[Any], counts: NDArray[np.int64], fence: float = FENCE
) -> list[tuple[Any, int]]:
    """List what lies beyond the fences, the widest span first, ids in order among equals."""
    told = distribution(counts, fence)
    if told is None:
        return []
    beyond = (counts < told.lower_fence) | (counts > told.upper_fence)
    found = zip(ids[beyond].tolist(), counts[beyond].tolist(), strict=True)
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))
