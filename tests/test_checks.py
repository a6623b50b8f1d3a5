"""Every check of `queries/checks` finds what it is there for, and nothing else.

`tests/checks/<check>/catch-*` open with the rows that the check must return, one `# expect:` line
a row with its columns in order; from `ok-*` it must return none. A Turtle file is loaded where the
check looks: into the graph of the ontology or of a document. A TriG file names its graphs.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rdflib.namespace import NamespaceManager
from rdflib.util import from_n3

from govkg import layout, queries, sources, validation
from govkg.errors import InputError
from govkg.namespaces import BASE, ONTOLOGY_GRAPH, PREFIXES, document_graph
from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

FIXTURES = Path(__file__).parent / "checks"
CASES = sorted(path for path in FIXTURES.glob("*/*") if path.suffix in (".ttl", ".trig"))
CHECKS = {name: q for name, q in queries.catalog("checks").items() if name.startswith("no-")}
GRAPHS = {"ontology": ONTOLOGY_GRAPH, "data": document_graph("fixture")}


def _case_id(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", CASES, ids=_case_id)
def test_check_returns_exactly(path: Path) -> None:
    store, expected = _load(path)
    assert bool(expected) == path.name.startswith("catch-")
    assert Counter(store.select(CHECKS[path.parent.name].text).rows) == expected


@pytest.mark.parametrize("name", CHECKS)
def test_every_line_of_a_check_is_needed(name: str) -> None:
    """Without any one of its lines a check is broken, or fails a fixture of its own."""
    fixtures = [_load(path) for path in CASES if path.parent.name == name]
    lines = CHECKS[name].text.splitlines()
    body = range(lines.index("WHERE {") + 1, len(lines))
    idle = [
        lines[k]
        for k in body
        if not re.search(r"^ORDER BY|# for speed$", lines[k])
        and _passes("\n".join(lines[:k] + lines[k + 1 :]), fixtures)
    ]
    assert not idle


def _load(path: Path) -> tuple[Store, Counter[tuple[object, ...]]]:
    store = Store()
    if path.suffix == ".trig":
        store.load(path)
    else:
        store.add_skolemized(path, GRAPHS[CHECKS[path.parent.name].header.scope])
    return store, Counter(_expected_rows(path))


def _passes(text: str, fixtures: list[tuple[Store, Counter[tuple[object, ...]]]]) -> bool:
    try:
        return all(Counter(store.select(text).rows) == rows for store, rows in fixtures)
    except InputError:
        return False


@pytest.mark.parametrize(
    ("name", "each"),
    [
        ("no-twin-label", 'inst:n{} a gov:Commission ; rdfs:label "办公室"@zh .'),
        ("no-twin-relation", "rel:n{} a gov:Leadership ; gov:source inst:a ; gov:target inst:b ."),
        (
            "no-repeated-claim",
            "claim:n{} gov:document doc:a ; gov:start 1 ; gov:end 2 ; gov:asserts rel:a .",
        ),
        (
            "no-two-figures-for-one-group",
            "obs:n{} gov:observes inst:a ; gov:measure measure:migrants ; gov:statedValue 9.0 .",
        ),
    ],
)
def test_many_alike_are_told_once_each(name: str, each: str) -> None:
    """The pairs of a thousand would be half a million rows, each with its place in a file."""
    many = 1_000
    names = ("claim", "doc", "gov", "inst", "measure", "obs", "rdfs", "rel", "skos")
    text = "".join(f"@prefix {one}: <{PREFIXES[one]}> .\n" for one in names)
    text += "gov:Leadership gov:shortcut gov:leads .\n"
    text += "measure:migrants skos:broader measure:population .\n"
    text += "obs:least gov:observes inst:a ; gov:measure measure:migrants ; gov:statedValue 1.0 .\n"
    text += "\n".join(each.format(number) for number in range(many))
    store = Store()
    store.load_text(text, Path("many.ttl"), document_graph("many"))
    rows = store.select(CHECKS[name].text).rows
    assert len({row.focus for row in rows}) == len(rows) == many
    assert all(row.focus != row.value for row in rows)


def test_every_fixture_is_a_case_and_every_check_has_both_kinds() -> None:
    files = [path for path in FIXTURES.rglob("*") if path.is_file()]
    assert sorted(files) == CASES
    assert len(CASES) > 0
    kinds = {(path.parent.name, path.name.partition("-")[0]) for path in CASES}
    assert kinds == {(name, kind) for name in CHECKS for kind in ("catch", "ok")}


@pytest.mark.parametrize("name", CHECKS)
def test_header_is_complete(name: str) -> None:
    check = CHECKS[name]
    assert set(re.findall(r"^#\+ (\w+):", check.text, re.MULTILINE)) == {
        "message",
        "severity",
        "scope",
    }
    assert check.header.severity in {"violation", "warning", "info"}
    assert check.header.scope in GRAPHS
    columns = list(Store().select(check.text).columns)
    assert columns == ["focus", *(c for c in ("path", "value", "graph", "other") if c in columns)]
    for language in ("en", "zh"):
        message = check.header.message[language]
        assert set(re.findall(r"{(\w+)}", message)) <= set(columns)
        assert "{focus}" in message
        assert len(re.findall("[.。]", re.sub(r"\.\.\.", "", message))) >= 1


@pytest.mark.parametrize("name", CHECKS)
def test_query_keeps_the_habits(name: str) -> None:
    """MINUS, since FILTER NOT EXISTS is quadratic; an order, so that reports are reproducible."""
    text = CHECKS[name].text
    assert "NOT EXISTS" not in text
    assert re.search(r"^ORDER BY \?", text, re.MULTILINE)
    used = set(re.findall(r"(?<!\w)([a-z]+):[A-Za-z)]", _code(text)))
    assert used == set(re.findall(r"^PREFIX (\w+):", text, re.MULTILINE))


def _expected_rows(path: Path) -> Iterator[tuple[object, ...]]:
    names = NamespaceManager(Store().to_rdflib(), bind_namespaces="none")
    for prefix, namespace in PREFIXES.items():
        names.bind(prefix, namespace)
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# expect: "):
            cells = re.findall(r'"(?:[^"\\]|\\.)*"\S*|\S+', line.removeprefix("# expect: "))
            yield tuple(from_n3(cell, nsm=names) for cell in cells)


# --- names inside query texts, where no SPARQL check can look ----------------------------------


def _code(text: str) -> str:
    """Leave out comments, strings and full IRIs of a query."""
    return re.sub(r'<[^>\s]*>|"(?:[^"\\]|\\.)*"|(?<!\S)#.*', " ", text)


def _query_texts() -> Iterator[tuple[str, str]]:
    for path in [*layout.QUERIES.rglob("*.rq"), *sources.rule_files()]:
        yield path.name, path.read_text(encoding="utf-8")
    store = validation.load_ontology_and_shapes()
    constraints = store.select(
        "PREFIX sh: <http://www.w3.org/ns/shacl#> SELECT ?at ?text { ?at sh:select|sh:ask ?text }"
    )
    yield from ((str(row.at), str(row.text)) for row in constraints)


def test_queries_rules_and_constraints_name_only_defined_terms() -> None:
    """A query that misspells a term is valid SPARQL and silently finds nothing."""
    rows = validation.load_ontology_and_shapes().select("SELECT DISTINCT ?term { ?term a ?type }")
    defined = {str(row.term) for row in rows}
    ours = {
        p: ns for p, ns in PREFIXES.items() if ns.startswith((f"{BASE}ontology", f"{BASE}code"))
    }
    unknown = {
        f"{where}: {prefix}:{local}"
        for where, text in _query_texts()
        for prefix, local in re.findall(r"(?<![\w-])([a-z-]+):([A-Za-z][\w-]*)", _code(text))
        if prefix in ours and ours[prefix] + local not in defined
    }
    assert not unknown
