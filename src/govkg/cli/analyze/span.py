"""`govkg analyze span`: how much each street office, town, township and district has below it."""

from __future__ import annotations

from dataclasses import astuple
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from govkg.cli import output
from govkg.cli.analyze.common import FigurePath, Force, Year, give, target
from govkg.cli.options import Form, Lang
from govkg.cli.output import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from govkg.analysis.span import Span

    Counts = NDArray[np.int64]
    from govkg.languages import Language

_SPAN = (
    "year", "span", "units", "below", "min", "first_quartile", "median", "third_quartile", "max",
    "mean", "lower_fence", "upper_fence", "outliers",
)  # fmt: skip
_OUTLIER = ("year", "span", "code", "name", "above", "count")
_COUNTY = 3
_ONLY = {"residents": "resident-committee", "villagers": "villager-committee"}
_FENCE = 1.5


def span(
    year: Year = None,
    within: Annotated[str | None, typer.Option(help="Only below this place.")] = None,
    of: Annotated[
        Literal["street", "town", "township", "district"] | None,
        typer.Option(help="Whose span (default: all four)."),
    ] = None,
    only: Annotated[
        Literal["residents", "villagers"] | None,
        typer.Option(help="Count only one kind of committees (default: both)."),
    ] = None,
    outliers: Annotated[bool, typer.Option("--outliers", help="List the outliers.")] = False,
    fence: Annotated[
        float, typer.Option(min=0, help="Outliers lie so many quartile distances off.")
    ] = _FENCE,
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    lang: Lang = None,
) -> None:
    """Measure spans of control: committees per street office, town and township, streets per district.

    An outlier lies more than --fence times the distance of the quartiles beyond them (Tukey). The
    figure shows the three spans of one year, or, --of one of them, all years.
    """  # noqa: E501 - one line of help
    from govkg.analysis import divisions
    from govkg.analysis import span as measure

    language = lang or output.default_language()
    file = target(figure, language, force=force)
    asked = [one for one in measure.SPANS if of in (None, one.name)]
    if only:
        asked = [measure.counting(one, _ONLY[only]) for one in asked]
    rows: list[tuple[Any, ...]] = []
    groups: dict[tuple[int, str], Counts] = {}
    for one in [year] if year else divisions.VILLAGE_YEARS:
        output.progress(f"list of {one}")
        units = divisions.listed(one)
        if within:
            units = divisions.within(units, divisions.find(units, within)["code"])
        for what, ids, counts in _counted(units, asked):
            groups[one, what.name] = counts
            if outliers:
                found = measure.outliers(ids, counts, fence)
                rows += _told(one, what, units, found, language)
            elif told := measure.distribution(counts, fence):
                rows.append((one, what.name, *astuple(told)))
    give(_OUTLIER if outliers else _SPAN, rows, form, file, partial(_violin, groups, fence, of))


def _counted(units: pl.DataFrame, asked: list[Span]) -> Iterator[tuple[Span, Any, Counts]]:
    from govkg.analysis.hierarchy import Hierarchy
    from govkg.analysis.span import counted

    hierarchy = Hierarchy.of_frame(units)
    for what in asked:
        yield what, *counted(hierarchy, what)


def _told(
    year: int, what: Span, units: pl.DataFrame, found: list[tuple[int, int]], language: Language
) -> Iterator[tuple[Any, ...]]:
    """Name the outliers and the counties (or, of districts, the cities) above them."""
    from govkg.analysis import divisions

    named = units.filter(units["level"] <= _COUNTY + 1)
    names = dict(zip(named["code"], divisions.labels(named, language), strict=True))
    above = dict(units.select("code", "parent").iter_rows())
    for code, count in found:
        yield year, what.name, divisions.short(code), names[code], names.get(above[code]), count


def _violin(
    groups: dict[tuple[int, str], Counts],
    fence: float,
    of: str | None,
    form: str,
    language: Language,
) -> bytes:
    from govkg.analysis import figures
    from govkg.analysis.span import SPANS, distribution

    words = {one.name: one.zh if language == "zh" else one.en for one in SPANS}
    last = max(year for year, _ in groups)
    if of:
        shown = {str(year): counts for (year, _), counts in groups.items()}
        title, axis = words[of], words[of]
    else:
        kept = [one.name for one in SPANS if one.name != "district"]
        shown = {words[name]: groups[last, name] for name in kept}
        axis = "村居数" if language == "zh" else "committees"
        title = f"{last}年的管理幅度" if language == "zh" else f"Spans of control, {last}"
    fences = {
        name: told.upper_fence
        for name, counts in shown.items()
        if (told := distribution(counts, fence))
    }
    return figures.violin(shown, fences, title, axis, form, language)
