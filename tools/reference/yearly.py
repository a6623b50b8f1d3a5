"""One yearly list of the series, made ready to be compared with the next."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl
from tools.reference import kinds

from govkg.reference.kinds import stem

FIRST, LAST = 2015, 2023
UP = {
    "township": kinds.TOWNSHIP,
    "county": kinds.COUNTY,
    "prefecture": kinds.PREFECTURE,
    "province": kinds.PROVINCE,
}
_ZEROS = dict.fromkeys("0０○Ｏ", "〇")


class Lists(NamedTuple):
    """The counties, townships and villages of one year, each with stem and units above."""

    counties: pl.DataFrame
    townships: pl.DataFrame
    villages: pl.DataFrame


def read(units: pl.DataFrame, year: int) -> Lists:
    """Read one year: code, name, kind, stem, the codes above, the unit right above and its stem.

    A name that begins with the name of a unit above (四平市铁东区北市场街道) is taken without it.
    """
    listed = units.filter(pl.col("years") & (1 << (year - FIRST)) != 0).drop("years")
    of = {level: listed.filter(pl.col("level") == level) for level in (2, 3, 4, 5)}
    counties = _stemmed(of[3].filter(pl.col("kind") != "placeholder"), 3, {})
    townships = _stemmed(of[4], 4, {"prefecture": of[2], "county": of[3]})
    villages = _stemmed(of[5], 5, {"county": of[3], "township": of[4]})
    return Lists(
        counties.join(_above(of[2], kinds.PREFECTURE), on="parent", how="left"),
        townships.join(_above(counties, kinds.COUNTY), on="parent", how="left"),
        villages.join(_above(townships, kinds.TOWNSHIP), on="parent", how="left"),
    )


def _stemmed(units: pl.DataFrame, level: int, above: dict[str, pl.DataFrame]) -> pl.DataFrame:
    up = {name: pl.col("code") // kinds.STEP[of] * kinds.STEP[of] for name, of in UP.items()}
    parent = next(up[name] for name, of in UP.items() if of == level - 1)
    units = units.with_columns(**up, parent=parent)
    for name, names in above.items():
        named = names.select(pl.col("code").alias(name), pl.col("name").alias("above"))
        units = units.join(named, on=name, how="left")
        cut = pl.col("name").str.strip_prefix(pl.col("above").fill_null("\0"))
        bare = pl.when(cut.str.len_chars() > 1).then(cut).otherwise("name")
        units = units.with_columns(name=bare).drop("above")
    return units.with_columns(stem=stem_of(pl.col("name"), level))


def stem_of(name: pl.Expr, level: int) -> pl.Expr:
    """Take from a name what only says its kind, and write its zeros alike."""
    name = name.str.replace_many(_ZEROS)
    if level == kinds.COUNTY:
        return stem(name, "upper")
    if level == kinds.VILLAGE:
        # 沙河镇社区居委会: one suffix after another.
        return stem(stem(name, "village"), "village")
    # 人民街街道 was 人民街道办事处 before.
    return stem(stem(name, "township"), "township").str.replace("^(.{2,})街$", "${1}")


def _above(units: pl.DataFrame, level: int) -> pl.DataFrame:
    """Give the units right above, as what `parent` and `parent_stem` are."""
    named = stem(pl.col("name"), "upper") if level == kinds.PREFECTURE else pl.col("stem")
    return units.select(parent="code", parent_stem=named)
