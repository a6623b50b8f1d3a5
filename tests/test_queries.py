"""Query files: headers, parameters bound as terms, names found or refused with a hint."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Literal, URIRef
from rdflib.namespace import XSD

from govkg import documents, layout, queries, sparqltext
from govkg.api import KnowledgeGraph
from govkg.errors import InputError, ParameterError, SourceError, UnknownName
from govkg.queries import Query
from govkg.queryheader import Header
from govkg.store import Store
from govkg.textfile import convert

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from conftest import Run

KINDS: tuple[queries.Kind, ...] = (
    "analysis", "competency", "checks", "lookups", "networks",
)  # fmt: skip
EVERY = [
    pytest.param(kind, path.stem, id=f"{kind}/{path.stem}")
    for kind in KINDS
    for path in sorted((layout.QUERIES / kind).glob("*.rq"))
]
ECHO = "SELECT ?x WHERE { VALUES ?y { 1 } }"


def header(**params: dict[str, Any]) -> Header:
    """Describe parameters as a header in YAML does."""
    return convert({"params": params}, Header)


def echo(value: str, kind: str) -> object:
    """Bind a value and let the engine give it back."""
    query = Query("echo", Path(), ECHO, header(x={"type": kind}))
    [row] = Store().select(query.bind({"x": value}))
    return row[0]


def _some_values(query: Query) -> dict[str, str]:
    """Give a value for each parameter that needs one; none of ours does today."""
    return {
        name: "x"
        for name, said in query.parameters.items()
        if not said.optional and said.default is None
    }


def test_every_query_file_is_found() -> None:
    assert len(EVERY) == len(list(layout.QUERIES.rglob("*.rq"))) > 0


@pytest.mark.parametrize(("kind", "name"), EVERY)
def test_every_query_file_says_what_it_is_in_both_languages(kind: queries.Kind, name: str) -> None:
    query = queries.find(kind, name)
    titles = {query.title("zh"), query.title("en")}
    assert len(titles) == 2
    assert query.name not in titles
    for parameter in query.parameters.values():
        assert parameter.type in queries.KINDS
    assert "lang" not in query.parameters or query.parameters["lang"].type == "language"
    for name_, parameter in query.parameters.items():
        if (default := parameter.default) is not None:
            assert query.bind({**_some_values(query), name_: str(default)})


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
        ("fr", "language"),
        ('en") ...', "language"),
    ],
)
def test_what_is_not_of_its_type_is_refused(value: str, kind: str) -> None:
    with pytest.raises(ParameterError, match="x="):
        echo(value, kind)


def test_parameters_missing_and_unknown() -> None:
    said = header(x={"type": "integer"}, y={"type": "string", "optional": True})
    query = Query("echo", Path(), ECHO, said)
    with pytest.raises(ParameterError, match="echo needs --param x="):
        query.bind({})
    with pytest.raises(ParameterError, match="no parameter 'z'; it has: x, y"):
        query.bind({"x": "1", "z": "2"})
    assert "?y" not in query.bind({"x": "1"}).partition("VALUES (")[2]


def test_a_default_is_bound() -> None:
    query = Query("echo", Path(), ECHO, header(x={"type": "string", "default": "en"}))
    assert query.bind({}).endswith('VALUES (?x) { ("en") } }\n')


def test_a_value_is_one_of_its_enum() -> None:
    said = header(x={"type": "string", "enum": ["party", "state"]})
    query = Query("echo", Path(), ECHO, said)
    assert '("party")' in query.bind({"x": "party"})
    with pytest.raises(ParameterError, match="x='army' is not one of party, state"):
        query.bind({"x": "army"})


def test_a_parameter_may_have_several_values() -> None:
    said = header(x={"type": "integer"}, y={"type": "string"})
    query = Query("echo", Path(), "SELECT ?x ?y { BIND(1 AS ?z) }", said)
    rows = Store().select(query.bind({"x": ["1", "2"], "y": "a"}))
    assert [tuple(map(str, row)) for row in rows] == [("1", "a"), ("2", "a")]


def test_values_stand_where_the_query_has_a_place_for_them() -> None:
    text = """SELECT * {
      VALUES ?x { UNDEF } { SELECT ?x { VALUES ?x { UNDEF } } } VALUES ?y { UNDEF } }"""
    said = header(x={"type": "integer"}, y={"type": "string", "optional": True})
    query = Query("places", Path(), text, said)
    bound = query.bind({"x": "7"})
    assert bound.count('VALUES ?x { "7"^^<http://www.w3.org/2001/XMLSchema#integer> }') == 2
    assert "?y" not in bound
    [row] = Store().select(bound)
    assert int(row.x) == 7


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ("{kind: iri}", r"mine\.rq: params: Object contains unknown field `kind`"),
        ("{optional: 1}", r"mine\.rq: params: Expected `bool`, got `int`"),
        ("iri", r"mine\.rq: params: Expected `object`, got `str`"),
    ],
)
def test_a_parameter_that_is_described_wrongly_is_told(
    tmp_path: Path, said: str, message: str
) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(f"#+ params: {{x: {said}}}\nASK {{}}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        queries.load(path)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("question: where", r"mine\.rq: question: Expected `object`, got `str`"),
        ("tags: {a: b}", r"mine\.rq: tags: Expected `array`, got `object`"),
        ("severity: fatal", r"mine\.rq: severity: Invalid enum value 'fatal'"),
        ("outcomes: {a: {verdict: x, en: y}}", r"mine\.rq: outcomes: add the key zh"),
        ("directed: often", r"mine\.rq: directed: Expected `bool`, got `str`"),
    ],
)
def test_a_header_of_another_type_is_told_by_key(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "mine.rq"
    path.write_text(f"#+ {line}\n#+ endpoint: of grlc\nASK {{}}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=message):
        queries.load(path)


def test_an_unknown_type_is_told(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("#+ params: {x: {type: text}}\nASK {}\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"mine\.rq: the parameter x has the type 'text': use"):
        queries.load(path)


LANGUAGE_CALLS: dict[str, Callable[[KnowledgeGraph, Any], object]] = {
    "query": lambda kg, lang: kg.query("cq01", lang=lang),
    "query by parameter": lambda kg, lang: kg.query("cq01", lang=lang),
    "sparql": lambda kg, lang: kg.query("ASK {}", lang=lang),
    "serialize": lambda kg, lang: kg.serialize("cq01", "csv", lang=lang),
    "describe": lambda kg, lang: kg.describe("territory:guiyang", lang=lang),
    "evidence": lambda kg, lang: kg.evidence("claim:usm2013-s074-1", lang=lang),
    "find": lambda kg, lang: kg.find("贵阳", lang=lang),
    "resolve": lambda kg, lang: kg.resolve("territory:guiyang", lang=lang),
    "labels": lambda kg, lang: kg.labels([], lang),
    "network": lambda kg, lang: kg.network("institutions", lang=lang),
    "frames": lambda kg, lang: kg.frames("institutions", lang=lang),
    "export": lambda kg, lang: kg.export("institutions", "csv", lang=lang),
    "claims": lambda kg, lang: kg.claims(documents.document("usm2013"), "", lang),
    "assessments": lambda kg, lang: kg.assessments(lang),
    "facts": lambda kg, lang: kg.facts("assess:none", lang),
    "title": lambda _, lang: queries.find("competency", "cq01").title(lang),
}


@pytest.mark.parametrize("call", LANGUAGE_CALLS)
@pytest.mark.parametrize("lang", ["fr", "", "ZH", 'en") ...'])
def test_a_language_that_is_none_is_refused_alike(kg: KnowledgeGraph, call: str, lang: str) -> None:
    with pytest.raises(ParameterError, match="is not one of zh, en"):
        LANGUAGE_CALLS[call](kg, lang)


def test_every_call_that_takes_a_language_is_tried() -> None:
    taking = {
        name
        for name, found in inspect.getmembers(KnowledgeGraph, inspect.isfunction)
        if "lang" in inspect.signature(found).parameters and not name.startswith("_")
    }
    assert taking == LANGUAGE_CALLS.keys() - {"query by parameter", "sparql", "title"}


def test_the_command_line_refuses_it_too(govkg: Run, home: Path) -> None:
    asked = ("query", "cq01"), ("export", "institutions", "--output", str(home / "none.gexf"))
    for words in (
        (*what, *said) for what in asked for said in (("--lang", "fr"), ("--param", "lang=fr"))
    ):
        found = govkg(*words, "--build", str(home))
        assert (found.returncode, found.stdout) == (2, "")
        assert "zh" in found.stderr
        assert "en" in found.stderr
    in_chinese = govkg("query", "cq01", "--build", str(home), "--lang", "zh").stdout
    words = ("query", "cq01", "--build", str(home), "--param", "lang=zh", "--lang", "en")
    assert govkg(*words).stdout == in_chinese


# Shapes become queries, and pages of a query are cut from it: those modules write SPARQL.
WRITERS = {
    "queries.py", "sparqltext.py", "remote/__init__.py", "validation/constraints.py",
    "validation/data.py", "validation/engines/partition.py", "validation/shapes.py",
}  # fmt: skip
SPARQL = re.compile(
    r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE|WHERE|VALUES|FILTER|OPTIONAL|GRAPH)\b.*[{<?]", re.DOTALL
)


def _pasted(tree: ast.AST) -> Iterator[int]:
    """Give the lines that put something other than a constant into a query's text."""
    named = {
        node.targets[0].id: node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }

    def asks(node: ast.AST) -> bool:
        whole = named.get(node.id, node) if isinstance(node, ast.Name) else node
        parts = (part.value for part in ast.walk(whole) if isinstance(part, ast.Constant))
        return bool(SPARQL.search(" ".join(part for part in parts if isinstance(part, str))))

    for node in ast.walk(tree):
        match node:
            case ast.JoinedStr() if asks(node):
                filled = (part for part in node.values if isinstance(part, ast.FormattedValue))
                yield from (part.lineno for part in filled if not _constant(part.value))
            case ast.Call(func=ast.Attribute(value=text, attr="format" | "replace")) if asks(text):
                yield node.lineno
            case ast.BinOp(op=ast.Mod(), left=text) if asks(text):
                yield node.lineno
            case ast.BinOp(op=ast.Add()) if asks(node):
                if not (_constant(node.left) and _constant(node.right)):
                    yield node.lineno


