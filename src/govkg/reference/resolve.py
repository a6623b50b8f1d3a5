"""Old and present names of places to divisions: one name, or a column of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from govkg.errors import ParameterError, UnknownName
from govkg.reference import codes, names
from govkg.reference.kinds import COUNTY
from govkg.reference.lives import FOREVER, Change, Life
from govkg.reference.matching import ask, candidates
from govkg.reference.succession import history

if TYPE_CHECKING:
    from govkg.reference.matching import At, Status


@dataclass(frozen=True)
class Successor:
    """One step of what a division became, and the event that says so (in division-changes)."""

    code: str
    name: str
    year: int
    event: str
    document: str | None
    event_number: int | None
    found: str | None
    dataset: str = "division-changes"


@dataclass(frozen=True)
class Division:
    """A division as it was in the year asked for.

    `code` has six digits down to counties, twelve below; `path` are the names from the province
    down. `began` and `ended` are EDTF, between which two lists; `ended` is None where the newest
    list has it. `datasets` list it; what it `became`, and the documents, are from
    division-changes. `today` are the codes that it has led to and that still stand; `doubt` says
    why not to trust them: successor-unknown, divided, filled-in-by-hand, only-the-code-is-the-same.
    """

    code: str
    name: str
    level: int
    kind: str
    path: tuple[str, ...]
    began: str
    began_by: str | None
    ended: str | None
    ended_by: str | None
    became: tuple[Successor, ...]
    today: tuple[str, ...]
    doubt: str | None
    datasets: tuple[str, ...]


@dataclass(frozen=True)
class Resolution:
    """What a name may mean.

    `other-years`: no list of that year has it, the divisions are those of other years.
    `unknown`: no list has it, and `near` are similar names.
    """

    name: str
    year: int | None
    within: str | None
    status: Status
    divisions: tuple[Division, ...]
    near: tuple[str, ...] = ()


def resolve(
    name: str,
    *,
    year: int | None = None,
    within: str | None = None,
    level: int | None = None,
    at: At = "end",
) -> Resolution:
    """Say which division a name meant in a year.

    Without a year it is any that ever had the name, of one that got another code the newest.
    Full names go before short ones (白下), counties and above before townships before villages.
    `within` narrows by a unit above: its name, or its code. Nothing is guessed: for a misspelled
    name similar ones are offered. Raises ParameterError for a year outside 1980-2026 or an empty
    name, UnknownName for a `within` that no list has.
    """
    asked = ask([name], year, within, level)
    key = asked["key"][0]
    _refuse(asked["problem"][0], year, within)
    found = candidates(asked, at=at)
    if found.is_empty() and year is not None:
        found = candidates(asked, at=at, ever=True)
        status: Status = "unknown" if found.is_empty() else "other-years"
    else:
        status = _status(len(found))
    divisions = tuple(_division(row, year) for row in found.sort("code").iter_rows(named=True))
    near = names.near(key) if status == "unknown" else ()
    return Resolution(name, year, within, status, divisions, near)


def _refuse(problem: str | None, year: int | None, within: str | None) -> None:
    """Raise what a question that can't be asked calls for."""
    if problem == "empty":
        raise ParameterError("a name is needed, as 白下区.")
    if problem == "year-out-of-range":
        first, last = codes.first_year(), codes.last_year()
        raise ParameterError(f"no list tells of {year}: give a year from {first} to {last}.")
    if problem == "unknown-parent":
        raise UnknownName("unit above", str(within), [*names.scopes()], "govkg resolve NAME")


def _status(count: int) -> Status:
    return "unknown" if count == 0 else "found" if count == 1 else "ambiguous"


def _division(row: dict[str, Any], year: int | None) -> Division:
    upper = row["tier"] == "upper"
    life = names.life_of(row["place"]) if upper else None
    steps = history().chain(life) if life else []
    when = min(row["end"], year or FOREVER)
    code = str(row["code"] // 10**6 if row["level"] <= COUNTY else row["code"])
    return Division(
        code=code,
        name=row["name"],
        level=row["level"],
        kind=row["kind"],
        path=(*_above(row["code"], when), row["name"]),
        began=row["began"],
        began_by=life.began_with.document if life and life.began_with else None,
        ended=row["ended"],
        ended_by=life.ending_document if life else None,
        became=tuple(_successor(step) for step in steps),
        today=_today(life) if life else () if row["ended"] else (code,),
        doubt=history().doubt(life) if life else None,
        datasets=tuple(row["datasets"].split()),
    )


def _today(life: Life) -> tuple[str, ...]:
    return tuple(f"{code:06d}" for code, _ in history().today(life))


def _successor(step: Change) -> Successor:
    code, name = step.new
    return Successor(
        f"{code:06d}", name, step.year, step.type, step.document, step.number, step.found
    )


def _above(code: int, year: int) -> list[str]:
    """Name the units above a code in a year, the province first."""
    found = []
    for unit in (10**10, 10**8, 10**6, 10**3):
        above = code // unit * unit
        if above == code:
            break
        group = "upper" if unit >= 10**6 else "township"
        found += _names(above, group, year)
    return found


def _names(code: int, group: str, year: int) -> list[str]:
    named = names.tier(group).places.filter(pl.col("code") == code).sort("end")
    then = named.filter(pl.lit(year).is_between("begin", "end"))
    return (then if len(then) else named.tail(1))["name"].head(1).to_list()
