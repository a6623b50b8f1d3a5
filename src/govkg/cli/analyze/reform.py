"""`govkg analyze reform`: yearly counts before, at and after a reform."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from govkg.cli import output
from govkg.cli.analyze import words
from govkg.cli.analyze.common import FigurePath, Force, give, target
from govkg.cli.options import Form, Home, Lang
from govkg.cli.output import Format
from govkg.errors import InputError, ParameterError

if TYPE_CHECKING:
    from govkg.languages import Language

_COLUMNS = (
    "place", "code", "measure", "reform", "standing", "before", "at", "after", "change",
    "first_year", "last_year", "jump_year", "jump_from", "jump_to", "rank", "peers", "claims",
)  # fmt: skip
_DEFAULT = ["street_areas", "like_townships"]


@dataclass(frozen=True)
class _Case:
    """A place whose series is interrupted, and by what."""

    name: str
    code: int
    earliest: int | None
    latest: int | None
    claims: str


def reform(
    place: Annotated[
        list[str] | None, typer.Option(help="Places (default: those that the graph tells of).")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year of the reform, with --place.")] = None,
    measure: Annotated[
        list[str] | None, typer.Option(help=f"One of {', '.join(words.MEASURES)}; may be repeated.")
    ] = None,
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Describe yearly counts before, at and after a reform, and their largest jump among peers.

    By default: the cities of which a document says that street offices were abolished. No tests
    of significance: the counts are no sample.
    """
    language = lang or output.default_language()
    file = target(figure, language, force=force)
    wanted = measure or _DEFAULT
    for name in wanted:
        if name not in words.MEASURES:
            raise ParameterError(f"no measure {name!r}: use {', '.join(words.MEASURES)}.")
    if (place is None) != (year is None):
        raise ParameterError("a reform of your own needs --place and --year, both.")
    cases = _named(place, year, language) if place else _told(home, language)
    rows = [_row(case, name) for case in cases for name in wanted]
    give(_COLUMNS, rows, form, file, partial(_panels, cases, wanted))


def _told(home: Any, language: Language) -> list[_Case]:  # noqa: ANN401
    from govkg.api import open_graph
    from govkg.cli.analyze.questions import reforms

    cases = [
        _Case(one.place, int(one.code.ljust(12, "0")), *one.years, one.claims)
        for one in reforms(open_graph(home), language)
        if one.type == "Abolition" and one.affects == "gov:StreetOffice" and one.code
    ]
    if not cases:
        raise InputError("no document of this build tells of abolished street offices: --place.")
    return sorted(cases, key=lambda case: case.code)


def _named(places: list[str], year: int | None, language: Language) -> list[_Case]:
    from govkg.analysis import divisions

    units = divisions.listed(divisions.YEARS[-1])
    found = [units.filter(code=divisions.find(units, place)["code"]) for place in places]
    return [
        _Case(divisions.labels(unit, language)[0], unit["code"].item(), year, year, "")
        for unit in found
    ]


def _row(case: _Case, measure: str) -> tuple[Any, ...]:
    from govkg.analysis import divisions
    from govkg.analysis.reform import interrupt, largest_jump, rank

    line = _series(case.code, measure)
    told, jump = interrupt(line, case.earliest, case.latest), largest_jump(line)
    place = rank(jump, _peers(case.code, measure)) if jump else (None, None)
    leap = (jump.year, jump.before, jump.after) if jump else (None, None, None)
    return (
        case.name, divisions.short(case.code), measure, _said(case), told.standing, told.before,
        told.at, told.after, told.change, min(line), max(line), *leap, *place, case.claims,
    )  # fmt: skip


def _said(case: _Case) -> str:
    """Write the time of the reform in EDTF."""
    if case.earliest == case.latest:
        return str(case.latest)
    return f"[{case.earliest or ''}..{case.latest or ''}]"


def _series(code: int, measure: str) -> dict[int, int]:
    found = _lines(measure, code)
    if code not in found:
        raise InputError(f"{code} has no yearly counts of {measure}: it lies below county level.")
    return found[code]


def _peers(code: int, measure: str) -> list[dict[int, int]]:
    """Give the series of all places of the same kind, the place itself among them."""
    from govkg.analysis import divisions

    kinds = divisions.counts().filter(code=code)["kind"].unique().to_list()
    return list(_lines(measure, kind=kinds).values())


def _lines(
    measure: str, code: int | None = None, kind: list[str] | None = None
) -> dict[int, dict[int, int]]:
    import polars as pl

    from govkg.analysis import divisions

    wanted = pl.col("code") == code if kind is None else pl.col("kind").is_in(kind)
    found: dict[int, dict[int, int]] = {}
    rows = divisions.counts().filter(wanted).drop_nulls(measure).sort("code", "year")
    for one, year, value in rows.select("code", "year", measure).iter_rows():
        found.setdefault(one, {})[year] = value
    return found


def _panels(cases: list[_Case], wanted: list[str], form: str, language: Language) -> bytes:
    from govkg.analysis import figures

    word = 1 if language == "zh" else 0
    panels = [
        figures.Panel(
            case.name,
            {words.measure(name, language): _series(case.code, name) for name in wanted},
            case.earliest,
            case.latest,
        )
        for case in cases
    ]
    title = ("Yearly counts and the reform", "历年数量与改革")[word]
    return figures.series(panels, title, form, language)
