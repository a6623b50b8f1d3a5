"""Old and present names of places to divisions: one name, or a column of them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from govkg.errors import ParameterError, UnknownName
from govkg.reference import places
from govkg.reference.spells import FOREVER, Change, Spell, history

if TYPE_CHECKING:
    from collections.abc import Sequence

    Column = pl.Series | Sequence[Any] | Any

FIRST_YEAR = 1980
LAST_YEAR = 2026
Status = Literal["found", "ambiguous", "other-years", "unknown"]

_ASKED = ("row", "key", "year", "within")
_CODE_DIGITS = (2, 4, 6, 9, 12)


@dataclass(frozen=True)
class Successor:
    """One step of what a division became, and the event that says so (in division-changes)."""

    code: str
    name: str
    year: int
    event: str
    document: str | None
    event_number: int
    found: str | None


@dataclass(frozen=True)
class Division:
    """A division as it was in the year asked for.

    `code` has six digits down to counties, twelve below; `path` are the names from the province
    down. `began` and `ended` are EDTF, between which two lists; `ended` is None where the newest
    list has it. `datasets` list it; what it `became`, and the documents, are from
    division-changes. `today` are the codes that it has led to and that still stand.
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


def resolve(name: str, *, year: int | None = None, within: str | None = None) -> Resolution:
    """Say which division a name meant in a year (in any year, where none is given).

    Full names go before short ones (白下), counties and above before townships before villages.
    `within` narrows by a unit above: its name, or its code. Nothing is guessed: for a misspelled
    name similar ones are offered. Raises ParameterError for a year outside 1980-2026 or an empty
    name, UnknownName for a `within` that no list has.
    """
    asked = _asked([name], year, within)
    key = asked["key"][0]
    if not key:
        raise ParameterError("a name is needed, as 白下区.")
    found = _candidates(asked)
    if found.is_empty() and year is not None:
        found = _candidates(asked.with_columns(pl.lit(None, pl.Int32).alias("year")))
        status: Status = "unknown" if found.is_empty() else "other-years"
    else:
        status = _status(len(found))
    divisions = tuple(_division(row, year) for row in found.sort("code").iter_rows(named=True))
    near = tuple(_near(key)) if status == "unknown" else ()
    return Resolution(name, year, within, status, divisions, near)


def resolve_column(
    names: Column, *, year: int | Column | None = None, within: str | Column | None = None
) -> Any:  # noqa: ANN401 - a frame of the library that the names came in
    """Resolve a column of names; give a frame with a row for each, in their order.

    Names, years and `within` may be polars or pandas columns or lists. The frame is of pandas
    where the names are, else of polars: name, year, within, status, code, division, level, kind,
    began, ended, event_year, document, today_code, today_name, datasets, candidates (their codes,
    where there are several). What is ambiguous or unknown has no code. Raises as `resolve` does,
    but for empty names, which are unknown.
    """
    asked = _asked(names, year, within)
    found = _candidates(asked)
    counted = found.group_by("row").agg(
        pl.len().alias("count"),
        pl.col("tier", "place", "code", "name", "level", "kind", "began", "ended", "datasets")
        .first(),
        pl.col("code").sort().cast(pl.String).str.join(" ").alias("candidates"),
    )  # fmt: skip
    frame = _with_status(asked, counted).join(
        _outcomes(), on=["tier", "place"], how="left", maintain_order="left"
    )
    single = pl.col("status") == "found"
    shown = (
        "code", "division", "level", "kind", "began", "ended",
        "event_year", "document", "today_code", "today_name", "datasets",
    )  # fmt: skip
    answer = frame.select(
        "name", "year", "within", "status",
        *(pl.when(single).then(column).alias(column) for column in shown),
        pl.when(pl.col("status") == "ambiguous").then("candidates").alias("candidates"),
    )  # fmt: skip
    return _like(names, answer)


def _asked(
    names: Column, year: int | Column | None, within: str | Column | None
) -> pl.DataFrame:
    """Lay out what is asked: row, name, key (without spaces), year, within."""
    given = _series(names, pl.String)
    frame = pl.DataFrame(
        {
            "name": given,
            "year": _spread(year, len(given), pl.Int32),
            "within": _spread(within, len(given), pl.String),
        }
    ).with_row_index("row")
    years = frame["year"].drop_nulls()
    outside = years.filter(~years.is_between(FIRST_YEAR, LAST_YEAR))
    if len(outside):
        raise ParameterError(
            f"no list tells of {outside[0]}: give a year from {FIRST_YEAR} to {LAST_YEAR}."
        )
    return frame.with_columns(pl.col("name").str.replace_all(r"\s+", "").fill_null("").alias("key"))