def _constant(node: ast.expr) -> bool:
    """Say whether text is a module's own: a literal, a name in capitals, or a part of such."""
    match node:
        case ast.Subscript() | ast.Attribute():
            return _constant(node.value)
        case ast.BinOp():
            return _constant(node.left) and _constant(node.right)
        case ast.Name():
            return node.id.isupper()
    return isinstance(node, ast.Constant | ast.JoinedStr)  # what is filled in is looked at itself


def test_no_value_is_put_into_the_text_of_a_query() -> None:
    source = layout.ROOT / "src" / "govkg"
    found = {
        f"{path.relative_to(source).as_posix()}:{line}"
        for path in source.rglob("*.py")
        if path.relative_to(source).as_posix() not in WRITERS
        for line in _pasted(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert found == set()
    assert all((source / name).is_file() for name in WRITERS)


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ('f"SELECT ?x {{ <{iri}> ?p ?x }}"', True),
        ('Q = "SELECT ?x {{ {node} ?p ?x }}"\nQ.format(node=1)', True),
        ('Q = "ASK { <%s> ?p ?x }"\nQ % iri', True),
        ('"SELECT ?x { " + pattern + " }"', True),
        ('Q = "ASK { $iri ?p ?o }"\nQ.replace("$iri", iri)', True),
        ('f"SELECT ?x {{ ?x a <{GOV}Claim> }} LIMIT {MOST}"', False),
        ('f"select one of {names}"', False),
    ],
)
def test_what_is_put_into_a_query_is_seen(code: str, caught: bool) -> None:
    assert bool(list(_pasted(ast.parse(code)))) == caught


