"""Names, years and units above, in the forms that people write, to what they can mean."""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Literal

import polars as pl

from govkg.languages import fold_reading
from govkg.reference.codes import PER_LEVEL
from govkg.reference.datasets import table
from govkg.reference.kinds import COUNTY, words
from govkg.reference.names import TIERS, tier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    # By name: what its codes are divided by to give their digits that count, and these.
    Units = Mapping[str, frozenset[tuple[int, int]]]

Status = Literal[
    "found", "ambiguous", "other-years", "unknown",
    "empty", "bad-year", "year-out-of-range", "bad-level", "unknown-parent",
]  # fmt: skip
# The moment of a year that is asked for, where a division changed in it.
At = Literal["begin", "end"]
ASKED = ("row", "key", "year", "within", "level")
_QUESTION = ("key", "year", "within", "level")
_CODE_DIGITS = (2, 4, 6, 9, 12)
# Share of the decided rows of a column by which its level decides the others.
_MOSTLY = 0.9

# Notes in brackets; U+5DFF looks like 市 and is none.
_NOTE = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
_LOOKALIKES = str.maketrans({"巿": "市"})
# What lists put between a province and the units right below it.
_BETWEEN = re.compile("(?:省|自治区)?直辖(?:县级)?(?:行政(?:区划|单位))?|市辖区(?=.)")
_FLOAT = re.compile(r"^(\d{2,12})\.0+$")
_SIX, _TWELVE = 6, 12
_DEEPEST = 3


def candidates(asked: pl.DataFrame, *, at: At = "end", ever: bool = False) -> pl.DataFrame:
    """Find the divisions of each row, in its year or, with `ever`, in all: the first tier with any.

    Without a year it is the newest of those that followed each other under the name. What no list
    has as it stands is looked for in the other forms that people write.
    """
    asked = asked.select(ASKED).filter(pl.col("key") != "")
    found = _in_tiers(asked, at, ever=ever)
    rest = asked.join(found, on="row", how="anti").rename({"row": "of"})
    tried = rest.join(_other_forms(rest), on="key").with_row_index("row")
    tried = tried.with_columns(key="form", within=pl.coalesce("within", "inside"))
    # All forms at once, since each look-up costs as much as the table is long; the best is kept.
    other = _in_tiers(tried.select(ASKED), at, ever=ever)
    other = other.join(tried.select("row", "of", "rank"), on="row").drop("row")
    best = other.filter(pl.col("rank") == pl.col("rank").min().over("of")).rename({"of": "row"})
    return pl.concat([found, best.select(found.columns)])


