"""`govkg resolve --file`: columns of names in files as people have them."""

from __future__ import annotations

import csv
import io
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest
from typer.testing import CliRunner, Result

from govkg.cli import app
from govkg.errors import GovkgError, MissingLibrary

if TYPE_CHECKING:
    from pathlib import Path

PANEL = """place,of,when,note
任港街道,崇川区,2018,=1+1
多福巷社区,东华门街道,2020,
中华社区服务中心,云岩区,2016,007
城关镇,,2018,
没有这里,,2018,
白下区,南京,2010年,
,,2010,
白下区,金陵宫,2010,
"""
CODES = ["320602003000", "110101001001", "520103400000", "", "", "320103", "", ""]
STATUS = ["found", "found", "found", "ambiguous", "unknown", "found", "empty", "unknown-parent"]
ASKED = ("--name", "place", "--year", "when", "--parent", "of")


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["resolve", *words])


def refusal(*words: str) -> str:
    done = run(*words)
    error = done.exception
    assert isinstance(error, GovkgError), done.output
    assert error.exit_code == 2
    assert "\n" not in str(error)
    return str(error)


@pytest.fixture
def panel(tmp_path: Path) -> Path:
    path = tmp_path / "names.csv"
    path.write_text(PANEL, encoding="utf-8")
    return path


def test_a_column_of_a_csv_file(panel: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = run("--file", str(panel), *ASKED, "-o", str(out))
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [row["status"] for row in rows] == STATUS
    assert [row["code"] for row in rows] == CODES
    assert [row["place"] for row in rows][:2] == ["任港街道", "多福巷社区"]
    assert rows[2]["note"] == "007"
    assert (rows[0]["first"], rows[0]["last"], rows[0]["change"]) == ("2015", "2020", "recoded")
    assert rows[0]["path"] == "江苏省 南通市 崇川区 任港街道"
    assert rows[2]["today_code"] == "520103021000"
    counts = "4 found, 1 ambiguous, 1 empty, 1 unknown, 1 unknown-parent."
    assert done.stderr.endswith(f"out.csv: 8 rows; {counts}\n")


def test_a_workbook_in_and_out_keeps_codes_as_text(panel: Path, tmp_path: Path) -> None:
    book, out, again = (tmp_path / f"{name}.xlsx" for name in ("names", "out", "again"))
    pl.read_csv(panel, infer_schema=False).write_excel(book)
    assert run("--file", str(book), *ASKED, "-o", str(out)).exit_code == 0
    found = pl.read_excel(out)
    assert found["status"].to_list() == STATUS
    assert found.schema["code"] == pl.String
    assert found["code"].fill_null("").to_list() == CODES
    assert found["note"].to_list()[:3] == ["=1+1", None, "007"]
    assert run("--file", str(book), *ASKED, "-o", str(again)).exit_code == 0
    assert again.read_bytes() == out.read_bytes()


def test_a_file_of_another_encoding(tmp_path: Path) -> None:
    path, out = tmp_path / "gbk.csv", tmp_path / "out.csv"
    path.write_bytes("place,when\nA,2010\n白下区,2010\n".encode("gb18030"))
    words = ("--file", str(path), "--name", "place", "--year", "when", "-o", str(out))
    told = refusal(*words)
    assert f"{path}:3:" in told
    assert "--encoding gb18030" in told
    assert not out.exists()
    assert run(*words, "--encoding", "gb18030").exit_code == 0
    assert "320103" in out.read_text(encoding="utf-8")
    assert "no encoding" in refusal(*words, "--force", "--encoding", "klingon")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is empty"),
        (b"\n", "is empty"),
        (b"place,when,place\n", "two columns are called 'place'"),
        (b"where,when\n", "no column 'place'; it has where, when"),
        (b"place,when\n\xe7\x99\xbd,2010,3\n", "row 2 has 3 cells"),
        (b'place,when\n"a,2010\n', "is no CSV"),
        ("place,when\n白,2010\n".encode() + "白下,2010\n".encode("gbk"), ":3: is not utf-8"),
        ("place,when\n".encode("utf-16-le"), "--encoding utf-16"),
    ],
)
def test_bad_files(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_bytes(content)
    words = ("--file", str(path), "--name", "place", "--year", "when")
    assert told in refusal(*words, "-o", str(tmp_path / "out.csv"))


LEVELS = """city,when,of,tier
铜仁市,2005,,2
铜仁市,2005,,3
铜仁市,2005,,
衡水市,1995,河北,2.0
衡水市,1995,河北,3
贵阳市,2005,,prefecture
江口县,2005,,2
"""


def test_a_column_of_levels(tmp_path: Path) -> None:
    path, out = tmp_path / "names.csv", tmp_path / "out.csv"
    path.write_text(LEVELS, encoding="utf-8")
    words = ("--file", str(path), "--name", "city", "--year", "when", "--parent", "of")
    done = run(*words, "--level", "tier", "-o", str(out))
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8"))))
    assert [(row["status"], row["code"]) for row in rows] == [
        ("found", "522200"), ("found", "522201"), ("ambiguous", ""), ("found", "133000"),
        ("found", "133001"), ("bad-level", ""), ("unknown", ""),
    ]  # fmt: skip
    assert run(*words, "--level", "3", "-o", str(out), "--force").exit_code == 0
    [_, second, *_] = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))
    assert second["code"] == "522201"