# Where SPARQL stands in Python, and why it is no file of `queries`.
WRITTEN = {
    "server/worker.py": "two queries of no meaning, to import before the limits what answers them",
    "sparqltext.py": "counts the solutions of somebody else's query",
    "validation/constraints.py": "shapes of SHACL become queries",
    "validation/data.py": "shapes of SHACL become queries",
    "validation/engines/partition.py": "shapes of SHACL become queries",
    "validation/shapes.py": "shapes of SHACL become queries",
}
QUERY = re.compile(
    r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\s*(DISTINCT\s*|REDUCED\s*)?[?$*({]|\bDESCRIBE\s*<|\bWHERE\s*\{"
)


def _queries(tree: ast.Module) -> Iterator[int]:
    """Give the lines of texts that are SPARQL; docstrings are none."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in prose and QUERY.search(text):
                yield node.lineno


def test_no_sparql_stands_in_python() -> None:
    source = layout.ROOT / "src" / "govkg"
    found = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if any(_queries(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert found == WRITTEN.keys()


@pytest.mark.parametrize(
    ("code", "caught"),
    [
        ('Q = "PREFIX a: <urn:a>\\nSELECT DISTINCT ?x { ?x a a:b }"', True),
        ('f"ASK {{ <{A}> ?p ?o }}"', True),
        ('"CONSTRUCT " + "{ ?s ?p ?o } WHERE { ?s ?p ?o }"', True),
        ('Q = "DESCRIBE <urn:a>"', True),
        ('"SELECT name FROM codes WHERE id = ?"', False),
        ('"""SELECT ?x { } is what it takes."""', False),
        ('"this takes a SELECT query; ASK and CONSTRUCT give no rows."', False),
    ],
)
def test_sparql_in_python_is_seen(code: str, caught: bool) -> None:
    assert any(_queries(ast.parse(code))) == caught


def test_every_lookup_is_asked_for_and_read_once() -> None:
    names = {path.stem for path in (layout.QUERIES / "lookups").glob("*.rq")}
    source = layout.ROOT / "src" / "govkg"
    said = {
        node.value
        for path in source.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert names
    assert names - said == set()
    assert all(queries.lookup(name) is queries.lookup(name) for name in names)


def test_a_label_is_looked_up_in_every_language() -> None:
    query = Query("echo", Path(), ECHO, header(x={"type": "label"}))
    found = [row[0] for row in Store().select(query.bind({"x": ["a", 'b"']}))]
    assert found == [
        Literal(text, lang=lang) for text in ("a", 'b"') for lang in (None, "zh", "en")
    ]


@pytest.mark.parametrize("tail", ["ORDER BY ?x", "ORDER BY ?x LIMIT 1 # }", ""])
def test_a_query_without_its_order(tail: str) -> None:
    text = "SELECT ?x { VALUES ?x { 2 1 } } "
    assert sparqltext.unordered(text + tail).strip() == text.strip()


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

ONE = Query("one", Path(), "", header(x={"type": "integer"}))


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


def test_declared_prefixes_are_read_where_queries_declare_them() -> None:
    query = "# PREFIX no: <urn:no>\nPREFIX a: <urn:a> prefix b:# c <\n <urn:b#>\n"
    query += "PREFIX c: ?x <urn:c> {}"
    found = {prefix: namespace for prefix, namespace, _ in sparqltext.declarations(query)}
    assert found == {"a": "urn:a", "b": "urn:b#", "c": None}


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
