"""Villages gone from a list that one new village of their township is named after, together.

No list says which villages merged, and a village has nothing below it that could be found again.
What its new name says is told: 人民一 and 人民二 became 人民, 清塘 and 下店 became 清塘下店. A name
of one character of each (曹垛 and 瓦庄: 曹瓦) may be chance, and is told as ambiguous.
"""

from __future__ import annotations

import polars as pl
from tools.reference.succession import replaced

NUMBERED, JOINED, CHARACTERS = "numbered-parts", "joined-names", "joined-characters"
_NUMBER = "[一二三四五六七八九十东西南北前后上下中0-9]$"
_LONG = 2  # characters of a name of which one or all may stand in a joined name
_KEY = ["township", "stem"]


def merged(
    apart: pl.DataFrame, old: pl.DataFrame, new: pl.DataFrame, stood: pl.DataFrame
) -> pl.DataFrame:
    """Put links in the place of what is gone and new in `apart`, where names tell of a merger.

    `stood` has what became of each township (old, heir), by most of its villages.
    """
    gone = old.join(apart, left_on="code", right_on="old", how="semi")
    gone = gone.join(stood, left_on="township", right_on="old", how="left")
    gone = gone.select("stem", old="code", township=pl.coalesce("heir", "township"))
    come = new.join(apart, left_on="code", right_on="new", how="semi")
    return replaced(apart, told(gone, come.select(*_KEY, new="code")))


def told(gone: pl.DataFrame, come: pl.DataFrame) -> pl.DataFrame:
    """Link gone villages (township, stem, old) to new ones (township, stem, new).

    Gives old, new, change and method: `merged` for sure, and `ambiguous` for what of the rest may
    have been.
    """
    pairs = _pairs(gone)
    sure = pl.concat([_numbered(gone, come), _joined(pairs, come)])
    sure = sure.filter(pl.col("method").n_unique().over("new") == 1, pl.len().over("old") == 1)
    sure = sure.filter(pl.len().over("new") > 1)
    doubtful = _of_characters(pairs, come)
    doubtful = doubtful.join(sure, on="old", how="anti").join(sure, on="new", how="anti")
    changes = (pl.lit("merged"), pl.lit("ambiguous"))
    parts = zip((sure, doubtful), changes, strict=True)
    return pl.concat([part.with_columns(change=change) for part, change in parts])


def _pairs(gone: pl.DataFrame) -> pl.DataFrame:
    """Pair the villages of a township, each pair in both orders."""
    other = gone.select("township", b="stem", other="old")
    long = (pl.col("a").str.len_chars() >= _LONG) & (pl.col("b").str.len_chars() >= _LONG)
    both = gone.rename({"stem": "a"}).join(other, on="township")
    return both.filter(pl.col("old") != pl.col("other"), pl.col("a") != pl.col("b"), long)


def _numbered(gone: pl.DataFrame, come: pl.DataFrame) -> pl.DataFrame:
    """Find 人民 for 人民一 and 人民二: two parts or more, told apart by a number or a direction."""
    stem = pl.col("stem")
    bare = stem.str.replace(_NUMBER, "")
    parts = gone.filter(stem.str.contains(_NUMBER)).with_columns(stem=bare)
    parts = parts.filter(stem.str.len_chars() >= _LONG, pl.len().over(_KEY) > 1)
    return _links(parts.join(_once(come), on=_KEY), NUMBERED)


def _joined(pairs: pl.DataFrame, come: pl.DataFrame) -> pl.DataFrame:
    """Find 清塘下店 for 清塘 and 下店."""
    named = pairs.with_columns(stem=pl.col("a") + pl.col("b"))
    found = named.join(_once(come), on=_KEY).filter(pl.len().over("new") == 1)
    return _both(found, JOINED)


def _of_characters(pairs: pl.DataFrame, come: pl.DataFrame) -> pl.DataFrame:
    """Find 曹瓦 for 曹垛 and 瓦庄: one of the first two characters of each."""
    first, second = ([pl.col(of).str.slice(at, 1) for at in (0, 1)] for of in ("a", "b"))
    named = [pairs.with_columns(stem=one + two) for one in first for two in second]
    return _both(pl.concat(named).join(_once(come), on=_KEY), CHARACTERS)


def _once(come: pl.DataFrame) -> pl.DataFrame:
    return come.filter(pl.len().over(_KEY) == 1)


def _both(found: pl.DataFrame, method: str) -> pl.DataFrame:
    sides = [found.select(pl.col(side).alias("old"), "new") for side in ("old", "other")]
    return _links(pl.concat(sides).unique(maintain_order=True), method)


def _links(found: pl.DataFrame, method: str) -> pl.DataFrame:
    return found.select("old", "new", method=pl.lit(method))