def test_levels_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(LEVELS, encoding="utf-8")
    words = ("--file", str(path), "--name", "city", "-o", str(tmp_path / "out.csv"))
    known = "the file has no column 'level'; it has city, when, of, tier."
    assert refusal(*words, "--level", "level") == known
    assert "from 1 (province) to 5 (village), not 6" in refusal(*words, "--level", "6")
    assert "not 'two'" in refusal("铜仁市", "--level", "two")
    assert "not 6" in refusal("铜仁市", "--level", "6")


def test_files_that_are_not_there_or_no_tables(panel: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out.csv")
    assert "is no file" in refusal("--file", str(tmp_path / "x.csv"), *ASKED, "-o", out)
    assert "ends in .csv or .xlsx" in refusal("--file", "x.ods", *ASKED, "-o", out)
    assert "ends in .csv or .xlsx" in refusal("--file", str(panel), *ASKED, "-o", "out.txt")
    fake = tmp_path / "fake.xlsx"
    fake.write_bytes(b"no workbook")
    assert "is no workbook" in refusal("--file", str(fake), *ASKED, "-o", out)
    assert "no column 'year'" in refusal(
        "--file", str(panel), "--name", "place", "--year", "year", "-o", out
    )


def test_nothing_is_overwritten_unasked(panel: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("mine", encoding="utf-8")
    assert "--force" in refusal("--file", str(panel), *ASKED, "-o", str(out))
    assert out.read_text(encoding="utf-8") == "mine"
    assert run("--file", str(panel), *ASKED, "-o", str(out), "--force").exit_code == 0


def test_columns_of_the_file_keep_their_names(tmp_path: Path) -> None:
    path, out = tmp_path / "names.csv", tmp_path / "out.csv"
    path.write_text("name,code,status\n白下区,0110,x\n", encoding="utf-8")
    words = ("--file", str(path), "--name", "name", "--year", "2010", "-o", str(out))
    done = run(*words)
    assert "1 found." in done.stderr
    [row] = csv.DictReader(io.StringIO(out.read_text(encoding="utf-8")))
    assert (row["code"], row["status"], row["code_found"]) == ("0110", "x", "320103")


@pytest.mark.parametrize(
    "words", [(), ("白下区", "--file", "x.csv"), ("--file", "x.csv"), ("白下区", "--name", "x")]
)
def test_a_name_or_a_file(words: tuple[str, ...]) -> None:
    assert "--file" in refusal(*words)


def test_without_the_library_of_workbooks(
    panel: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    for words in (
        ("--file", str(panel), *ASKED, "-o", str(tmp_path / "out.xlsx")),
        ("--file", str(_empty(tmp_path)), *ASKED, "-o", str(tmp_path / "out.csv")),
    ):
        assert isinstance(run(*words).exception, MissingLibrary)


def _empty(folder: Path) -> Path:
    path = folder / "empty.xlsx"
    path.write_bytes(b"")
    return path
