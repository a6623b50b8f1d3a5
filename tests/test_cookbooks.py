"""The how-to pages for other people's tools: their commands and their code run."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

import needs
from govkg import layout
from govkg.cli import app
from server_harness import serving

PAGES = [
    layout.ROOT / "docs" / "how-to" / f"{name}.{ending}"
    for name in ("excel", "gephi", "openrefine", "r")
    for ending in ("md", "zh.md")
]
LINES = {"excel": 4, "gephi": 2, "openrefine": 0, "r": 2}


def blocks(page: Path, kind: str) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_and_the_python_run(
    page: Path, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "default_build", lambda: home)
    monkeypatch.chdir(tmp_path)
    names = {"city": ["襄樊市", "白下区"], "year": [2005, 2010], "province": ["湖北", "江苏"]}
    pl.DataFrame(names).write_excel(tmp_path / "names.xlsx")
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    assert len(lines) == LINES[page.name.split(".")[0]]
    for line in lines:
        run(line)
    if page.name.startswith("excel"):
        assert pl.read_excel("resolved.xlsx")["code"].to_list() == ["420600", "320103"]
    for code in blocks(page, "python"):
        space: dict[str, object] = {}
        exec(compile(code, page.name, "exec"), space)  # noqa: S102 - our own page
        assert space["joined"]["code"].to_list() == ["420600", "320103"]  # type: ignore[index]


def run(line: str) -> None:
    """Run a line as a shell would: `>` puts what it prints into a file."""
    command, _, file = line.partition(" > ")
    done = CliRunner().invoke(app, shlex.split(command)[1:], catch_exceptions=False)
    assert done.exit_code == 0, (line, done.output)
    if file:
        Path(file).write_text(done.stdout, encoding="utf-8")


@pytest.mark.parametrize("name", ["r.md", "r.zh.md"])
def test_the_code_in_r_runs(
    name: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needs.R.demand()
    page = layout.ROOT / "docs" / "how-to" / name
    monkeypatch.setattr(layout, "default_build", lambda: home)
    monkeypatch.chdir(tmp_path)
    for block in blocks(page, "sh"):
        for line in block.splitlines():
            run(line)
    code = blocks(page, "r")
    assert len(code) == 3
    (tmp_path / "page.R").write_text("\n".join(code), encoding="utf-8")
    with serving(home) as client:
        environment = {
            **os.environ,
            "LC_ALL": "C.UTF-8",
            "GOVKG_ENDPOINT": f"{client.base_url}/sparql",
        }
        done = subprocess.run(
            ["Rscript", "page.R"], capture_output=True, text=True, env=environment, check=False
        )
    assert done.returncode == 0, done.stderr
    assert "Headship" in done.stdout
    assert " 350" in done.stdout  # as many facts as the article states
    assert "2011" in done.stdout
