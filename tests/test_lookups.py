"""What is known of a node, what proves a row, and the stored texts that quotes come from."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib import Literal

from govkg import documents, lookups
from govkg.documents import SourceText, texts
from govkg.errors import InputError, SourceError, UnknownName
from govkg.namespaces import shorten
from govkg.results import Result

if TYPE_CHECKING:
    from conftest import Run
    from govkg.api import KnowledgeGraph
    from govkg.languages import Language

COMMITTEE = "inst:daqing-social-work-committee"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_node_has_labels_types_properties_and_is_spoken_of(
    kg: KnowledgeGraph, lang: Language
) -> None:
    found = kg.describe(COMMITTEE, lang=lang)
    assert found.columns == ("way", "property", "propertyLabel", "value", "valueLabel")
    facts = [(str(r.way), shorten(str(r.property)), shorten(str(r.value))) for r in found]
    assert [fact[1] for fact in facts[:2]] == ["rdfs:label"] * 2
    assert ("has", "rdf:type", "gov:PartyWorkingBody") in facts
    assert ("has", "gov:coLocatedWith", "inst:daqing-comprehensive-management-commission") in facts
    assert ("of", "gov:member", "rel:daqing-co-location") in facts
    labels = {row.valueLabel for row in found if row.valueLabel is not None}
    assert {label.language for label in labels} == {lang}


def test_the_values_of_many_are_cut_and_nothing_is_said_of_nothing(kg: KnowledgeGraph) -> None:
    found = kg.describe("https://w3id.org/govkg/ontology#Claim")
    incoming = [row for row in found if str(row.way) == "of"]
    # The LIMIT of queries/lookups/describe.rq.
    assert len({(row.property, row.value) for row in incoming}) == 200
    with pytest.raises(InputError, match=r"nothing is known of inst:nobody: give a name"):
        kg.describe("inst:nobody")
    with pytest.raises(UnknownName, match=r"no node is called '> \?p \?o \. #'"):
        kg.describe("> ?p ?o . #")


def test_evidence_of_a_row_is_its_claims(kg: KnowledgeGraph) -> None:
    rows = kg.query("cq12")
    assert isinstance(rows, Result)
    row = rows.rows[0]
    found = kg.evidence(row)
    assert {r.claim for r in found} == {row.foundingClaim, row.reformClaim}
    assert {str(r.modality) for r in found} == {"fact"}
    assert {str(r.stance) for r in found} == {"asserts"}


def test_evidence_of_a_statement_a_claim_and_a_node(kg: KnowledgeGraph) -> None:
    by_statement = kg.evidence("event:guiyang-street-offices-abolished", lang="zh")
    by_claim = kg.evidence("claim:usm2013-s074-1", lang="zh")
    assert by_statement.rows == by_claim.rows
    [row] = by_claim.rows
    assert (row.unit.value, shorten(row.document)) == (74, "doc:usm2013")
    assert str(row.modality) == "事实"
    found = kg.evidence(COMMITTEE)
    labels = kg.query("cq24", node=COMMITTEE)
    assert isinstance(labels, Result)
    assert {r.claim for r in found} >= {r.claim for r in labels}
    for asked in ("gov:Claim", "inst:nobody", (Literal("x"),)):
        with pytest.raises(InputError, match="no claim is behind"):
            kg.evidence(asked)
    with pytest.raises(InputError, match="or a row of an answer"):
        kg.evidence(7)


def test_quotes_are_the_span_and_of_its_digest(kg: KnowledgeGraph) -> None:
    text = "字" * 4000
    made = SourceText(documents.document("usm2013").description, text)
    with pytest.raises(InputError, match="span of another digest: `govkg evidence verify`"):
        lookups.evidence(kg.engine, "claim:usm2013-s074-1", "zh", lambda _: made)


@pytest.mark.usefixtures("source")
def test_the_words_are_quoted_where_the_text_is_at_hand(
    kg: KnowledgeGraph, source: SourceText
) -> None:
    [row] = kg.evidence("claim:usm2013-s074-1").rows
    digest = hashlib.sha256(str(row.quote).encode()).hexdigest()
    assert str(row.quote) == source.text[row.start.value : row.end.value]
    assert digest == source.digest(row.start.value, row.end.value)


# --- stored texts --------------------------------------------------------------------------------


@pytest.fixture
def home_of_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(texts, "storage_folder", lambda: tmp_path / "stored")
    monkeypatch.delenv("GOVKG_SOURCE", raising=False)
    return tmp_path / "stored"


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A text made up here, which the document is told to be of."""
    path = tmp_path / "text.txt"
    path.write_text("某市设立了城管委。", encoding="utf-8")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    document = documents.document("usm2013")
    document.facts.sha256 = digest
    monkeypatch.setattr(texts, "all_documents", lambda: [document])
    return path


