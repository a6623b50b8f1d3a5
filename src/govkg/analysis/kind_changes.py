"""Which towns, townships and street areas became another kind, from list to list."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from govkg.analysis import divisions, figures
from govkg.analysis.result import AnalysisResult
from govkg.reference import kinds, lineage
from govkg.reference.codes import PER_LEVEL, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govkg.languages import Language

_PROVINCE = 1
_WORDS = {
    "en": ("Units that became another kind, by list", "became: {}"),
    "zh": ("历年类型变更的乡级单位", "成为：{}"),
}


class KindChange(NamedTuple):
    """How many units of a province became another kind by the list of a year.

    They `went_on` as another kind, or were `dissolved`, and most of each is in a unit of that kind.
    """

    year: int
    province: str
    code: str
    from_: str
    to: str
    went_on: int
    dissolved: int


def analyze(language: Language) -> AnalysisResult:
    """List changes by year, province and pair of kinds; the figure stacks what each kind gained."""
    units = divisions.listed(divisions.LAST_YEAR)
    names, words = divisions.names(units, _PROVINCE, language), kinds.column(language)
    rows = tuple(
        KindChange(year, names[code], short(code), words[old], words[new], went_on, dissolved)
        for year, code, old, new, went_on, dissolved in kind_changes().iter_rows()
    )
    return AnalysisResult(KindChange, rows, lambda form: _columns(rows, form, language))


def _columns(rows: Sequence[KindChange], form: str, language: Language) -> bytes:
    """Draw what each kind gained from the others, by year; in the order of the kinds."""
    title, into = _WORDS[language]
    panels: dict[str, dict[int, dict[str, int]]] = {}
    kind_of = {word: kind for kind, word in kinds.column(language).items()}
    order = list(kind_of)
    for row in sorted(rows, key=lambda row: (order.index(row.to), row.year, kind_of[row.from_])):
        parts = panels.setdefault(into.format(row.to), {}).setdefault(row.year, {})
        parts[row.from_] = parts.get(row.from_, 0) + row.went_on
    return figures.columns(panels, title, form, language)


def kind_changes() -> pl.DataFrame:
    """Count the units of township level that became another kind, by year and province.

    Columns: year (of the later list), province (code), old_kind, new_kind, went_on (the unit goes
    on, as another kind), dissolved (it ended, and most of it is in a unit of that kind). What is
    ambiguous or gone is not counted.
    """
    later = lineage.years("township")[1:]
    counted = (
        pl.concat(_changed(year) for year in later)
        .group_by("year", "province", "old_kind", "new_kind")
        .agg(went_on=pl.col("goes_on").sum(), dissolved=(~pl.col("goes_on")).sum())
    )
    return counted.sort("year", "province", "old_kind", "new_kind")


def _changed(year: int) -> pl.DataFrame:
    """Give the units of the list before whose successor, or most of it, is of another kind."""
    links = lineage.links("township", year).drop_nulls(["old", "new"])
    goes_on = pl.col("change").is_in(lineage.CONTINUING)
    kept = links.filter(goes_on)
    rest = links.filter(pl.col("change") != "ambiguous", pl.col("weight") > 1 / 2)
    ended = rest.join(kept, on="old", how="anti")
    both = pl.concat([kept, ended]).with_columns(goes_on=goes_on)
    for side, of in (("old", year - 1), ("new", year)):
        listed = lineage.listed("township", of).select(
            pl.col("code").alias(side), pl.col("kind").alias(f"{side}_kind")
        )
        both = both.join(listed, on=side)
    return both.filter(pl.col("old_kind") != pl.col("new_kind")).select(
        pl.lit(year, pl.Int16).alias("year"),
        (pl.col("old") // PER_LEVEL[_PROVINCE] * PER_LEVEL[_PROVINCE]).alias("province"),
        "old_kind",
        "new_kind",
        "goes_on",
    )
