"""What a name can mean: keys (full and short names) to divisions, in frames that join."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING

import polars as pl

from govkg.reference import romanize
from govkg.reference.kinds import stem
from govkg.reference.lives import FOREVER, Life
from govkg.reference.succession import history
from govkg.reference.tiers import Tier, lower, moment, placeholders

if TYPE_CHECKING:
    from collections.abc import Iterator

TIERS = ("upper", "placeholder", "latin", "township", "village")


@cache
def tier(group: str) -> Tier:
    """Read a group of levels; villages are read only when no larger unit has the name."""
    if group == "upper":
        return _upper()
    if group == "latin":
        return _latin()
    return placeholders() if group == "placeholder" else lower(group)


@cache
def _spelled() -> dict[str, list[str]]:
    """Give the whole names of the upper tier by each character."""
    found: dict[str, list[str]] = {}
    for name in tier("upper").keys.filter("exact")["key"].unique().sort():
        for char in dict.fromkeys(name):
            found.setdefault(char, []).append(name)
    return found


@cache
def near(key: str) -> tuple[str, ...]:
    """Offer similar names: of counties and above, else of townships that begin alike."""
    # Only what shares a character can be similar; the last is mostly the word for the kind.
    chars = dict.fromkeys(key[:-1] or key)
    upper = dict.fromkeys(name for char in chars for name in _spelled().get(char, ()))
    if found := get_close_matches(key, upper, n=5, cutoff=0.6):
        return tuple(found)
    alike = pl.col("key").str.starts_with(key[:2]) & pl.col("exact")
    towns = tier("township").keys.filter(alike)["key"].unique(maintain_order=True)
    return tuple(get_close_matches(key, towns.to_list(), n=5, cutoff=0.6))


@cache
def scopes() -> dict[str, list[tuple[int, int]]]:
    """Give the units that others lie within by name, short or full: code and level of each."""
    upper = tier("upper")
    hits = upper.keys.join(upper.places, on="place")
    best = hits.filter(pl.col("exact") == pl.col("exact").max().over("key"))
    found: dict[str, list[tuple[int, int]]] = {}
    for key, code, level in best.select("key", "code", "level").unique().iter_rows():
        found.setdefault(key, []).append((code, level))
    return found


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
    places = places.with_columns(
        _short_form(pl.col("name"), pl.col("stem")).alias("short"),
        (pl.col("code") // 10**6).cast(pl.String).alias("digits"),
    )
    keys = pl.concat(
        [_upper_keys(places, column) for column in ("name", "digits", "stem", "short")]
    )
    return Tier(places.drop("stem", "short", "digits"), _with_rivals(keys, places))


def _short_form(name: pl.Expr, stem: pl.Expr) -> pl.Expr:
    """Leave the peoples out of the name of an autonomous unit: 恩施州, 伊犁州, 鄂温克旗."""
    ending = name.str.extract("自治([区州县旗])$", 1)
    bare = stem.str.replace("族$", "")
    return pl.when(ending.is_not_null()).then(bare + ending).otherwise(name)


def _upper_keys(places: pl.DataFrame, column: str) -> pl.DataFrame:
    """Key the places by name, code or short form.

    In a year in which a division got another code and kept its name, the name means the older
    at its beginning and the newer, which followed it, at its end.
    """
    after = places.select(pl.col(column), "place", "begin").with_columns(
        pl.Series("predecessor", list(_predecessors()), dtype=pl.Int64)
    )
    older = places.select(pl.col("place").alias("predecessor"), pl.col(column), "end")
    joined = after.join(older, on=["predecessor", column], how="left", maintain_order="left")
    followed = joined.filter(pl.col("end").is_not_null())
    # Lists lag: where the newer begins in them before the older ends, the end counts.
    change = followed.select(
        pl.col("predecessor").alias("place"), pl.max_horizontal("begin", "end").alias("next")
    ).group_by("place").agg(pl.col("next").min())  # fmt: skip
    own = places.select("place").join(change, on="place", how="left", maintain_order="left")
    keyed = places.select(
        pl.col(column).alias("key"),
        pl.lit(column in {"name", "digits"}).alias("exact"),
        "place",
        pl.max_horizontal(pl.col("begin"), joined["end"] + 1).alias("begin"),
        "end",
        pl.max_horizontal(pl.col("begin"), joined["end"]).alias("begin_late"),
        pl.min_horizontal(pl.col("end"), own["next"] - 1).alias("end_late"),
        pl.col("place").is_in(followed["predecessor"].implode()).not_().alias("newest"),
        pl.lit(value=False).alias("rival"),
    )
    if column in {"name", "digits"}:
        return keyed
    return keyed.filter(places[column] != places["name"])


def _with_rivals(keys: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Mark what a name of two levels may mean as well: 铜仁市 of 2005, the later city's prefecture.

    The county-level city of a name that a prefecture-level city got later is not the prefecture,
    but panels of prefectures carry today's names back. Without a year a city that stands is meant.
    """
    named = keys.filter("exact").join(
        places.select("place", "level", "stem", "code", "name"), on="place"
    )
    province = pl.col("code") // 10**10
    cities = named.filter((pl.col("level") == 2) & pl.col("key").str.ends_with("市"))
    cities = cities.select("key", province=province, stands=pl.col("end") == FOREVER)
    cities = cities.group_by("key", "province").agg(pl.col("stands").any())
    below = named.filter(pl.col("level") == 3).select("key", "place", "stem", province=province)
    twice = below.join(cities, on=["key", "province"])
    older = places.filter(pl.col("level") == 2, ~pl.col("name").str.ends_with("市"))
    older = older.select("stem", pl.col("place").alias("other"), province=province)
    rivals = twice.join(older, on=["stem", "province"]).select("key", place="other").unique()
    spans = keys.filter(~pl.col("exact")).drop("key", "exact", "rival", "newest").unique("place")
    added = rivals.join(spans, on="place").with_columns(
        exact=pl.lit(value=False), newest=pl.lit(value=False), rival=pl.lit(value=True)
    )
    gone = twice.filter("stands").select("place", "key", gone=True)
    marked = keys.join(gone, on=["place", "key"], how="left", maintain_order="left")
    marked = marked.with_columns(newest=pl.col("newest") & pl.col("gone").is_null()).drop("gone")
    return pl.concat([marked, added.select(marked.columns)])


def _latin() -> Tier:
    """Key the places of the upper tier by their English names and their pinyin, letters only."""
    upper = tier("upper")
    readings = romanize.Readings.load()
    told = romanize.labels(upper.places.select("name", "kind"), readings).select(
        "name", "kind", "en"
    )
    stems = romanize.romanize(upper.places["name"].unique(maintain_order=True), readings)
    short = stem(pl.col("name"), "upper")
    spelled = upper.places.select("place", "name", "kind", stem=short).join(
        told, on=["name", "kind"]
    )
    pinyin = romanize.romanize(spelled["stem"].unique(maintain_order=True), readings)
    spelled = spelled.join(pinyin, on="stem").join(
        stems.rename({"stem": "name", "pinyin": "whole"}), on="name"
    )
    letters = spelled.unpivot(["en", "pinyin", "whole"], index="place", value_name="said")
    letters = letters.select("place", key=_letters(pl.col("said"))).unique()
    spans = upper.keys.filter("exact").drop("key", "exact").unique("place")
    keys = letters.join(spans, on="place").with_columns(exact=pl.lit(value=True))
    return Tier(upper.places, keys.select(upper.keys.columns))


def _letters(said: pl.Expr) -> pl.Expr:
    return said.str.normalize("NFKD").str.to_lowercase().str.replace_all("[^a-z]", "")


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
