"""The pages on asking: their code runs, their commands answer."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from govkg import layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Run

PAGE = (layout.ROOT / "docs" / "how-to" / "querying.md").read_text(encoding="utf-8")
CODE = re.findall(r"```(?:python|sparql)\n((?:.*\n)*?)```", PAGE)
COMMANDS = re.findall(r"^\$ (govkg .*)$", PAGE, re.MULTILINE)


@pytest.fixture
def shell() -> Iterator[InteractiveShell]:
    made = InteractiveShell()  # type: ignore[no-untyped-call]
    yield made
    made.reset()  # type: ignore[no-untyped-call]
    made.history_manager.end_session()  # type: ignore[union-attr]


def test_the_code_of_the_page_runs_as_cells(
    shell: InteractiveShell, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "default_build", lambda: home)
    assert len(CODE) == PAGE.count("```python") + PAGE.count("```sparql") >= 7
    for code in CODE:
        shell.run_cell(code).raise_error()  # type: ignore[no-untyped-call]
    assert len(shell.user_ns["offices"]) > 0
    assert len(shell.user_ns["frame"]) == len(shell.user_ns["founded"]) > 0


@pytest.mark.parametrize("command", COMMANDS)
def test_the_commands_of_the_page_answer(govkg: Run, home: Path, command: str) -> None:
    words = shlex.split(command)[1:]
    where = [] if words[0] in {"queries", "source"} else ["--build", str(home)]
    found = govkg(*words, *where)
    assert found.returncode == 0, found.stderr
    assert found.stdout


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 6


def test_the_code_on_tables_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "default_build", lambda: home)
    page = (layout.ROOT / "docs" / "how-to" / "places.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n((?:.*\n)*?)```", page)
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102 - our own page
    assert names["in_2018"].height > 3_000
