"""The README's commands, run; its answers, compared."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from govkg import layout

if TYPE_CHECKING:
    from conftest import Run

README = (layout.ROOT / "README.md").read_text(encoding="utf-8")
CONSOLES = re.findall(r"```console\n\$ (govkg .*)\n((?:.*\n)*?)```", README)
PYTHON = re.findall(r"```python\n((?:.*\n)*?)```", README)


def test_there_are_answers_to_compare() -> None:
    assert len(CONSOLES) >= 3
    assert README.count("```console") == len(CONSOLES)
    assert len(PYTHON) == 1


@pytest.mark.parametrize(("command", "answer"), CONSOLES, ids=lambda value: value[:30].strip())
def test_the_answer_is_the_real_one(govkg: Run, home: Path, command: str, answer: str) -> None:
    words = shlex.split(command)[1:]
    if words[0] in {"assess", "query"}:
        words += ["--build", str(home)]
    assert govkg(*words, LC_ALL="en_US.UTF-8").stdout == answer


def test_the_python_runs(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(layout, "default_build", lambda: home)
    exec(compile(PYTHON[0], "README.md", "exec"), {})  # noqa: S102 - our own README
    assert "贵阳市 https://w3id.org/govkg/id/claim/usm2013-s074-1" in capsys.readouterr().out


def test_the_command_is_on_the_path_as_the_page_says() -> None:
    [line] = re.findall(r"^    (source .*)$", README, re.MULTILINE)
    assert README.index(line) < README.index("$ govkg")
    assert line == "source .venv/bin/activate"
    makefile = (layout.ROOT / "Makefile").read_text(encoding="utf-8")
    assert "BIN := .venv/bin\n" in makefile
    place = Path(sys.prefix).parent  # wherever these tests were installed
    if (place / ".venv").exists():
        where = subprocess.run(
            ["bash", "-c", f"{line} && command -v govkg"],
            cwd=place, capture_output=True, text=True, check=True,
        ).stdout.strip()  # fmt: skip
        assert Path(where).samefile(Path(sys.prefix) / "bin" / "govkg")


def test_the_make_targets_exist() -> None:
    makefile = (layout.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`?make ([a-z]+)", README)) - {"for"}
    assert targets >= {"run", "test", "help"}
    for target in targets:
        assert re.search(rf"^{target}:.*## ", makefile, re.MULTILINE), target
