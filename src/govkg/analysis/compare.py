"""Changes: two years of one place, or two places of one year, measure by measure; and of kind.

Units change their kind from list to list: a town becomes a street area, as an office does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from govkg.analysis import divisions, figures
from govkg.analysis.figures import Change
from govkg.analysis.result import AnalysisResult
from govkg.errors import ParameterError
from govkg.reference import kinds, lineage
from govkg.reference.codes import PER_LEVEL, short
from govkg.reference.resolve import find

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from govkg.languages import Language

    Counts = Mapping[str, int | None]
    Side = tuple[str, int]  # a place and a year

_WORDS = {
    "en": {
        "fewer": "fewer in {1}", "more": "more in {1}", "more_one": "more in {0}",
        "year": "{}", "years": "{place}, {0} and {1}", "places": "{0} and {1}, {year}",
        "gone": "codes gone", "new": "codes new", "scale": "other scale",
        "uncounted": "not counted in both",
    },
    "zh": {
        "fewer": "{1}较少", "more": "{1}较多", "more_one": "{0}较多",
        "year": "{}年", "years": "{place}：{0}年与{1}年", "places": "{0}与{1}，{year}年",
        "gone": "消失的代码", "new": "新增的代码", "scale": "比例尺不同",
        "uncounted": "并非两边都有统计",
    },
}  # fmt: skip
_KINDS = {
    "en": ("Units that became another kind, by list", "became: {}"),
    "zh": ("历年类型变更的乡级单位", "成为：{}"),
}
_PROVINCE = 1
_ABOUT = ("code", "year", "level", "kind")


class Difference(NamedTuple):
    """One measure twice; None where it was not counted."""

    measure: str
    one: int | None
    other: int | None
    change: int | None = None
    ratio: float | None = None


def analyze(one: Side, other: Side, language: Language) -> AnalysisResult:
    """Compare counts; between two years also which codes, by kind, are gone and new.

    The figure has a bar for each difference. Raises ParameterError for a place without counts.
    """
    found = differences(_counts(*one), _counts(*other))
    turns: list[tuple[str, int, int]] = []
    if one[1] != other[1]:
        lists = (divisions.listed(year, place) for place, year in (one, other))
        turns = list(turnover(*lists).select("kind", "gone", "new").iter_rows())
    rows = list(found)
    for kind, gone, new in turns:
        rows += [Difference(f"codes gone: {kind}", gone, None)] if gone else []
        rows += [Difference(f"codes new: {kind}", None, new)] if new else []
    return AnalysisResult(
        Difference, tuple(rows), lambda form: _bars((one, other), found, turns, form, language)
    )


def _counts(place: str, year: int) -> Counts:
    code = find(divisions.listed(year), place)["code"]
    rows = divisions.counts().filter(code=code, year=year).drop(_ABOUT).to_dicts()
    if not rows:
        raise ParameterError(f"{place} has no counts in {year}: it lies below county level.")
    found: Counts = rows[0]
    return found


def differences(one: Counts, other: Counts) -> list[Difference]:
    """Compare two rows of counts, in the order of the first; what only one has is uncounted.

    The change is the other minus the one, the ratio the other divided by the one, where it can be.
    """
    names = [*one, *(name for name in other if name not in one)]
    return [_difference(name, one.get(name), other.get(name)) for name in names]


def _difference(measure: str, one: int | None, other: int | None) -> Difference:
    change = None if one is None or other is None else other - one
    return Difference(
        measure, one, other, change, other / one if one and other is not None else None
    )


def turnover(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Count by kind the codes that only one of two lists has, and those of both.

    Takes frames with `code` and `kind`; gives `kind`, `gone`, `new`, `stayed`, in order of kind.
    A code that changed its kind is gone from the one and new in the other.
    """
    sides = [frame.select("code", "kind").unique() for frame in (one, other)]
    parts = {
        "gone": sides[0].join(sides[1], on=["code", "kind"], how="anti"),
        "new": sides[1].join(sides[0], on=["code", "kind"], how="anti"),
        "stayed": sides[0].join(sides[1], on=["code", "kind"], how="semi"),
    }
    found = pl.concat(sides).select("kind").unique().sort("kind")
    for name, part in parts.items():
        counts = part.group_by("kind").agg(pl.len().cast(pl.Int64).alias(name))
        found = found.join(counts, on="kind", how="left", maintain_order="left")
    return found.fill_null(0)


def _bars(
    sides: tuple[Side, Side],
    found: Sequence[Difference],
    turns: Sequence[tuple[str, int, int]],
    form: str,
    language: Language,
) -> bytes:
    (_, year), (_, second) = sides
    told, ends = _WORDS[language], [_name(*side, language) for side in sides]
    years, between = year != second, " | "
    title = told["places"].format(*ends, year=year)
    if years:
        title, between = told["years"].format(year, second, place=ends[1]), " → "
        ends = [told["year"].format(one) for one in (year, second)]
    left = told["fewer" if years else "more_one"].format(*ends)
    changes = [_change(one, between, language) for one in found if one.one or one.other]
    turned = [
        Change(words, -gone, new)
        for kind, words in kinds.column(language).items()
        for turn, gone, new in turns
        if turn == kind and (gone or new)
    ]
    panels = [
        figures.Changes(left, told["more"].format(*ends), changes, between.join(ends), years),
        figures.Changes(told["gone"], told["new"], turned, told["scale"], signed=False),
    ]
    return figures.diverging(panels, title, form, language)


def _name(place: str, year: int, language: Language) -> str:
    units = divisions.listed(year)
    unit = units.filter(code=find(units, place)["code"])
    return divisions.labels(unit, language)[0]


def _change(one: Difference, between: str, language: Language) -> Change:
    ends = ["–" if value is None else f"{value:,}" for value in (one.one, one.other)]
    change = one.change or 0
    instead = _WORDS[language]["uncounted"] if one.change is None else "0"
    label = kinds.measures(language)[one.measure]
    return Change(label, min(change, 0), max(change, 0), between.join(ends), instead)


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


def of_kinds(language: Language) -> AnalysisResult:
    """List changes by year, province and pair of kinds; the figure stacks what each kind gained."""
    units = divisions.listed(divisions.LAST_YEAR)
    names, words = divisions.names(units, _PROVINCE, language), kinds.column(language)
    rows = tuple(
        KindChange(year, names[code], short(code), words[old], words[new], went_on, dissolved)
        for year, code, old, new, went_on, dissolved in kind_changes().iter_rows()
    )
    return AnalysisResult(KindChange, rows, lambda form: _draw_gains(rows, form, language))


def _draw_gains(rows: Sequence[KindChange], form: str, language: Language) -> bytes:
    """Draw what each kind gained from the others, by year; in the order of the kinds."""
    title, into = _KINDS[language]
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
    # More than half of a unit is in at most one other: it is counted once.
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
