"""What the names of villages, townships and placeholders can mean: keys to divisions, in frames."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from govkg.reference import codes
from govkg.reference.codes import CIVIL_AFFAIRS, SERIES, series_dates
from govkg.reference.datasets import dataset, table
from govkg.reference.kinds import stem
from govkg.reference.lives import civil_affairs_date

_LEVELS = {"township": 4, "village": 5}


class Tier(NamedTuple):
    """The divisions of one group of levels, and the names that lead to them.

    `places`: place, code (12 digits), name, level, kind, begin, end (years), began, ended (EDTF),
    datasets. `keys`: key, exact (false: the short form), place, begin and end for that key, and
    whether the place is the newest of those that followed each other under that key;
    `begin_late` and `end_late` are those of the end of each year, where a division changed in it.
    A rival may be meant although another has the whole name.
    """

    places: pl.DataFrame
    keys: pl.DataFrame


def placeholders() -> Tier:
    """Key the rows of the lists that stand for the districts of a city together: 市辖区."""
    rows = codes.listings().filter(pl.col("kind") == "placeholder", pl.col("level") == 3)
    year = {end: pl.col(end).str.slice(0, 4).cast(pl.Int32) for end in ("first", "last")}
    newest = max(series_dates())
    merged = rows.group_by("code", "name").agg(
        pl.col("level", "kind").first(), begin=year["first"].min(), end=year["last"].max(),
        first=pl.col("first").min(), last=pl.col("last").max(),
        datasets=pl.col("dataset").unique().sort().str.join(" "),
    ).sort("code", "name").with_row_index("place")  # fmt: skip
    places = merged.select(
        pl.col("place").cast(pl.Int64), pl.col("code").cast(pl.Int64) * 10**6, "name", "level",
        "kind", "begin", "end", pl.col("first").alias("began"),
        pl.when(pl.col("end") < newest).then("last").alias("ended"), "datasets",
    )  # fmt: skip
    return Tier(places, plain_keys(places, pl.col("name"), exact=True))


def plain_keys(places: pl.DataFrame, key: pl.Expr, *, exact: bool) -> pl.DataFrame:
    """Key places that nothing followed under their name."""
    return places.select(
        key.alias("key"), pl.lit(exact).alias("exact"), "place", "begin", "end",
        pl.col("begin").alias("begin_late"), pl.col("end").alias("end_late"),
        pl.lit(value=True).alias("newest"), pl.lit(value=False).alias("rival"),
    )  # fmt: skip


def lower(group: str) -> Tier:
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
    exact = plain_keys(places, pl.col("names"), exact=True).explode("key")
    short = plain_keys(places, pl.col("stem"), exact=False)
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