def test_a_text_is_kept_found_and_removed(home_of_data: Path, text: Path) -> None:
    document = texts.listing()[0].document
    digest = document.facts.sha256
    assert [one.path for one in texts.listing()] == [None]
    assert documents.find_text(digest) is None
    kept = texts.add(text)
    assert kept.path == home_of_data / f"{digest}.txt"
    assert list(home_of_data.iterdir()) == [kept.path]
    assert texts.listing() == [kept]
    found = documents.find_text(digest)
    assert found == SourceText(kept.path, "某市设立了城管委。")
    assert documents.find_source(document) == found
    texts.remove(document)
    assert list(home_of_data.iterdir()) == []
    with pytest.raises(InputError, match="is not stored here"):
        texts.remove(document)


@pytest.mark.skipif(sys.platform != "linux", reason="the folder is another on this system")
@pytest.mark.parametrize(
    ("told", "folder"),
    [("/there", "/there"), ("", "/home/x/.local/share"), ("here", "/home/x/.local/share")],
)
def test_texts_are_stored_where_the_xdg_specification_says(
    told: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/x")
    monkeypatch.setenv("XDG_DATA_HOME", told)  # a relative path must be ignored
    assert texts.storage_folder() == Path(folder) / "govkg" / "sources"


def test_another_text_and_a_changed_one_are_refused(
    home_of_data: Path, text: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.txt"
    other.write_text("某市。", encoding="utf-8")
    with pytest.raises(SourceError, match=r"other\.txt: is the text of no document here"):
        texts.add(other)
    assert not home_of_data.exists()
    kept = texts.add(text)
    assert kept.path
    kept.path.write_text("某市设立了城管办。", encoding="utf-8")
    with pytest.raises(SourceError, match="has been changed: `govkg source add`"):
        documents.find_text(kept.document.facts.sha256)


def test_the_storage_from_the_command_line(
    govkg: Run, home: Path, tmp_path: Path, source: SourceText
) -> None:
    at = {"XDG_DATA_HOME": str(tmp_path / "data"), "GOVKG_SOURCE": ""}
    added = govkg("source", "add", str(source.path), **at)
    assert added.stdout.startswith("usm2013: "), added.stderr
    assert "usm2013" in govkg("source", "list", "--format", "csv", **at).stdout
    words = ("evidence", "show", "claim:usm2013-s074-1", "--format", "json", "--build", str(home))
    assert '"quote": ""' not in govkg(*words, **at).stdout
    assert "removed" in govkg("source", "remove", "usm2013", **at).stdout


def test_describe_and_evidence_from_the_command_line(govkg: Run, home: Path) -> None:
    described = govkg("describe", COMMITTEE, "--lang", "zh", "--build", str(home))
    assert "大庆市委社会工作委员会" in described.stdout
    shown = govkg(
        "evidence", "show", "claim:usm2013-s074-1", "--format", "csv", "--build", str(home)
    )
    assert shown.stdout.splitlines()[0] == ",".join(lookups.Evidence._fields)
    assert "https://w3id.org/govkg/id/claim/usm2013-s074-1" in shown.stdout
    refused = govkg("describe", "inst:nobody", "--build", str(home))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert govkg("source", "add", "nowhere.txt").returncode == 2


def test_evidence_without_quotes_looks_for_no_text(
    kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("a text was looked for")

    monkeypatch.setattr(documents, "find_text", never)
    rows = kg.evidence("claim:usm2013-s074-1", quotes=False)
    assert len(rows) > 0
    assert {row.quote for row in rows} == {None}
