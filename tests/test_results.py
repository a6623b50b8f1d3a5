"""Answers as data frames, networks and notebook tables."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from decimal import Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import networkx as nx
import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from rdflib import Graph, Literal, URIRef

from govkg import exports, layout
from govkg.errors import InputError, RemoteError
from govkg.results import Result
from govkg.results.graph import GraphResult
from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from govkg.api import KnowledgeGraph

VALUES = """
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?iri ?integer ?decimal ?double ?yes ?day ?moment ?text ?label ?mixed ?ill ?none {
  VALUES (?iri ?integer ?decimal ?double ?yes ?day ?moment ?text ?label ?mixed ?ill ?none) {
    (<https://example.org/a> 7 21.50 1e3 true "2011-08-01"^^xsd:date
     "2011-08-01T12:00:00"^^xsd:dateTime "a" "一"@zh 1 "x"^^xsd:integer UNDEF)
    (<https://example.org/b> UNDEF -0.125 UNDEF false UNDEF UNDEF UNDEF "one"@en "b" 2 UNDEF)
  }
}
"""


@pytest.fixture
def result() -> Result:
    return Store().select(VALUES)


def test_polars_columns_are_typed_and_decimals_exact(result: Result) -> None:
    expected = pl.DataFrame(
        {
            "iri": ["https://example.org/a", "https://example.org/b"],
            "integer": pl.Series([7, None], dtype=pl.Int64),
            "decimal": pl.Series([Decimal("21.50"), Decimal("-0.125")], dtype=pl.Decimal(38, 3)),
            "double": [1000.0, None],
            "yes": [True, False],
            "day": [dt.date(2011, 8, 1), None],
            "text": ["a", None],
            "label": ["一", "one"],
            "label_lang": ["zh", "en"],
            "mixed": ["1", "b"],
            "ill": ["x", "2"],
            "none": pl.Series([None, None], dtype=pl.String),
        }
    )
    found = result.to_polars()
    assert found["moment"].to_list() == [dt.datetime(2011, 8, 1, 12), None]  # noqa: DTZ001 - as it stands
    assert_frame_equal(found.drop("moment"), expected)


def test_pandas_columns_are_typed(result: Result) -> None:
    frame = result.to_pandas()
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        "iri": "string",
        "integer": "Int64",
        "decimal": "Float64",
        "double": "Float64",
        "yes": "boolean",
        "day": "datetime64[s]",
        "moment": "object",
        "text": "string",
        "label": "string",
        "label_lang": "string",
        "mixed": "string",
        "ill": "string",
        "none": "string",
    }
    assert frame["decimal"].sum() == 21.375
    assert frame["day"][0] == pd.Timestamp("2011-08-01")
    assert frame["integer"].isna().to_list() == [False, True]


def test_an_empty_answer_keeps_its_columns() -> None:
    empty = Store().select("SELECT ?a ?b { ?a ?b ?c }")
    assert empty.to_polars().columns == ["a", "b"]
    assert list(empty.to_pandas().columns) == ["a", "b"]
    assert empty.to_pandas().empty
    assert "0 rows" in empty._repr_html_()


def test_without_pandas_it_says_which_extra() -> None:
    code = (
        "import sys; sys.modules['pandas'] = None\n"
        "from govkg.store import Store\n"
        "try: Store().select('SELECT ?a {}').to_pandas()\n"
        "except Exception as error: print(type(error).__name__, error)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == f"MissingLibrary this takes pandas: {layout.installing('frames')}\n"


NUMBERS = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> SELECT ?n { VALUES ?n { %s } }"
D38 = "9" * 38


@pytest.mark.parametrize(
    ("values", "polars", "pandas", "last"),
    [
        ("1 99999999999999999999999", pl.String, "string", "99999999999999999999999"),
        ("1 9223372036854775807", pl.Int64, "Int64", 2**63 - 1),
        ("1 -9223372036854775808", pl.Int64, "Int64", -(2**63)),
        ("1 9223372036854775808", pl.String, "string", "9223372036854775808"),
        ("1 -9223372036854775809", pl.String, "string", "-9223372036854775809"),
        ('1 "18446744073709551615"^^xsd:unsignedLong', pl.String, "string", str(2**64 - 1)),
        ("0.5 99999999999999999999999", pl.Decimal(38, 1), "Float64", 10**23 - 1),
        (f"1 {D38[1:]}.5", pl.Decimal(38, 1), "Float64", Decimal(f"{D38[1:]}.5")),
        (f"1 {D38}.5", pl.String, "string", f"{D38}.5"),
        (f"{D38} 0.5", pl.String, "string", "0.5"),
    ],
)
def test_numbers_that_no_frame_holds_are_text(
    values: str, polars: pl.DataType, pandas: str, last: object
) -> None:
    found = Store().select(NUMBERS % values)
    frame = found.to_polars()
    assert frame["n"].dtype == polars
    assert frame["n"].to_list()[-1] == last
    assert str(found.to_pandas()["n"].dtype) == pandas
    assert len(found.to_pandas()) == 2


def test_a_table_becomes_a_pandas_frame(kg: KnowledgeGraph) -> None:
    table = kg.table("nbs-series/counts")
    frame = table.to_pandas()
    assert (len(frame), list(frame.columns)) == (table.height, table.columns)


def test_rows_with_source_and_target_are_a_network(kg: KnowledgeGraph) -> None:
    found = kg.query("""PREFIX gov: <https://w3id.org/govkg/ontology#>
        SELECT ?source ?target ?rank { ?x a gov:Headship ; gov:source ?source ; gov:target ?target .
        OPTIONAL { ?x gov:rank ?rank } }""")
    assert isinstance(found, Result)
    graph = found.to_networkx()
    assert graph.number_of_edges() == len(found) > 0
    assert all(node.startswith("https://w3id.org/govkg/id/") for node in graph)
    assert {type(facts["rank"]) for *_, facts in graph.edges(data=True)} == {int}
    with pytest.raises(InputError, match=r"needs the variables \?source and \?target"):
        Result(("a",), ()).to_networkx()


def test_rows_of_a_network_query_are_the_network(kg: KnowledgeGraph) -> None:
    from govkg import queries
    from govkg.namespaces import shorten

    rows = kg.store.select(queries.find("networks", "institutions").bind({}))
    graph, named = rows.to_networkx(), kg.network("institutions", lang="zh")
    assert sorted(map(shorten, graph)) == list(named)
    assert graph.number_of_edges() == named.number_of_edges()


CONSTRUCT = """
PREFIX gov: <https://w3id.org/govkg/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
CONSTRUCT { ?s gov:leads ?o . ?s rdfs:label ?l } WHERE { ?s gov:leads ?o ; rdfs:label ?l }
"""


def test_a_graph_is_rdflibs_and_has_the_same_ways_out(kg: KnowledgeGraph) -> None:
    found = kg.query(CONSTRUCT)
    assert isinstance(found, GraphResult)
    assert isinstance(found, Graph)
    assert "gov:leads" in found.serialize(format="turtle")
    assert found.to_polars().columns[:3] == ["subject", "predicate", "object"]
    assert len(found.to_pandas()) == len(found.rows) == len(found) > 0
    graph = found.to_networkx()
    assert {facts["kind"] for *_, facts in graph.edges(data=True)} == {"gov:leads"}
    some = next(source for source, _ in graph.edges())
    assert graph.nodes[some].keys() == {"rdfs:label@zh", "rdfs:label@en"}
    assert exports.write(nx.MultiDiGraph(graph), "graphml")
    assert "<table>" in found._repr_html_()


# --- notebooks -----------------------------------------------------------------------------------

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</td></table><script>",
]


class Reader(HTMLParser):
    """Collects the tags, links and attributes that a browser would see."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.links: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data


PLAIN = {"table", "thead", "tbody", "tr", "th", "td", "a", "span", "p"}


@given(st.one_of(st.sampled_from(ATTACKS), st.text()))
def test_no_text_becomes_markup(text: str) -> None:
    def labels(iris: Collection[str]) -> Mapping[str, str]:
        return dict.fromkeys(iris, text)

    rows = ((Literal(text), Literal(text, lang="zh"), URIRef("https://example.org/" + text)),)
    shown = Reader(Result((text, "b", "c"), rows, labels)._repr_html_())
    assert shown.tags <= PLAIN
    assert shown.names <= {"href", "title", "rel", "lang"}
    assert (
        text.replace("\r\n", "\n") in shown.text
        or not text.strip()
        or "\r" in text
        or "\x00" in text
    )


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "JaVaScript:alert(1)", "data:text/html,x"])
def test_only_the_web_is_linked(iri: str) -> None:
    rows = ((URIRef(iri),), (URIRef("https://example.org/a"),))
    shown = Reader(Result(("x",), rows)._repr_html_())
    assert shown.links == ["https://example.org/a"]
    assert iri in shown.text


def test_labels_stand_for_iris_and_long_answers_are_shown_in_part(kg: KnowledgeGraph) -> None:
    found = kg.query("cq01", lang="zh")
    assert isinstance(found, Result)
    iris = [str(row.event) for row in found]
    labels = kg.labels(iris, "zh")
    assert labels.keys() == set(iris)
    assert all(label in Reader(found._repr_html_()).text for label in labels.values())
    long = Result(("x",), ((Literal(1),),) * 101)
    assert "101 rows, the first 100 shown" in long._repr_html_()


def test_rows_are_shown_where_labels_fail() -> None:
    def gone(_: Collection[str]) -> Mapping[str, str]:
        raise RemoteError("gone")

    iri = "https://w3id.org/govkg/id/claim/a"
    assert "claim:a" in Result(("x",), ((URIRef(iri),),), gone)._repr_html_()
