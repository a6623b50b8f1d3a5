"""What a name can mean: keys (full and short names) to divisions, in frames that join."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from govkg.reference.codes import CIVIL_AFFAIRS, SERIES, series_dates
from govkg.reference.datasets import dataset, table
from govkg.reference.kinds import stem
from govkg.reference.lives import civil_affairs_date
from govkg.reference.succession import Life, history

if TYPE_CHECKING:
    from collections.abc import Iterator

TIERS = ("upper", "township", "village")
_LEVELS = {"township": 4, "village": 5}


class Tier(NamedTuple):
    """The divisions of one group of levels, and the names that lead to them.

    `places`: place, code (12 digits), name, level, kind, begin, end (years), began, ended (EDTF),
    datasets. `keys`: key, exact (false: the short form), place, begin and end for that key, and
    whether the place is the newest of those that followed each other under that key.
    """

    places: pl.DataFrame
    keys: pl.DataFrame


@lru_cache
def tier(group: str) -> Tier:
    """Read a group of levels; villages are read only when no larger unit has the name."""
    return _upper() if group == "upper" else _lower(group)


def life_of(place: int) -> Life:
    """Give the life behind a place of the upper tier."""
    return list(history().lives.values())[place]


def _upper() -> Tier:
    lives = list(history().lives.values())
    spells = [life.spell for life in lives]
    places = pl.DataFrame(
        {
            "place": range(len(spells)),
            "code": [s.code * 10**6 for s in spells],
            "name": [s.name for s in spells],
            "level": [s.level for s in spells],
            "kind": [s.kind for s in spells],
            "begin": [life.begin for life in lives],
            "end": [life.end for life in lives],
            "began": [moment(s.began_after, s.first) for s in spells],
            "ended": [moment(s.last, s.ended_by) if s.ended_by else None for s in spells],
            "datasets": [" ".join(s.datasets) for s in spells],
        },
        schema_overrides={"level": pl.UInt8, "begin": pl.Int32, "end": pl.Int32},
    ).with_columns(stem(pl.col("name"), "upper").alias("stem"))
    keys = pl.concat([_upper_keys(places, "name"), _upper_keys(places, "stem")])
    return Tier(places.drop("stem"), keys)


def _upper_keys(places: pl.DataFrame, column: str) -> pl.DataFrame:
    """Key the places by name or short form.

    In a year in which a division got another code and kept its name, the name means the older
    one, whose successor the newer is.
    """
    after = places.select(pl.col(column), "place").with_columns(
        pl.Series("predecessor", list(_predecessors()), dtype=pl.Int64)
    )
    older = places.select(
        pl.col("place").alias("predecessor"), pl.col(column), (pl.col("end") + 1).alias("free")
    )
    joined = after.join(older, on=["predecessor", column], how="left", maintain_order="left")
    free = joined["free"]
    followed = joined.filter(pl.col("free").is_not_null())["predecessor"].unique()
    keyed = places.select(
        pl.col(column).alias("key"),
        pl.lit(column == "name").alias("exact"),
        "place",
        pl.max_horizontal(pl.col("begin"), free).alias("begin"),
        "end",
        pl.col("place").is_in(followed.implode()).not_().alias("newest"),
    )
    if column == "name":
        return keyed
    return keyed.filter(places["stem"] != places["name"])


def _predecessors() -> Iterator[int | None]:
    lives = history().lives
    number = {key: i for i, key in enumerate(lives)}
    before: dict[int, int] = {}
    for life in lives.values():
        for change in life.ended_with:
            # The same name first: 港闸区 and 崇川区 both went into 崇川区.
            if number[change.new] not in before or life.spell.name == change.new[1]:
                before[number[change.new]] = number[life.key]
    return (before.get(i) for i in range(len(lives)))


def _lower(group: str) -> Tier:
    """Put the yearly lists together: one place for each code and short name, whatever its ending.

    Until 2018 most names end in 办事处 and the like, later they don't: no renaming.
    """
    rows = (
        pl.scan_parquet(dataset(SERIES).path("units"))
        .filter(pl.col("level") == _LEVELS[group])
        .with_columns(stem(pl.col("name"), group).alias("stem"))
        .collect()
    )
    latest = rows.sort("years").group_by("code", "stem", maintain_order=True).agg(
        pl.col("name", "level", "kind").last(), pl.col("name").unique().alias("names"),
        pl.col("years").sum().cast(pl.UInt16),
    )  # fmt: skip
    merged = latest.join(_spans(), on="years").with_row_index("place")
    places = merged.with_columns(pl.col("place").cast(pl.Int64), pl.lit(SERIES).alias("datasets"))
    if group == "township":
        places = _with_civil_affairs(places)
    spans = ("place", "begin", "end", pl.lit(value=True).alias("newest"))
    exact = places.select(
        pl.col("names").alias("key"), pl.lit(value=True).alias("exact"), *spans
    ).explode("key")
    short = places.select(pl.col("stem").alias("key"), pl.lit(value=False).alias("exact"), *spans)
    return Tier(places.drop("names", "stem", "years"), pl.concat([exact, short]))


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
