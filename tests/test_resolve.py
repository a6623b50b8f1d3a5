"""Old and present names of places, against what is known of them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import FrozenInstanceError, replace
from typing import TYPE_CHECKING, Literal

import polars as pl
import pytest

import govkg
from govkg import layout
from govkg.analysis import divisions
from govkg.errors import AmbiguousName, ParameterError, SourceError, UnknownName
from govkg.reference import datasets
from govkg.reference.crosswalk import inside
from govkg.reference.resolve import find
from govkg.reference.succession import history

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ARTICLE = [
    ("小河区", 2010, "520114", ("520111", "花溪区", 2012), "贵州省 贵阳市 小河区"),
    ("白下区", 2010, "320103", ("320104", "秦淮区", 2013), "江苏省 南京市 白下区"),
    ("铜官山区", 2010, "340702", ("340705", "铜官区", 2015), "安徽省 铜陵市 铜官山区"),
    ("崇川区", 2010, "320602", ("320613", "崇川区", 2020), "江苏省 南通市 崇川区"),
]


@pytest.mark.parametrize(("name", "year", "code", "became", "path"), ARTICLE)
def test_the_article_s_places_and_what_became_of_them(
    name: str, year: int, code: str, became: tuple[str, str, int], path: str
) -> None:
    found = govkg.resolve(name, year=year)
    assert found.status == "found"
    [division] = found.divisions
    [step] = division.became
    assert (division.code, " ".join(division.path)) == (code, path)
    assert (step.code, step.name, step.year) == became
    assert (division.level, division.kind, division.today) == (3, "district", (step.code,))
    assert "gb2260-history" in division.datasets
    assert step.dataset == "division-changes"


def test_the_life_of_a_code_lies_between_lists() -> None:
    [division] = govkg.resolve("小河区", year=2010).divisions
    assert (division.began, division.ended) == ("[1999-12..2000-12]", "[2012-10..2013-08]")
    [division] = govkg.resolve("崇川区", year=2015).divisions
    assert (division.ended, division.ended_by) == ("[2020-06..2021-10]", "国函〔2020〕79号")
    assert division.datasets == ("gb2260-history", "nbs-series")


def test_a_list_labeled_a_year_early_doesn_t_hide_an_event() -> None:
    [division] = govkg.resolve("吴江市", year=2012).divisions
    assert [(step.code, step.year) for step in division.became] == [("320509", 2012)]


@pytest.mark.parametrize(
    ("name", "year", "code"),
    [
        ("崇川区", 2019, "320602"),
        ("崇川区", 2020, "320613"),  # the year of the change: what stands at its end
        ("崇川区", 2021, "320613"),
        ("崇川区", None, "320613"),
        ("铜官区", 2016, "340705"),
        ("襄樊市", 2005, "420600"),
        ("祁阳市", 2022, "431181"),
        ("西沙区", None, "460302"),
    ],
)
def test_the_code_is_that_of_the_year(name: str, year: int | None, code: str) -> None:
    assert [one.code for one in govkg.resolve(name, year=year).divisions] == [code]


@pytest.mark.parametrize(
    ("short", "year", "name"),
    [
        ("白下", 2010, "白下区"),
        ("贵阳", 2010, "贵阳市"),
        ("黔东南", 2010, "黔东南苗族侗族自治州"),
        ("内蒙古", 2010, "内蒙古自治区"),
        ("浦东", 2010, "浦东新区"),
        ("大兴安岭", 2010, "大兴安岭地区"),
        ("东乡族", 2010, "东乡族自治县"),
        (" 白 下 区 ", 2010, "白下区"),
    ],
)
def test_a_name_without_its_suffix(short: str, year: int, name: str) -> None:
    assert [one.name for one in govkg.resolve(short, year=year).divisions] == [name]


@pytest.mark.parametrize(
    ("name", "year", "codes"),
    [
        ("鼓楼区", 2010, ["320106", "320302", "350102", "410204"]),
        ("朝阳区", 2010, ["110105", "220104"]),
        ("铁山区", 2010, ["420205"]),
    ],
)
def test_ambiguous_names_list_their_candidates(name: str, year: int, codes: list[str]) -> None:
    found = govkg.resolve(name, year=year)
    assert found.status == ("ambiguous" if len(codes) > 1 else "found")
    assert [one.code for one in found.divisions] == codes


@pytest.mark.parametrize("within", ["南京", "南京市", "320100", "3201", "江苏省南京市"[3:]])
def test_within_narrows(within: str) -> None:
    found = govkg.resolve("鼓楼区", year=2010, within=within)
    assert [one.code for one in found.divisions] == ["320106"]


def test_within_may_leave_several_or_none() -> None:
    assert len(govkg.resolve("鼓楼区", year=2010, within="江苏").divisions) == 2
    assert govkg.resolve("白下区", year=2010, within="贵州").status == "unknown"


def test_townships_and_villages() -> None:
    [street] = govkg.resolve("潍坊新村街道", year=2020).divisions
    assert street.code == "310115004000"
    assert street.path == ("上海市", "浦东新区", "潍坊新村街道")
    assert street.datasets == ("nbs-series", "mca-townships")
    [village] = govkg.resolve("浮山后", year=2020).divisions
    assert (village.code, village.level, village.path[-2]) == ("370203025007", 5, "浮山新区街道")
    [older] = govkg.resolve("东华门街道办事处", year=2022).divisions
    assert (older.code, older.name) == ("110101001000", "东华门街道"), "the name of other years"


def test_a_name_of_other_years_is_not_guessed() -> None:
    found = govkg.resolve("白下区", year=2020)
    assert found.status == "other-years"
    assert [one.code for one in found.divisions] == ["320103"]
    assert govkg.resolve("潍坊新村街道", year=2010).status == "other-years"


def test_a_misspelled_name_is_not_guessed() -> None:
    found = govkg.resolve("白夏区", year=2010)
    assert (found.status, found.divisions) == ("unknown", ())
    assert "白下区" in found.near
    assert govkg.resolve("淮海路街道", year=2010).status == "unknown"
    assert govkg.resolve("潍坊街道", year=2020).near == ("潍坊新村街道",)


def test_rows_with_a_doubt_and_other_units_codes_are_no_successors() -> None:
    events = govkg.table("division-changes", "events")
    numbers = {step.number for life in history().lives.values() for step in life.ended_with}
    wrong = events.filter(pl.col("doubt").is_not_null() | (pl.col("type") == "code-reassigned"))
    assert len(wrong) > 600
    assert not numbers & set(wrong["number"])


def test_every_spell_is_found_in_its_own_years() -> None:
    lives = [one for one in history().lives.values() if one.begin <= min(one.end, 2026)]
    asked = [(one.spell.name, (one.begin + min(one.end, 2026)) // 2) for one in lives]
    frame = govkg.resolve_column([name for name, _ in asked], year=[year for _, year in asked])
    shares = dict(frame["status"].value_counts(normalize=True).iter_rows())
    assert shares["found"] > 0.95
    assert set(shares) == {"found", "ambiguous"}


def test_chains_end() -> None:
    lengths = [len(history().chain(life)) for life in history().lives.values()]
    assert max(lengths) < 20


@pytest.mark.parametrize(
    ("name", "year", "within", "error"),
    [
        ("", 2010, None, ParameterError),
        ("  ", 2010, None, ParameterError),
        ("白下区", 1979, None, ParameterError),
        ("白下区", 2027, None, ParameterError),
        ("白下区", 10**30, None, ParameterError),
        ("白下区", -(10**30), None, ParameterError),
        ("白下区", 2010, "金陵", UnknownName),
        ("白下区", 2010, "", UnknownName),
        ("白下区", 2010, "0", UnknownName),
        ("白下区", 2010, "1234567890123", UnknownName),
    ],
)
def test_bad_input(name: str, year: int, within: str | None, error: type[Exception]) -> None:
    with pytest.raises(error):
        govkg.resolve(name, year=year, within=within)


def test_answers_are_frozen() -> None:
    found = govkg.resolve("白下区", year=2010)
    with pytest.raises(FrozenInstanceError):
        found.name = "x"  # type: ignore[misc]


# Columns


def test_a_column_keeps_its_order() -> None:
    names = ["白下区", "鼓楼区", "白夏区", None, "崇川", "白下区", "鼓楼区"]
    frame = govkg.resolve_column(
        pl.Series(names), year=[2010, 2010, 2010, 2010, 2015, 2020, 2010],
        within=[None, None, None, None, None, None, "南京"],
    )  # fmt: skip
    assert frame["name"].to_list() == names
    assert frame["status"].to_list() == [
        "found", "ambiguous", "unknown", "empty", "found", "other-years", "found",
    ]  # fmt: skip
    assert frame["code"].to_list() == ["320103", None, None, None, "320602", None, "320106"]
    assert frame["today_code"].to_list()[:1] + frame["today_code"].to_list()[4:] == [
        "320104", "320613", None, "320106",
    ]  # fmt: skip
    assert frame["candidates"][1] == "320106 320302 350102 410204"
    assert frame["document"][4] == "国函〔2020〕79号"


def test_a_column_says_what_single_names_say() -> None:
    names = ["白下区", "小河区", "鼓楼", "朝阳", "潍坊新村街道", "浮山后", "没有这里县"]
    frame = govkg.resolve_column(names, year=2018)
    single = [govkg.resolve(name, year=2018) for name in names]
    assert frame["status"].to_list() == [one.status for one in single]
    codes = [one.divisions[0].code if one.status == "found" else None for one in single]
    assert frame["code"].to_list() == codes


def test_an_empty_column() -> None:
    assert len(govkg.resolve_column([], year=2010)) == 0
    assert len(govkg.resolve_column(pl.Series([], dtype=pl.String))) == 0


def test_missing_values_of_other_libraries() -> None:
    frame = govkg.resolve_column(["白下区", float("nan")], year=[2010.0, float("nan")])
    assert frame["status"].to_list() == ["found", "empty"]


@pytest.mark.parametrize(
    ("names", "year", "within"),
    [
        ("白下区", 2010, None),
        (7, 2010, None),
        (["白下区"], [2010, 2011], None),
        (["白下区"], 2010, ["江苏", "贵州"]),
    ],
)
def test_bad_columns(names: object, year: object, within: object) -> None:
    with pytest.raises(ParameterError):
        govkg.resolve_column(names, year=year, within=within)


def test_one_odd_cell_fails_no_column() -> None:
    import pandas as pd

    names = pd.array(["白下区", "白下区", pd.NA, "白下区", "", "白下区"], dtype="string")
    years = pd.array([2010, pd.NA, 2010, 1900, 2010, 10**12], dtype="Int64")
    within = ["江苏", None, None, None, None, "金陵"]
    frame = govkg.resolve_column(pd.Series(names), year=pd.Series(years), within=within)
    assert isinstance(frame, pd.DataFrame)
    assert list(frame["status"]) == [
        "found", "found", "empty", "year-out-of-range", "empty", "year-out-of-range",
    ]  # fmt: skip
    frame = govkg.resolve_column(["白下区"] * 3, year=2010, within=["江苏", "金陵", "贵州"])
    assert frame["status"].to_list() == ["found", "unknown-parent", "unknown"]


@pytest.mark.parametrize(
    ("year", "status"),
    [
        ("2010年", "found"),
        ("2010", "found"),
        (2010.0, "found"),
        ("2010-12-31", "found"),
        ("2010年末", "found"),
        ("soon", "bad-year"),
        (2010.5, "bad-year"),
        (1900, "year-out-of-range"),
        (-5, "year-out-of-range"),
    ],
)
def test_years_as_people_write_them(year: object, status: str) -> None:
    frame = govkg.resolve_column(["白下区"], year=[year])
    assert frame["status"].to_list() == [status]


def test_a_name_of_other_years_has_its_candidates() -> None:
    frame = govkg.resolve_column(["白下区"], year=2020)
    assert frame.select("status", "code", "candidates").row(0) == ("other-years", None, "320103")


def test_an_unknown_name_has_near_ones() -> None:
    frame = govkg.resolve_column(["白夏区", "白下区", "zzzz"], year=2010)
    assert "白下区" in frame["near"][0].split()
    assert frame["near"].to_list()[1:] == [None, None]


@pytest.mark.parametrize(("at", "code"), [("begin", "320602"), ("end", "320613")])
def test_the_year_of_a_change_has_two_ends(at: Literal["begin", "end"], code: str) -> None:
    assert [one.code for one in govkg.resolve("崇川区", year=2020, at=at).divisions] == [code]
    assert govkg.resolve_column(["崇川区"], year=2020, at=at)["code"].to_list() == [code]
    for year, same in ((2019, "320602"), (2021, "320613")):
        assert govkg.resolve_column(["崇川区"], year=year, at=at)["code"].to_list() == [same]


# Forms that people write


@pytest.mark.parametrize(
    ("written", "year", "code"),
    [
        ("湖北省襄樊市", 2005, "420600"),
        ("湖北省 襄樊市", 2005, "420600"),
        ("湖北襄樊", None, "420600"),
        ("湖北省-襄樊市", 2005, "420600"),
        ("江苏省南京市鼓楼区", 2010, "320106"),
        ("江苏南京鼓楼", 2010, "320106"),
        ("白下區", 2010, "320103"),
        ("瀋陽市", 2010, "210100"),
        ("恩施州", 2010, "422800"),
        ("伊犁州", 2010, "654000"),
        ("鄂温克旗", 2010, "150724"),
        ("广西壮族自治区", 2010, "450000"),
        ("420600", 2005, "420600"),
        ("420600000000", 2005, "420600"),
        ("4206", 2005, "420600"),
        ("420600.0", 2005, "420600"),
        ("Xiangfan", 2005, "420600"),
        ("Ürümqi", 2010, "650100"),
        ("襄樊市（今襄阳市）", 2005, "420600"),
        ("襄樊巿", 2005, "420600"),
        ("襄樊\u200b市", 2005, "420600"),
        ("\ufeff襄樊市", 2005, "420600"),
        ("湖北省省直辖县级行政区划仙桃市", 2010, "429004"),
        ("湖北省直辖仙桃市", 2010, "429004"),
        ("石家庄市市辖区长安区", 2010, "130102"),
        ("河北省石家庄市市辖区", 2010, "130101"),
    ],
)
def test_forms_that_people_write(written: str, year: int | None, code: str) -> None:
    found = govkg.resolve(written, year=year)
    assert [one.code for one in found.divisions] == [code]
    column = govkg.resolve_column([written, "白夏区"], year=year)
    assert column["code"].to_list() == [code, None]


def test_the_districts_of_a_city_together_need_a_parent() -> None:
    assert govkg.resolve("市辖区", year=2010).status == "ambiguous"
    [found] = govkg.resolve("市辖区", year=2010, within="石家庄市").divisions
    assert (found.code, found.kind) == ("130101", "placeholder")


@pytest.mark.parametrize("within", ["湖北省襄樊市", "湖北 襄樊", "420600", "湖北襄樊"])
def test_a_unit_above_in_these_forms(within: str) -> None:
    found = govkg.resolve("樊城区", year=2005, within=within)
    assert [one.code for one in found.divisions] == ["420606"]


# Namesakes


def test_a_name_of_two_levels_is_ambiguous_unless_the_level_is_said() -> None:
    found = govkg.resolve("铜仁市", year=2005)
    assert [one.code for one in found.divisions] == ["522200", "522201"]
    for level, code in ((2, "522200"), (3, "522201")):
        [one] = govkg.resolve("铜仁市", year=2005, level=level).divisions
        assert one.code == code
        assert govkg.resolve_column(["铜仁市"], year=2005, level=level)["code"][0] == code
    assert govkg.resolve("思茅市").status == "ambiguous"
    assert [one.code for one in govkg.resolve("衡水市").divisions] == ["131100"]


def test_each_row_of_a_column_may_say_its_level() -> None:
    import pandas as pd

    names, levels = ["铜仁市", "铜仁市", "铜仁市", "贵阳市", "贵阳市"], [2, 3, None, 3, 7]
    for given in (levels, pl.Series(levels), pd.Series(pd.array(levels, dtype="Int64"))):
        frame = govkg.resolve_column(names, year=2005, level=given)
        assert frame["code"].to_list() == ["522200", "522201", None, None, None]
        assert frame["status"].to_list() == [
            "found", "found", "ambiguous", "unknown", "bad-level",
        ]  # fmt: skip
    with pytest.raises(ParameterError, match="a column of 5 values"):
        govkg.resolve_column(names, year=2005, level=[2, 3])


def test_the_other_rows_of_a_column_decide_the_level() -> None:
    cities = ["贵阳市", "遵义市", "六盘水市", "安顺市", "铜仁市"]
    frame = govkg.resolve_column(cities, year=2005)
    assert frame["code"].to_list() == ["520100", "520300", "520200", "520400", "522200"]
    counties = ["江口县", "玉屏侗族自治县", "石阡县", "铜仁市"]
    frame = govkg.resolve_column(counties, year=2005)
    assert frame["code"].to_list()[-1] == "522201"
    assert govkg.resolve_column(["铜仁市"], year=2005)["status"].to_list() == ["ambiguous"]


@pytest.mark.parametrize(
    ("name", "year", "within", "today"),
    [
        ("上饶市", 1998, None, "361102"),
        ("许昌市", 1985, None, "411002"),
        ("衡水市", 1995, None, "131102"),
        ("毕节市", 2000, None, "520502"),
        ("大庸市", 1986, None, "430802"),
        ("思茅市", 1998, None, "530802"),
        ("枝江县", 1990, None, "420583"),
        ("枝城市", 1990, None, "420581"),
        ("淮阴市", 1998, None, "320800"),
        ("八道江区", 2005, None, "220602"),
        ("乌兰察布盟", 2000, None, "150900"),
        ("祁阳县", 2010, None, "431181"),
        ("下城区", 2010, None, "330105"),
    ],
)
def test_what_became_of_it_at_its_own_level(
    name: str, year: int, within: str | None, today: str
) -> None:
    level = 2 if name in {"淮阴市", "乌兰察布盟"} else 3
    frame = govkg.resolve_column([name], year=year, within=within, level=level)
    assert frame["today_code"].to_list() == [today]


def test_doubt_follows_what_confirms_a_correction() -> None:
    told = datasets.table("division-changes", "corrections").drop_nulls("new_code")
    for row in told.iter_rows(named=True):
        doubt = history().doubt(history().lives[row["old_code"], row["old_name"]]) or ""
        steps = history().chain(history().lives[row["old_code"], row["old_name"]])
        by_lists = any(step.confirmed == "lists" for step in steps)
        assert ("confirmed-by-lists-only" in doubt.split()) == by_lists
        assert by_lists or row["confirmed"] != "lists"
    frame = govkg.resolve_column(["石嘴山区", "下城区"], year=[2001, 2010])
    assert frame.select("today_code", "doubt").rows() == [
        ("640205", "confirmed-by-lists-only"), ("330105", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("confirmed", "sure"),
    [("approval", True), ("reference", True), ("lists", False), (None, False)],
)
def test_a_correction_that_nothing_else_confirms_is_doubted(
    confirmed: str | None, sure: bool
) -> None:
    life = history().lives[330103, "下城区"]
    [step] = life.ended_with
    life = replace(life, ended_with=[step._replace(confirmed=confirmed)])
    assert (history().doubt(life) is None) == sure


def test_a_division_that_was_divided_says_so() -> None:
    [city] = govkg.resolve("巢湖市", year=2005, level=2).divisions
    assert (city.today, city.doubt) == ((), "divided")


# Tables


def test_tables() -> None:
    assert govkg.table("nbs-divisions", "divisions").height == 665_271
    assert govkg.table("official-totals", "totals").schema["rounded"] == pl.Boolean
    with pytest.raises(UnknownName, match="nbs-divisions"):
        govkg.table("nbs-division", "divisions")
    with pytest.raises(UnknownName, match="divisions"):
        govkg.table("nbs-divisions", "division")


@pytest.mark.parametrize("content", [b"", b"PAR1 no table", None])
def test_a_table_that_can_t_be_read(
    content: bytes | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "reference" / "nbs-divisions"
    folder.mkdir(parents=True)
    shutil.copy(datasets.dataset("nbs-divisions").description, folder)
    if content is not None:
        (folder / "divisions.parquet").write_bytes(content)
    monkeypatch.setattr(layout, "DATA", tmp_path)
    with pytest.raises(SourceError, match=r"divisions\.parquet"):
        govkg.table("nbs-divisions", "divisions")


# The command


def test_the_command_writes_json(govkg: Run) -> None:
    found = govkg("resolve", "白下区", "--year", "2010", "--format", "json")
    [division] = json.loads(found.stdout)
    assert division["code"] == "320103"
    assert division["became"][0]["code"] == "320104"
    assert division["path"] == ["江苏省", "南京市", "白下区"]


def test_the_command_writes_csv_and_says_what_is_ambiguous(govkg: Run) -> None:
    found = govkg("resolve", "鼓楼区", "--year", "2010", "--format", "csv")
    assert found.returncode == 0
    rows = list(csv.DictReader(io.StringIO(found.stdout)))
    assert [row["code"] for row in rows] == ["320106", "320302", "350102", "410204"]
    assert "--within" in found.stderr
    narrowed = govkg("resolve", "鼓楼区", "--year", "2010", "--within", "南京")
    assert "320106" in narrowed.stdout
    assert "350102" not in narrowed.stdout
    assert narrowed.stderr == ""


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("白下区", "--year", "2020"), 1, "320103"),
        (("白夏区",), 1, "白下区"),
        (("白下区", "--year", "1900"), 2, "1980"),
        (("白下区", "--within", "金陵"), 2, "金陵"),
        (("",), 2, "name"),
    ],
)
def test_the_command_s_exit_codes(govkg: Run, words: tuple[str, ...], code: int, told: str) -> None:
    found = govkg("resolve", *words)
    assert (found.returncode, found.stdout) == (code, "")
    assert told in found.stderr
    assert len(found.stderr.splitlines()) == 1


# One finder of places


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("5201", 520100),
        ("贵阳市", 520100),
        ("贵阳", 520100),
        ("貴陽市", 520100),
        ("Guiyang", 520100),
        ("guiyang shi", 520100),
        ("贵州省贵阳市", 520100),
        ("江苏省南通市崇川区", 320613),
    ],
)
def test_a_place_of_a_list_is_found_in_the_forms_that_resolve_takes(place: str, code: int) -> None:
    assert find(divisions.listed(2023), place)["code"] == code * 10**6
    assert code * 10**6 in inside(place)


@pytest.mark.parametrize(
    ("place", "error", "said"),
    [
        ("朝阳区", AmbiguousName, "places are called '朝阳区': 110105 北京市"),
        ("贵阳城", UnknownName, "no place is called '贵阳城'; did you mean 阳城县 or 贵阳市"),
    ],
)
def test_unknown_and_ambiguous_places_are_told_alike(
    govkg: Run, place: str, error: type[Exception], said: str
) -> None:
    for ask in (lambda: find(divisions.listed(2023), place), lambda: inside(place)):
        with pytest.raises(error, match=said):
            ask()
    for words in ("analyze span --year 2023 --within", "crosswalk --from 2019 --to 2020 --within"):
        done = govkg(*words.split(), place)
        assert (done.returncode, done.stdout) == (2, "")
        assert said in done.stderr


def test_a_code_that_went_to_another_unit_is_not_its_former_name() -> None:
    with pytest.raises(UnknownName):
        find(divisions.listed(2023), "江苏省南通市港闸区")
