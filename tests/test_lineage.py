"""What became of each unit from list to list, and the crosswalk over it."""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import govkg
import needs
from govkg import layout
from govkg.errors import AmbiguousName, ParameterError, UnknownName
from govkg.reference import crosswalk, lineage

sys.path.insert(0, str(layout.ROOT))

from tools.reference import (
    agreement,
    datasets,
    lineage_agreement,
    merged_villages,
    merger_chance,
    yearly,
)
from tools.reference import lineage as making

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run
    from govkg.reference.kinds import Level

PAGE = (layout.ROOT / "docs" / "how-to" / "crosswalk.md").read_text(encoding="utf-8")
CITY = [(110000000000, "甲省", 1, "province"), (110100000000, "乙市", 2, "prefecture-level-city")]
DISTRICT = (110101000000, "丙区", 3, "district")
OTHER = (110102000000, "丁区", 3, "district")
OLD, NEW = 1, 2  # bits of 2015 and 2016, here any two years with villages
BOTH = OLD | NEW
SIDES = ("old", "new")
RING = ("130205102", "130205104", "130205105")


SICHUAN = 51  # where most towns were merged


def town(code: int, name: str, years: int, *villages: str) -> list[tuple[int, str, int, str, int]]:
    """A town, township (2..) or street area (0..) with its villagers' committees."""
    kind = ("street-area", "town", "township")[min(code % 1000 // 100, 2)]
    rows = [(code * 1000, name, 4, kind, years)]
    return rows + [
        (code * 1000 + 200 + number, f"{village}村委会", 5, "villager-committee", years)
        for number, village in enumerate(villages)
    ]


def linked(
    *towns: list[tuple[int, str, int, str, int]],
) -> set[tuple[int | None, int | None, str, str | None]]:
    """Old, new, change and method of the townships of two small lists."""
    above = [(*unit, BOTH) for unit in (*CITY, DISTRICT, OTHER)]
    rows = above + [row for rows in towns for row in rows]
    schema = {"code": pl.Int64, "name": pl.String, "level": pl.UInt8, "kind": pl.String}
    units = pl.DataFrame(rows, schema={**schema, "years": pl.UInt16}, orient="row")
    links, _ = making.pair(yearly.read(units, 2015), yearly.read(units, 2016))
    low = links.filter(pl.col("level") == 4)
    return {
        (old and old // 1000, new and new // 1000, change, method)
        for old, new, change, method in low.select("old", "new", "change", "method").iter_rows()
    }


def test_a_town_becomes_a_street_office_under_another_name() -> None:
    old = town(110101100, "城关镇", OLD, "东", "西", "南门")
    new = town(110101001, "凤凰街道", NEW, "东", "西", "南门")
    assert linked(old, new) == {(110101100, 110101001, "kind-changed", "children-moved")}


def test_a_town_that_goes_into_another_is_merged() -> None:
    old = town(110101100, "城关镇", OLD, "东", "西", "南门")
    new = town(110101101, "河口镇", OLD, "北门", "后山")
    after = town(110101101, "河口镇", NEW, "北门", "后山", "东", "西", "南门")
    assert linked(old, new, after) == {(110101100, 110101101, "merged", "children-moved")}


def test_of_two_that_make_a_new_one_none_goes_on() -> None:
    one = town(110101100, "城关镇", OLD, "东", "西", "南门")
    two = town(110101101, "河口镇", OLD, "北门", "后山")
    new = town(110101102, "新城镇", NEW, "北门", "后山", "东", "西", "南门")
    assert linked(one, two, new) == {
        (110101100, 110101102, "merged", "children-moved"),
        (110101101, 110101102, "merged", "children-moved"),
    }


def test_a_town_that_is_split_and_one_that_loses_a_part() -> None:
    split = town(110101100, "城关镇", OLD, "东", "西", "南门", "北门")
    halves = town(110101001, "东街道", NEW, "东", "西") + town(
        110101002, "南街道", NEW, "南门", "北门"
    )
    assert linked(split, halves) == {
        (110101100, 110101001, "divided", "children-moved"),
        (110101100, 110101002, "divided", "children-moved"),
    }
    kept = town(110101100, "城关镇", OLD, "东", "西", "南门", "北门", "后山")
    rest = town(110101100, "城关镇", NEW, "东", "西", "南门")
    part = town(110101001, "新街道", NEW, "北门", "后山")
    assert linked(kept, rest, part) == {
        (110101100, 110101100, "same", "same-code"),
        (110101100, 110101001, "divided", "children-moved"),
    }


def test_a_code_that_was_given_to_another_town() -> None:
    one = town(110101001, "平政街道", OLD, "东", "西", "南门")
    two = town(110101002, "云塘街道", OLD, "北门", "后山", "前山")
    moved = town(110101001, "云塘街道", NEW, "北门", "后山", "前山")
    third = town(110101003, "平政街道", NEW, "东", "西", "南门")
    assert linked(one, two, moved, third) == {
        (110101001, 110101003, "recoded", "children-moved"),
        (110101002, 110101001, "recoded", "children-moved"),
    }


def test_a_town_moves_to_another_district() -> None:
    old = town(110101100, "河口镇", OLD, "东", "西", "南门")
    new = town(110102100, "河口镇", NEW, "东", "西", "南门")
    stays = town(110101101, "城关镇", BOTH, "前山", "后山", "中山", "大山")
    assert linked(old, new, stays) == {(110101100, 110102100, "moved", "children-moved")}


def test_names_do_where_there_are_no_villages() -> None:
    assert linked(town(110101200, "河口乡", OLD), town(110101100, "河口镇", NEW)) == {
        (110101200, 110101100, "kind-changed", "same-parent-and-stem")
    }
    assert linked(town(110101100, "河口镇", OLD), town(110101100, "江口镇", NEW)) == {
        (110101100, 110101100, "renamed", "same-code")
    }
    assert linked(town(110101100, "城关镇", OLD), town(110102100, "河口镇", NEW)) == {
        (110101100, None, "gone", None),
        (None, 110102100, "new", None),
    }


def test_what_names_don_t_settle_is_ambiguous_and_all_is_listed() -> None:
    old = town(110101200, "河口乡", OLD)
    new = town(110101100, "河口镇", NEW) + town(110101101, "河口镇", NEW)
    assert linked(old, new) == {
        (110101200, 110101100, "ambiguous", "same-parent-and-stem"),
        (110101200, 110101101, "ambiguous", "same-parent-and-stem"),
    }


def test_a_villagers_committee_of_its_name_is_not_enough_for_a_gone_town() -> None:
    old = town(110101200, "河口乡", OLD)
    new = town(110101100, "城关镇", OLD) + town(110101100, "城关镇", NEW, "河口", "东")
    assert linked(old, new) == {(110101200, 110101100, "ambiguous", "namesake-village")}


def test_a_villagers_committee_of_its_name_is_enough_in_a_unit_that_has_changed() -> None:
    one, two = town(110101200, "河口乡", OLD), town(110101201, "山前乡", OLD)
    new = town(110101100, "山前镇", NEW, "河口", "东")
    told = {
        (110101200, 110101100, "merged", "namesake-village"),
        (110101201, 110101100, "kind-changed", "same-parent-and-stem"),
    }
    assert linked(one, two, new) == told
    # Not where a village elsewhere has the name, or one of the county begins with it.
    doubt = {(110101200, 110101100, "ambiguous", "namesake-village")}
    doubt |= {link for link in told if link[0] == 110101201}
    for elsewhere in (
        town(110102101, "江口镇", OLD) + town(110102101, "江口镇", NEW, "河口"),
        town(110101101, "江口镇", OLD) + town(110101101, "江口镇", NEW, "河口新"),
    ):
        assert linked(one, two, new, elsewhere) == doubt


def test_one_village_of_a_name_found_once_more_is_no_part() -> None:
    old = town(110101100, "城关镇", OLD, "东", "西", "南门", "北门", "后山", "新")
    rest = town(110101100, "城关镇", NEW, "东", "西", "南门", "北门", "后山")
    other = town(110101101, "河口镇", OLD, "前山", "中山")
    grown = town(110101101, "河口镇", NEW, "前山", "中山", "新")
    assert linked(old, rest, other, grown) == set()


def test_of_a_town_whose_villages_were_all_renamed_no_part_has_left() -> None:
    kept = town(110101100, "城关镇", OLD, "东", "西", "南门", "北门", "后山", "前山")
    rest = town(110101100, "城关镇", NEW, "和平", "团结", "胜利")
    other = town(110101101, "河口镇", OLD, "中山", "大山")
    grown = town(110101101, "河口镇", NEW, "中山", "大山", "前山", "后山")
    assert linked(kept, rest, other, grown) == set()


def test_few_villages_are_weak_evidence() -> None:
    old = town(110101100, "城关镇", OLD, "东", "西", "南门", "北门", "后山", "前山")
    new = town(110101001, "凤凰街道", NEW, "前山", "和平", "团结", "胜利")
    assert linked(old, new) == {(110101100, 110101001, "merged", "few-children-moved")}
    assert lineage.CONFIDENCE["few-children-moved"] == "low"


# The committed tables


def test_two_lists_give_the_committed_links() -> None:
    here = [pl.col(side).is_between(SICHUAN * 10**10, (SICHUAN + 1) * 10**10) for side in SIDES]
    source, dataset = datasets.load("nbs-series"), datasets.load("lineage")
    units = (
        source.tables["units"]
        .read(source.folder)
        .filter(pl.col("code").is_between(SICHUAN * 10**10, (SICHUAN + 1) * 10**10))
    )
    made = making.pair(yearly.read(units, 2018), yearly.read(units, 2019))
    for frame, (name, table) in zip(made, dataset.tables.items(), strict=True):
        committed = table.read(dataset.folder).filter(pl.col("year") == 2019)
        rows = frame.with_columns(year=pl.lit(2019, pl.Int16)).select(committed.columns)
        assert rows.height > 400, name
        found = committed.filter(pl.any_horizontal(part.fill_null(value=False) for part in here))
        assert rows.sort(table.key).equals(found), name


LISTS = [("county", year) for year in range(2016, 2024)]
LISTS += [("township", year) for year in range(2016, 2024)]
LISTS += [("village", 2017), ("village", 2023)]


@pytest.mark.parametrize(("level", "year"), LISTS, ids=str)
def test_every_unit_of_a_list_is_in_the_links(level: Level, year: int) -> None:
    links = lineage.links(level, year)
    for side, listed in (("old", year - 1), ("new", year)):
        codes = links[side].drop_nulls().unique().sort()
        assert codes.equals(lineage.listed(level, listed)["code"].alias(side)), side
    assert links["change"].is_in(lineage.CHANGES).all()
    goes_on = links.filter(pl.col("change").is_in(lineage.CONTINUING))
    assert goes_on["old"].is_unique().all()
    assert goes_on["new"].is_unique().all()
    assert links["method"].drop_nulls().is_in(list(lineage.CONFIDENCE)).all()


YEARS = [("county", 2015, 2023), ("township", 2015, 2023), ("township", 2016, 2023)]


@pytest.mark.parametrize(
    ("level", "first", "last"), [*YEARS, ("township", 2019, 2020), ("village", 2022, 2023)], ids=str
)
def test_the_weights_of_a_unit_add_up_to_one(level: Level, first: int, last: int) -> None:
    rows = crosswalk.compose(first, last, level)
    sums = rows.drop_nulls("old").group_by("old").agg(pl.col("weight").sum())
    assert sums.height == lineage.listed(level, first).height
    assert (sums["weight"] - 1).abs().max() < 1e-9  # type: ignore[operator]
    assert (rows.drop_nulls("old")["weight"] >= 0).all()
    assert rows.filter(pl.col("old").is_null())["change"].unique().to_list() == ["new"]


@pytest.mark.parametrize(("level", "first", "last"), YEARS, ids=str)
def test_no_row_leads_out_of_its_balanced_group(level: Level, first: int, last: int) -> None:
    rows = govkg.crosswalk(first, last, level=level)
    group = dict(crosswalk.balanced_groups(first, last, level).select("unit", "group").iter_rows())
    assert rows["group"].null_count() == rows["closed"].null_count() == 0
    both = rows.drop_nulls(["unit", "new_unit"])
    assert all(group[old] == group[new] for old, new in both["unit", "new_unit"].iter_rows())
    assert len(set(group.values())) < len(group)


@pytest.mark.parametrize("level", ["county", "township"])
def test_a_code_is_one_unit_a_year_and_a_unit_has_one_code(level: Level) -> None:
    lives = govkg.units(level)
    for year in range(2015, 2024):
        now = lives.filter(pl.lit(year).is_between(pl.col("first"), pl.col("last")))
        assert now["unit"].is_unique().all(), year
        assert now["code"].is_unique().all(), year
        assert now.height == lineage.listed(level, year).height
    newest = lives.filter(pl.col("last") == 2023)
    assert newest["change"].null_count() == newest["became"].null_count() == newest.height


def test_what_is_known_of_a_few() -> None:
    rows = govkg.crosswalk(2019, 2021, within="崇川区")
    assert set(rows["old"].str.slice(0, 6)) == {
        "320602",
        "320611",
        None,
    }  # 港闸区 was merged into it
    assert set(rows["new"].str.slice(0, 6)) == {"320613"}
    [row] = rows.filter(pl.col("old") == "320602001").rows(named=True)
    assert (row["new"], row["change"], row["weight"]) == ("320613001", "recoded", 1)
    assert (row["unit"], row["new_unit"]) == ("320602001@2015", "320602001@2015")
    counties = govkg.crosswalk(2019, 2021, level="county", within="320602")
    assert ("320602", "320613") in set(counties.select("old", "new").iter_rows())


def test_three_towns_of_kaiping_changed_codes_in_a_ring() -> None:
    """By code, each would be another town from 2022 on."""
    lives = govkg.units("township").filter(pl.col("code").is_in(RING))
    ids = {name: part["unit"].unique().to_list() for (name,), part in lives.group_by("name")}
    assert ids == {
        "郑庄子镇": ["130205102@2015"],
        "洼里镇": ["130205104@2015"],
        "越河镇": ["130205105@2015"],
    }
    rows = govkg.crosswalk(2021, 2022, within="130205").filter(pl.col("old").is_in(RING))
    assert set(rows["change"]) == {"recoded"}
    assert dict(rows.select("old", "new").iter_rows()) == {
        "130205102": "130205104",
        "130205104": "130205105",
        "130205105": "130205102",
    }


@pytest.mark.parametrize(
    ("first", "last", "asked", "error", "said"),
    [
        (2015, 2024, {}, ParameterError, "no list of 2024 to township level: use 2015 to 2023"),
        (2015, 2020, {"level": "village"}, ParameterError, "use 2016 to 2023"),
        (2015, 2020, {"level": "hamlet"}, ParameterError, "no level 'hamlet'"),
        (2020, 2020, {}, ParameterError, "from a year to a later one"),
        (2015, 2020, {"within": "朝阳区"}, AmbiguousName, "朝阳区.: 110105 .*; 220104 "),
        (2015, 2020, {"within": "崇州区"}, UnknownName, "did you mean"),
        (2015, 2020, {"within": "999999"}, UnknownName, "no place is called '999999'"),
    ],
)  # fmt: skip
def test_what_can_t_be_walked(
    first: int, last: int, asked: dict[str, str], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        govkg.crosswalk(first, last, **asked)  # type: ignore[arg-type]


# Villages


def villages(*names: str, of: str = "old", town: int = 1) -> pl.DataFrame:
    rows = [(town, name, 10 * town + number) for number, name in enumerate(names)]
    return pl.DataFrame(rows, schema=["township", "stem", of], orient="row")


@pytest.mark.parametrize(
    ("gone", "come", "links"),
    [
        (("人民一", "人民二"), ("人民",), {(10, 10, "merged"), (11, 10, "merged")}),
        (("大王东", "大王西", "李"), ("大王",), {(10, 10, "merged"), (11, 10, "merged")}),
        (("人民一", "和平二"), ("人民",), set()),
        (("清塘", "下店"), ("清塘下店",), {(10, 10, "merged"), (11, 10, "merged")}),
        (("清塘", "下店"), ("清塘新店",), set()),
        (("曹垛", "瓦庄"), ("曹瓦",), {(10, 10, "ambiguous"), (11, 10, "ambiguous")}),
        (
            ("曹垛", "瓦庄", "瓦头"),
            ("曹瓦",),
            {(10, 10, "ambiguous"), (11, 10, "ambiguous"), (12, 10, "ambiguous")},
        ),
        (("清塘", "下店"), ("清塘下店", "清塘下店"), set()),
        (("李", "王"), ("李王",), set()),
    ],
)
def test_a_merger_of_villages_is_told_by_the_new_name_alone(
    gone: tuple[str, ...], come: tuple[str, ...], links: set[tuple[int, int, str]]
) -> None:
    found = merged_villages.told(villages(*gone), villages(*come, of="new"))
    assert set(found.select("old", "new", "change").iter_rows()) == links
    elsewhere = villages(*come, of="new", town=2)
    assert merged_villages.told(villages(*gone), elsewhere).is_empty()


def test_of_villages_that_merged_the_group_is_open() -> None:
    rows = govkg.crosswalk(2018, 2019, level="village").filter(pl.col("change") == "merged")
    joined = rows.filter(pl.col("new_name") == "清塘下店村委会")
    assert joined["old_name"].to_list() == ["清塘村委会", "下店村委会"]
    assert joined.select("weight", "confidence", "closed").unique().row(0) == (1.0, "medium", False)
    assert joined["group"].n_unique() == 1
    assert not rows["closed"].any()


def test_how_often_names_of_villages_fit_by_chance() -> None:
    found = {of: (new, by_chance) for of, new, by_chance in merger_chance.chance().iter_rows()}
    assert set(found) == set(lineage.OPEN)
    for method, (new, by_chance) in found.items():
        told = "as merged" if by_chance == 0 else "as ambiguous"
        assert re.search(rf"\| `{method}` \([^)]*\) \| {told} \| {new:,} \| {by_chance} \|", PAGE)
    rows = datasets.load("lineage").tables["villages"].read(datasets.load("lineage").folder)
    assert f"{rows.filter(pl.col('change') == 'gone').height:,} from 2016 to 2023" in PAGE


# How good it is


@pytest.mark.needs(needs.ORACLE)
def test_lineage_agrees_with_published_changes() -> None:
    path = lineage_agreement.changes_file()
    rows = lineage_agreement.measure(path).with_columns(villages=pl.col("first") > 2015)
    assert (rows.height, rows["crossed"].sum()) == (2182, 38)
    kept = rows.filter(~pl.col("crossed")).with_columns(both=pl.lit(value=True))
    names, whole = lineage_agreement.summary(kept, "villages").iter_rows(named=True)
    [both] = lineage_agreement.summary(kept, "both").iter_rows(named=True)
    assert whole["recall"] >= 0.99
    assert whole["precision"] >= 0.985
    assert names["precision"] >= 0.99
    assert names["recall"] >= 0.75
    assert both["precision"] >= 0.98
    table = [
        line("from 2016 on, by villages", whole),
        line("2015 to 2016, by names alone", names),
        line("both", both),
    ]
    assert "\n".join(table) + "\n\n" in PAGE
    for by in ("reason", "year"):
        of = lineage_agreement.summary(kept, by).iter_rows(named=True)
        assert "\n".join(line(str(found[by]), found) for found in of) + "\n\n" in PAGE
    missed = kept.filter(~pl.col("villages"), ~pl.col("hit"))
    hunan = missed.filter(pl.col("county") // 10**4 == 43).height
    assert f"Of the {missed.height} rows that are not found there, {hunan} are of Hunan" in PAGE
    later = kept.filter("villages", pl.col("county") // 10**4 == 43)["hit"]
    assert f"{later.sum()} of the {len(later)} rows of Hunan are found" in PAGE
    raw = list(lineage_agreement.summary(rows, "villages").iter_rows(named=True))[::-1]
    recalls, precisions = ([share(one[of]) for one in raw] for of in ("recall", "precision"))
    said = f"recall {' and '.join(recalls)}, precision {' and '.join(precisions)}"
    assert f"With the crossed rows: {said}" in PAGE


@pytest.mark.needs(needs.ORACLE)
def test_counties_agree_with_an_independent_table() -> None:
    path = agreement.oracle_file()
    rows = lineage_agreement.counties(path)
    right = rows.filter("right").height
    silent = rows.filter(pl.col("became").list.len() == 0).height
    wrong = rows.height - right - silent
    assert f"Of {rows.height} codes" in PAGE
    assert f"{right} have a successor of that table, {silent} are `gone` and {wrong} wrong" in PAGE
    assert wrong == 0


def test_names_alone_are_as_good_as_the_page_says() -> None:
    found = lineage_agreement.hidden(2016, 2023, SICHUAN)
    assert found.height == 7
    for method, asserted, units, right in found.iter_rows():
        told = "for sure" if asserted else "as ambiguous"
        assert f"| `{method}` | {told} | {units} | {share(right)} |" in PAGE
        assert right < 0.9 or asserted, "what is mostly right is told"


def share(number: float) -> str:
    return f"{number:.1%}".replace("%", " %")


def line(label: str, found: dict[str, Any]) -> str:
    recall, listed, precision = (share(found[of]) for of in ("recall", "listed", "precision"))
    return (
        f"| {label} | {found['rows']:,} | {recall} | {listed} | {found['sure']:,} | {precision} |"
    )


# On the command line


@pytest.fixture(name="govkg_run")
def _govkg_run(request: pytest.FixtureRequest) -> Run:
    """The command, under a name that leaves the package its own."""
    return request.getfixturevalue("govkg")  # type: ignore[no-any-return]


def test_a_crosswalk_is_written_as_asked(govkg_run: Run, tmp_path: Path) -> None:
    words = ("crosswalk", "--from", "2019", "--to", "2021", "--within", "520103")
    rows = govkg.crosswalk(2019, 2021, within="520103")
    told = govkg_run(*words, "--format", "csv")
    assert pl.read_csv(told.stdout.encode(), schema=rows.schema).equals(rows)
    nested = json.loads(govkg_run(*words, "--format", "json").stdout)
    assert nested == rows.to_dicts()
    for suffix, read in ((".csv", pl.read_csv), (".parquet", pl.read_parquet)):
        file = tmp_path / f"walk{suffix}"
        said = govkg_run(*words, "-o", str(file))
        assert said.returncode == 0, said.stderr
        assert f"{rows.height} rows" in said.stdout
        assert read(file).height == rows.height
    assert govkg_run(*words, "-o", str(file)).returncode == 2
    assert govkg_run(*words, "-o", str(file), "--force").returncode == 0
    wrong = govkg_run(*words, "-o", str(tmp_path / "walk.xlsx"))
    assert (wrong.returncode, "ends in .csv or .parquet" in wrong.stderr) == (2, True)


def test_the_units_of_a_crosswalk(govkg_run: Run) -> None:
    words = ("--from", "2019", "--to", "2021", "--within", "520103", "--units", "--format", "json")
    lives = json.loads(govkg_run("crosswalk", *words).stdout)
    rows = govkg.crosswalk(2019, 2021, within="520103")
    asked = {*rows["unit"], *rows["new_unit"]} - {None}
    assert {row["unit"] for row in lives} == asked
    [ended] = [row for row in lives if row["code"] == "520103405"]
    assert (ended["first"], ended["last"]) == (2016, 2019)
    assert (ended["change"], ended["became"]) == ("kind-changed", "520103027")
