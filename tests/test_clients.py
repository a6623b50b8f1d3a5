"""The endpoint as the clients that people have ask it, and what their readers read of it."""

from __future__ import annotations

import io
import json
import os
import socket
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from rdflib import RDF, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML
from SPARQLWrapper import SPARQLWrapper as Wrapper

from govkg.errors import FormatError, InputError
from govkg.server.app import listen
from govkg.server.protocol import GRAPHS, ROWS, choose
from govkg.store import Dataset, Store, mend
from server_harness import serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Run
    from govkg.api import KnowledgeGraph

# SPARQLWrapper and rdflib's reader of JSON-LD still use it.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")

EVENT = "https://w3id.org/govkg/id/event/guiyang-street-offices-abolished"
TYPE = str(RDF.type)
ASK = f"ASK {{ <{EVENT}> ?p ?o }}"
SELECT = f"SELECT ?p ?o {{ <{EVENT}> ?p ?o }} ORDER BY ?p ?o"
CONSTRUCT = f"CONSTRUCT {{ <{EVENT}> ?p ?o }} WHERE {{ <{EVENT}> ?p ?o }}"
DESCRIBE = f"DESCRIBE <{EVENT}>"


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with serving(home, "--workers", "1", "--burst", "1e9") as found:
        yield found


@pytest.fixture(scope="module")
def url(client: httpx.Client) -> str:
    return str(client.base_url).rstrip("/") + "/sparql"


@pytest.fixture(scope="module")
def event(kg: KnowledgeGraph) -> Graph:
    found = kg.query(CONSTRUCT)
    assert isinstance(found, Graph)
    assert len(found) > 5
    return found


def ask(url: str, query: str, form: str | None = None, method: str = "GET") -> Any:  # noqa: ANN401
    wrapper = Wrapper(url)
    wrapper.setQuery(query)
    wrapper.setMethod(POST if method == "direct" else method)
    wrapper.setRequestMethod(POSTDIRECTLY if method == "direct" else "urlencoded")
    if form:
        wrapper.setReturnFormat(form)
    return wrapper.queryAndConvert()


@pytest.mark.parametrize("method", ["GET", "POST", "direct"])
@pytest.mark.parametrize("form", [None, XML, RDFXML, TURTLE, N3, JSONLD])
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE])
def test_sparqlwrapper_reads_graphs(
    url: str, event: Graph, query: str, form: str | None, method: str
) -> None:
    found = ask(url, query, form, method)
    if isinstance(found, bytes):
        found = Graph().parse(data=found, format="turtle")
    triples = set(found.triples((None, None, None)))
    assert triples == set(event)


@pytest.mark.parametrize("form", [None, XML, JSON, CSV, TSV])
def test_sparqlwrapper_reads_rows(url: str, kg: KnowledgeGraph, form: str | None) -> None:
    found = ask(url, SELECT, form)
    if form == JSON:
        rows = len(found["results"]["bindings"])
    elif form in {CSV, TSV}:
        rows = found.count(b"\n") - 1
    else:
        rows = len(found.getElementsByTagName("result"))
    assert rows == len(kg.store.select(SELECT)) > 5


def test_sparqlwrapper_reads_a_boolean(url: str) -> None:
    assert ask(url, ASK, JSON)["boolean"] is True
    assert ask(url, ASK).getElementsByTagName("boolean")[0].firstChild.data == "true"


def test_rdflib_has_the_endpoint_as_a_store(url: str, event: Graph) -> None:
    graph = Graph(SPARQLStore(url))
    assert set(graph.triples((URIRef(EVENT), None, None))) == set(event)
    assert bool(graph.query(ASK).askAnswer)
    for query in (CONSTRUCT, DESCRIBE):
        found = graph.query(query).graph
        assert found is not None
        assert isomorphic(found, event)


