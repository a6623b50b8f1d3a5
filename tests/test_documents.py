"""Documents: text units, evidence filled in and checked, the text found or said to be missing."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from govkg import documents
from govkg.documents import Document, SourceText
from govkg.errors import SourceError, UnknownName

if TYPE_CHECKING:
    from pathlib import Path

    from govkg.api import KnowledgeGraph

TEXT = "标题\n甲市设立了一个机构。甲市撤销了一个机构。\n"
YAML = 'title: {en: "A", zh: "甲"}\nlanguage: zh\nissued: "2013"\nsha256: SHA\ncode_points: 24\n'
CLAIM = """claim:d-s002-1 a gov:Claim ;
  gov:textUnit doc:d-u002 ;
  gov:quote "QUOTE" .
"""


@pytest.fixture
def text() -> SourceText:
    from pathlib import Path

    return SourceText(Path("text.txt"), TEXT)


@pytest.fixture
def sample(tmp_path: Path) -> Document:
    """A small document of our own, in the folder layout of the real ones."""
    folder = tmp_path / "d"
    folder.mkdir()
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (folder / "document.yaml").write_text(YAML.replace("SHA", digest), encoding="utf-8")
    rows = [f"{n},{a},{b},body" for n, (a, b) in enumerate(documents.segment(TEXT), 1)]
    (folder / "units.csv").write_text("\n".join(["number,start,end,role", *rows]), encoding="utf-8")
    return Document("d", folder)


def claims(sample: Document, quote: str) -> Path:
    path = sample.folder / "claims.ttl"
    path.write_text(CLAIM.replace("QUOTE", quote), encoding="utf-8")
    return path


def test_the_article_has_154_units(source: SourceText) -> None:
    document = documents.document("usm2013")
    assert [(u.start, u.end) for u in document.units] == list(documents.segment(source.text))
    assert len(document.units) == 154
    assert [u.number for u in document.units] == list(range(1, 155))


def test_roles_of_the_article() -> None:
    roles = [unit.role for unit in documents.document("usm2013").units]
    assert roles.count("body") == 133
    assert roles[11:153].count("heading") == 9
    assert set(roles[:11]) == {"boilerplate"}


def test_a_footnote_or_closing_quotation_mark_stays_with_its_sentence() -> None:
    cut = "他说“好。”后来走了。[1]又来。\n  尾句"
    assert [cut[a:b] for a, b in documents.segment(cut)] == [
        "他说“好。”",
        "后来走了。[1]",
        "又来。",
        "尾句",
    ]


def test_a_quote_is_replaced_by_offsets_and_digest(sample: Document, text: SourceText) -> None:
    path = claims(sample, "设立")
    assert documents.fill_evidence(path, sample, text) == 1
    start = TEXT.index("设立")
    assert f"gov:start {start} ; gov:end {start + 2} ;" in path.read_text(encoding="utf-8")
    assert documents.verify_evidence(sample, text) == (1, (), True)
    assert documents.fill_evidence(path, sample, text) == 0


def test_words_that_stand_twice_are_singled_out(sample: Document, text: SourceText) -> None:
    path = claims(sample, "个[[机构]]")
    documents.fill_evidence(path, sample, text)
    assert f"gov:start {TEXT.index('机构')} ;" in path.read_text(encoding="utf-8")


def test_a_span_may_hold_brackets_itself(sample: Document) -> None:
    text = SourceText(sample.folder / "text.txt", TEXT.replace("设立了", "[1]了"))
    path = claims(sample, "甲市[[[1]]]了")
    documents.fill_evidence(path, sample, text)
    start = text.text.index("[1]")
    assert f"gov:start {start} ; gov:end {start + 3} ;" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("quote", ["没有的话", "", "了一个机构。甲市撤"])
def test_a_quote_that_is_not_there_changes_nothing(
    sample: Document, text: SourceText, quote: str
) -> None:
    path = claims(sample, quote)
    before = path.read_bytes()
    with pytest.raises(SourceError, match=r"claims\.ttl:1: claim:d-s002-1: the quote stands"):
        documents.fill_evidence(path, sample, text)
    assert path.read_bytes() == before


def test_one_changed_character_fails(sample: Document, text: SourceText) -> None:
    documents.fill_evidence(claims(sample, "设立"), sample, text)
    changed = SourceText(text.path, TEXT.replace("设立", "设置"))
    [problem] = documents.verify_evidence(sample, changed).problems
    assert "claims.ttl:1: claim:d-s002-1: the digest is not the span's" in str(problem)


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ("gov:start 3 ; gov:end 99", "not inside the document"),
        ("gov:start 5 ; gov:end 5", "not inside the document"),
        ("gov:start 0 ; gov:end 2", "not inside unit 2"),
        ("gov:start 5", "must both be whole numbers"),
        ('gov:start "５" ; gov:end 6', "must both be whole numbers"),
        ('gov:quote "设立"', "is a draft"),
    ],
)
def test_a_wrong_span_is_found_with_its_line(sample: Document, span: str, message: str) -> None:
    path = sample.folder / "claims.ttl"
    path.write_text(f"# one\n\nclaim:d-s002-1 gov:textUnit doc:d-u002 ; {span} .\n", "utf-8")
    found = documents.verify_evidence(sample, None)
    assert not found.digests_checked
    assert [(p.line, message in p.message) for p in found.problems] == [(3, True)]


def test_another_text_is_refused(sample: Document, tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text(TEXT + "又", encoding="utf-8")
    with pytest.raises(SourceError, match="is not the text of d"):
        documents.find_source(sample, other)
    with pytest.raises(SourceError, match="can't be read"):
        documents.find_source(sample, tmp_path / "missing.txt")


def test_the_text_is_found_where_the_environment_says(
    sample: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "text.txt"
    path.write_text(TEXT, encoding="utf-8", newline="\n")
    monkeypatch.setenv("GOVKG_SOURCE", str(path))
    found = documents.find_source(sample)
    assert found is not None
    assert found.text == TEXT


def test_without_the_text_nothing_is_found(
    sample: Document, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("GOVKG_SOURCE", raising=False)
    monkeypatch.setattr("govkg.layout.ROOT", tmp_path / "elsewhere")
    assert documents.find_source(sample) is None


@pytest.mark.parametrize(
    ("yaml", "line", "message"),
    [
        ("title: x\ntitle: y\n", 2, "stands twice"),
        ("a: &b 1\nc: *b\n", 2, "aliases"),
        ("- a\n", 1, "a mapping"),
        ("a: [\n", 2, "expected the node content"),
        ("a: !!python/name:os.system x\n", 1, "could not determine a constructor"),
    ],
)
def test_yaml_tricks_are_refused(sample: Document, yaml: str, line: int, message: str) -> None:
    sample.description.write_text(yaml, encoding="utf-8")
    with pytest.raises(SourceError, match=message) as error:
        _ = sample.facts
    assert error.value.line == line


def test_a_missing_key_is_named(sample: Document) -> None:
    sample.description.write_text("title: {en: a}\n", encoding="utf-8")
    with pytest.raises(SourceError, match="add the key sha256"):
        _ = sample.facts


def test_a_broken_unit_row_has_its_line(sample: Document) -> None:
    sample.unit_table.write_text("number,start,end,role\n1,0,2,body\nx,2,3,body\n", "utf-8")
    with pytest.raises(SourceError, match=r"units\.csv:3: a row is"):
        _ = sample.units


def test_an_unknown_document_has_near_names() -> None:
    with pytest.raises(UnknownName, match="did you mean usm2013"):
        documents.document("usm2014")


def test_every_span_of_the_article_holds(source: SourceText) -> None:
    found = documents.verify_evidence(documents.document("usm2013"), source)
    assert found.spans > 0
    assert found.digests_checked
    assert list(map(str, found.problems)) == []


def test_every_span_lies_inside_its_unit_even_without_the_text() -> None:
    found = documents.verify_evidence(documents.document("usm2013"), None)
    assert found.spans > 0
    assert list(map(str, found.problems)) == []


def test_every_body_unit_of_the_article_carries_a_claim(kg: KnowledgeGraph) -> None:
    rows = kg.coverage(documents.document("usm2013"))
    body = [row for row in rows if row[1] == "body"]
    assert len(body) == 133
    assert [number for number, _, claims in body if not claims] == []


def test_headings_that_only_name_a_topic_carry_none(kg: KnowledgeGraph) -> None:
    rows = kg.coverage(documents.document("usm2013"))
    stating = [number for number, role, claims in rows if role == "heading" and claims]
    assert stating == [12, 113]
    assert sum(claims for _, role, claims in rows if role == "boilerplate") == 0
