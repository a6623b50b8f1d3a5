"""`govkg analyze levels`: where and when the documents' patterns of levels hold."""

from __future__ import annotations

from dataclasses import astuple
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govkg.cli import output
from govkg.cli.analyze.common import FigurePath, Force, Year, give, target
from govkg.cli.options import Form, Home, Lang
from govkg.cli.output import Format
from govkg.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.analysis.levels import Pattern

    Row = tuple[Any, ...]
    from govkg.languages import Language

_SUMMARY = ("year", "pattern", "cities", "holds", "committees", "covered", "share")
_CITY = (
    "year", "pattern", "code", "city", "governments", "managements", "holds", "missing",
    "committees", "covered", "share",
)  # fmt: skip
_HOLDS = _CITY.index("holds")
_COUNTY = 3
_WORDS = {
    "en": ("Where the patterns of levels hold", "share", "cities", "residents' committees"),
    "zh": ("层级格局在多大范围内成立", "比例", "城市", "居委会"),
}
# In the order of the colors that they get.
_KINDS = {
    "en": {
        "prefecture-level-city": "city", "municipality": "city", "street-area": "street area",
        "district": "district", "county-level-city": "county-level city",
        "like-township": "like a township", "town": "town",
        "resident-committee": "residents' committee",
    },
    "zh": {
        "prefecture-level-city": "市", "municipality": "市", "street-area": "街道",
        "district": "区", "county-level-city": "县级市",
        "like-township": "类似乡级单位", "town": "镇",
        "resident-committee": "居委会",
    },
}  # fmt: skip


def levels(
    year: Year = None,
    place: Annotated[
        str | None, typer.Option(help="A city: its code (520100) or name (贵阳市).")
    ] = None,
    failing: Annotated[bool, typer.Option("--failing", help="Cities where it fails.")] = False,
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Test the documents' patterns of levels: all cities by year, or city by city.

    With --year, --place or --failing there is a row for each city. The figure shows the shares by
    year, or, of one --place, the hierarchy as an icicle.
    """
    from govkg.analysis import divisions
    from govkg.api import open_graph
    from govkg.cli.analyze.questions import patterns

    language = lang or output.default_language()
    file = target(figure, language, force=force)
    if year is not None and year not in divisions.VILLAGE_YEARS:
        first, last = divisions.VILLAGE_YEARS[0], divisions.VILLAGE_YEARS[-1]
        raise ParameterError(f"levels need lists with committees: those of {first} to {last}.")
    if file and (year or failing) and not place:
        raise ParameterError("a figure of one year needs --place; all years need neither.")
    years = [year] if year else list(divisions.VILLAGE_YEARS)
    asked = patterns(open_graph(home), language)
    if year or place or failing:
        rows = [row for one in years for row in _cities(one, asked, place, language)]
        kept = [row for row in rows if not (failing and row[_HOLDS])]
        give(_CITY, kept, form, file, partial(_icicle, place or "", years[-1]))
    else:
        rows = [row for one in years for row in _summary(one, asked)]
        give(_SUMMARY, rows, form, file, partial(_shares, rows))


def _summary(year: int, asked: list[Pattern]) -> Iterator[Row]:
    from govkg.analysis import divisions
    from govkg.analysis import levels as measure
    from govkg.analysis.hierarchy import Hierarchy
    from govkg.cli.analyze.questions import kinds

    output.progress(f"list of {year}")
    hierarchy = Hierarchy.of_frame(divisions.listed(year))
    for pattern in asked:
        told = measure.summarize(measure.test(hierarchy, pattern, kinds()))
        yield year, pattern.name, *astuple(told), told.share


def _cities(
    year: int, asked: list[Pattern], place: str | None, language: Language
) -> Iterator[Row]:
    from govkg.analysis import divisions
    from govkg.analysis import levels as measure
    from govkg.analysis.hierarchy import Hierarchy
    from govkg.cli.analyze.questions import kinds

    units = divisions.listed(year)
    if place:
        units = divisions.within(units, divisions.find(units, place)["code"])
    hierarchy, upper = Hierarchy.of_frame(units), units.filter(units["level"] <= _COUNTY)
    names = dict(zip(upper["code"], divisions.labels(upper, language), strict=True))
    for pattern in asked:
        for city in measure.test(hierarchy, pattern, kinds()):
            yield (
                year, pattern.name, divisions.short(city.city), names[city.city], city.governments,
                city.managements, city.holds, " ".join(city.missing), city.bottom, city.whole,
                city.share,
            )  # fmt: skip


def _shares(rows: list[Row], form: str, language: Language) -> bytes:
    from govkg.analysis import figures

    title, axis, cities, committees = _WORDS[language]
    years = sorted({row[0] for row in rows})
    lines = {}
    for pattern in dict.fromkeys(row[1] for row in rows):
        mine = [row for row in rows if row[1] == pattern]
        lines[f"{pattern}:\n{cities}"] = [row[3] / row[2] for row in mine]
        lines[f"{pattern}:\n{committees}"] = [row[6] for row in mine]
    return figures.shares(years, lines, title, axis, form, language)


def _icicle(place: str, year: int, form: str, language: Language) -> bytes:
    from govkg.analysis import divisions, figures
    from govkg.analysis.hierarchy import Hierarchy

    units = divisions.listed(year)
    units = divisions.within(units, divisions.find(units, place)["code"])
    names = divisions.labels(units, language)
    title = f"{names[0]}，{year}年" if language == "zh" else f"{names[0]}, {year}"
    hierarchy = Hierarchy.of_frame(units)
    return figures.icicle(hierarchy, names, _KINDS[language], title, form, language)
