"""The page on panels: its code prints what it says, its command answers, its figures hold."""

from __future__ import annotations

import io
import re
import shlex
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

import govkg as library
from govkg import layout

if TYPE_CHECKING:
    from conftest import Run

PAGE = (layout.ROOT / "docs" / "how-to" / "crosswalk.md").read_text(encoding="utf-8")
LINEAGES = (layout.ROOT / "docs" / "explanation" / "lineages.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(python|text)\n((?:.*\n)*?)```", PAGE)


def test_the_code_prints_what_the_page_says() -> None:
    names: dict[str, Any] = {}
    printed = ""
    texts = 0
    for kind, text in BLOCKS:
        if kind == "python":
            assert printed == "", "the page leaves out what is printed"
            out = io.StringIO()
            with redirect_stdout(out):
                exec(text, names)  # noqa: S102 - the page's own code
            printed = out.getvalue()
        else:
            assert printed == text
            printed, texts = "", texts + 1
    assert texts == 3


def test_the_command_answers(govkg: Run) -> None:
    [command] = re.findall(r"^\$ govkg (.*)$", PAGE, re.MULTILINE)
    found = govkg(*shlex.split(command))
    assert found.returncode == 0, found.stderr
    lines = found.stdout.splitlines()
    [shown] = re.findall(r"```console\n\$ .*\n((?:.*\n)*?)```", PAGE)
    for line in shown.splitlines():
        assert line == "..." or line in lines


def test_every_column_is_explained() -> None:
    from govkg.reference.crosswalk import COLUMNS
    from govkg.reference.lineage import CHANGES

    table = PAGE.partition("| column | is |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    assert re.findall(r"`(\w+)`", " ".join(cells)) == list(COLUMNS)
    assert {change for change in CHANGES if f"`{change}`" not in PAGE} == set()


def test_ten_lineages_are_those_of_the_data() -> None:
    lives = library.units("township")
    sections = re.split(r"^## \d+\. ", LINEAGES, flags=re.MULTILINE)[1:]
    assert len(sections) == 10
    for section in sections:
        cells = [line[2:-2].split(" | ") for line in section.splitlines() if line.startswith("| ")]
        header, *shown = ([cell.strip() for cell in row] for row in cells)
        assert header == lives.columns
        units = dict.fromkeys(row[0] for row in shown)
        found = [row for unit in units for row in lives.filter(unit=unit).iter_rows()]
        assert len(found) > 1
        assert shown == [["" if cell is None else str(cell) for cell in row] for row in found]
