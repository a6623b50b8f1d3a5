"""The questions a scholar asks: each with the rows it must give, and the claims that prove them.

`tests/competency/<query>.csv`, or `<query>.<case>.csv` for a query with parameters; then the file
opens with a line `# name=value name=value`.
"""

from __future__ import annotations

import csv
import re
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from rdflib import URIRef

from govkg import layout, queries
from govkg.namespaces import GOV, shorten
from govkg.results import Result
from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.api import KnowledgeGraph

FOLDER = Path(__file__).parent / "competency"
CASES = sorted(FOLDER.glob("*.csv"))
QUERIES = sorted(path.stem for path in (layout.QUERIES / "competency").glob("*.rq"))


def expected(path: Path) -> tuple[dict[str, str], list[list[str]]]:
    """Read a case: its parameters and its rows, the columns first."""
    lines = path.read_text(encoding="utf-8").splitlines()
    parameters = {}
    if lines[0].startswith("# "):
        pairs = (pair.partition("=") for pair in lines.pop(0)[2:].split())
        parameters = {name: value for name, _, value in pairs}
    return parameters, list(csv.reader(lines))


def answer(kg: KnowledgeGraph, name: str, **parameters: str) -> list[list[str]]:
    found = kg.query(name, **parameters)  # type: ignore[arg-type]
    assert isinstance(found, Result)
    rows = [["" if term is None else shorten(str(term)) for term in row] for row in found]
    return [list(found.columns), *rows]


def test_every_question_has_its_rows() -> None:
    assert len(QUERIES) > 0
    assert sorted({path.name.partition(".")[0] for path in CASES}) == QUERIES


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_rows_are_the_expected_ones(kg: KnowledgeGraph, path: Path) -> None:
    parameters, rows = expected(path)
    assert len(rows) > 1, "a question that finds nothing proves nothing"
    assert answer(kg, path.name.partition(".")[0], **parameters) == rows


@pytest.mark.parametrize("name", QUERIES)
def test_every_row_names_its_proof(kg: KnowledgeGraph, name: str) -> None:
    found = kg.query(name, lang="en")
    assert isinstance(found, Result)
    proofs = [column for column in found.columns if column.lower().endswith("claim")]
    assert "claim" in {column.lower()[-5:] for column in proofs}
    for row in found.rows:
        claims = [getattr(row, column) for column in proofs]
        assert any(isinstance(c, URIRef) and shorten(c).startswith("claim:") for c in claims)


@pytest.mark.parametrize("name", QUERIES)
def test_chinese_and_english_rows_are_the_same_rows(kg: KnowledgeGraph, name: str) -> None:
    proofs = []
    for lang in ("zh", "en"):
        columns, *rows = answer(kg, name, lang=lang)
        column = next(i for i, c in enumerate(columns) if c.lower().endswith("claim"))
        proofs.append(sorted(row[column] for row in rows))
    assert proofs[0] == proofs[1]
    assert proofs[0]


@pytest.mark.parametrize("name", QUERIES)
def test_a_question_says_whether_sets_are_in(kg: KnowledgeGraph, name: str) -> None:
    """By the tag `sets` where a row may name one, or by a parameter, and then they are out."""
    query = queries.find("competency", name)
    with_sets = {"sets": "in"} if "sets" in query.parameters else {}
    found = {term for row in answer(kg, name, lang="en", **with_sets) for term in row} & sets(kg)
    assert bool(found) == ("sets" in query.tags or "sets" in query.parameters)
    if with_sets:
        assert not {term for row in answer(kg, name, lang="en") for term in row} & sets(kg)


def sets(kg: KnowledgeGraph) -> set[str]:
    found = kg.query(f"SELECT ?node {{ ?node <{GOV}collective> true }}")
    assert isinstance(found, Result)
    return {shorten(str(node)) for (node,) in found}


@pytest.mark.parametrize("name", QUERIES)
def test_the_query_is_its_own_whole(name: str) -> None:
    """A query file runs on any server: every prefix it uses it declares."""
    from rdflib.plugins.sparql import prepareQuery

    prepareQuery(queries.find("competency", name).text)


# --- mutations: a question that nothing can change proves nothing -------------------------------


def terms_of(name: str) -> list[str]:
    """List the terms of our ontology that a query names outside its OPTIONAL parts."""
    text = re.sub(r"OPTIONAL \{[^{}]*\}", "", queries.find("competency", name).text)
    return sorted(set(re.findall(r"\bgov:(\w+)", text.partition("WHERE")[2])))


# Asked for, but no claim of today's documents states one as a fact.
UNSTATED = {("cq27-who-is-above-whom", "DirectAdministration")}
MUTANTS = [
    (name, term) for name in QUERIES for term in terms_of(name) if (name, term) not in UNSTATED
]


@pytest.fixture(scope="session")
def copy(kg: KnowledgeGraph) -> Iterator[ox.Store]:
    """Give a copy of the build in memory that a test may take triples out of, and put back."""
    store = ox.Store()
    store.bulk_load(path=str(kg.build.directory / "govkg.nq"), format=ox.RdfFormat.N_QUADS)
    yield store
    assert len(store) == kg.build.triples


@cache
def whole(store: ox.Store, text: str) -> object:
    """Give all rows of a question, asked once."""
    return Store(store).select(text).rows


@contextmanager
def without(store: ox.Store, term: str) -> Iterator[None]:
    """Take out the triples whose predicate, or whose class, is the term, for a while."""
    node = ox.NamedNode(f"{GOV}{term}")
    taken = [
        *store.quads_for_pattern(None, node, None),
        *store.quads_for_pattern(None, None, node),
    ]
    assert taken, f"no triple has {term}"
    for quad in taken:
        store.remove(quad)
    try:
        yield
    finally:
        store.extend(taken)


@pytest.mark.parametrize(("name", "term"), sorted(UNSTATED))
def test_a_term_that_is_passed_over_changes_nothing(copy: ox.Store, name: str, term: str) -> None:
    """Once a claim states it, it must be taken off the list."""
    assert term in terms_of(name)
    text = queries.find("competency", name).bind({"lang": "en"})
    expected = whole(copy, text)
    with without(copy, term):
        assert Store(copy).select(text).rows == expected


@pytest.mark.parametrize(("name", "term"), MUTANTS)
def test_every_term_of_a_question_matters(copy: ox.Store, name: str, term: str) -> None:
    query = queries.find("competency", name)
    text = query.bind({"lang": "en"} if "lang" in query.parameters else {})
    expected = whole(copy, text)
    with without(copy, term):
        assert Store(copy).select(text).rows != expected
