"""The search of names: its index, its questions, its command."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

import polars as pl
import pytest

from govkg.errors import InputError, ParameterError
from govkg.languages import fold, fold_reading
from govkg.reference import datasets
from govkg.reference.kinds import COUNTY
from govkg.reference.romanize import divide
from govkg.reference.search import build_index, default_index, open_index, pairs, search

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

QINGDAO = 3702


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("浮山后", "370203025007"),
        ("浮山后社区居委会", "370203025007"),
        ("山后社区居委会", None),
        ("鼓楼", "320106000000"),
        ("鼓樓區", "320106000000"),
        ("臺江", "350103000000"),
        ("貴陽", "520100000000"),
        ("乾县", "610424000000"),
        ("fushanhou", "370203025007"),
        ("Fu Shan Hou", "370203025007"),
        ("Nanming District", "520102000000"),
        ("nanmingqu", "520102000000"),
        ("guizh", "520000000000"),
        ("Xi'an", "610100000000"),
        ("xian", "610100000000"),
        ("chongqing", "500000000000"),
        ("lvliang", "141100000000"),
        ("Lüliang", "141100000000"),
        ("Urumqi", "650100000000"),
        ("Ürümqi", "650100000000"),
        ("１２３街", "420107013002"),
        ("浮", "141027000000"),
        ("㘵", None),
        ("𡐓", "420602006207"),
        ("白下", "320103000000"),
        ("襄樊", "420600000000"),
        ("xiangfan", "420600000000"),
        ("minhang", "310112000000"),
        ("Foping County", "610730000000"),
        ("botou", "130981000000"),
    ],
)
def test_what_is_found_first(names: Path, question: str, code: str | None) -> None:
    found = search(names, question)
    assert found
    if code:
        assert found[0].code == code


def test_whole_names_then_beginnings_then_parts(names: Path) -> None:
    found = [one.name for one in search(names, "浮山", 100)]
    begins = [name.startswith("浮山") for name in found]
    assert begins == sorted(begins, reverse=True)
    assert not all(begins)
    exact = [one.name == "东风村" for one in search(names, "东风村", 500)]
    assert exact == sorted(exact, reverse=True)
    assert exact[0]


def test_the_path_leaves_placeholders_out(names: Path) -> None:
    [found, *_] = search(names, "东华门街道")
    assert found.path == ("北京市", "东城区", "东华门街道")
    assert not any(one.kind == "placeholder" for one in search(names, "市辖区", 100))


def test_names_of_before_say_until_when(names: Path) -> None:
    [before] = [one for one in search(names, "白下区") if one.level == 3]
    assert (before.last, before.path) == ("2012-10", ("江苏省", "南京市", "白下区"))
    [renamed, *_] = search(names, "襄樊市")
    assert (renamed.name, renamed.last) == ("襄樊市", "2010-10")
    [today, *_] = search(names, "襄阳市")
    assert (today.code, today.last) == (renamed.code, None)


def test_one_character_finds_it_anywhere(names: Path) -> None:
    found = {one.name for one in search(names, "㘵", 100)}
    assert any(name.startswith("㘵") for name in found)
    assert any("㘵" in name[1:] for name in found)


def test_the_limit_holds(names: Path) -> None:
    for limit in (1, 7, 50):
        assert len(search(names, "村", limit)) == limit


def test_nothing_is_found(names: Path) -> None:
    assert search(names, "没有这样的地方") == []
    assert search(names, "zzzz") == []
    assert search(names, "xian" * 20 + "q") == []


@pytest.mark.parametrize("question", ["", "  ", '"', "*", "^$", "村" * 101])
def test_questions_that_ask_nothing(names: Path, question: str) -> None:
    with pytest.raises(ParameterError):
        search(names, question)


@pytest.mark.parametrize(
    "question", ['a" OR "b', "浮山后*", "pairs : 浮", "NEAR(浮 山)", "浮-山'后"]
)
def test_signs_of_the_query_language_are_no_commands(names: Path, question: str) -> None:
    assert search(names, question) == search(names, "".join(filter(str.isalnum, question)))


def test_a_limit_below_one(names: Path) -> None:
    with pytest.raises(ParameterError):
        search(names, "浮山后", 0)


def test_broken_indexes(names: Path, tmp_path: Path) -> None:
    other, cut, text = (tmp_path / name for name in ("other.sqlite", "cut.sqlite", "text.sqlite"))
    sqlite3.connect(other).close()
    cut.write_bytes(names.read_bytes()[: 1 << 20])
    text.write_text("no database at all, but long enough to be looked at\n" * 40)
    for path in (other, cut, text, tmp_path / "missing.sqlite"):
        with pytest.raises(InputError, match=path.name):
            search(path, "浮山后")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Leave counties and what is above, and Qingdao: soon indexed. Count the divisions."""
    kept = (pl.col("level") <= COUNTY) | (pl.col("code") // 10**8 == QINGDAO)
    whole = datasets.table

    def table(of: str, name: str) -> pl.DataFrame:
        found = whole(of, name)
        return found.filter(kept) if (of, name) == ("nbs-divisions", "divisions") else found

    monkeypatch.setattr("govkg.reference.search.table", table)
    return table("nbs-divisions", "divisions").height


def test_a_newer_index_replaces_the_older(few: int, tmp_path: Path) -> None:
    old = tmp_path / "names-0000000000000000.sqlite"
    old.write_bytes(b"")
    new = default_index(tmp_path)
    count = build_index(new)
    assert sorted(tmp_path.iterdir()) == [new]
    with open_index(new) as db:
        [found] = db.execute("SELECT count(*) FROM divisions").fetchone()
    assert few < found == count < few + 10_000  # and the names of before


def test_an_index_that_can_t_be_written(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(InputError, match="can't be written"):
        build_index(blocked / "names.sqlite")


def test_folding() -> None:
    assert (
        fold("鼓樓 Ａ１（區）", lambda char: {"樓": "楼", "區": "区"}.get(char, char)) == "鼓楼a1区"
    )
    assert fold_reading("Lǚliáng") == "luliang"
    assert fold_reading("nvwa") == "nuwa"
    assert pairs("浮") == ["^浮", "浮$"]


def test_dividing_letters() -> None:
    known = {"xi", "an", "xian", "gui", "yang", "yan"}
    assert list(divide("xian", known)) == [["xian"], ["xi", "an"]]
    assert list(divide("guiy", known)) == []
    assert list(divide("guiya", known, open_end=True)) == [["gui", "ya"]]
    assert list(divide("xian" * 50 + "q", known)) == []


@pytest.mark.usefixtures("few")
def test_the_command_builds_its_index_once(govkg: Run, tmp_path: Path) -> None:
    words = ("find", "浮山后", "--format", "json", "--build", str(tmp_path / "build"))
    first, second = govkg(*words), govkg(*words)
    assert "index of names" in first.stderr
    assert second.stderr == ""
    assert first.stdout == second.stdout
    [found] = json.loads(first.stdout)
    assert found["code"] == "370203025007"
    assert len(list((tmp_path / "build").iterdir())) == 1


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("没有这样的地方",), 1, "没有这样的地方"),
        (("",), 2, "nothing to look for"),
        (("浮山后", "--limit", "0"), 2, "limit"),
    ],
)
def test_the_command_s_exit_codes(
    govkg: Run, names: Path, words: tuple[str, ...], code: int, told: str
) -> None:
    found = govkg("find", *words, "--build", str(names.parent))
    assert (found.returncode, found.stdout) == (code, "")
    assert told in found.stderr
    assert len(found.stderr.splitlines()) == 1
