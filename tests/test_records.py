"""Descriptions as typed records: what is missing or wrong is told by key, nothing guessed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from govkg import documents, layout, manifest
from govkg.build import MANIFEST
from govkg.documents.folder import Description
from govkg.errors import SourceError
from govkg.manifest import FileFacts, Manifest
from govkg.reference import datasets
from govkg.textfile import read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from govkg.api import KnowledgeGraph

DOCUMENT = """title: {en: a}
sha256: "00"
code_points: 3
issued: 2013
language: zh
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (DOCUMENT.replace("language: zh\n", ""), r"d\.yaml: add the key language\.$"),
        (DOCUMENT.replace("3", '"3"'), r"Expected `int`, got `str` at `code_points`\.$"),
        (DOCUMENT.replace("{en: a}", "a"), r"Expected `object`, got `str` at `title`\.$"),
        (DOCUMENT + "sections: {a: [1]}\n", r"length 2, got 1 at `sections\[\.\.\.\]`\.$"),
        (DOCUMENT + "sha256: b\n", r"d\.yaml:6: the key 'sha256' stands twice"),
        ("- a\n", r"d\.yaml:1: a mapping"),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        read_yaml(path, Description)


def test_what_is_left_out_is_empty_and_shared_by_none(tmp_path: Path) -> None:
    path = tmp_path / "d.yaml"
    path.write_text(DOCUMENT, encoding="utf-8")
    one, other = read_yaml(path, Description), read_yaml(path, Description)
    one.note["en"] = "a"
    assert (other.note, other.sections, other.citation, other.issued) == ({}, {}, [], 2013)


def test_every_description_is_read() -> None:
    there = sorted((layout.DATA / "reference").glob("*/dataset.yaml"))
    assert [one.description for one in datasets.all_datasets()] == there
    assert all(column.type in datasets.TYPES for column in _columns())
    assert all(document.facts.title for document in documents.all_documents())


def _columns() -> list[datasets.Column]:
    tables = [table for one in datasets.all_datasets() for table in one.about.tables.values()]
    return [column for table in tables for column in table.columns.values()]


def test_a_dataset_without_tables_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    description = layout.DATA / "reference/division-kinds/dataset.yaml"
    text = description.read_text(encoding="utf-8").partition("\ntables:")[0]
    folder = tmp_path / "reference" / "one"
    folder.mkdir(parents=True)
    (folder / "dataset.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(layout, "DATA", tmp_path)
    with pytest.raises(SourceError, match=r"dataset\.yaml: add the key tables\."):
        datasets.dataset("one")


def test_a_manifest_is_written_as_it_is_read(kg: KnowledgeGraph, tmp_path: Path) -> None:
    text = (kg.build.directory / MANIFEST).read_bytes()
    again = json.dumps(json.loads(text), indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    assert text == again.encode()
    assert manifest.read(kg.build.directory / MANIFEST).as_json() == text
    made = Manifest(triples=1, scope="x", graphs={"b": 1, "a": 0}, dumps={"é": FileFacts(1, "0")})
    (tmp_path / "m.json").write_bytes(made.as_json())
    assert manifest.read(tmp_path / "m.json") == made
    assert made.as_json().index(b'"a"') < made.as_json().index(b'"b"')


@pytest.mark.parametrize("text", ["{", "[]", '{"triples": "1"}', '{"triples": 1}', "\xff"])
def test_what_is_no_manifest_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(ValueError, match=r"\w"):
        manifest.read(path)
