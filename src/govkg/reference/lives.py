"""When each name under a code lived: to county level since 1980, below it since 2015.

A spell puts together what the lists say: the last list before it, the first and the last with
it, the first without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from govkg.reference.codes import CIVIL_AFFAIRS, REVISIONS, SERIES, listings, series_dates
from govkg.reference.datasets import dataset, table
from govkg.reference.kinds import LEVELS, TOWNSHIP, placeholder, stem, where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.reference.kinds import Level

# The list labeled 2011-12 shows the end of 2012 (see the notes of gb2260-history).
_LABELED_EARLY = {"2011-12": "2012-12"}
_BEFORE_LABELED_EARLY = "2011-10"

# 西沙区 and 南沙区, set up in 2020: the statistical lists have the islands instead.
_NOT_IN_SERIES = (460302, 460303)

FOREVER = 9999

Key = tuple[int, str]


@dataclass
class Spell:
    """A name under a code: dates are year and month, of lists."""

    code: int
    name: str
    level: int
    kind: str
    first: str
    last: str
    began_after: str | None = None
    ended_by: str | None = None
    datasets: list[str] = field(default_factory=list)

    @property
    def key(self) -> Key:
        """Tell spells apart: code and name."""
        return self.code, self.name

    def meets(self, later: Spell) -> bool:
        """Say whether another may have begun where this one ended."""
        if self.ended_by is None or self.last >= later.first:
            return False
        return later.began_after is None or later.began_after < self.ended_by


class Change(NamedTuple):
    """A step from one code and name to another.

    `number` is that of the event in division-changes; None for what the lists alone tell, or a
    correction. `found` says how it is known: stated, filled-in or traced-by-name by the source;
    same-name, same-stem, only-new-district or same-code by the lists; corrected by us, then
    `confirmed` says by what: approval, reference or lists.
    """

    number: int | None
    year: int
    type: str
    old: Key | None
    new: Key
    document: str | None
    found: str | None
    confirmed: str | None = None


@dataclass
class Life:
    """A spell with the events that began and ended it, and its years from both."""

    spell: Spell
    begin: int
    end: int = FOREVER
    began_with: Change | None = None
    ended_with: list[Change] = field(default_factory=list)
    closed: str | None = None  # divided, or unknown: nothing is to be looked for

    @property
    def key(self) -> Key:
        """Tell lives apart: code and name."""
        return self.spell.key

    @property
    def ending_document(self) -> str | None:
        """The document by which it ended, where one is known."""
        return next((change.document for change in self.ended_with if change.document), None)


@cache
def civil_affairs_date() -> str:
    """Say of which month the civil-affairs list is."""
    return dataset(CIVIL_AFFAIRS).about.cutoff[:7]


@cache
def _last_revision() -> str:
    return str(table(REVISIONS, "revisions")["revision"].max())


@cache
def spells() -> dict[Key, Spell]:
    """Put the spells together from the three kinds of lists."""
    found: dict[Key, Spell] = {}
    for one in _listed():
        _add(found, one)
    dates = sorted(series_dates().values())
    for one in found.values():
        _bracket(one, dates)
    return found


def _listed() -> Iterator[Spell]:
    """Read a spell off each row of the three kinds of lists."""
    for row in listings().iter_rows(named=True):
        dataset = row.pop("dataset")
        began_after, first, last, ended_by = (
            _LABELED_EARLY.get(row[date], row[date])
            for date in ("began_after", "first", "last", "ended_by")
        )
        if began_after and began_after > first:
            began_after = _BEFORE_LABELED_EARLY
        about = (row["code"], row["name"], row["level"], row["kind"])
        yield Spell(*about, first, last, began_after, ended_by, [dataset])
    for code, name, level, _, kind in table(CIVIL_AFFAIRS, "divisions").iter_rows():
        newest = civil_affairs_date()
        yield Spell(code // 10**6, name, level, kind, newest, newest, datasets=[CIVIL_AFFAIRS])


def _add(spells: dict[Key, Spell], found: Spell) -> None:
    if found.kind == placeholder():
        return
    known = spells.setdefault(found.key, found)
    if known is found:
        return
    if found.first < known.first:
        known.first, known.began_after = found.first, found.began_after
    if found.last > known.last:
        known.last, known.ended_by = found.last, found.ended_by
    known.datasets += [name for name in found.datasets if name not in known.datasets]


def _bracket(spell: Spell, dates: list[str]) -> None:
    """Narrow both ends by the lists that lack the name."""
    lists = [] if spell.code in _NOT_IN_SERIES else list(dates)
    if spell.kind in where("official"):
        lists += [_last_revision(), civil_affairs_date()]
    before = [d for d in (spell.began_after, *lists) if d and d < spell.first]
    after = [d for d in (spell.ended_by, *lists) if d and d > spell.last]
    spell.began_after = max(before, default=None)
    spell.ended_by = min(after, default=None)


def year_of(date: str) -> int:
    """Give the year of a year and month."""
    return int(date[:4])


@cache
def below_county(level: Level) -> pl.DataFrame:
    """Put the yearly lists together: a row for each code and short name, whatever its ending.

    Until 2018 most names end in 办事处 and the like, later they don't: no renaming. Columns: place
    (its number), code (12 digits), name, names (all), stem, level, kind, begin, end (years), began,
    ended (EDTF), datasets.
    """
    rows = (
        pl.scan_parquet(dataset(SERIES).path("units"))
        .filter(pl.col("level") == LEVELS[level])
        .with_columns(stem(pl.col("name"), level).alias("stem"))
        .collect()
    )
    latest = rows.sort("years").group_by("code", "stem", maintain_order=True).agg(
        pl.col("name", "level", "kind").last(), pl.col("name").unique().alias("names"),
        pl.col("years").sum().cast(pl.UInt16),
    )  # fmt: skip
    merged = latest.join(_spans(), on="years").with_row_index("place")
    places = merged.with_columns(pl.col("place").cast(pl.Int64), pl.lit(SERIES).alias("datasets"))
    if LEVELS[level] == TOWNSHIP:
        places = _with_civil_affairs(places)
    return places.drop("years")


def _spans() -> pl.DataFrame:
    """Read every bit map of years as first and last year and the moments around them."""
    dates = [*series_dates().values()]
    years = [*series_dates()]
    rows = []
    for bits in range(1, 1 << len(years)):
        first = (bits & -bits).bit_length() - 1
        last = bits.bit_length() - 1
        began = moment(dates[first - 1] if first else None, dates[first])
        ended = moment(dates[last], dates[last + 1]) if last + 1 < len(dates) else None
        rows.append((bits, years[first], years[last], began, ended))
    schema = {"years": pl.UInt16, "begin": pl.Int32, "end": pl.Int32, "began": pl.String}
    return pl.DataFrame(rows, schema={**schema, "ended": pl.String}, orient="row")


def _with_civil_affairs(places: pl.DataFrame) -> pl.DataFrame:
    """Add the civil-affairs list of townships: the authorities' codes differ, so match by name."""
    newest = max(series_dates())
    rows = (
        table(CIVIL_AFFAIRS, "townships")
        .filter(~pl.col("abolished"))
        .with_columns(
            stem(pl.col("name"), "township").alias("stem"),
            (pl.col("code") // 10**6).alias("county"),
        )
        .unique(["county", "stem"], keep="none")
    )
    counted = places.with_columns((pl.col("code") // 10**6).alias("county"))
    also = counted.filter(pl.col("end") == newest).join(
        rows.select("county", "stem"), on=["county", "stem"], how="semi"
    )["place"]
    year = int(civil_affairs_date()[:4])
    known = pl.col("place").is_in(also.implode())
    extended = places.with_columns(
        pl.when(known).then(year).otherwise("end").cast(pl.Int32).alias("end"),
        pl.when(known).then(pl.lit(f"{SERIES} {CIVIL_AFFAIRS}")).otherwise("datasets")
        .alias("datasets"),
    )  # fmt: skip
    fresh = rows.join(
        counted.filter(pl.col("end") == newest), on=["county", "stem"], how="anti"
    ).select(
        (pl.int_range(pl.len(), dtype=pl.Int64) + len(places)).alias("place"),
        "code", "stem", "name", pl.lit(4, pl.UInt8).alias("level"), "kind",
        pl.lit(0, pl.UInt16).alias("years"), pl.concat_list("name").alias("names"),
        pl.lit(year, pl.Int32).alias("begin"), pl.lit(year, pl.Int32).alias("end"),
        pl.lit(moment(None, civil_affairs_date())).alias("began"),
        pl.lit(None, pl.String).alias("ended"), pl.lit(CIVIL_AFFAIRS).alias("datasets"),
    )  # fmt: skip
    return pl.concat([extended, fresh.select(extended.columns)])


def moment(after: str | None, by: str | None) -> str | None:
    """Write a moment between two lists as EDTF; None where no later list bounds it."""
    if by is None:
        return after
    return f"[{after or ''}..{by}]"
