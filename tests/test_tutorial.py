"""The tutorial: its commands run, they print what it shows, and the notebook is what it says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient
from typer.testing import CliRunner

from govkg import layout
from govkg.cli import app

if TYPE_CHECKING:
    from collections.abc import Iterator

TUTORIALS = Path(__file__).parents[1] / "docs" / "tutorials"
PAGES = {"en": "first-questions.md", "zh": "first-questions.zh.md"}
LANGUAGES = ("en", "zh")
_BLOCK = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMANDS = 9


def blocks(language: str) -> list[tuple[str, list[str]]]:
    """Give the sh and text blocks, each with its lines."""
    text = (TUTORIALS / PAGES[language]).read_text(encoding="utf-8")
    return [(kind, body.splitlines()) for kind, body in _BLOCK.findall(text)]


def commands(language: str) -> list[str]:
    return [line for kind, lines in blocks(language) if kind == "sh" for line in lines]


def test_both_languages_have_the_same_commands() -> None:
    english = [line.replace("--lang en", "--lang zh") for line in commands("en")]
    assert english == commands("zh")
    assert len(english) == _COMMANDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_runs_and_prints_what_is_shown(
    language: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "default_build", lambda: home)
    monkeypatch.chdir(tmp_path)
    printed, shown = "", 0
    for kind, lines in blocks(language):
        if kind == "sh":
            printed = "\n".join(map(run, lines))
            continue
        for line in lines:
            assert squeeze(line) in squeeze(printed), line
            shown += 1
    assert shown == 6
    made = {path.name for path in tmp_path.iterdir()}
    assert made >= {"institutions.gexf", "reform.svg", "guiyang-2018.svg"}


def run(line: str) -> str:
    program, *words = shlex.split(line)
    assert program == "govkg"
    done = CliRunner().invoke(app, words, catch_exceptions=False)
    assert done.exit_code == 0, (line, done.output)
    return done.stdout


def squeeze(text: str) -> str:
    """Leave out how wide the columns are."""
    return re.sub(r" +", " ", text)


def test_the_notebook_gives_the_outputs_that_it_holds(tmp_path: Path) -> None:
    held: Any = nbformat.read(TUTORIALS / "first-questions.ipynb", as_version=4)
    fresh: Any = nbformat.from_dict(held)
    NotebookClient(fresh, resources={"metadata": {"path": str(tmp_path)}}, timeout=60).execute()
    assert list(told(fresh)) == list(told(held))
    assert sum(1 for _ in told(held)) == 10


def told(notebook: Any) -> Iterator[str]:  # noqa: ANN401 - nbformat has no types
    """Yield what each cell prints, however the kernel cut it, without what goes to stderr.

    Pictures are only named: fonts differ between machines.
    """
    for cell in notebook.cells:
        texts = []
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            if output.output_type == "stream":
                texts.append(output.text if output.name == "stdout" else "")
            else:
                picture = "image/png" in output.data
                texts.append("picture" if picture else output.data["text/plain"])
        if texts:
            yield "".join(texts)
