"""Query files: headers, parameters bound as terms, names found or refused with a hint."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from govkg import layout, queries, sparqltext
from govkg.errors import InputError, ParameterError, SourceError, UnknownName
from govkg.queries import Query
from govkg.store import Store

KINDS: tuple[queries.Kind, ...] = ("analysis", "competency", "checks", "networks")
EVERY = [
    pytest.param(kind, path.stem, id=f"{kind}/{path.stem}")
    for kind in KINDS
    for path in sorted((layout.QUERIES / kind).glob("*.rq"))
]
ECHO = "SELECT ?x WHERE { VALUES ?y { 1 } }"


def echo(value: str, kind: str) -> object:
    """Bind a value and let the engine give it back."""
    query = Query("echo", Path(), ECHO, {"params": {"x": {"type": kind}}})
    [row] = Store().select(query.bind({"x": value}))
    return row[0]


def test_every_query_file_is_found() -> None:
    assert len(EVERY) == len(list(layout.QUERIES.rglob("*.rq"))) > 0


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_every_query_file_says_what_it_is_in_both_languages(kind: queries.Kind, name: str) -> None:
    query = queries.find(kind, name)
    titles = {query.title("zh"), query.title("en")}
    assert len(titles) == 2
    assert query.name not in titles
    for parameter in query.parameters.values():
        assert parameter.keys() <= {"type", "optional", "default"}


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_no_query_joins_inside_not_exists(kind: queries.Kind, name: str) -> None:
    text = queries.find(kind, name).text
    assert "NOT EXISTS" not in text.upper(), "quadratic where it joins: write MINUS"


def test_terms_are_bound_as_terms() -> None:
    assert echo("inst:a", "iri") == URIRef("https://w3id.org/govkg/id/institution/a")
    assert echo("https://example.org/?a=b#c", "iri") == URIRef("https://example.org/?a=b#c")
    assert echo("7", "integer") == Literal("7", datatype=XSD.integer)
    assert echo("2011-08-01", "date") == Literal("2011-08-01", datatype=XSD.date)
    assert echo("-1.5", "decimal") == Literal("-1.5", datatype=XSD.decimal)


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_comes_back_as_it_went_in(text: str) -> None:
    assert echo(text, "string") == Literal(text)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("> ?p ?o . #", "iri"),
        ("https://x/> } INSERT", "iri"),
        ("", "iri"),
        ("not an iri", "iri"),
        ("7 ) } #", "integer"),
        ("７", "integer"),
        ("2011", "date"),
        ("1e3", "decimal"),
    ],
)
def test_what_is_not_of_its_type_is_refused(value: str, kind: str) -> None:
    with pytest.raises(ParameterError, match="x="):
        echo(value, kind)


def test_parameters_missing_and_unknown() -> None:
    header = {"params": {"x": {"type": "integer"}, "y": {"type": "string", "optional": True}}}
    query = Query("echo", Path(), ECHO, header)
    with pytest.raises(ParameterError, match="echo needs --param x="):
        query.bind({})
    with pytest.raises(ParameterError, match="no parameter 'z'; it has: x, y"):
        query.bind({"x": "1", "z": "2"})
    assert "?y" not in query.bind({"x": "1"}).partition("VALUES (")[2]


def test_a_default_is_bound() -> None:
    query = Query("echo", Path(), ECHO, {"params": {"x": {"type": "string", "default": "en"}}})
    assert query.bind({}).endswith('VALUES (?x) { ("en") } }\n')


def test_names() -> None:
    assert queries.find("competency", "cq01").name.startswith("cq01-")
    with pytest.raises(UnknownName, match="no query is called 'cq01-abolitions'; did you mean"):
        queries.find("competency", "cq01-abolitions")
    with pytest.raises(UnknownName, match="`govkg networks` lists them"):
        queries.find("networks", "zzz")


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("#+ question: {en: a, zh: b}\nASK {}\n", encoding="utf-8")
    assert queries.find("competency", str(path)).title("zh") == "b"
    path.write_text("#+ question: {en: a\nASK {}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"mine\.rq:\d+: the #\+ header"):
        queries.load(path)
    with pytest.raises(SourceError, match="can't be read"):
        queries.load(tmp_path / "missing.rq")


def test_a_query_that_is_no_sparql_says_where() -> None:
    with pytest.raises(InputError, match=r"not valid SPARQL 1\.1: error at 1:"):
        Store().query("SELECT ?x WHER { }")


# --- the text of queries -------------------------------------------------------------------------

ONE = Query("one", Path(), "", {"params": {"x": {"type": "integer"}}})


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("SELECT ?x { VALUES ?x { 1 2 } }", ["2"]),
        ("SELECT ?x { VALUES ?x { 1 2 } } ORDER BY ?x LIMIT 5", ["2"]),
        ("SELECT ?x { VALUES ?x { 1 2 } } # }", ["2"]),
        ("SELECT ?x { VALUES ?y { '}' } BIND(2 AS ?x) } VALUES ?y { '}' }", ["2"]),
        ("SELECT ?x { { VALUES ?x { 1 2 } } } VALUES (?x) { (1) (2) }", ["2"]),
        ("SELECT (COUNT(*) AS ?n) { VALUES ?x { 1 2 3 } }", ["1"]),
        ("PREFIX a: <urn:#x> SELECT ?x { BIND(LANG('a'@en) AS ?l) VALUES ?x { 1 2 } }", ["2"]),
    ],
)
def test_parameters_join_the_pattern(text: str, rows: list[str]) -> None:
    bound = Query("one", Path(), text, ONE.header).bind({"x": "2"})
    assert [str(row[0]) for row in Store().select(bound)] == rows


@pytest.mark.parametrize("text", ["CONSTRUCT WHERE { ?x ?y ?z }", "DESCRIBE <urn:a>"])
def test_parameters_stand_behind_a_query_that_has_no_room(text: str) -> None:
    bound = Query("one", Path(), text, ONE.header).bind({"x": "2"})
    assert bound.startswith(text + "\nVALUES (?x) {")
    Store().query(bound)


def test_strings_iris_and_comments_are_blank() -> None:
    text = 'SELECT ?x { ?x <urn:#x> \'{\\\'\', """{"\n{""", \'\' # {\n }'
    bare = sparqltext.blank(text)
    assert len(bare) == len(text)
    assert bare.count("{") == 1
    assert [place for place, c in enumerate(bare) if c == "\n"] == [
        place for place, c in enumerate(text) if c == "\n"
    ]
    assert sparqltext.form("PREFIX ask: <urn:SELECT> # DESCRIBE\ndescribe ?x {}") == "DESCRIBE"
    assert sparqltext.form("INSERT DATA {}") is None


@given(st.text(st.sampled_from("{}\"'<>#\\\n aVALUES?x")))
def test_any_text_is_looked_at_without_harm(text: str) -> None:
    assert len(sparqltext.blank(text)) == len(text)
    found = sparqltext.pattern(text)
    assert found is None or text[found.start] + text[found.end - 1] == "{}"


def test_a_query_that_names_its_graphs_asks_no_others() -> None:
    store = Store()
    store.load_text(
        '<urn:a> <urn:p> "1" <urn:one> .\n' + '<urn:a> <urn:p> "2" <urn:two> .\n',
        Path("x.nq"),
    )
    assert len(store.select("SELECT ?o { ?s ?p ?o }")) == 2
    [[one]] = store.select("SELECT ?o FROM <urn:one> { ?s ?p ?o }")
    assert str(one) == "1"
    assert len(store.select("SELECT ?from { ?s ?p ?from } # FROM <urn:one>")) == 2
