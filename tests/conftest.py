"""What several test modules share: one build of the real sources, the text where it is at hand."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from govkg import documents
from govkg.api import KnowledgeGraph
from govkg.build import build

if TYPE_CHECKING:
    from collections.abc import Callable

    from govkg.documents import SourceText

    Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build directory with a build of the sources as they are."""
    directory = tmp_path_factory.mktemp("home") / "build"
    build(directory)
    return directory


@pytest.fixture(scope="session")
def kg(home: Path) -> KnowledgeGraph:
    from govkg.build import current

    return KnowledgeGraph(current(home))


@pytest.fixture(scope="session")
def source() -> SourceText:
    """The text of the article; tests that need it are skipped without it."""
    found = documents.find_source(documents.document("usm2013"))
    if found is None:
        pytest.skip("the article is not at hand: put it in ../shared/source or set GOVKG_SOURCE")
    return found


@pytest.fixture(scope="session")
def govkg() -> Run:
    """Run the command line as a person would; give exit code, stdout and stderr."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "govkg", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", **environment},
        )

    return run


@pytest.fixture(scope="session")
def readers() -> Path:
    """The folder of other people's readers on Node, installed beside their lock file."""
    folder = Path(__file__).parent / "readers"
    if not shutil.which("npm"):
        if os.environ.get("GOVKG_REQUIRE_NODE"):
            pytest.fail("npm is not there, and GOVKG_REQUIRE_NODE is set")
        pytest.skip("npm is not there: install node to read what Gephi Lite would")
    with (folder / "package.json").open() as locked:  # each process of a parallel run comes here
        fcntl.flock(locked, fcntl.LOCK_EX)
        wanted = (folder / "package-lock.json").read_bytes()
        had = folder / "node_modules" / ".installed"
        if not had.is_file() or had.read_bytes() != wanted:
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            had.write_bytes(wanted)
    return folder
