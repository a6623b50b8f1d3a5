"""The files of a release: the same bytes twice, and what they say of themselves is so."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from rdflib import DCAT, VOID, Graph

from govkg import layout, queries, textfile
from govkg.build import Build

sys.path.insert(0, str(layout.ROOT))

from tools import release

if TYPE_CHECKING:
    from govkg.api import KnowledgeGraph


@pytest.fixture(scope="module")
def released(kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("one") / "release"
    release.write(kg.build, folder)
    return folder


def test_a_release_has_the_same_bytes_twice(
    kg: KnowledgeGraph, released: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    again.mkdir()
    (again / "left.txt").write_text("from an earlier release", encoding="utf-8")
    release.write(kg.build, again)
    one, other = (
        {path.name: path.read_bytes() for path in folder.iterdir()} for folder in (released, again)
    )
    assert one == other
    assert [path.name for path in tmp_path.iterdir()] == ["again"]


def test_the_sums_are_those_of_every_file(released: Path) -> None:
    lines = (released / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    told = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert told == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in released.iterdir()
        if path.name != "SHA256SUMS"
    }


def test_the_quads_are_all_there(kg: KnowledgeGraph, released: Path) -> None:
    content = gzip.decompress((released / "govkg.nq.gz").read_bytes())
    assert content.count(b"\n") == len(kg.store)


def test_the_description_names_every_file_and_counts(kg: KnowledgeGraph, released: Path) -> None:
    base = "https://example.org/release/"
    graph = Graph().parse(released / "release.ttl", publicID=base + "release.ttl")
    files = {str(one).removeprefix(base) for one in graph.objects(predicate=DCAT.distribution)}
    own = {"SHA256SUMS", "index.html", "release.ttl"}
    assert files == {path.name for path in released.iterdir()} - own
    for file, size in graph.subject_objects(DCAT.byteSize):
        assert (released / str(file).removeprefix(base)).stat().st_size == int(str(size))
    [whole] = graph.subjects(VOID.dataDump)
    assert int(str(graph.value(whole, VOID.triples))) == kg.build.triples


def test_a_large_network_is_released_as_tables_only_and_the_page_says_so(
    kg: KnowledgeGraph, tmp_path: Path
) -> None:
    files = {path.name for path in release.write(kg.build, tmp_path / "release", most=1000)}
    of_large = {name for name in files if name.startswith("claims-evidence")}
    assert of_large == {
        "claims-evidence-edges.csv",
        "claims-evidence-edges.parquet",
        "claims-evidence-nodes.csv",
        "claims-evidence-nodes.parquet",
        "claims-evidence.csv.json",
        "claims-evidence.parquet.json",
    }
    assert {"argument.gexf", "argument.graphml"} <= files
    page = html.fromstring((tmp_path / "release" / "index.html").read_text(encoding="utf-8"))
    sections = html.tostring(page, encoding="unicode").split("<h2>")[2:]
    assert [one.partition(":")[0] for one in sections] == sorted(queries.catalog("networks"))
    said = {one.partition(":")[0] for one in sections if "as CSV and Parquet only" in one}
    assert said == {"claims-evidence"}


def test_only_a_national_release_has_the_villages() -> None:
    every = sorted(queries.catalog("networks"))
    for scope in ("document", "township"):
        assert sorted(one.name for one in release.asked(scope)) == every
    more = {one.name: one.params for one in release.asked("national") if one.name not in every}
    assert more == {"hierarchy-5": {"depth": 5}, "institution-hierarchy-5": {"depth": 5}}
    assert all(one.query in every for one in release.asked("national"))


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n"))), st.integers(1, 40))
def test_lines_are_sorted_in_runs_as_they_would_be_at_once(lines: list[str], run: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source, target = folder / "source", folder / "target"
        source.write_bytes("".join(f"{line}\n" for line in lines).encode())
        textfile.sort_lines(source, target, run)
        assert target.read_bytes().decode() == "".join(sorted(f"{line}\n" for line in lines))
        assert sorted(path.name for path in folder.iterdir()) == ["source", "target"]


def test_a_build_without_a_dump_is_released_with_the_same_quads(
    kg: KnowledgeGraph, released: Path, tmp_path: Path
) -> None:
    bare = tmp_path / kg.build.directory.name
    shutil.copytree(kg.build.directory, bare, ignore=shutil.ignore_patterns("govkg.*"))
    release._quads(Build(bare, kg.build.manifest), tmp_path / "govkg.nq.gz")
    assert (tmp_path / "govkg.nq.gz").read_bytes() == (released / "govkg.nq.gz").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {bare.name, "govkg.nq.gz"}


def test_the_page_links_to_every_file(released: Path) -> None:
    page = html.fromstring((released / "index.html").read_text(encoding="utf-8"))
    links = {str(link.get("href")) for link in page.iter("a")} - {release.LICENSE}
    names = {path.name for path in released.iterdir()}
    assert links == names - {"index.html", "SHA256SUMS"}
