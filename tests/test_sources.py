"""The one list of sources: complete, each file once, in the graph that it goes into."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, get_args

from govkg import layout, sources
from govkg.namespaces import SHARED_GRAPH
from govkg.reference import datasets, rdf

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from govkg.api import KnowledgeGraph


def test_each_file_stands_once_and_each_kind_has_some() -> None:
    listed = sources.paths()
    assert [path for path, times in Counter(listed).items() if times > 1] == []
    assert all(path.is_file() for path in listed)
    assert {one.kind for one in sources.files()} == set(get_args(sources.Kind))


def test_a_kind_is_a_part_of_the_list_in_its_order() -> None:
    some = sources.files("document", "terms")
    assert some == [one for one in sources.files() if one.kind in {"document", "terms"}]
    assert [one.path for one in some] == sources.paths("terms", "document")


def test_no_file_of_ontology_and_documents_is_left_out() -> None:
    listed = set(sources.paths())
    there = {
        path
        for folder in (layout.ONTOLOGY, layout.DATA / "documents")
        for ending in ("*.ttl", "*.csv", "document.yaml")
        for path in folder.rglob(ending)
    }
    apart = set((layout.ONTOLOGY / "alignments").glob("*.ttl"))
    assert apart
    assert there - listed == apart


def test_nodes_that_documents_share_have_a_graph_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reference").symlink_to(layout.DATA / "reference")
    shared = tmp_path / "shared" / "law" / "works.ttl"
    shared.parent.mkdir(parents=True)
    shared.touch()
    monkeypatch.setattr(layout, "DATA", tmp_path)
    assert sources.files("document") == [sources.SourceFile(shared, SHARED_GRAPH, "document")]


def test_every_dataset_that_is_mapped_is_listed() -> None:
    named = {one.path.parent.name for one in sources.files("reference")}
    assert named == {rdf.TOTALS, *rdf.DATASETS, *rdf.AUXILIARY}
    assert named <= {one.name for one in datasets.all_datasets()}


def test_a_manifest_tells_of_all_that_was_read(kg: KnowledgeGraph) -> None:
    manifest = kg.build.manifest
    read: tuple[sources.Kind, ...] = ("terms", "description", "document", "reference", "check")
    names = {path.relative_to(layout.ROOT).as_posix() for path in sources.paths(*read)}
    assert manifest.sources.keys() == names
    graphs = {one.graph for one in sources.files("terms", "description", "document", "check")}
    assert graphs <= manifest.graphs.keys()
