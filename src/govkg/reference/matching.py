"""Names, years and units above, joined with the divisions that they can mean."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from govkg.errors import ParameterError
from govkg.reference import names as naming
from govkg.reference.codes import PER_LEVEL, first_year, last_year
from govkg.reference.forms import clean, forms
from govkg.reference.kinds import COUNTY

if TYPE_CHECKING:
    from collections.abc import Sequence

    Column = pl.Series | Sequence[Any] | Any

Status = Literal[
    "found", "ambiguous", "other-years", "unknown",
    "empty", "bad-year", "year-out-of-range", "unknown-parent",
]  # fmt: skip
# The moment of a year that is asked for, where a division changed in it.
At = Literal["begin", "end"]
ASKED = ("row", "key", "year", "within", "level")
_QUESTION = ("key", "year", "within", "level")
_CODE_DIGITS = (2, 4, 6, 9, 12)
_YEAR = re.compile(r"^\s*(\d{4})(?:\.0*|年.*|[-/]\d{1,2}.*|\.\d{1,2}\..*)?\s*$")
# The villages that people write with this ending, where the lists have the committee's.
_COMMITTEES = {
    "社区": "resident-committee",
    "村": "villager-committee",
    "嘎查": "villager-committee",
}
# Share of the decided rows of a column by which its level decides the others.
_MOSTLY = 0.9


def ask(
    names: Column,
    year: int | Column | None,
    within: str | Column | None,
    level: int | None = None,
) -> pl.DataFrame:
    """Lay out what is asked: row, name, key (without spaces), year, within, level, problem.

    A cell that can't be read is a problem of its row: empty, bad-year, year-out-of-range or
    unknown-parent. Raises ParameterError where the columns differ in length, or the level is none.
    """
    if level is not None and level not in PER_LEVEL:
        raise ParameterError(f"a level is a number from 1 (province) to 5 (village), not {level}.")
    given = _texts(names)
    years = _spread(year, len(given))
    asked = pl.DataFrame(
        {
            "name": given,
            "year": [read_year(text) for text in years],
            "within": _spread(within, len(given)),
            "said": years,
        },
        schema={"name": pl.String, "year": pl.Int32, "within": pl.String, "said": pl.String},
    ).with_row_index("row")
    key = pl.col("name").str.replace_all(r"\s+", "").fill_null("")
    asked = asked.with_columns(key.alias("key"), pl.lit(level, dtype=pl.UInt8).alias("level"))
    above = [one for one in asked["within"].drop_nulls().unique() if not _prefixes(one)]
    return asked.with_columns(
        pl.when(pl.col("key") == "").then(pl.lit("empty"))
        .when(pl.col("year").is_null() & pl.col("said").is_not_null()).then(pl.lit("bad-year"))
        .when(~pl.col("year").is_between(first_year(), last_year()))
        .then(pl.lit("year-out-of-range"))
        .when(pl.col("within").is_in(above)).then(pl.lit("unknown-parent"))
        .alias("problem")
    ).drop("said")  # fmt: skip


def _texts(values: Column) -> list[str | None]:
    """Read a column as texts; what pandas has for a missing value (NaN, NaT, NA) is None."""
    if isinstance(values, (str, bytes)):
        raise ParameterError("a column of names is needed, as a list or a series.")
    try:
        return [None if _missing(value) else str(value) for value in values]
    except TypeError as error:
        raise ParameterError("a column of names is needed, as a list or a series.") from error


def _missing(value: Any) -> bool:  # noqa: ANN401
    return value is None or type(value).__name__ in {"NAType", "NaTType"} or value != value


def _spread(value: Any, size: int) -> list[str | None]:  # noqa: ANN401
    if value is None or isinstance(value, (int, float, str)):
        return _texts([value]) * size
    texts = _texts(value)
    if len(texts) != size:
        raise ParameterError(f"a column of {size} values is needed, not of {len(texts)}.")
    return texts


def read_year(text: str | None) -> int | None:
    """Read a year as spreadsheets have it: 2010, 2010.0, 2010年, 2010-12-31; too large is -1."""
    if text is None:
        return None
    if found := _YEAR.match(text):
        return int(found.group(1))
    return -1 if re.fullmatch(r"-?\d+(?:\.0*)?", text.strip()) else None


def candidates(asked: pl.DataFrame, *, at: At = "end", ever: bool = False) -> pl.DataFrame:
    """Find the divisions of each row, in its year or, with `ever`, in all: the first tier with any.

    Without a year it is the newest of those that followed each other under the name. What no list
    has as it stands is looked for in the other forms that people write.
    """
    asked = asked.select(ASKED).filter(pl.col("key") != "")
    found = [_in_tiers(asked, at, ever=ever)]
    rest = asked.join(found[0], on="row", how="anti")
    other = _other_forms(rest)
    for rank in sorted(other["rank"].unique()):
        tried = rest.join(other.filter(pl.col("rank") == rank), on="key").with_columns(
            pl.col("form").alias("key"), pl.coalesce("within", "inside").alias("within")
        )
        found.append(_in_tiers(tried.select(ASKED), at, ever=ever))
        rest = rest.join(found[-1], on="row", how="anti")
    return pl.concat(found)


def _other_forms(asked: pl.DataFrame) -> pl.DataFrame:
    """List the other forms of each key, the best first: key, rank, form, inside."""
    rows = [
        (key, rank, form, inside)
        for key in asked["key"].unique().sort()
        for rank, (form, inside) in enumerate(forms(key, lambda text: bool(_prefixes(text))))
    ]
    schema = {"key": pl.String, "rank": pl.Int32, "form": pl.String, "inside": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _in_tiers(asked: pl.DataFrame, at: At, *, ever: bool) -> pl.DataFrame:
    scopes = _scopes(asked["within"].drop_nulls().unique().to_list())
    open_rows, parts = asked, [_in_tier(asked.clear(), "upper", scopes, at, ever=ever)]
    for group in naming.TIERS:
        if group == "latin":
            part = open_rows.filter(pl.col("key").str.contains("^[a-z]+$"))
        else:
            part = open_rows
        if part.is_empty():
            continue
        parts.append(_in_tier(part, group, scopes, at, ever=ever))
        open_rows = open_rows.join(parts[-1], on="row", how="anti")
        if group == "upper":  # 白下区 of 2020 is no village, but the district of other years
            exact = naming.tier(group).keys.filter("exact").select("key", other=True)
            open_rows = open_rows.join(exact.unique(), on="key", how="left").filter(
                pl.col("other").is_null() | (pl.col("level") > COUNTY).fill_null(value=False)
            ).drop("other")  # fmt: skip
    return pl.concat(parts)


def _in_tier(
    asked: pl.DataFrame, group: str, scopes: pl.DataFrame, at: At, *, ever: bool
) -> pl.DataFrame:
    tier = naming.tier(group)
    begin, end = ("begin", "end") if at == "begin" else ("begin_late", "end_late")
    # Names come again and again in a column: each is looked up once.
    wanted = asked.select(_QUESTION).unique()
    wanted = _with_bare_names(wanted) if group == "village" else _as_asked(wanted)
    hits = wanted.join(tier.keys, left_on="looked", right_on="key").filter(
        pl.lit(ever)
        | pl.when(pl.col("year").is_null())
        .then("newest")
        .otherwise(pl.col("year").is_between(begin, end))
    )
    hits = hits.drop("begin", "end", "begin_late", "end_late", "newest")
    hits = hits.join(tier.places, on="place")
    of_kind = pl.col("committee").is_null() | pl.col("kind").str.ends_with(pl.col("committee"))
    hits = hits.filter(of_kind).drop("looked", "committee")
    hits = hits.filter(pl.col("level").is_null() | (pl.col("level") == pl.col("level_right")))
    hits = _within(hits, scopes)
    best = hits.filter((pl.col("exact") == pl.col("exact").max().over(_QUESTION)) | pl.col("rival"))
    name = "upper" if group == "latin" else group
    best = best.unique([*_QUESTION, "place"]).with_columns(pl.lit(name).alias("tier"))
    joined = asked.join(best, on=_QUESTION, nulls_equal=True)
    return joined.drop(*_QUESTION, "exact", "rival").rename({"level_right": "level"})


def _as_asked(wanted: pl.DataFrame) -> pl.DataFrame:
    return wanted.with_columns(looked="key", committee=pl.lit(None, pl.String))


def _with_bare_names(wanted: pl.DataFrame) -> pl.DataFrame:
    """Look for 多福巷社区 and 李家村 also by the short names of committees of that kind."""
    bare = [
        wanted.filter(pl.col("key").str.contains(f"..{ending}$")).with_columns(
            looked=pl.col("key").str.strip_suffix(ending), committee=pl.lit(kind)
        )
        for ending, kind in _COMMITTEES.items()
    ]
    return pl.concat([_as_asked(wanted), *bare])


def _within(hits: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """Keep what lies below its `within`, or needs none."""
    free = hits.filter(pl.col("within").is_null())
    if scopes.is_empty():
        return free
    bound = hits.join(scopes, on="within").filter(
        pl.col("code") // pl.col("unit") == pl.col("prefix")
    )
    return pl.concat([free, bound.drop("unit", "prefix").unique()])


def decided_level(asked: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Drop the namesakes of another level where the other rows of a column are of one level."""
    counted = found.group_by("row").agg(pl.len().alias("count"), pl.col("level").first())
    sure = counted.filter(pl.col("count") == 1)["level"]
    levels = sure.value_counts(sort=True)
    if levels.is_empty() or len(asked) == 1 or levels["count"][0] < _MOSTLY * len(sure):
        return found
    usual = pl.col("level") == levels["level"][0]
    return found.filter(usual | ~usual.any().over("row"))


