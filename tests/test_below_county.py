"""Townships and villages of the yearly lists: what they were, and what they became."""

from __future__ import annotations

import polars as pl
import pytest

import govkg
from govkg.reference import lineage, names
from govkg.reference.crosswalk import compose
from govkg.reference.lineage import follow


@pytest.mark.parametrize(
    ("name", "year", "within", "code", "kind", "years", "steps", "today", "doubt"),
    [
        # recoded with its district
        ("任港街道", 2018, "崇川区", "320602003000", "street-area", (2015, 2020),
         [("320613003000", 2021, "recoded")], ("320613003000",), None),
        # merged
        ("中华社区服务中心", 2016, "云岩区", "520103400000", "like-township", (2016, 2019),
         [("520103021000", 2020, "merged")], ("520103021000",), None),
        # goes on as one street office, and another is split off it
        ("水东社区服务中心", 2016, None, "520103426000", "like-township", (2016, 2019),
         [("520103034000", 2020, "kind-changed"), ("520103035000", 2020, "divided")],
         ("520103034000", "520103035000"), "divided"),
        # still there
        ("多福巷社区", 2020, "东华门街道", "110101001001", "resident-committee", (2016, None),
         [], ("110101001001",), None),
    ],
)  # fmt: skip
def test_what_it_was_and_became(
    name: str,
    year: int,
    within: str | None,
    code: str,
    kind: str,
    years: tuple[int, int | None],
    steps: list[tuple[str, int, str]],
    today: tuple[str, ...],
    doubt: str | None,
) -> None:
    [one] = govkg.resolve(name, year=year, within=within).divisions
    assert (one.code, one.kind, (one.first, one.last)) == (code, kind, years)
    assert [(step.code, step.year, step.event) for step in one.became] == steps
    assert all(step.dataset == "lineage" for step in one.became)
    assert (one.today, one.doubt) == (today, doubt)
    row = govkg.resolve_column([name], year=year, within=within).row(0, named=True)
    assert (row["code"], row["kind"], row["first"], row["last"]) == (code, kind, *years)
    assert row["path"].split() == list(one.path)
    assert ((row["today_code"] or "").split(), row["doubt"]) == (list(today), doubt)


def test_without_a_year_the_newest_of_those_that_went_on() -> None:
    [one] = govkg.resolve("任港街道").divisions
    assert one.code == "320613003000"


@pytest.mark.parametrize(
    "within", ["东华门街道", "北京市东城区东华门街道", "110101001", "东城区", "110101001000"]
)
def test_a_parent_below_the_county(within: str) -> None:
    [one] = govkg.resolve("多福巷社区居委会", year=2020, within=within).divisions
    assert one.code == "110101001001"


def test_a_joined_path_down_to_the_village() -> None:
    [one] = govkg.resolve("北京市东城区东华门街道多福巷社区", year=2020).divisions
    assert one.code == "110101001001"


def test_a_parent_is_read_only_within_its_path() -> None:
    """东城 of 山阴县 is a zone there, and not the district of Beijing."""
    frame = govkg.resolve_column(
        ["光明社区居委会"] * 2, year=2020, within=["山阴县东城", "贵州东城"]
    )
    assert frame["status"].to_list() == ["found", "unknown-parent"]
    assert frame["code"].to_list() == ["140621401001", None]


def test_the_short_name_of_a_village_is_of_its_kind() -> None:
    assert govkg.resolve("多福巷村", year=2020, within="东华门街道").status == "unknown"


def test_a_level_below_the_county_passes_over_the_county_s_name() -> None:
    found = govkg.resolve("朝阳区", year=2020, level=4)
    assert [one.code for one in found.divisions] == ["231282001000"]


def test_an_ambiguous_end_lists_all_and_says_so() -> None:
    told = lineage.told("township", 2016).filter(pl.col("change") == "ambiguous")
    old = told["old"].sort()[0]
    here = (pl.col("code") == old) & (pl.col("end") == 2015)
    place = names.tier("township").places.filter(here).row(0, named=True)
    found = govkg.resolve(place["name"], year=2015, within=str(old)[:6]).divisions
    [one] = [one for one in found if one.code == str(old)]
    assert "ambiguous" in {step.event for step in one.became}
    assert len(one.became) > 1
    assert one.doubt == "ambiguous"


def test_places_are_followed_as_the_crosswalk_follows_units() -> None:
    """Of units of 2016 that end: every unit of 2023 that a place leads to is one of its pairs."""
    places = names.tier("township").places.filter(
        pl.col("begin") <= 2016, pl.col("end").is_between(2016, 2022), pl.col("ended").is_not_null()
    )
    _, at = follow("township", places)
    pairs = compose(2016, 2023, "township").select(pl.col("old").alias("of"), "new", "change")
    led = at.join(places.select("place", of="code"), on="place")
    known = led.join(pairs, left_on=["of", "code"], right_on=["of", "new"], how="semi")
    assert len(led) > 5000
    assert len(known) / len(led) > 0.99


def test_a_column_of_villages_with_their_parents() -> None:
    """Of 5,000 names with the names of the units above: none is found wrongly."""
    units = govkg.table("nbs-series", "units")
    last = dict(units.select("code", "name").iter_rows())
    sample = units.filter(pl.col("level") >= 4, pl.col("kind") != "placeholder")
    sample = sample.filter(pl.col("years") & (1 << 5) != 0).sample(5000, seed=7)
    step = pl.when(pl.col("level") == 5).then(1000).otherwise(10**6)
    up = (pl.col("code") // step * step).replace_strict(last, default=None)
    county = (pl.col("code") // 10**6 * 10**6).replace_strict(last, default="")
    path = pl.when(pl.col("level") == 5).then(county + up).otherwise(up)
    sample = sample.with_columns(parent=path)
    frame = govkg.resolve_column(sample["name"], year=2020, within=sample["parent"])
    right = frame["code"] == sample["code"].cast(pl.String)
    assert right.sum() > 0.98 * len(sample)
    assert (~right).sum() == 0