@pytest.mark.parametrize(
    ("query", "lines", "given"),
    [
        (ASK, ["text/boolean", "application/sparql-results+json;q=0.8"], ROWS[0]),
        (ASK, ["text/csv;q=0.1", "image/png", "application/sparql-results+xml;q=0.8"], ROWS[1]),
        (CONSTRUCT, ["application/x-trig", "application/rdf+xml;q=0.5"], GRAPHS[3]),
        (CONSTRUCT, ["text/turtle;q=0.5", "", "application/ld+json"], GRAPHS[2]),
    ],
)
def test_several_accept_lines_are_one_list(
    client: httpx.Client, query: str, lines: list[str], given: str
) -> None:
    asked = client.build_request("GET", "/sparql", params={"query": query})
    del asked.headers["accept"]
    headers = httpx.Headers([*asked.headers.multi_items(), *(("Accept", one) for one in lines)])
    asked = httpx.Request("GET", asked.url, headers=headers)
    assert len(asked.headers.get_list("accept")) == len(lines)
    response = client.send(asked)
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == given


def test_languages_and_tags_come_in_several_lines_too(client: httpx.Client) -> None:
    lines = [("Accept-Language", "fr"), ("Accept-Language", "zh;q=0.5")]
    response = client.get("/sparql", params={"query": "ASK {"}, headers=lines)
    assert "语法" in response.text
    tag = client.get("/sparql", params={"query": ASK}).headers["etag"]
    lines = [("If-None-Match", '"other"'), ("If-None-Match", tag)]
    assert client.get("/sparql", params={"query": ASK}, headers=lines).status_code == 304


@pytest.mark.parametrize(
    ("header", "given"),
    [
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/xml", "application/rdf+xml"),
        ("application/rdf+xml, application/xml; q=0.7, text/plain; q=0.1", "application/rdf+xml"),
        ("*/*", "text/turtle"),
        ("", "text/turtle"),
        ("application/*", "application/n-triples"),
        ('text/turtle;v="a,b";q=0.3, application/rdf+xml;q=0.4', "application/rdf+xml"),
        ("text/turtle;q=0, */*;q=0.1", "application/n-triples"),
        ("text/turtle;charset=utf-8", "text/turtle"),
        ("application/trig", None),
    ],
)
def test_what_a_graph_is_sent_as(header: str, given: str | None) -> None:
    assert choose(header, GRAPHS) == given


def test_any_page_may_post(client: httpx.Client) -> None:
    asked = {
        "Origin": "https://ui.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type,x-requested-with",
    }
    for path in ("/sparql", "/sparql/"):
        answer = client.options(path, headers=asked)
        assert answer.status_code == 200
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "POST" in answer.headers["access-control-allow-methods"].split(", ")
        assert "x-requested-with" in answer.headers["access-control-allow-headers"]
    refused = {**asked, "Access-Control-Request-Method": "DELETE"}
    assert client.options("/sparql", headers=refused).status_code == 400
    direct = {"Content-Type": "application/sparql-query", "Origin": asked["Origin"]}
    answer = client.post("/sparql", content=ASK, headers=direct)
    assert answer.json()["boolean"] is True
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    "path", ["queries", "queries/cq01", "evidence?statement=event:none", "assessments", "networks"]
)
def test_a_language_that_is_none_is_a_bad_request(client: httpx.Client, path: str) -> None:
    for lang in ("fr", "", 'en") ...'):
        answer = client.get(f"/api/{path}", params={"lang": lang, "statement": "event:none"})
        assert answer.status_code == 400
        assert "'zh' or 'en'" in answer.json()["detail"]
    assert client.get("/api/evidence", params={"statement": "> ?p"}).status_code == 404


# --- formats -------------------------------------------------------------------------------------


def written(query: str, media_type: str) -> bytes:
    out = io.BytesIO()
    Store().answer(query, media_type, out, Dataset())
    return mend(media_type, out.getvalue())


TRICKY = """
PREFIX e: <http://example.org/>
CONSTRUCT {
  e:a a e:C , e:D ; e:p "a<b>&c \\r\\n\\t" , "文"@zh-Hans , 1 , e:b , _:x .
  e:b a "no class" , e:C ; e:撤销 _:x ;
    e:q "\\"http://www.w3.org/1999/02/22-rdf-syntax-ns#type\\":[" .
  _:x a _:y ; e:p "{\\"@id\\":\\"x\\"}" .
} {}
"""


@pytest.mark.parametrize(
    ("media_type", "form"), [("application/rdf+xml", "xml"), ("application/ld+json", "json-ld")]
)
def test_rdflib_reads_what_is_written(media_type: str, form: str) -> None:
    plain = Graph().parse(data=written(TRICKY, "application/n-triples"), format="nt")
    assert len(plain) == 13
    assert isomorphic(Graph().parse(data=written(TRICKY, media_type), format=form), plain)


