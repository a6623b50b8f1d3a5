"""Old and present names of places to divisions: one name, or a column of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from govkg.errors import AmbiguousName, ParameterError, UnknownName
from govkg.languages import fold, fold_reading
from govkg.reference import codes, matching, names, romanize
from govkg.reference.column import ask
from govkg.reference.kinds import COUNTY, stem
from govkg.reference.lineage import follow, named, outcomes
from govkg.reference.lives import FOREVER, Change, Life
from govkg.reference.matching import candidates
from govkg.reference.names import paths
from govkg.reference.succession import history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.reference.kinds import Level
    from govkg.reference.matching import At, Status


@dataclass(frozen=True)
class Successor:
    """One step of what a division became, and the event that says so (in division-changes).

    Below the county `event` is the change in the dataset `lineage` and `found` its method. Steps of
    an ambiguous change are all that the division may have become.
    """

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
    down. `first` and `last` are years; `began` and `ended` are EDTF, between which two lists;
    `last` and `ended` are None where the newest list has it. `datasets` list it; what it `became`,
    and the documents, are from division-changes, below the county from lineage. `today` are the
    codes that it has led to and that still stand; `doubt` says why not to trust them:
    successor-unknown, divided, filled-in-by-hand, confirmed-by-lists-only,
    only-the-code-is-the-same; below the county also ambiguous, low-confidence and, of what the
    newest statistical list has, not-listed-by-civil-affairs.
    """

    code: str
    name: str
    level: int
    kind: str
    path: tuple[str, ...]
    first: int
    last: int | None
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
    divisions = _divisions(found.sort("code"), year)
    near = matching.near(key) if status == "unknown" else ()
    return Resolution(name, year, within, status, divisions, near)


def by_code(code: int, first: int) -> Division | None:
    """Find the division that had a code (6 or 12 digits) first in a year; None where none had."""
    full = code * 10**6 if code < 10**6 else code
    group = "upper" if full % 10**6 == 0 else "township" if full % 1000 == 0 else "village"
    here = (pl.col("code") == full) & (pl.col("begin") == first)
    places = names.tier(group).places.filter(here)
    if len(places) != 1:  # none, or several: nothing is guessed
        return None
    return _divisions(places.with_columns(tier=pl.lit(group)), None)[0]


def _refuse(problem: str | None, year: int | None, within: str | None) -> None:
    """Raise what a question that can't be asked calls for."""
    if problem == "empty":
        raise ParameterError("a name is needed, as 白下区.")
    if problem == "year-out-of-range":
        first, last = codes.first_year(), codes.last_year()
        raise ParameterError(f"no list tells of {year}: give a year from {first} to {last}.")
    if problem == "unknown-parent":
        raise UnknownName("place", str(within), [*matching.scopes()], "govkg resolve NAME")


def _status(count: int) -> Status:
    return "unknown" if count == 0 else "found" if count == 1 else "ambiguous"


def _divisions(found: pl.DataFrame, year: int | None) -> tuple[Division, ...]:
    """Tell of all that a name may mean, with their paths and what they became."""
    when = pl.min_horizontal("end", pl.lit(year or FOREVER))
    above = paths(found.with_columns(when=when)).to_list()
    below = _below(found)
    return tuple(
        _division(row, tuple(path), below.get((row["tier"], row["place"])))
        for row, path in zip(found.iter_rows(named=True), above, strict=True)
    )


