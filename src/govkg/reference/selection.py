"""The part of the reference data that a build takes, as frames that are ready to be mapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from govkg.errors import ParameterError
from govkg.ntriples import escaped
from govkg.reference import codes, kinds, romanize, townships
from govkg.reference.codes import CIVIL_AFFAIRS, PER_LEVEL, SERIES
from govkg.reference.datasets import dataset
from govkg.reference.kinds import COUNTY, OTHER, TOWNSHIP, VILLAGE
from govkg.reference.succession import history

if TYPE_CHECKING:
    from collections.abc import Collection

    from govkg.reference import Extent

_DEEPEST = {"document": 0, "township": TOWNSHIP, "national": VILLAGE}
_CODE, _LEVEL, _KIND, _NAME = pl.col("code"), pl.col("level"), pl.col("kind"), pl.col("name")
# 六枝特区 and 神农架林区 have governments as counties have; other special districts are left out.
_COUNTY_LIKE = (520203 * PER_LEVEL[COUNTY], 429021 * PER_LEVEL[COUNTY])
# Rows that stand for villages directly under a county carry the digits of a town.
_NO_TOWN = "直辖村级区划$"
_COMMITTEE = "(?:委员会|村委会|居委会|家委会)$"
_HAS_WORD = "(?:办事处|街道办)$"


@dataclass(frozen=True)
class Selection:
    """The part of the reference data that a build takes: frames, ready to be mapped."""

    current: pl.DataFrame
    former: pl.DataFrame
    successions: pl.DataFrame
    lineage: pl.DataFrame
    counts: pl.DataFrame
    civil_counts: pl.DataFrame


def select(extent: Extent, linked: Collection[str] = (), opened: Collection[str] = ()) -> Selection:
    """Choose divisions down to the level of the scope, of one province where it is named.

    Divisions that places of documents are `linked` to come along in any scope, with all above
    them and all that followed them; so do those right below the `opened` ones, and the townships
    of linked counties and prefectures that ended since 2015. Raises ParameterError for a province
    that doesn't exist.
    """
    current = codes.divisions()
    former = codes.former(current)
    followed = successions(former, current)
    wanted = pl.col("level") <= _DEEPEST[extent.scope]
    if extent.province is not None:
        wanted &= _of_province(current, extent.province)
    below = current.filter(pl.col("up").is_in(sorted(opened)))["id"]
    both = [part.select("code", "level", "kind") for part in (current, former)]
    gone = townships.former(pl.concat(both))
    lineage = townships.successions(gone)
    ended = townships.below(gone, linked)
    touched = _touched({*linked, *below, *ended}, current, [former, gone], [followed, lineage])
    former = former.filter(_wanted_former(extent) | pl.col("id").is_in(touched))
    gone = gone.filter(pl.col("id").is_in(touched)).select(former.columns)
    current = current.filter(wanted | pl.col("id").is_in(touched))
    return assemble(current, pl.concat([former, gone], how="vertical_relaxed"), followed, lineage)


def assemble(
    current: pl.DataFrame, former: pl.DataFrame, followed: pl.DataFrame, lineage: pl.DataFrame
) -> Selection:
    """Describe the divisions that were chosen, and add their counts and what followed them."""
    ended = pl.col("id").is_in(former["id"].implode())
    both = pl.concat([current.select("code", "id"), former.select("code", "id")])
    return Selection(
        described(current),
        described(former),
        followed.filter(ended),
        lineage.filter(ended),
        series_counts().join(both, on="code").sort("code", "year", "measure"),
        civil_counts().join(both, on="code").sort("code", "year", "measure"),
    )


def described(frame: pl.DataFrame) -> pl.DataFrame:
    """Add class, labels, institution (with class and labels) and the institutions above."""
    names = romanize.labels(frame, romanize.Readings.load())
    names = names.with_columns(escaped(pl.col("zh", "en")))
    joined = frame.join(names, on=["name", "kind"], how="left", maintain_order="left")
    like = pl.when(_CODE.is_in(_COUNTY_LIKE)).then(pl.lit("county")).otherwise(_KIND)
    like = pl.when(~_NAME.str.contains(_NO_TOWN)).then(like)
    territory = _mapped(_KIND, kinds.column("territory"))
    told = joined.with_columns(
        territory=pl.when(_NAME.str.contains(_NO_TOWN))
        .then(None)
        .otherwise(territory)
        .fill_null(OTHER),
        body=_mapped(like, kinds.column("institution")),
        body_kind=_mapped(like, kinds.column("body")),
    )
    return _with_ties(told.with_columns(**_institution()))


def _mapped(value: pl.Expr, to: dict[str, str]) -> pl.Expr:
    return value.replace_strict(to, default=None, return_dtype=pl.String)


def _institution() -> dict[str, pl.Expr]:
    body = pl.col("body_kind")
    word, english = (_mapped(body, kinds.body_column(language)) for language in ("zh", "en"))
    listed = _NAME.str.contains(_COMMITTEE) & (_LEVEL == VILLAGE)
    listed |= _NAME.str.contains(_HAS_WORD) & (_LEVEL == TOWNSHIP)
    return {
        "body_id": pl.concat_str("id", pl.lit("-"), body),
        "body_zh": pl.when(listed).then(escaped(_NAME)).otherwise(pl.col("zh") + word),
        "body_en": pl.concat_str(english, pl.lit(" of "), "en"),
    }


def _with_ties(frame: pl.DataFrame) -> pl.DataFrame:
    """Add who dispatches a street office or commission, and who guides a committee.

    Where a placeholder stands between (嘉峪关), the city above it dispatches.
    """
    bodies = frame.filter(pl.col("body").is_not_null() & (_LEVEL < VILLAGE))
    seat = pl.when(pl.col("parent_kind") == kinds.placeholder()).then("above").otherwise("parent")
    tied = frame.with_columns(seat=seat).join(
        bodies.select(seat="code", seat_body="body_id", seat_kind="body_kind"),
        on="seat",
        how="left",
        maintain_order="left",
    )
    tie = _mapped(pl.col("body_kind"), kinds.body_column("tie"))
    by_government = pl.col("seat_kind") == "government"
    return tied.with_columns(
        dispatcher=pl.when((tie == "dispatched") & by_government).then("seat_body"),
        guide=pl.when(tie == "guided").then("seat_body"),
    )


def series_counts() -> pl.DataFrame:
    """Give a row for each count: code, year, measure, value; what was not counted has none."""
    return (
        dataset(SERIES)
        .table("counts")
        .drop("level", "kind")
        .unpivot(index=["code", "year"], variable_name="measure", value_name="value")
        .drop_nulls("value")
        .with_columns(pl.col("measure").str.replace_all("_", "-"))
    )


def civil_counts() -> pl.DataFrame:
    """Give a row for each count: code, year, measure, value, as the yearly counts have them.

    A unit of which the list has no row has none here either; one that has rows and no street area
    counts 0. What the list remarks as abolished is left out.
    """
    source = dataset(CIVIL_AFFAIRS)
    year = pl.lit(int(source.about.cutoff[:4]), dtype=pl.Int16)
    listed = source.table("townships").filter(~pl.col("abolished"))
    units = pl.concat(
        listed.select(pl.col("parent") // size * size, "kind", year=year)
        for size in (PER_LEVEL[level] for level in (3, 2, 1))
    ).rename({"parent": "code"})
    # A municipality's counties have the code of a placeholder above them: only its own is kept.
    counted = [kind for kind in kinds.of_levels([TOWNSHIP]) if kind in kinds.column("territory")]
    columns = [(pl.col("kind") == kind).sum().alias(f"{kind}s") for kind in counted]
    return (
        units.group_by("code", "year")
        .agg(columns)
        .unpivot(index=["code", "year"], variable_name="measure", value_name="value")
        .with_columns(pl.col("value").cast(pl.UInt32))
        .sort("code", "year", "measure")
    )


def _touched(
    linked: set[str],
    current: pl.DataFrame,
    former: list[pl.DataFrame],
    followed: list[pl.DataFrame],
) -> set[str]:
    """Follow the links to all divisions above and after them."""
    steps = [(frame, "up") for frame in (current, *former)]
    steps += [(frame, "successor") for frame in followed]
    found: set[str] = set()
    new = linked
    while new:
        found |= new
        reached = [
            frame.filter(pl.col("id").is_in(new))[column].drop_nulls().to_list()
            for frame, column in steps
        ]
        new = {code for codes in reached for code in codes} - found
    return found


def _wanted_former(extent: Extent) -> pl.Expr:
    wanted = pl.lit(value=extent.scope != "document")
    return wanted if extent.province is None else wanted & _in_province(extent.province)


def _of_province(current: pl.DataFrame, province: str) -> pl.Expr:
    provinces = current.filter(pl.col("level") == 1)
    known = {code[:2]: name for code, name in provinces.select("id", "name").iter_rows()}
    if province[:2] not in known or province[2:].strip("0"):
        listed = ", ".join(f"{code} {name}" for code, name in known.items())
        raise ParameterError(f"no province has the code {province!r}: use one of {listed}.")
    return _in_province(province)


def _in_province(province: str) -> pl.Expr:
    return pl.col("code") // PER_LEVEL[1] == int(province[:2])


def successions(former: pl.DataFrame, current: pl.DataFrame) -> pl.DataFrame:
    """Give `id` and `successor` of the former codes whose last name was followed by another code.

    Takes the frames of codes.former and codes.divisions. Codes in use again are left alone.
    """
    rows = [
        (*life.key, step.new[0])
        for life in history().lives.values()
        for step in life.ended_with
        if step.new[0] != life.spell.code
    ]
    steps = pl.DataFrame(
        rows, schema={"code": pl.Int64, "name": pl.String, "new": pl.Int64}, orient="row"
    )
    steps = steps.with_columns(pl.col("code", "new") * PER_LEVEL[COUNTY])
    known = pl.concat([former.select("code", "id"), current.select("code", "id")])
    return (
        steps.join(former.select("code", "name", "id"), on=["code", "name"])
        .join(known.select(new="code", successor="id"), on="new")
        .select("code", "id", "successor", "new")
        .unique()
        .sort("code", "new")
    )
