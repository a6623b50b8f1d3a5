"""National totals as published, normalised from the project's shared table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from tools.reference.datasets import ROOT
from tools.reference.errors import UnusableError
from tools.reference.packages import verify

if TYPE_CHECKING:
    from tools.reference.datasets import Dataset, Tell

_HEADER = ["year", "indicator", "value", "unit", "source_title", "source_url", "note"]
_MEASURES = {
    "社区居委会": "resident-committees",
    "居委会": "resident-committees",
    "村委会": "villager-committees",
    "社会组织": "social-organizations",
}
_UNITS = {
    "resident-committees": "committee",
    "villager-committees": "committee",
    "social-organizations": "social-organization",
}
_SAME = "同上"
_THOUSANDS = 1000


def shared_file(dataset: Dataset) -> Path:
    """Say where the shared table is, on a machine that has it."""
    shared = Path(os.environ.get("GOVKG_SHARED", ROOT.parent / "shared"))
    file: str = dataset.meta["sources"][0]["file"]
    return shared / file


def totals(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the table of totals."""
    del cache  # nothing is fetched
    path = shared_file(dataset)
    tell(f"{dataset.name}: {path}")
    if not path.is_file():
        message = f"{path} is missing: official-totals is made from the shared table only"
        raise UnusableError(message)
    source: dict[str, Any] = dataset.meta["sources"][0]
    verify(path, source["size"], source["integrity"])
    return {"totals": normalize(pl.read_csv(path, infer_schema=False), str(path))}


def normalize(read: pl.DataFrame, place: str) -> pl.DataFrame:
    """Name the measure, repeat the source where the table says "the same", mark round figures.

    Its remarks are left out: they are about where a figure was seen and what a text makes of it.
    """
    if read.columns != _HEADER:
        message = f"{place}: expected the columns {_HEADER}, found {read.columns}"
        raise UnusableError(message)
    unknown = read.filter(~pl.col("indicator").is_in(list(_MEASURES)))
    if unknown.height:
        message = f"{place}: expected one of {list(_MEASURES)}, found {unknown['indicator'][0]!r}"
        raise UnusableError(message)
    value = pl.col("value").cast(pl.Int64)
    rounded = value % _THOUSANDS == 0
    measure = pl.col("indicator").replace_strict(_MEASURES)
    title = pl.when(pl.col("source_title") != _SAME).then(pl.col("source_title")).forward_fill()
    return read.select(
        pl.col("year").cast(pl.Int16),
        measure.alias("measure"),
        value,
        rounded.alias("rounded"),
        measure.replace_strict(_UNITS).alias("unit"),
        pl.when(rounded).then(pl.lit("about")).alias("comparator"),
        pl.lit("ok").alias("quality"),
        pl.col("indicator").alias("printed_indicator"),
        title.alias("source_title"),
        "source_url",
    ).sort("measure", "year")
