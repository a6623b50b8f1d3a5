"""`govkg analyze compare`: two years of a place, or two places of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from govkg.cli.analyze.common import give
from govkg.cli.options import Form
from govkg.cli.output import Format
from govkg.errors import ParameterError

if TYPE_CHECKING:
    from typing import Any

    import polars as pl

_COLUMNS = ("measure", "one", "other", "change", "ratio")
_ABOUT = ("code", "year", "level", "kind")


def compare(
    place: Annotated[str, typer.Argument(help="A province, city or county: code or name.")],
    other: Annotated[str | None, typer.Argument(help="Another place, of the same year.")] = None,
    year: Annotated[int, typer.Option(help="Year of the first.")] = 2023,
    with_year: Annotated[int | None, typer.Option(help="Year of the second.")] = None,
    form: Form = Format.TABLE,
) -> None:
    """Compare the counts of two years or of two places; codes gone and new between two years."""
    from govkg.analysis import compare as measure

    if (other is None) == (with_year is None):
        raise ParameterError("compare takes a second place or --with-year, one of the two.")
    second = with_year or year
    one, both = _counts(place, year), _counts(other or place, second)
    rows: list[tuple[Any, ...]] = [
        (found.measure, found.one, found.other, found.change, found.ratio)
        for found in measure.differences(one, both)
    ]
    if with_year:
        units = [_below(place, when) for when in (year, second)]
        for kind, gone, new, _ in measure.turnover(*units).iter_rows():
            rows += [(f"codes gone: {kind}", gone, None, None, None)] if gone else []
            rows += [(f"codes new: {kind}", None, new, None, None)] if new else []
    give(_COLUMNS, rows, form)


def _counts(place: str, year: int) -> dict[str, int | None]:
    from govkg.analysis import lists

    code = lists.find(lists.listed(year), place)["code"]
    rows = lists.counts().filter(code=code, year=year).drop(_ABOUT).to_dicts()
    if not rows:
        raise ParameterError(f"{place} has no counts in {year}: it lies below county level.")
    found: dict[str, int | None] = rows[0]
    return found


def _below(place: str, year: int) -> pl.DataFrame:
    from govkg.analysis import lists

    units = lists.listed(year)
    return lists.within(units, lists.find(units, place)["code"])