def test_json_ld_says_type() -> None:
    nodes = json.loads(written(TRICKY, "application/ld+json"))
    [a] = [node for node in nodes if node["@id"] == "http://example.org/a" and "@type" in node]
    assert sorted(a["@type"]) == ["http://example.org/C", "http://example.org/D"]
    assert TYPE not in a
    # A type that is a literal is no `@type`.
    [b] = [node for node in nodes if TYPE in node]
    assert {"@value": "no class"} in b[TYPE]


def test_json_ld_over_http_says_type(client: httpx.Client, event: Graph) -> None:
    path = EVENT.removeprefix("https://w3id.org/govkg")
    [node] = client.get(path, headers={"Accept": "application/ld+json"}).json()
    assert set(node["@type"]) == set(map(str, event.objects(URIRef(EVENT), RDF.type)))


@pytest.mark.parametrize(
    "template",
    [
        "<e:a> <http://example.org/1> 1",
        "<e:a> <http://example.org/> 1",
        "<e:a> <urn:uuid:00000000-0000-0000-0000-000000000000> 1",
        "<e:a> <http://example.org/x(y)> 1",
        "<e:a> a <http://example.org/1>",
        "<e:a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#li> 1",
        '<e:a> <e:p> "\\u0001"',
        '<e:a> <e:p> "\\uFFFE"',
    ],
)
def test_what_xml_has_no_form_for_is_refused(client: httpx.Client, template: str) -> None:
    query = f"CONSTRUCT {{ {template} }} {{}}"
    with pytest.raises(FormatError, match="take text/turtle or"):
        written(query, "application/rdf+xml")
    asked = {"Accept": "application/rdf+xml"}
    answer = client.get("/sparql", params={"query": query}, headers=asked)
    assert answer.status_code == 406
    assert answer.text.startswith("application/rdf+xml can't carry this answer (")
    turtle = client.get("/sparql", params={"query": query})
    assert len(Graph().parse(data=turtle.text, format="turtle")) == 1


def test_rows_in_xml_are_whole_or_refused(govkg: Run, home: Path) -> None:
    rows = ET.fromstring(written('SELECT ("a\\r\\nb" AS ?x) {}', ROWS[1]))  # noqa: S314 - ours
    assert [one.text for one in rows.iter() if one.tag.endswith("literal")] == ["a\r\nb"]
    ill = 'SELECT ("\\u0001" AS ?x) {}'
    with pytest.raises(FormatError, match=r"take application/sparql-results\+json"):
        written(ill, ROWS[1])
    assert Store().select(ill).rows[0].x == Literal("\x01")
    found = govkg("query", ill, "--format", "xml", "--build", str(home))
    assert (found.returncode, found.stdout) == (2, "")
    assert "can't carry this answer" in found.stderr


# --- addresses -----------------------------------------------------------------------------------


def test_a_port_in_use_is_one_line(govkg: Run, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = govkg("serve", "--port", port, "--build", str(home), "--no-search")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr == (
        f"govkg: can't listen on 127.0.0.1, port {port}: it is taken; choose another --port, or 0 "
        "for a free one.\n"
    )


def test_a_host_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(InputError, match="this machine has no such address"):
        listen("192.0.2.7", 0)
    monkeypatch.setattr(socket, "getaddrinfo", unknown)  # no name server is asked
    with pytest.raises(InputError, match=r"nowhere\.invalid, port 80: Name or service not known"):
        listen("nowhere.invalid", 80)


def test_a_port_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, os.strerror(13))

    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(InputError, match="no right to it; choose a --port from 1024 on"):
        listen("127.0.0.1", 80)


def test_all_addresses_of_a_name_or_none(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        addresses = [("127.0.0.1", 0), ("192.0.2.7", 0)]
        family = socket.AF_INET
        found = [(family, socket.SOCK_STREAM, 6, "", address) for address in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        [listener] = listen("localhost", 0)
        listener.close()
        found.append((family, socket.SOCK_STREAM, 6, "", taken.getsockname()))
        with pytest.raises(InputError, match="it is taken"):
            listen("localhost", 0)