def _division(row: dict[str, Any], path: tuple[str, ...], told: _Below | None) -> Division:
    life = names.life_of(row["place"]) if row["tier"] == "upper" else None
    steps = [_successor(step) for step in history().chain(life)] if life else []
    code = str(row["code"] // 10**6 if row["level"] <= COUNTY else row["code"])
    return Division(
        code=code,
        name=row["name"],
        level=row["level"],
        kind=row["kind"],
        path=path,
        first=row["begin"],
        last=row["end"] if row["ended"] else None,
        began=row["began"],
        began_by=life.began_with.document if life and life.began_with else None,
        ended=row["ended"],
        ended_by=life.ending_document if life else None,
        became=told.became if told else tuple(steps),
        today=told.today if told else _today(life) if life else () if row["ended"] else (code,),
        doubt=told.doubt if told else history().doubt(life) if life else None,
        datasets=tuple(row["datasets"].split()),
    )


def _today(life: Life) -> tuple[str, ...]:
    return tuple(f"{code:06d}" for code, _ in history().today(life))


def _successor(step: Change) -> Successor:
    code, name = step.new
    return Successor(
        f"{code:06d}", name, step.year, step.type, step.document, step.number, step.found
    )


class _Below(NamedTuple):
    became: tuple[Successor, ...]
    today: tuple[str, ...]
    doubt: str | None


def _below(found: pl.DataFrame) -> dict[tuple[str, int], _Below]:
    """Say what townships and villages became, by the lineage: by tier and place."""
    answer: dict[tuple[str, int], _Below] = {}
    levels: tuple[Level, ...] = ("township", "village")
    for level in levels:
        places = found.filter(pl.col("tier") == level)
        if places.is_empty():
            continue
        became: dict[int, list[Successor]] = {}
        ended = places.filter(pl.col("ended").is_not_null())
        for step in named(level, follow(level, ended)[0]).drop_nulls("new").iter_rows(named=True):
            became.setdefault(step["place"], []).append(_step(step))
        for told in outcomes(level, places).iter_rows(named=True):
            steps = tuple(became.get(told["place"], ()))
            today = tuple((told["today_code"] or "").split())
            answer[level, told["place"]] = _Below(steps, today, told["doubt"])
    return answer


def _step(step: dict[str, Any]) -> Successor:
    return Successor(
        str(step["new"]), step["name"], step["year"], step["change"], None, None, step["method"],
        "lineage",
    )  # fmt: skip


def find(units: pl.DataFrame, place: str) -> dict[str, Any]:
    """Find one unit of a list (code of 12 digits, name, level, kind) as `named_in` does.

    Raises UnknownName where there is none, AmbiguousName where several go by the name.
    """
    found = named_in(units, place)
    if found.height > 1:
        raise ambiguous(units, place, found)
    return found.row(0, named=True)


def named_in(units: pl.DataFrame, place: str) -> pl.DataFrame:
    """Keep the units of a list that a place may mean: its code without last zeros, or its name.

    Whole names go before short ones, English and pinyin, and these before joined paths; units of
    county level and above before townships before villages. Raises UnknownName where there is none.
    """
    group = pl.max_horizontal("level", COUNTY)
    ways = (way for way in _ways(units, place) if way.height)
    found = next(ways, units.clear()).filter(group == group.min())
    if found.is_empty():
        upper = units.filter(pl.col("level") <= COUNTY)
        known = [*upper["name"], *(romanize.english(upper) if place.isascii() else ())]
        raise UnknownName("place", place, known, "govkg find NAME")
    return found


def ambiguous(units: pl.DataFrame, place: str, found: pl.DataFrame) -> AmbiguousName:
    """Make the error that tells of each unit that a place may mean, with those above it."""
    told = []
    for code, name in found.select("code", "name").iter_rows():
        above = {code // size * size for size in codes.PER_LEVEL.values()} - {code}
        path = units.filter(pl.col("code").is_in(above)).sort("code")["name"]
        told.append(" ".join([codes.short(code), *path, name]))
    return AmbiguousName("place", place, told)


def _ways(units: pl.DataFrame, place: str) -> Iterator[pl.DataFrame]:
    if place.isdecimal():
        yield units.filter(pl.col("code") == int(place.ljust(12, "0")))
        return
    upper = units.filter(pl.col("level") <= COUNTY)
    if fold(fold_reading(place), str).isascii():
        yield _read_as(upper, place)
        return
    yield units.filter(pl.col("name") == place)
    yield upper.filter(stem(pl.col("name"), "upper") == place)
    # A code may have gone to another unit: the path must end in the name that the list has.
    covered = [size * digits for size, digits in matching.prefixes(place)]
    ends = pl.lit(matching.clean(place)).str.ends_with(pl.col("name"))
    yield units.filter(pl.col("code").is_in(covered) & ends)


def _read_as(units: pl.DataFrame, place: str) -> pl.DataFrame:
    """Keep the units whose English name, or whose whole name in pinyin, reads so."""
    wanted = fold(fold_reading(place), str)
    whole = romanize.romanize(units["name"].unique(), romanize.Readings.load())
    read = dict(whole.iter_rows())
    forms = zip(units["name"], romanize.english(units), strict=True)
    return units.filter(
        [
            wanted in {fold(fold_reading(form), str) for form in (read[name], english)}
            for name, english in forms
        ]
    )
