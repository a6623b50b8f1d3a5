"""The wheel: it carries its data, and `govkg run` works from it alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from govkg import layout

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(command, cwd=layout.ROOT, check=True, capture_output=True)
    [made] = out.glob("*.whl")
    return made


def test_the_wheel_carries_ontology_data_and_queries(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    for folder in layout.FOLDERS:
        files = [path for path in (layout.ROOT / folder).rglob("*") if path.is_file()]
        assert len(files) > 20
        for path in files:
            assert f"govkg/resources/{path.relative_to(layout.ROOT).as_posix()}" in inside


@pytest.mark.long
def test_run_works_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    place, here = tmp_path / "site", tmp_path / "here"
    here.mkdir()
    zipfile.ZipFile(wheel).extractall(place)
    environment = {**os.environ, "PYTHONPATH": str(place), "PYTHONUTF8": "1"}
    found = subprocess.run(
        [sys.executable, "-c", "import govkg; print(govkg.__file__)"],
        capture_output=True, text=True, env=environment, cwd=here, check=True,
    )  # fmt: skip
    assert found.stdout.startswith(str(place)), "not the wheel's own code"
    command = [sys.executable, "-m", "govkg", "run", "--lang", "en"]
    found = subprocess.run(
        command, capture_output=True, text=True, env=environment, cwd=here, check=False
    )
    assert found.returncode == 0, found.stdout + found.stderr
    steps = re.findall(r"^(\w+) +\d+\.\d s", found.stdout, re.MULTILINE)
    assert steps == ["build", "validate", "query", "export", "total"]
    [counts] = re.findall(
        r"(\d+) shape constraints \(pyshacl\) and (\d+) checks ran: 0 violations", found.stdout
    )
    assert int(counts[0]) > 100
    assert int(counts[1]) > 20
    assert "claim:usm2013-s074-1" in found.stdout
    assert "Guiyang" in found.stdout
    assert (here / "build" / "CURRENT").is_file()
    assert (here / "build" / "institutions.gexf").is_file()
    [told] = re.findall(r"^Try next:\n((?:  .+\n)+)", found.stdout, re.MULTILINE)
    lines = told.splitlines()
    assert len(lines) == 5
    validating = [line for line in lines if " validate " in line]  # `run` has just done it;
    assert len(validating) == 1  # the line itself is run by .ci/bare-machine
    for line in set(lines) - set(validating):  # each as it is printed
        done = subprocess.run(
            ["bash", "-c", line],
            capture_output=True,
            text=True,
            env=environment,
            cwd=here,
            check=False,
        )
        assert done.returncode == 0, line + done.stdout + done.stderr
        assert done.stdout or "export" in line
    assert (here / "a.gexf").is_file()


def test_the_wheel_says_how_its_extras_are_installed(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(place)
    code = "from govkg.errors import MissingLibrary; print(MissingLibrary('it', 'server'))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": str(place)},
    )  # fmt: skip
    assert re.fullmatch(r"this takes it: (\S+/)?pip install 'govkg\[server\]'\n", found.stdout)