def _series(values: Column, dtype: Any) -> pl.Series:  # noqa: ANN401 - a class or an instance
    """Read a column; what pandas has for a missing value (NaN, NaT, NA) is null."""
    wanted = "text" if dtype == pl.String else "whole numbers"
    try:
        if isinstance(values, pl.Series):
            series = values
        else:
            plain = [None if value is None or _missing(value) else value for value in values]
            series = pl.Series("", plain)
        if series.dtype.is_float():
            series = series.fill_nan(None)
        if dtype == pl.String and series.dtype not in (pl.String, pl.Categorical, pl.Null):
            raise ParameterError(f"a column of {wanted} is needed.")
        return series.cast(dtype)
    except (TypeError, pl.exceptions.PolarsError) as error:
        raise ParameterError(f"a column of {wanted} is needed.") from error


def _missing(value: Any) -> bool:  # noqa: ANN401
    return value != value or type(value).__name__ == "NAType"  # noqa: PLR0124 - NaN


def _spread(value: Any, size: int, dtype: Any) -> pl.Series:  # noqa: ANN401
    if value is None or isinstance(value, (int, str)):
        return pl.Series("", [value], dtype=dtype).new_from_index(0, size)
    series = _series(value, dtype)
    if len(series) != size:
        raise ParameterError(f"a column of {size} values is needed, not of {len(series)}.")
    return series


def _candidates(asked: pl.DataFrame) -> pl.DataFrame:
    """Find the divisions of each row: the first tier that has any answers."""
    scopes = _scopes(asked["within"].drop_nulls().unique().to_list())
    open_rows, parts = asked.filter(pl.col("key") != ""), []
    for group in places.TIERS:
        if open_rows.is_empty():
            break
        found = _in_tier(open_rows, group, scopes)
        parts.append(found)
        open_rows = open_rows.join(found, on="row", how="anti")
        if group == "upper":  # 白下区 of 2020 is no village, but the district of other years
            exact = places.tier(group).keys.filter("exact")
            open_rows = open_rows.join(exact, on="key", how="anti")
    return pl.concat(parts) if parts else _in_tier(asked.clear(), "upper", scopes)


def _in_tier(asked: pl.DataFrame, group: str, scopes: pl.DataFrame) -> pl.DataFrame:
    tier = places.tier(group)
    # Names come again and again in a column: each is looked up once.
    wanted = asked.select("key", "year", "within").unique()
    hits = wanted.join(tier.keys, on="key").filter(
        pl.col("year").is_null() | pl.col("year").is_between("begin", "end")
    )
    hits = hits.drop("begin", "end").join(tier.places, on="place")
    hits = _within(hits, scopes)
    best = hits.filter(pl.col("exact") == pl.col("exact").max().over("key", "year", "within"))
    best = best.unique(["key", "year", "within", "place"]).with_columns(pl.lit(group).alias("tier"))
    return asked.select(_ASKED).join(
        best, on=["key", "year", "within"], nulls_equal=True
    ).drop("key", "year", "within", "exact")  # fmt: skip


