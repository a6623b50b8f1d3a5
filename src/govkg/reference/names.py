"""What a name can mean, keys (full and short names) to divisions; and how divisions are called."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from govkg.reference import codes, lineage, romanize
from govkg.reference.codes import PER_LEVEL, series_dates
from govkg.reference.kinds import COUNTY, LEVELS, TOWNSHIP, placeholder, stem
from govkg.reference.lives import FOREVER, Life, below_county, moment
from govkg.reference.succession import history

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.reference.kinds import Level

TIERS = ("upper", "stand-in", "latin", "township", "village")

_ABOVE = (1, 2, COUNTY, TOWNSHIP)  # the levels that a path goes through


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


@cache
def tier(group: str) -> Tier:
    """Read a group of levels; villages are read only when no larger unit has the name."""
    if group in LEVELS:
        return _below(group)
    return {"upper": _upper, "stand-in": _placeholders, "latin": _latin}[group]()


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


def _below(level: Level) -> Tier:
    """Key the townships or villages by all names that they had, and by the short form."""
    places = below_county(level)
    exact = _plain_keys(places, pl.col("names"), exact=True).explode("key")
    short = _plain_keys(places, pl.col("stem"), exact=False)
    keys = _without_followed(pl.concat([exact, short]), _followed(places, level))
    return Tier(places.drop("names", "stem"), keys)


def _placeholders() -> Tier:
    """Key the rows of the lists that stand for the districts of a city together: 市辖区."""
    rows = codes.listings().filter(pl.col("kind") == placeholder(), pl.col("level") == 3)
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
    return Tier(places, _plain_keys(places, pl.col("name"), exact=True))


def _plain_keys(places: pl.DataFrame, key: pl.Expr, *, exact: bool) -> pl.DataFrame:
    """Key places that nothing followed under their name."""
    return places.select(
        key.alias("key"), pl.lit(exact).alias("exact"), "place", "begin", "end",
        pl.col("begin").alias("begin_late"), pl.col("end").alias("end_late"),
        pl.lit(value=True).alias("newest"), pl.lit(value=False).alias("rival"),
    )  # fmt: skip


def _followed(places: pl.DataFrame, level: Level) -> pl.DataFrame:
    """Pair the places of which the lineage says that they went on under another code: place, to."""
    ended = places.filter(pl.col("ended").is_not_null())
    went = pl.concat(
        lineage.told(level, year)
        .filter(pl.col("change").is_in(lineage.CONTINUING), pl.col("new") != pl.col("old"))
        .join(ended.filter(pl.col("end") == year - 1).select("place", old="code"), on="old")
        .with_columns(year=pl.lit(year, pl.Int32))
        for year in lineage.years(level)[1:]
    )
    now = places.select("begin", "end", to="place", new="code")
    met = went.join(now, on="new").filter(pl.col("year").is_between("begin", "end"))
    return met.select("place", "to").unique()


def _without_followed(keys: pl.DataFrame, followed: pl.DataFrame) -> pl.DataFrame:
    """Leave the mark `newest` off places whose name went on, of the keys that both have."""
    own = keys.select("key", "place").join(followed, on="place")
    later = keys.select("key", to="place").join(followed.select("to").unique(), on="to", how="semi")
    gone = own.join(later, on=["to", "key"], how="semi").select("place", "key").unique()
    marked = keys.join(
        gone.with_columns(gone=pl.lit(value=True)), on=["place", "key"], how="left",
        maintain_order="left",
    )  # fmt: skip
    return marked.with_columns(newest=pl.col("newest") & pl.col("gone").is_null()).drop("gone")


def paths(divisions: pl.DataFrame) -> pl.Series:
    """Give the path of each division (code of 12 digits, name, when), from the province down.

    A list of names for each row. `when` is a year; where no list of it has a unit above, its name
    is that of the last one.
    """
    rows = divisions.select("code", "name", "when").with_row_index("at")
    for level in _ABOVE:
        above = pl.col("code") // PER_LEVEL[level] * PER_LEVEL[level]
        asked = rows.filter(above != pl.col("code")).select("at", "when", above=above)
        named = _names(asked.select("above", "when").unique(), level)
        found = asked.join(named, on=["above", "when"]).select(
            "at", pl.col("name").alias(f"{level}")
        )
        rows = rows.join(found, on="at", how="left", maintain_order="left")
    return rows.select(
        path=pl.concat_list(*(f"{level}" for level in _ABOVE), "name").list.drop_nulls()
    )["path"]


def _names(asked: pl.DataFrame, level: int) -> pl.DataFrame:
    if asked.is_empty():
        return asked.with_columns(name=pl.lit(None, pl.String))
    places = tier("township" if level == TOWNSHIP else "upper").places
    named = asked.join(places.select("begin", "end", "name", above="code"), on="above")
    then = pl.col("when").is_between("begin", "end")
    # Of several in the year the first to end, else the last that there was.
    order = pl.when(then).then("end").otherwise(-pl.col("end"))
    best = named.sort(~then, order, "name").unique(
        ["above", "when"], keep="first", maintain_order=True
    )
    return best.select("above", "when", "name")
