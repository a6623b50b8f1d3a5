"""Builds: the same bytes each time, complete or not there at all, bad sources named by line."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from govkg import documents, layout
from govkg.api import open_graph
from govkg.build import MANIFEST, build, current
from govkg.errors import InputError, SourceError
from govkg.reference import rdf

if TYPE_CHECKING:
    from collections.abc import Callable

MOMENTS = 5  # at least as many states of the disk are seen, and each must answer
READ = (*rdf.DATASETS, *rdf.AUXILIARY, "official-totals")


def build_in_another_process(
    home: Path,
    environment: dict[str, str] | None = None,
    before: Callable[[], None] | None = None,
) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "govkg", "build", "--build", str(home)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
        preexec_fn=before,
    )


@pytest.fixture(scope="module")
def without_documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("old") / "build"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documents, "all_documents", list)
        build(home)
    return home


@pytest.fixture
def old_home(without_documents: Path, tmp_path: Path) -> Path:
    """A build directory whose current build is another one: the ontology without documents."""
    shutil.copytree(without_documents, tmp_path / "build")
    return tmp_path / "build"


def answers(home: Path) -> bool:
    return bool(open_graph(home).query("ASK { ?class a <http://www.w3.org/2002/07/owl#Class> }"))


def test_a_build_is_complete(home: Path) -> None:
    made = current(home)
    names = {path.name for path in made.directory.iterdir()}
    assert names == {"store", "govkg.nq", "govkg.trig", MANIFEST}
    lines = (made.directory / "govkg.nq").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert len(lines) == made.triples == sum(made.manifest.graphs.values())
    assert not any("_:" in line.split('"')[0] for line in lines), "a blank node in the dump"


def test_the_same_input_gives_the_same_bytes(home: Path, tmp_path: Path) -> None:
    with build_in_another_process(tmp_path / "again", {"PYTHONHASHSEED": "7"}) as process:
        assert process.wait() == 0
    one, other = current(home).directory, current(tmp_path / "again").directory
    for name in ("govkg.nq", "govkg.trig", MANIFEST):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


def test_the_dumps_hold_the_same_quads(home: Path) -> None:
    from govkg.store import Store

    directory = current(home).directory
    stores = [Store() for _ in range(2)]
    for store, name in zip(stores, ("govkg.nq", "govkg.trig"), strict=True):
        store.load(directory / name)
    assert stores[0].counts() == stores[1].counts() == current(home).manifest.graphs


def test_a_second_build_replaces_the_first_and_keeps_it_for_its_readers(old_home: Path) -> None:
    before = open_graph(old_home)
    old_size = len(before.store)
    made = build(old_home)
    assert current(old_home).directory == made.directory
    assert made.triples > old_size
    assert len(before.store) == old_size
    assert len(list(old_home.glob("graph-*"))) == 2
    build(old_home)
    assert len(list(old_home.glob("graph-*"))) == 1


@pytest.mark.long
@pytest.mark.skipif(sys.platform == "win32", reason="signals that stop are a thing of POSIX")
def test_killed_at_any_moment_the_old_build_still_answers(old_home: Path, tmp_path: Path) -> None:
    """A process that is stopped leaves the files that one killed there would leave."""
    moments: dict[tuple[tuple[str, int], ...], Path] = {}
    with build_in_another_process(old_home) as process:
        while process.poll() is None:
            time.sleep(0.005)
            process.send_signal(signal.SIGSTOP)
            os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WEXITED | os.WNOWAIT)
            if (seen := state(old_home)) not in moments:
                moments[seen] = tmp_path / f"moment-{len(moments)}"
                shutil.copytree(old_home, moments[seen])
            process.send_signal(signal.SIGCONT)
    assert process.returncode == 0
    assert len(moments) >= MOMENTS
    for moment in moments.values():
        assert answers(moment), moment.name
    assert any(list(moment.glob("tmp-*")) for moment in moments.values())


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a thing of POSIX")
def test_what_a_killed_build_leaves_is_cleared_by_the_next(old_home: Path) -> None:
    with build_in_another_process(old_home) as process:
        while process.poll() is None and not list(old_home.glob("tmp-*")):
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    assert answers(old_home)
    assert list(old_home.glob("tmp-*"))
    build(old_home)
    assert not list(old_home.glob("tmp-*"))


def state(home: Path) -> tuple[tuple[str, int], ...]:
    """Give the files of a build directory with their sizes."""
    files = (path for path in sorted(home.rglob("*")) if path.is_file())
    return tuple((str(path.relative_to(home)), path.stat().st_size) for path in files)


@pytest.mark.skipif(sys.platform == "win32", reason="file size limits are a thing of POSIX")
def test_with_a_full_disk_the_old_build_still_answers(old_home: Path) -> None:
    import resource

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))

    with build_in_another_process(old_home, before=no_room) as process:
        _, errors = process.communicate()
    assert process.returncode == 2, errors.decode()
    assert b"can't be written" in errors
    assert answers(old_home)


def test_without_a_manifest_there_is_no_build(home: Path, tmp_path: Path) -> None:
    broken = tmp_path / "build"
    shutil.copytree(home, broken)
    (current(broken).directory / MANIFEST).unlink()
    for directory in (broken, tmp_path / "nowhere"):
        with pytest.raises(InputError, match="run `govkg build` first"):
            current(directory)


@pytest.fixture
def own_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sources that a test may break."""
    for name in ("ontology", "data", "queries"):
        shutil.copytree(layout.ROOT / name, tmp_path / name)
        monkeypatch.setattr(layout, name.upper(), tmp_path / name)
    monkeypatch.setattr(layout, "ROOT", tmp_path)
    monkeypatch.setattr("govkg.build.ROOT", tmp_path)
    return tmp_path


def test_broken_turtle_is_named_by_file_and_line(own_sources: Path) -> None:
    path = own_sources / "data/documents/usm2013/broken.ttl"
    path.write_text("@prefix gov: <https://w3id.org/govkg/ontology#> .\n\ngov:a gov:b .\n", "utf-8")
    with pytest.raises(SourceError, match=r"broken\.ttl:3: .*mend the syntax here"):
        build(own_sources / "build")
    assert not (own_sources / "build").exists()


def test_a_file_that_is_not_utf8_is_named_by_line(own_sources: Path) -> None:
    path = own_sources / "data/documents/usm2013/broken.ttl"
    path.write_bytes("# one\n# 二".encode("gb18030"))
    with pytest.raises(SourceError, match=r"broken\.ttl:2: is not UTF-8"):
        build(own_sources / "build")


def test_a_broken_rule_is_named(own_sources: Path) -> None:
    (own_sources / "ontology/rules/99-broken.rq").write_text("CONSTRUCT { ?s ?p }", "utf-8")
    with pytest.raises(SourceError, match=r"99-broken\.rq: the query is not valid SPARQL"):
        build(own_sources / "build")


def test_the_manifest_knows_its_sources(home: Path) -> None:
    manifest = json.loads((current(home).directory / MANIFEST).read_text(encoding="utf-8"))
    read = {path for path in manifest["sources"] if path.startswith("data/")}
    there = {
        path.relative_to(layout.ROOT).as_posix()
        for folder in ("documents", *(f"reference/{name}" for name in READ))
        for path in (layout.DATA / folder).rglob("*")
        if path.is_file() and path.name != "LICENSE"
    }
    assert read == there
    assert str(Path.home()) not in json.dumps(manifest)