def _other_forms(asked: pl.DataFrame) -> pl.DataFrame:
    """List the other forms of each key, the best first: key, rank, form, inside."""
    rows = [
        (key, rank, form, inside)
        for key in asked["key"].unique().sort()
        for rank, (form, inside) in enumerate(forms(key))
    ]
    schema = {"key": pl.String, "rank": pl.Int32, "form": pl.String, "inside": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _in_tiers(asked: pl.DataFrame, at: At, *, ever: bool) -> pl.DataFrame:
    scopes = _scopes(asked["within"].drop_nulls().unique().to_list())
    open_rows, parts = asked, [_in_tier(asked.clear(), "upper", scopes, at, ever=ever)]
    for group in TIERS:
        if group == "latin":
            part = open_rows.filter(pl.col("key").str.contains("^[a-z]+$"))
        else:
            part = open_rows
        if part.is_empty():
            continue
        parts.append(_in_tier(part, group, scopes, at, ever=ever))
        open_rows = open_rows.join(parts[-1], on="row", how="anti")
        if group == "upper":  # 白下区 of 2020 is no village, but the district of other years
            exact = tier(group).keys.filter("exact").select("key", other=True)
            open_rows = open_rows.join(exact.unique(), on="key", how="left").filter(
                pl.col("other").is_null() | (pl.col("level") > COUNTY).fill_null(value=False)
            ).drop("other")  # fmt: skip
    return pl.concat(parts)


def _in_tier(
    asked: pl.DataFrame, group: str, scopes: pl.DataFrame, at: At, *, ever: bool
) -> pl.DataFrame:
    known = tier(group)
    begin, end = ("begin", "end") if at == "begin" else ("begin_late", "end_late")
    # Names come again and again in a column: each is looked up once.
    wanted = asked.select(_QUESTION).unique()
    wanted = _with_bare_names(wanted) if group == "village" else _as_asked(wanted)
    hits = wanted.join(known.keys, left_on="looked", right_on="key").filter(
        pl.lit(ever)
        | pl.when(pl.col("year").is_null())
        .then("newest")
        .otherwise(pl.col("year").is_between(begin, end))
    )
    hits = hits.drop("begin", "end", "begin_late", "end_late", "newest")
    hits = hits.join(known.places, on="place")
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
        for ending, kind in words("short").items()
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
    rows = [(name, unit, prefix) for name in names for unit, prefix in prefixes(name)]
    schema = {"within": pl.String, "unit": pl.Int64, "prefix": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


@cache
def prefixes(name: str) -> frozenset[tuple[int, int]]:
    """Give the codes that a name, a joined path or a code covers, each as the digits that count."""
    key = "".join(name.split())
    found = _of_key(key)
    if not found and not key.isdecimal():
        key = clean(key)
        found = _of_key(key) or _of_path(key) or scopes("township").get(key, frozenset())
    return found


def _of_path(path: str) -> frozenset[tuple[int, int]]:
    """Read a joined path by its last unit, where it lies within the first: 江苏省南京市."""
    for known in (scopes(), scopes("township")):
        for size in range(len(path) - 2, 1, -1):
            if path[size:] not in known or not (above := prefixes(path[:size])):
                continue
            if found := frozenset(one for one in known[path[size:]] if _below(one, above)):
                return found
    return frozenset()


def _below(one: tuple[int, int], above: frozenset[tuple[int, int]]) -> bool:
    code = one[0] * one[1]
    return any(code // unit == prefix for unit, prefix in above)


@cache
def _of_key(name: str) -> frozenset[tuple[int, int]]:
    if not (name.isascii() and name.isdigit()):
        return scopes().get(name, frozenset())
    digits = name.rstrip("0")
    size = next((n for n in _CODE_DIGITS if n >= len(digits)), 0)
    known = {(10 ** (12 - size), int(digits.ljust(size, "0")))} if digits and size else set()
    return frozenset(known)


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
def scopes(group: str = "upper") -> Units:
    """Give the units that others lie within by name; those above townships by short names too."""
    found = tier(group)
    best = pl.col("exact") == pl.col("exact").max().over("key")
    hits = found.keys.filter(best if group == "upper" else "exact").join(found.places, on="place")
    units: dict[str, set[tuple[int, int]]] = {}
    for key, code, level in hits.select("key", "code", "level").unique().iter_rows():
        units.setdefault(key, set()).add((PER_LEVEL[level], code // PER_LEVEL[level]))
    return {key: frozenset(those) for key, those in units.items()}


def clean(text: str) -> str:
    """Take off what is no part of a name: notes, blanks, signs; bring characters to one form.

    Codes become 6 digits to county level, else 9 or 12; Latin letters small and plain.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    plain = _FLOAT.sub(r"\1", _NOTE.sub("", plain).strip())
    if plain.isascii() and plain.isdigit():
        return _code(plain)
    if _latin(letters := "".join(filter(str.isalpha, plain))):
        return "".join(filter(str.isalpha, fold_reading(letters)))
    return "".join(_simplified().get(char, char) for char in plain if char.isalnum())


def forms(key: str) -> Iterator[tuple[str, str | None]]:
    """Give other readings of what no list has as it stands, the best first: name, unit above."""
    cleaned = clean(key)
    if cleaned != key:
        yield cleaned, None
    bare = _BETWEEN.sub("", cleaned)
    if bare != cleaned and bare:
        yield bare, None
    yield from _split_path(bare or cleaned, _DEEPEST)


def _split_path(joined: str, depth: int) -> Iterator[tuple[str, str | None]]:
    """Divide a joined path: 湖北省襄樊市, 河北唐山路南区."""
    for size in range(len(joined) - 2, 1, -1):
        head, rest = joined[:size], joined[size:]
        if not prefixes(head):
            continue
        yield rest, head
        if depth > 1:
            yield from _split_path(rest, depth - 1)


@cache
def _simplified() -> dict[str, str]:
    return dict(table("traditional-characters", "characters").iter_rows())


def _code(digits: str) -> str:
    if len(digits) < _SIX:
        return digits.ljust(_SIX, "0")
    return digits[:_SIX] if len(digits) == _TWELVE and digits.endswith("0" * _SIX) else digits


def _latin(text: str) -> bool:
    return all(unicodedata.name(char, "").startswith("LATIN") for char in text)
