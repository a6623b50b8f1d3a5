"""`govkg analyze compare`: two years of a place, or two places of a year."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from govkg.cli import output
from govkg.cli.analyze import words
from govkg.cli.analyze.common import FigurePath, Force, give, target
from govkg.cli.options import Form, Lang
from govkg.cli.output import Format
from govkg.errors import ParameterError

if TYPE_CHECKING:
    from typing import Any

    import polars as pl

    from govkg.analysis.compare import Difference
    from govkg.analysis.figures import Change

    Side = tuple[str, int]  # a place and a year
    from govkg.languages import Language

_COLUMNS = ("measure", "one", "other", "change", "ratio")
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
_ABOUT = ("code", "year", "level", "kind")


def compare(
    place: Annotated[str, typer.Argument(help="A province, city or county: code or name.")],
    other: Annotated[str | None, typer.Argument(help="Another place, of the same year.")] = None,
    year: Annotated[int, typer.Option(help="Year of the first.")] = 2023,
    with_year: Annotated[int | None, typer.Option(help="Year of the second.")] = None,
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    lang: Lang = None,
) -> None:
    """Compare the counts of two years or of two places; codes gone and new between two years.

    The figure has a bar for each difference, to the left or to the right.
    """
    from govkg.analysis import compare as measure

    language = lang or output.default_language()
    file = target(figure, language, force=force)
    if (other is None) == (with_year is None):
        raise ParameterError("compare takes a second place or --with-year, one of the two.")
    second = with_year or year
    found = measure.differences(_counts(place, year), _counts(other or place, second))
    rows: list[tuple[Any, ...]] = [
        (one.measure, one.one, one.other, one.change, one.ratio) for one in found
    ]
    turns = _turnover(place, year, with_year) if with_year else []
    for kind, gone, new in turns:
        rows += [(f"codes gone: {kind}", gone, None, None, None)] if gone else []
        rows += [(f"codes new: {kind}", None, new, None, None)] if new else []
    sides = (place, year), (other or place, second)
    give(_COLUMNS, rows, form, file, partial(_bars, sides, found, turns))


def _turnover(place: str, year: int, second: int) -> list[tuple[str, int, int]]:
    from govkg.analysis.compare import turnover

    found = turnover(_below(place, year), _below(place, second))
    return list(found.select("kind", "gone", "new").iter_rows())


def _counts(place: str, year: int) -> dict[str, int | None]:
    from govkg.analysis import divisions

    code = divisions.find(divisions.listed(year), place)["code"]
    rows = divisions.counts().filter(code=code, year=year).drop(_ABOUT).to_dicts()
    if not rows:
        raise ParameterError(f"{place} has no counts in {year}: it lies below county level.")
    found: dict[str, int | None] = rows[0]
    return found


def _below(place: str, year: int) -> pl.DataFrame:
    from govkg.analysis import divisions

    units = divisions.listed(year)
    return divisions.within(units, divisions.find(units, place)["code"])


def _bars(
    sides: tuple[Side, Side],
    found: list[Difference],
    turns: list[tuple[str, int, int]],
    form: str,
    language: Language,
) -> bytes:
    from govkg.analysis import figures

    (_, year), (_, second) = sides
    told, ends = _WORDS[language], [_name(*side, language) for side in sides]
    years, between = year != second, " | "
    title = told["places"].format(*ends, year=year)
    if years:
        title, between = told["years"].format(year, second, place=ends[1]), " → "
        ends = [told["year"].format(one) for one in (year, second)]
    left = told["fewer" if years else "more_one"].format(*ends)
    changes = [_change(one, between, language) for one in found if one.one or one.other]
    panels = [
        figures.Changes(left, told["more"].format(*ends), changes, between.join(ends), years),
        figures.Changes(
            told["gone"], told["new"], _turned(turns, language), told["scale"], signed=False
        ),
    ]
    return figures.diverging(panels, title, form, language)


def _name(place: str, year: int, language: Language) -> str:
    from govkg.analysis import divisions

    units = divisions.listed(year)
    unit = units.filter(code=divisions.find(units, place)["code"])
    return divisions.labels(unit, language)[0]


def _change(one: Difference, between: str, language: Language) -> Change:
    from govkg.analysis.figures import Change

    ends = ["–" if value is None else f"{value:,}" for value in (one.one, one.other)]
    change = one.change or 0
    instead = _WORDS[language]["uncounted"] if one.change is None else "0"
    label = words.measure(one.measure, language)
    return Change(label, min(change, 0), max(change, 0), between.join(ends), instead)


def _turned(turns: list[tuple[str, int, int]], language: Language) -> list[Change]:
    from govkg.analysis.figures import Change

    told = sorted(turns, key=lambda turn: words.order(turn[0]))
    return [
        Change(words.kind(kind, language), -gone, new) for kind, gone, new in told if gone or new
    ]
