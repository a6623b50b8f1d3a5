"""The files of a release: the same bytes twice, and what they say of themselves is so."""

from __future__ import annotations

import gzip
import hashlib
import sys
from typing import TYPE_CHECKING

import pytest
from lxml import html
from rdflib import DCAT, VOID, Graph

from govkg import layout

sys.path.insert(0, str(layout.ROOT))

from tools import release

if TYPE_CHECKING:
    from pathlib import Path

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


def test_the_page_links_to_every_file(released: Path) -> None:
    page = html.fromstring((released / "index.html").read_text(encoding="utf-8"))
    links = {str(link.get("href")) for link in page.iter("a")} - {release.LICENSE}
    names = {path.name for path in released.iterdir()}
    assert links == names - {"index.html", "SHA256SUMS"}
