"""Figures for papers: matplotlib, in Chinese or English, the same bytes each time.

Every function gives the bytes of a file in svg, png or pdf. Colors are those of Okabe and Ito,
which color-blind readers can tell apart; no figure tells by color alone.
"""

from govkg.analysis.figures.bars import Change, Changes, bars, columns, diverging
from govkg.analysis.figures.distributions import grid, shares, violin
from govkg.analysis.figures.lines import Event, Panel, series, timeline
from govkg.analysis.figures.relations import LINES, Broker, Led, Tie, brokers, leaders
from govkg.analysis.figures.trees import icicle

__all__ = [
    "LINES",
    "Broker",
    "Change",
    "Changes",
    "Event",
    "Led",
    "Panel",
    "Tie",
    "bars",
    "brokers",
    "columns",
    "diverging",
    "grid",
    "icicle",
    "leaders",
    "series",
    "shares",
    "timeline",
    "violin",
]
