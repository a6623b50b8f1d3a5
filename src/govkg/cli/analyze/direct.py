"""`govkg analyze direct`: districts that have committees right under them, year by year."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govkg.cli import output
from govkg.cli.analyze.common import FigurePath, Force, Year, give, target
from govkg.cli.options import Form, Lang
from govkg.cli.output import Format

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.languages import Language

_COLUMNS = ("year", "code", "county", "above", "residents_committees", "villagers_committees")
_COUNTY = 3


def direct(
    year: Year = None,
    within: Annotated[str | None, typer.Option(help="Only below this place.")] = None,
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    lang: Lang = None,
) -> None:
    """List districts and counties that have committees right under them, without street or town."""
    from govkg.analysis import divisions

    language = lang or output.default_language()
    file = target(figure, language, force=force)
    years = [year] if year else list(divisions.VILLAGE_YEARS)
    rows = [row for one in years for row in _rows(one, within, language)]
    give(_COLUMNS, rows, form, file, partial(_grid, years, within))


def _rows(year: int, within: str | None, language: Language) -> Iterator[tuple[Any, ...]]:
    from govkg.analysis import divisions
    from govkg.analysis.direct import directly_administered

    output.progress(f"list of {year}")
    units = divisions.listed(year)
    upper = units.filter(units["level"] <= _COUNTY)
    names = dict(zip(upper["code"], divisions.labels(upper, language), strict=True))
    kinds = dict(upper.select("code", "kind").iter_rows())
    above = dict(upper.select("code", "parent").iter_rows())
    if within:
        units = divisions.within(units, divisions.find(units, within)["code"])
    for found in directly_administered(units):
        city = above[found.county]
        if kinds[city] == "placeholder":
            city = above[city]
        told = (divisions.short(found.county), names[found.county], names[city])
        yield year, *told, found.residents, found.villagers


def _grid(years: list[int], within: str | None, form: str, language: Language) -> bytes:
    from govkg.analysis import figures

    lines: dict[str, dict[int, int]] = {}
    for year in years:
        for _, code, _, _, *counts in _rows(year, within, "zh"):
            lines.setdefault(code, {})[year] = sum(counts)
    names = {
        code: f"{county} ({above})" if language == "en" else f"{above}{county}"
        for year in years
        for _, code, county, above, *_ in _rows(year, within, language)
    }
    title = (
        "Committees right under a district or county" if language == "en" else "县区直管的村居数"
    )
    shown = {names[code]: line for code, line in sorted(lines.items())}
    return figures.grid(shown, years, title, form, language)
