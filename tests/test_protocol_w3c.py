"""The W3C's tests of the SPARQL 1.1 Protocol, one by one (docs/how-to/testing.md)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.collection import Collection

import needs
from server_harness import serving, write_build

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from rdflib.term import Node

SUITE = needs.SUITES / "sparql-protocol"
pytestmark = pytest.mark.needs(needs.PROTOCOL_SUITE)
CNT = Namespace("http://www.w3.org/2011/content#")
HT = Namespace("http://www.w3.org/2011/http#")
MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
DATA = "http://kasei.us/2009/09/sparql/data/data{}.rdf"
FORMATS = {
    "boolean": {"application/sparql-results+json", "application/sparql-results+xml"},
    "tabular": {"application/sparql-results+json", "text/csv", "text/tab-separated-values"},
    "RDF": {"text/turtle", "application/n-triples", "application/ld+json"},
}


def manifest() -> Graph:
    found = Graph()
    if needs.PROTOCOL_SUITE.found():
        found.parse(SUITE / "manifest.ttl")
    return found


TESTS = manifest()
NAMES = sorted(str(test).rpartition("#")[2] for test in TESTS.subjects(RDF.type, MF.ProtocolTest))
QUERIES = [name for name in NAMES if "update" not in name]
UPDATES = [name for name in NAMES if "update" in name]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    quads = ""
    for number in (1, 2, 3):
        triple = (SUITE / f"data{number}.nt").read_text(encoding="utf-8").strip()
        quads += f"{triple.removesuffix('.')}<{DATA.format(number)}> .\n"
    home = tmp_path_factory.mktemp("w3c")
    write_build(home, "graph-w3c", quads)
    with serving(home, "--workers", "1") as found:
        yield found


def requests(name: str) -> list[Node]:
    (test,) = (one for one in TESTS.subjects(RDF.type) if str(one).endswith(f"#{name}"))
    action = TESTS.value(test, MF.action)
    return items(TESTS.value(action, HT.requests))


def items(node: Node | None) -> list[Node]:
    """Give the members of a list, of lists within it as well."""
    if node is None:
        return []
    members = list(Collection(TESTS, node)) if (node, RDF.first, None) in TESTS else [node]
    return members if members == [node] else [one for each in members for one in items(each)]


def headers_of(request: Node) -> dict[str, str]:
    return {
        str(TESTS.value(one, HT.fieldName)): str(TESTS.value(one, HT.fieldValue))
        for one in items(TESTS.value(request, HT.headers))
    }


def send(client: httpx.Client, request: Node) -> httpx.Response:
    headers = {"Accept": "*/*", **headers_of(request)}
    body = TESTS.value(request, HT.body)
    text = str(TESTS.value(body, CNT.chars) or "") if body else ""
    coding = str(TESTS.value(body, CNT.characterEncoding) or "UTF-8") if body else "UTF-8"
    path = str(TESTS.value(request, HT.absolutePath))
    method = str(TESTS.value(request, HT.methodName))
    return client.request(method, path, headers=headers, content=text.encode(coding))


def test_all_are_listed() -> None:
    assert len(QUERIES) == 20
    assert len(UPDATES) == 14


@pytest.mark.parametrize("name", needs.cases(QUERIES))
def test_query(client: httpx.Client, name: str) -> None:
    asked = requests(name)
    assert asked
    for request in asked:
        check(send(client, request), TESTS.value(request, HT.resp))


def check(response: httpx.Response, expected: Node | None) -> None:
    statuses = {str(one)[-3] for one in TESTS.objects(expected, MF.expectedStatus)}
    assert str(response.status_code)[0] in statuses, response.text
    form: Any = TESTS.value(expected, MF.expectedFormat)
    if form is not None:
        assert response.headers["content-type"].partition(";")[0] in FORMATS[str(form)]
    boolean: Any = TESTS.value(expected, MF.expectedBoolean)
    if boolean is not None:
        assert response.json()["boolean"] is boolean.toPython()


@pytest.mark.parametrize("name", needs.cases(UPDATES))
def test_update_is_refused(client: httpx.Client, name: str) -> None:
    """An update gets 403; a POST of no media type of the protocol can't be told for one: 415."""
    first = requests(name)[0]
    told = "get" in name or "sparql" in str(headers_of(first)) or "form" in str(headers_of(first))
    response = send(client, first)
    assert response.status_code == (403 if told else 415), response.text
