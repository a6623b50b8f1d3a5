"""What several test modules share: one build of the real sources, the text where it is at hand."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import needs
from govkg import documents
from govkg.api import KnowledgeGraph
from govkg.build import build
from govkg.cli import main
from govkg.reference import search
from govkg.validation.engines import process, shacl_rust

if TYPE_CHECKING:
    from collections.abc import Callable

    from govkg.documents import SourceText
    from govkg.validation.result import Row

    Run = Callable[..., subprocess.CompletedProcess[str]]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "long: takes many seconds; runs first, lest one waits for it"
    )
    config.addinivalue_line("markers", "needs(need): runs where that is there; see needs.py")
    config.addinivalue_line("markers", "slow: left to `make check-slow`; see needs.is_slow")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if needs.is_slow(item):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for need in mark.args:
            need.demand()


@pytest.fixture(scope="module", autouse=True)
def _settled() -> None:
    """Spare what is there by now the collections that follow each run of pySHACL."""
    gc.collect()
    gc.freeze()


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
def names(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The index of all names, where commands with its folder as `--build` find it."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent / "names" if "PYTEST_XDIST_WORKER" in os.environ else base / "names"
    folder.mkdir(exist_ok=True)
    path = search.default_index(folder)
    with (folder / ".lock").open("w") as lock:  # the first process of a parallel run makes it
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.is_file():
            assert search.build_index(path) > 665_271  # and the names of before
    return path


@pytest.fixture(scope="session")
def source() -> SourceText:
    """The text of the article."""
    needs.ARTICLE.demand()
    found = documents.find_source(documents.document("usm2013"))
    assert found
    return found


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the jobs of shacl-rust here: for hundreds of small ones, processes only take time."""

    def call(job: dict[str, Any], _: process.Limits) -> list[Row]:
        return shacl_rust.run_job(job)

    monkeypatch.setattr(process, "call", call)


@pytest.fixture(scope="session")
def program() -> Run:
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
    needs.NODE.demand()
    folder = Path(__file__).parent / "readers"
    with (folder / "package.json").open() as locked:  # each process of a parallel run comes here
        fcntl.flock(locked, fcntl.LOCK_EX)
        wanted = (folder / "package-lock.json").read_bytes()
        had = folder / "node_modules" / ".installed"
        if not had.is_file() or had.read_bytes() != wanted:
            command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            had.write_bytes(wanted)
    return folder


@pytest.fixture(scope="session")
def govkg() -> Run:
    """Do what `program` does in this process, without the time that starting one takes."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        assert "PYTHONPATH" not in environment, "other sources need `program`"
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with (
            pytest.MonkeyPatch.context() as patch,
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            for name, value in {"LC_ALL": "C.UTF-8", **environment}.items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["govkg", *words])
            with pytest.raises(SystemExit) as end:
                main()
        told = [read.buffer.getvalue().decode().replace("\r\n", "\n") for read in (out, err)]
        return subprocess.CompletedProcess(words, int(end.value.code or 0), *told)

    return run