def _within(hits: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """Keep what lies below its `within`, or needs none."""
    free = hits.filter(pl.col("within").is_null())
    if scopes.is_empty():
        return free
    bound = hits.join(scopes, on="within").filter(pl.col("code") // pl.col("unit") == pl.col("prefix"))
    return pl.concat([free, bound.drop("unit", "prefix").unique()])


def _scopes(names: list[str]) -> pl.DataFrame:
    """Read each `within` as the codes that it may stand for."""
    rows = []
    for name in names:
        prefixes = _prefixes("".join(name.split()))
        if not prefixes:
            keys = places.tier("upper").keys["key"].unique().to_list()
            raise UnknownName("unit above", name, keys, "govkg resolve NAME")
        rows += [(name, unit, prefix) for unit, prefix in prefixes]
    schema = {"within": pl.String, "unit": pl.Int64, "prefix": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _prefixes(name: str) -> set[tuple[int, int]]:
    """Give the codes that a name or a code covers, each as the digits that count."""
    if name.isascii() and name.isdigit():
        digits = name.rstrip("0")
        size = next((n for n in _CODE_DIGITS if n >= len(digits)), 0)
        return {(10 ** (12 - size), int(digits.ljust(size, "0")))} if digits and size else set()
    tier = places.tier("upper")
    hits = tier.keys.filter(pl.col("key") == name).join(tier.places, on="place")
    if hits["exact"].any():
        hits = hits.filter("exact")
    sizes = {1: 10**10, 2: 10**8, 3: 10**6}
    return {(sizes[level], code // sizes[level]) for code, level in hits.select("code", "level").iter_rows()}


def _status(count: int) -> Status:
    return "unknown" if count == 0 else "found" if count == 1 else "ambiguous"


def _with_status(asked: pl.DataFrame, counted: pl.DataFrame) -> pl.DataFrame:
    frame = asked.join(
        counted.rename({"name": "division"}), on="row", how="left", maintain_order="left"
    )
    missing = frame.filter(pl.col("count").is_null(), pl.col("year").is_not_null())
    later = missing.select(*_ASKED).with_columns(pl.lit(None, pl.Int32).alias("year"))
    elsewhen = _candidates(later)["row"].unique() if len(later) else pl.Series([], dtype=pl.UInt32)
    status = (
        pl.when(pl.col("count") == 1).then(pl.lit("found"))
        .when(pl.col("count") > 1).then(pl.lit("ambiguous"))
        .when(pl.col("row").is_in(elsewhen.implode())).then(pl.lit("other-years"))
        .otherwise(pl.lit("unknown"))
    )  # fmt: skip
    six = pl.col("level") <= 3
    return frame.with_columns(
        status.alias("status"),
        pl.when(six).then(pl.col("code") // 10**6).otherwise("code").cast(pl.String).alias("code"),
    )


@lru_cache
def _outcomes() -> pl.DataFrame:
    """Say of every division of the upper tier which event ended it and what stands today."""
    rows = []
    for place, spell in enumerate(history().spells.values()):
        first = next(iter(spell.ended_with), None)
        ends = history().today(spell)
        rows.append(
            (
                "upper",
                place,
                first.year if first else None,
                _ending_document(spell),
                " ".join(f"{code:06d}" for code, _ in ends) or None,
                " ".join(name for _, name in ends) or None,
            )
        )
    schema = {
        "tier": pl.String, "place": pl.Int64, "event_year": pl.Int32, "document": pl.String,
        "today_code": pl.String, "today_name": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _like(names: Column, answer: pl.DataFrame) -> Any:  # noqa: ANN401
    if type(names).__module__.partition(".")[0] != "pandas":
        return answer
    import importlib

    pandas = importlib.import_module("pandas")
    return pandas.DataFrame(answer.to_dict(as_series=False), index=names.index)


def _division(row: dict[str, Any], year: int | None) -> Division:
    upper = row["tier"] == "upper"
    spell = places.spell_of(row["place"]) if upper else None
    steps = history().chain(spell) if spell else []
    when = min(row["end"], year or FOREVER)
    code = str(row["code"] // 10**6 if upper else row["code"])
    return Division(
        code=code,
        name=row["name"],
        level=row["level"],
        kind=row["kind"],
        path=(*_above(row["code"], when), row["name"]),
        began=row["began"],
        began_by=spell.began_with.document if spell and spell.began_with else None,
        ended=row["ended"],
        ended_by=_ending_document(spell),
        became=tuple(_successor(step) for step in steps),
        today=tuple(f"{code:06d}" for code, _ in history().today(spell)) if spell else (),
        datasets=tuple(row["datasets"].split()),
    )


def _ending_document(spell: Spell | None) -> str | None:
    changes = spell.ended_with if spell else []
    return next((change.document for change in changes if change.document), None)


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
    named = places.tier(group).places.filter(pl.col("code") == code).sort("end")
    then = named.filter(pl.lit(year).is_between("begin", "end"))
    return (then if len(then) else named.tail(1))["name"].head(1).to_list()


def _near(key: str) -> list[str]:
    """Offer similar names: of counties and above, else of townships that begin alike."""
    upper = places.tier("upper").keys.filter("exact")["key"].unique(maintain_order=True).to_list()
    if near := get_close_matches(key, upper, n=5, cutoff=0.6):
        return near
    alike = pl.col("key").str.starts_with(key[:2]) & pl.col("exact")
    towns = places.tier("township").keys.filter(alike)["key"].unique(maintain_order=True).to_list()
    return get_close_matches(key, towns, n=5, cutoff=0.6)
