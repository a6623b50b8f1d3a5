"""What tests may skip for is told in one place, held to the pages, and counted in CI."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tools import skips

import needs
from govkg import layout

if TYPE_CHECKING:
    from pathlib import Path

NEEDS = [found for found in vars(needs).values() if isinstance(found, needs.Need)]
NEEDS += needs.SERVERS.values()
LIST = layout.ROOT / ".ci" / "bare-machine-skips.txt"
# Reasons of another kind: not what a machine has, but which it is.
SYSTEMS = {
    "test_attacks.py",
    "test_build.py",
    "test_exports.py",
    "test_formats.py",
    "test_lookups.py",
    "test_readers.py",
}


def test_every_need_has_its_own_reason_and_is_documented() -> None:
    assert len({need.reason for need in NEEDS}) == len(NEEDS) == 13
    page = (layout.ROOT / "docs" / "how-to" / "testing.md").read_text(encoding="utf-8")
    run = (layout.ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for need in NEEDS:
        assert f"`{need.flag}`" in page
        assert re.search(rf"^ *export\b.*\b{need.flag}=1", run, re.MULTILINE)


def test_what_a_bare_machine_skips_has_reasons_of_the_table() -> None:
    reasons = {line.partition(": ")[2] for line in skips.listed(LIST)}
    assert reasons == {need.reason for need in NEEDS} - {needs.SERVERS["oxigraph"].reason}


def test_no_test_skips_by_itself_for_what_a_machine_lacks() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in TESTS.glob("*.py")}
    skipping = {
        name for name, text in texts.items() if re.search(r"pytest\.(mark\.)?(skip|importor)", text)
    }
    assert skipping == SYSTEMS | {"needs.py", "test_needs.py"}
    for name in SYSTEMS:
        for line in re.findall(
            r"^.*(?:skipif\(|pytest\.skip\().*\n.*\n", texts[name], re.MULTILINE
        ):
            assert "sys.platform" in line or "on Linux" in line, line


def test_what_starts_servers_and_programs_is_left_to_the_slow_part() -> None:
    files = {path.stem: path.read_text(encoding="utf-8") for path in TESTS.glob("test_*.py")}
    starting = {
        name
        for name, text in files.items()
        if re.search(r"\bserv(ing|ed)\(|\b(NGINX|NODE|R|OWL_API|REGISTRIES)\.demand\(", text)
    }
    assert len(starting) > 5
    assert starting <= needs.SLOW_MODULES <= files.keys()


TESTS = layout.ROOT / "tests"
LACKING = needs.Need("GOVKG_REQUIRE_NOTHING", "nothing is not there", lambda: False)


def test_a_need_skips_fails_or_lets_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(LACKING.flag, raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^nothing is not there$"):
        LACKING.demand()
    monkeypatch.setenv(LACKING.flag, "1")
    with pytest.raises(pytest.fail.Exception, match="GOVKG_REQUIRE_NOTHING is set"):
        LACKING.demand()
    LACKING._replace(found=lambda: True).demand()


REPORT = """<testsuites><testsuite>
<testcase classname="tests.test_a" name="x"><skipped type="pytest.skip" message="no a"/></testcase>
<testcase classname="tests.test_a" name="y"><skipped type="pytest.skip" message="no a"/></testcase>
<testcase classname="tests.test_b" name="x"><skipped type="pytest.xfail" message="no b"/></testcase>
<testcase classname="tests.test_b" name="y"/>
</testsuite></testsuites>"""


@pytest.mark.parametrize(
    ("lines", "words", "code", "told"),
    [
        (None, [], 1, "test_a: no a   NOT LISTED"),
        ("", [], 1, "test_a: no a   NOT LISTED"),
        ("test_a: no a", [], 0, "2 of 4 tests skipped"),
        ("# test_a: no a", [], 1, "NOT LISTED"),
        ("test_b: no a", [], 1, "test_a: no a   NOT LISTED"),
        ("test_a: no a\ntest_c: no c", [], 0, "    2  test_a: no a\n"),
        ("test_a: no a\ntest_c: no c", ["--all"], 1, "test_c: no c   LISTED, NOT SKIPPED"),
        ("test_a: no a", ["--all"], 0, "2 of 4"),
    ],
)
def test_skips_are_compared_with_the_list(
    lines: str | None, words: list[str], code: int, told: str, tmp_path: Path
) -> None:
    report, allowed = tmp_path / "report.xml", tmp_path / "list.txt"
    report.write_text(REPORT, encoding="utf-8")
    allowed.write_text(lines or "", encoding="utf-8")
    command = [sys.executable, str(layout.ROOT / "tools" / "skips.py"), str(report), *words]
    command += [] if lines is None else [str(allowed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == code
    assert told in done.stdout
    assert done.stderr == ""


def test_a_report_of_no_test_is_no_pass(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text("<testsuites><testsuite/></testsuites>", encoding="utf-8")
    assert skips.main([str(report)]) == 1
