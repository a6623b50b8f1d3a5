"""The kinds of divisions, as data/reference/division-kinds has them: a kind is a row there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

import polars as pl

from govkg.namespaces import DIVISION, local_name
from govkg.reference.datasets import dataset

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

NAME = "division-kinds"
COUNTY, TOWNSHIP, VILLAGE = 3, 4, 5
Level = Literal["county", "township", "village"]
# The levels that the yearly lists are compared at.
LEVELS: dict[Level, int] = {"county": COUNTY, "township": TOWNSHIP, "village": VILLAGE}
# Class of a division of no particular kind.
OTHER = local_name(DIVISION)


@cache
def _table(name: str) -> pl.DataFrame:
    return dataset(NAME).table(name)


@cache
def column(name: str) -> dict[str, str]:
    """Give a column of the table by kind, without those that have nothing there."""
    return dict(_table("kinds").select("kind", name).drop_nulls().iter_rows())


@cache
def by_institution() -> dict[str, set[str]]:
    """Say which kinds have an institution of a class."""
    found: dict[str, set[str]] = {}
    for kind, institution in column("institution").items():
        found.setdefault(institution, set()).add(kind)
    return found


@cache
def body_column(name: str) -> dict[str, str]:
    """Give a column of the table of bodies (government, street-office...) by body."""
    return dict(_table("bodies").select("body", name).drop_nulls().iter_rows())


def of_levels(levels: Collection[int] | None) -> list[str]:
    """List the kinds that stand on these levels, 1 (province) to 5 (village); or, of None, all."""
    found = _table("kinds")
    if levels is not None:
        found = found.filter(pl.col("level").is_in(list(levels)))
    return found["kind"].to_list()


def with_level() -> list[str]:
    """List the kinds that stand on one level: placeholders, and what is like them, don't."""
    return list(column("level"))


def placeholder() -> str:
    """Give the kind of the rows that stand for the districts of a city together: 市辖区."""
    return _standing_in("districts")


def direct() -> str:
    """Give the kind of the rows that stand for a town where committees have none above them."""
    return _standing_in("committees")


@cache
def _standing_in(what: str) -> str:
    [kind] = (kind for kind, stands in column("stands_in").items() if stands == what)
    return kind


@cache
def where(name: str, level: int | None = None) -> frozenset[str]:
    """Give the kinds, of one level if it is said, of which a column (official, of_cities) holds."""
    return frozenset(_table("kinds").filter(name)["kind"]).intersection(
        of_levels(None if level is None else (level,))
    )


@cache
def words(name: str) -> dict[str, str]:
    """Give the words of a column (short, words), each with the first kind that has it."""
    told = [(word, kind) for kind, text in column(name).items() for word in text.split()]
    return dict(reversed(told))


@cache
def endings(kind: str) -> dict[str, str]:
    """Give the endings of a kind's names in Chinese, each with its English; empty if none."""
    groups = column("endings").get(kind, "").split()
    found = _table("endings").filter(pl.col("group").is_in(groups))
    return dict(found.select("zh", pl.col("en").fill_null("")).iter_rows())


@cache
def peoples() -> dict[str, str]:
    """Give the peoples, without 族, each with its English name."""
    return dict(_table("peoples").select("zh", "en").iter_rows())


@cache
def short_peoples() -> list[str]:
    """List the peoples that names have without 族 too."""
    return _table("peoples").filter("short")["zh"].to_list()


@dataclass(frozen=True)
class Span:
    """A span of control: what is counted right under a unit of a `kind`; `words` by language."""

    name: str
    kind: str
    below: tuple[str, ...]
    words: Mapping[str, str]


@cache
def spans() -> tuple[Span, ...]:
    """List the spans of control that there are to measure."""
    rows = _table("spans").iter_rows()
    return tuple(
        Span(name, kind, tuple(below.split()), {"zh": zh, "en": en})
        for name, kind, below, zh, en in rows
    )


@cache
def measures(column: str) -> dict[str, str]:
    """Give the kind that each yearly count is of, or its name: `kind`, `zh` or `en`."""
    return dict(_table("measures").select("measure", column).iter_rows())


@cache
def legend(language: str) -> dict[str, str]:
    """Give the kinds that have a color where a hierarchy is drawn, each with its word."""
    return dict(_table("legend").select("kind", language).iter_rows())


@cache
def digits(level: int) -> dict[str, range]:
    """Give the numbers that codes of a level have for each kind, where these decide."""
    found = _table("kinds").filter(pl.col("level") == level).drop_nulls("digits")
    bounds = {kind: said.split("-") for kind, said in found.select("kind", "digits").iter_rows()}
    return {kind: range(int(low), int(high) + 1) for kind, (low, high) in bounds.items()}


@cache
def suffix(group: str) -> re.Pattern[str]:
    """Give the pattern of names of a group (upper, township, village or committee) with a suffix.

    Its first group is the short form: 白下区 to 白下, 恩施土家族苗族自治州 to 恩施.
    """
    short = "|".join(short_peoples())
    whole = "|".join(["各", *(people for people in peoples() if people not in short_peoples())])
    patterns = dict(_table("suffixes").iter_rows())
    told = patterns[group].format(peoples=f"(?:(?:{whole})族|(?:{short})族?)")
    # Before the suffix at least two characters are left: 城区 and 雄县 have no short form.
    return re.compile(f"^(.{{2,}}?)(?:{told})$")


def stem(name: pl.Expr, group: str) -> pl.Expr:
    """Take the suffix of a group of levels off a column of names."""
    return name.str.replace(suffix(group).pattern, "${1}")


@cache
def stem_of(name: str) -> str:
    """Give the short form of a name of county level or above."""
    return suffix("upper").sub(r"\1", name)