def _scopes(names: list[str]) -> pl.DataFrame:
    """Read each `within` as the codes that it may stand for."""
    rows = [(name, unit, prefix) for name in names for unit, prefix in _prefixes(name)]
    schema = {"within": pl.String, "unit": pl.Int64, "prefix": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def _prefixes(name: str) -> frozenset[tuple[int, int]]:
    """Give the codes that a name, a joined path or a code covers, each as the digits that count."""
    key = "".join(name.split())
    found = _of_key(key)
    if not found and not key.isdecimal():
        key = clean(key)
        found = _of_key(key) or _of_path(key) or _township(key)
    return found


def _of_path(path: str) -> frozenset[tuple[int, int]]:
    """Read a joined path by its last unit, where it lies within the first: 江苏省南京市."""
    for known, units in ((naming.scopes(), _of_key), (_townships(), _township)):
        for size in range(len(path) - 2, 1, -1):
            if path[size:] not in known or not (above := _prefixes(path[:size])):
                continue
            if found := frozenset(one for one in units(path[size:]) if _below(one, above)):
                return found
    return frozenset()


def _below(one: tuple[int, int], above: frozenset[tuple[int, int]]) -> bool:
    code = one[0] * one[1]
    return any(code // unit == prefix for unit, prefix in above)


def _township(name: str) -> frozenset[tuple[int, int]]:
    return _townships().get(name, frozenset())


@cache
def _townships() -> dict[str, frozenset[tuple[int, int]]]:
    """Give the codes of townships by their whole names, as units that villages lie within."""
    tier = naming.tier("township")
    hits = tier.keys.filter("exact").join(tier.places.select("place", "code"), on="place")
    found: dict[str, set[tuple[int, int]]] = {}
    for key, code in hits.select("key", "code").iter_rows():
        found.setdefault(key, set()).add((PER_LEVEL[4], code // PER_LEVEL[4]))
    return {key: frozenset(towns) for key, towns in found.items()}


@cache
def _of_key(name: str) -> frozenset[tuple[int, int]]:
    if name.isascii() and name.isdigit():
        digits = name.rstrip("0")
        size = next((n for n in _CODE_DIGITS if n >= len(digits)), 0)
        known = {(10 ** (12 - size), int(digits.ljust(size, "0")))} if digits and size else set()
        return frozenset(known)
    hits = naming.scopes().get(name, ())
    return frozenset((PER_LEVEL[level], code // PER_LEVEL[level]) for code, level in hits)
