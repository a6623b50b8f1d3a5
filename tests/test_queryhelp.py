"""Help with queries: each fault is told with its place, and no ready question has one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govkg import queries
from govkg.namespaces import PREFIXES
from govkg.queryhelp import DEEPEST, LONGEST, Advice, advise

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run
    from govkg.api import KnowledgeGraph

GOV = "PREFIX gov: <https://w3id.org/govkg/ontology#>\n"
TERMS = {
    f"https://w3id.org/govkg/{name}"
    for name in (
        "ontology#Claim",
        "ontology#Pilot",
        "ontology#dispatchedBy",
        "ontology#modality",
        "ontology#when",
        "code/modality/fact",
    )
}
KINDS: tuple[queries.Kind, ...] = ("competency", "networks")
READY = [pytest.param(kind, name, id=name) for kind in KINDS for name in queries.catalog(kind)]


def kinds(text: str) -> list[str]:
    return [advice.kind for advice in advise(text, TERMS)]


def only(text: str) -> Advice:
    [found] = advise(text, TERMS)
    return found


@pytest.mark.parametrize(("kind", "name"), READY)
def test_ready_questions_need_no_help(kg: KnowledgeGraph, kind: queries.Kind, name: str) -> None:
    query = queries.find(kind, name)
    assert kg.query_help(query.text) == []
    values = {"lang": "zh"} if "lang" in query.parameters else {}
    assert kg.query_help(query.bind(values)) == []


def test_a_syntax_error_is_shown_where_it_is() -> None:
    found = only("SELECT ?x\nWHERE { ?x a ?y FILTER(?x = ) }")
    assert (found.kind, found.severity, found.line, found.column) == ("syntax", "error", 2, 17)
    assert found.text("en") == (
        "line 2, column 17: from here on this is not SPARQL 1.1.\n"
        "  WHERE { ?x a ?y FILTER(?x = ) }\n"
        "                  ^"
    )
    assert found.text("zh").startswith("第2行第17列：从这里起不合 SPARQL 1.1 语法。\n")


def test_the_caret_stands_under_chinese_too() -> None:
    caret = only("SELECT ?x { ?x ?y '贵阳' 错 }").shown.splitlines()[1]
    assert caret.count("　") == 2
    assert caret.index("^") == len("  SELECT ?x { ?x ?y '贵阳' ")


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("gov:Claim", "add `PREFIX gov: <https://w3id.org/govkg/ontology#>`.", "请在开头加上"),
        ("skoss:label", "did you mean skos:?", "是否指 skos:？"),
        ("zzz:label", "declare it by PREFIX.", "请用 PREFIX 声明。"),
    ],
)
def test_an_undeclared_prefix(text: str, en: str, zh: str) -> None:
    found = only(f"SELECT ?x {{ ?x a {text} , {text} }}")
    assert (found.kind, found.severity, found.line, found.column) == ("prefix", "error", 1, 18)
    assert found.en.endswith(en)
    assert zh in found.zh


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("?x gov:dispatchdBy ?y", "no gov:dispatchdBy; did you mean gov:dispatchedBy?"),
        ("?x gov:DispatchedBy ?y", "did you mean gov:dispatchedBy?"),
        ("?x a gov:Claims .", "no gov:Claims; did you mean gov:Claim?"),
        ("?x gov:modality <https://w3id.org/govkg/code/modality/facts>", "modality:fact?"),
        ("?x gov:qqqq ?y", "no gov:qqqq; `govkg queries` has examples."),
    ],
)
def test_an_unknown_term(text: str, hint: str) -> None:
    found = only(GOV + f"SELECT ?x {{ {text} }}")
    assert (found.kind, found.severity, found.line) == ("term", "warning", 2)
    assert found.en.endswith(hint)
    assert found.zh.startswith("图中没有 ")


@pytest.mark.parametrize(
    "text",
    [
        "ASK { ?x gov:when 'gov:nothing' } # gov:nothing <https://w3id.org/govkg/ontology#no>",
        "ASK { <https://w3id.org/govkg/id/claim/none> a gov:Claim }",
        "ASK { GRAPH <https://w3id.org/govkg/graph/none> { ?x a gov:Claim } }",
        "ASK { ?x a gov:Claim FILTER(STRSTARTS(STR(?x), STR(gov:))) }",
        "ASK { ?x a gov:Claim ; <http://www.w3.org/2004/02/skos/core#inScheme> ?y. }",
        "ASK { ?gov a gov:Claim. ?gov gov:when ?a. FILTER(LANG(?a)='gov:x') }",
    ],
)
def test_what_is_no_term_of_ours_is_left_alone(text: str) -> None:
    assert kinds(GOV + text) == []


CROSS = [
    "SELECT ?x { ?x a gov:Claim . ?y a gov:Pilot }",
    "SELECT ?x { ?x a gov:Claim OPTIONAL { ?y a gov:Pilot } }",
    "SELECT ?x { ?x a gov:Claim { SELECT ?y { ?y a gov:Pilot } } }",
    "SELECT (COUNT(*) AS ?n) { ?x a gov:Claim . ?y a gov:Pilot }",
    "ASK { ?x a gov:Claim . [] a gov:Pilot }",
    "SELECT ?z { ?z a gov:Claim { SELECT ?z { ?z a gov:Claim . ?y a gov:Pilot } } }",
]
TIED = [
    "SELECT ?x { ?x a gov:Claim ; gov:when ?w . ?y gov:when ?w }",
    "SELECT ?x { ?x a gov:Claim . ?y a gov:Pilot FILTER(?x != ?y) }",
    "SELECT ?x { ?x a gov:Claim . BIND(STR(?x) AS ?z) ?y gov:when ?z }",
    "SELECT ?x { ?x a gov:Claim VALUES ?lang { 'zh' } }",
    "SELECT ?x { ?x a gov:Claim { ?y gov:when ?x } UNION { ?x gov:when ?y } }",
    "SELECT ?x { ?x a gov:Claim MINUS { ?x gov:when ?y } }",
    "SELECT ?x { GRAPH ?g { ?x a gov:Claim } GRAPH ?g { ?y a gov:Pilot } }",
    "SELECT ?x { ?x a gov:Claim . gov:Claim a gov:Pilot }",
]


@pytest.mark.parametrize("text", CROSS)
def test_rows_that_multiply(text: str) -> None:
    found = only(GOV + text)
    assert (found.kind, found.severity) == ("cartesian", "warning")
    assert "every row of one meets every row of the other" in found.en
    assert "两两相乘" in found.zh


@pytest.mark.parametrize("text", TIED)
def test_rows_that_do_not_multiply(text: str) -> None:
    assert kinds(GOV + text) == []


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("SELECT * { ?s ?p ?o }", True),
        ("SELECT ?s { ?s a ?c }", True),
        ("CONSTRUCT { ?s a ?c } WHERE { ?s a ?c }", True),
        ("SELECT ?s ?o { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'x')) }", True),
        ("SELECT * { ?s ?p ?o } LIMIT 10", False),
        ("SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 10 } }", False),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", False),
        ("ASK { ?s ?p ?o }", False),
        ("SELECT ?s { ?s a gov:Claim }", False),
        ("SELECT ?s { ?s gov:when ?o }", False),
        ("SELECT ?p ?o { VALUES ?s { gov:Claim } ?s ?p ?o }", False),
    ],
)
def test_a_scan_without_limit(text: str, warned: bool) -> None:
    assert kinds(GOV + text) == (["limit"] if warned else [])


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ('?e rdfs:label "贵阳市"', 'have language tags: write "贵阳市"@zh or "贵阳市"@en.'),
        ('?e rdfs:label "Guiyang"', 'have language tags: write "Guiyang"@en or "Guiyang"@zh.'),
        ('?e rdfs:label "贵阳市"@zh-cn', 'rdfs:label are @zh, @en: write "贵阳市"@zh or'),
        ('?e gov:jurisdiction/rdfs:label "贵阳市"', 'write "贵阳市"@zh'),
        ('?e gov:when "2011-08"', 'of gov:when are edtf:EDTF: write "2011-08"^^edtf:EDTF.'),
        ('?e gov:when ?w FILTER(?w = "2011-08"^^xsd:gYearMonth)', 'write "2011-08"^^edtf:EDTF.'),
        ('?e gov:when ?w FILTER("2011-08" IN (?w))', 'write "2011-08"^^edtf:EDTF.'),
        ('?e gov:when ?w FILTER(?w IN ("2011-08"))', 'write "2011-08"^^edtf:EDTF.'),
        ('VALUES ?w { "2011-08" } ?e gov:when ?w', 'write "2011-08"^^edtf:EDTF.'),
        ('?e gov:when ?w FILTER(?w > "2010"^^edtf:EDTF)', "or gov:endEarliest or gov:endLatest."),
        ('?e gov:when ?w FILTER("2010-01-01"^^xsd:date <= ?w)', "have no order, <= never holds"),
        ('?e gov:territory "贵阳市"', "of gov:territory are nodes, not texts"),
        ('?e gov:unitNumber "5"', "gov:unitNumber are xsd:integer: write"),
        ("?e gov:unitNumber 5", ""),
        ("?e gov:unitNumber ?n FILTER(?n > 5.5)", ""),
        ('?e rdfs:label "贵阳市"@zh', ""),
        ('?e gov:when "2011-08"^^edtf:EDTF', ""),
        ('?e gov:beginEarliest ?d FILTER(?d > "2010-01-01"^^xsd:date)', ""),
        ('?e gov:when ?w FILTER(STR(?w) = "2011-08")', ""),
        ('?e gov:when ?w FILTER(?w != "2011-08")', ""),
        ('?e gov:dispatchdBy "x"', "did you mean gov:dispatchedBy or"),
    ],
)
def test_a_literal_that_no_value_can_meet(kg: KnowledgeGraph, pattern: str, said: str) -> None:
    names = ("edtf", "gov", "rdfs", "xsd")
    text = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in names)
    found = kg.query_help(f"{text}SELECT ?e {{ {pattern} }}")
    assert len(found) == bool(said)
    for advice in found:
        assert said in advice.en
        assert advice.severity == "warning"
        assert (advice.line, advice.kind) in {(5, "literal"), (5, "term")}
        assert advice.zh != advice.en


def test_advice_on_literals_comes_with_the_answer(govkg: Run, home: Path) -> None:
    text = f'PREFIX gov: <{PREFIXES["gov"]}> SELECT ?e {{ ?e gov:when "2011-08" }}'
    found = govkg("query", text, "--format", "csv", "--build", str(home), "--lang", "zh")
    assert (found.returncode, found.stdout) == (0, "e\n")
    assert 'gov:when 的值是 edtf:EDTF：请写 "2011-08"^^edtf:EDTF。' in found.stderr


def test_errors_come_first() -> None:
    found = advise(GOV + "SELECT * { ?s ?p ?o . ?s a gov:Claims , foo:bar }", TERMS)
    assert [advice.kind for advice in found] == ["prefix", "term"]


@pytest.mark.parametrize("bracket", ["(", "{", "["])
@pytest.mark.parametrize("times", [DEEPEST, 5_000])
def test_what_is_too_deep_is_not_parsed(bracket: str, times: int) -> None:
    started = time.monotonic()
    advise(f"SELECT ?x {{ {bracket * times}", TERMS)
    advise("SELECT ?x { ?x a gov:Claims }" + " " * LONGEST, TERMS)
    assert time.monotonic() - started < 30, "it must end"


@given(st.text(st.sampled_from("{}()?xyza.;:<>\"'#\\ \ngovSELECTWHERE@^1|/*+!")))
def test_any_text_is_borne(text: str) -> None:
    for advice in advise("SELECT ?x WHERE {" + text, TERMS):
        assert advice.text("zh")
        assert advice.line is None or advice.line >= 1


def test_help_is_on_stderr_and_the_answer_on_stdout(govkg: Run, home: Path) -> None:
    words = ("query", GOV + "ASK { ?x gov:dispatchdBy ?y }", "--build", str(home))
    found = govkg(*words, "--lang", "zh")
    assert found.stdout == "False\n"
    assert "govkg: 第2行第10列：图中没有 gov:dispatchdBy；是否指 gov:dispatchedBy" in found.stderr
    assert govkg("query", "cq01", "--build", str(home)).stderr == ""
