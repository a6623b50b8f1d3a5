"""The endpoint as a well-behaved client sees it, and its parts under generated input."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import positive_data_acceptance

from govkg import layout, queries
from govkg.api import Build
from govkg.cli import pipeline as command
from govkg.errors import InputError
from govkg.manifest import Manifest
from govkg.namespaces import PREFIXES
from govkg.queryheader import Header
from govkg.server import json_api, precheck, protocol
from govkg.server.fair_queue import FairQueue, SerialExecutor
from govkg.server.json_api import api
from govkg.server.limits import RateLimit, RateLimitError, Refused, Settings, client_key
from server_harness import serving, write_build

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from govkg.api import KnowledgeGraph

quick = settings(
    max_examples=200, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
SELECT = "SELECT ?s { ?s a <https://w3id.org/govkg/ontology#Abolition> } ORDER BY ?s"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"


@pytest.fixture(scope="module")
def client(home: Path) -> Iterator[httpx.Client]:
    with serving(home, "--workers", "1", "--burst", "1e9") as found:
        yield found


@pytest.mark.parametrize(
    ("query", "wanted", "given"),
    [
        (SELECT, "*/*", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (
            SELECT,
            "text/csv;q=0.5, application/sparql-results+xml",
            "application/sparql-results+xml",
        ),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values"),
        (SELECT, "text/html, text/*;q=0.3", "text/csv"),
        (CONSTRUCT, "", "text/turtle"),
        (CONSTRUCT, "application/ld+json, text/turtle;q=0.9", "application/ld+json"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
    ],
)
def test_accept(client: httpx.Client, query: str, wanted: str, given: str) -> None:
    response = client.get("/sparql", params={"query": query}, headers={"Accept": wanted})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == given
    assert response.content


def test_every_question_has_its_rows_over_http(client: httpx.Client, kg: KnowledgeGraph) -> None:
    questions = queries.catalog("competency")
    for name, question in questions.items():
        asked = {"query": question.bind({}, "zh")}
        answer = client.get("/sparql", params=asked, headers={"Accept": "text/csv"})
        assert answer.content == kg.serialize(name, "csv", lang="zh"), name
        assert answer.content.count(b"\n") > 1, name
    assert len(questions) > 50


def test_a_variable_named_from_names_no_graph() -> None:
    assert not precheck.check("SELECT ?from { ?s :from ?from ; ?p 'FROM', <from> }").names_graphs
    assert precheck.check("SELECT * FROM<http://e/g> { ?s ?p ?o }").names_graphs


@pytest.mark.parametrize("wanted", ["text/turtle", "image/png", "text/csv;q=0", "text/csv;q=x"])
def test_not_acceptable(client: httpx.Client, wanted: str) -> None:
    response = client.get("/sparql", params={"query": SELECT}, headers={"Accept": wanted})
    assert response.status_code == 406


def test_the_same_answer_is_sent_once(client: httpx.Client) -> None:
    first = client.get("/sparql", params={"query": SELECT})
    again = {"If-None-Match": first.headers["etag"]}
    assert client.get("/sparql", params={"query": SELECT}, headers=again).status_code == 304
    other = client.get("/sparql", params={"query": SELECT + " LIMIT 1"}, headers=again)
    assert other.status_code == 200
    assert "etag" not in client.get("/sparql", params={"query": "SELECT (NOW() AS ?n) {}"}).headers


def test_head_options_cors_gzip(client: httpx.Client) -> None:
    head = client.head("/sparql", params={"query": SELECT})
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) > 0
    assert "POST" in client.options("/sparql").headers["allow"]
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
    assert client.options("/sparql", headers=asked).headers["access-control-allow-origin"] == "*"
    assert client.get("/sparql").headers["content-encoding"] == "gzip"


def test_comments_of_editors_pass(client: httpx.Client) -> None:
    query = "#title: Abolitions\n#defaultView:Table\n" + SELECT
    assert client.get("/sparql", params={"query": query}).status_code == 200


def test_service_description(client: httpx.Client) -> None:
    from rdflib import VOID, Graph

    found = Graph().parse(data=client.get("/sparql").text, format="turtle")
    counts = [int(str(count)) for count in found.objects(None, VOID.triples)]
    assert max(counts) * 2 == sum(counts)  # the whole, and the graphs it is made of


def test_things_have_addresses(client: httpx.Client) -> None:
    path = "/id/event/guiyang-street-offices-abolished"
    for media_type in protocol.GRAPHS:
        response = client.get(path, headers={"Accept": media_type})
        assert response.headers["content-type"].startswith(media_type)
        assert "guiyang" in response.text
    assert client.get("/id/event/none").status_code == 404
    assert "StreetOffice" in client.get("/ontology").text
    assert client.get("/code/modality/fact").status_code == 200
    assert client.get("/dumps/govkg.nq").content.count(b"\n") > 10_000


def test_json_api(client: httpx.Client) -> None:
    names = [query["name"] for query in client.get("/api/queries").json()]
    assert len(names) == len(client.get("/api/queries?lang=zh").json()) > 50
    assert client.get("/api/queries/cq01").json()["rows"]
    statement = {"statement": "event:guiyang-street-offices-abolished"}
    assert client.get("/api/evidence", params=statement).json()
    assert client.get("/api/entity", params={"iri": statement["statement"]}).status_code == 200
    for form in ("csv", "gexf", "graphml"):
        assert client.get("/api/networks/institutions", params={"form": form}).content
    assert client.get("/api/queries/nonsense").status_code == 404
    assert client.get("/api/resolve", params={"name": "白下区"}).json()["status"] == "found"


def test_evidence_has_places_and_no_words(client: httpx.Client) -> None:
    asked = {"statement": "event:guiyang-street-offices-abolished", "lang": "zh"}
    lines = client.get("/api/evidence", params=asked).json()
    assert lines
    for line in lines:
        assert 0 <= line["start"] < line["end"]
        assert line["claim"].startswith(PREFIXES["claim"])
        assert "quote" not in line
    assert {line["modality"] for line in lines} == {"事实"}
    nothing = client.get("/api/evidence", params={"statement": "event:none"})
    assert nothing.status_code == 404


def test_nodes_go_by_names(client: httpx.Client) -> None:
    def body(path: str, **asked: str) -> tuple[int, str]:
        answer = client.get(path, params=asked)
        return answer.status_code, answer.text

    place, body_of = "territory:daqing", "inst:daqing-social-work-committee"
    named = body("/api/queries/cq23", place="大庆市")
    assert named == body("/api/queries/cq23", place=place)
    assert "daqing-social-work-committee-established" in named[1]
    assert body("/api/entity", iri="daqing") == body("/api/entity", iri=place)
    named = body("/api/evidence", statement="大庆市委社会工作委员会")
    assert named == body("/api/evidence", statement=body_of)
    assert named[0] == 200
    for path, key in (("entity", "iri"), ("evidence", "statement"), ("queries/cq23", "place")):
        status, text = body(f"/api/{path}", **{key: "崇川区"})
        assert (status, "division:320613" in text) == (400, True), path
        assert body(f"/api/{path}", **{key: "Guiyyang"})[0] == 404


def test_assessments(client: httpx.Client) -> None:
    lines = client.get("/api/assessments").json()
    assert len({line["claim"] for line in lines}) > 1
    claim = lines[0]["claim"]
    of_one = client.get("/api/assessments", params={"claim": claim}).json()
    assert of_one == [line for line in lines if line["claim"] == claim]
    full = {"claim": PREFIXES["claim"] + claim.partition(":")[2]}
    assert client.get("/api/assessments", params=full).json() == of_one
    assert client.get("/api/assessments", params={"claim": "claim:none"}).json() == []


def test_search_asks_the_index_beside_the_build(names: Path, tmp_path: Path) -> None:
    write_build(tmp_path, "graph-a", "<http://e/s> <http://e/p> <http://e/o> .\n")
    with serving(tmp_path, "--workers", "1") as client:
        assert "--no-search" in client.get("/api/search", params={"q": "x"}).json()["detail"]
    (tmp_path / names.name).symlink_to(names)
    with serving(tmp_path, "--workers", "1", "--search") as client:
        for asked in ("南明区", "南明區", "nanming"):
            found = client.get("/api/search", params={"q": asked, "limit": 1}).json()
            assert found[0]["code"] == "520102000000"
        assert client.get("/api/search", params={"q": "区", "limit": 7}).json()[6]["path"]


def test_a_year_of_no_list(client: httpx.Client) -> None:
    for year in (1, 10**30):
        response = client.get("/api/resolve", params={"name": "白下区", "year": year})
        assert response.status_code == 400
        assert "1980" in response.json()["detail"]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("", ["line 2, column 4: the prefix gov: is not declared", "PREFIX gov:"]),
        ("zh-CN,zh;q=0.9,en;q=0.8", ["第2行第4列：前缀 gov: 没有声明", "语法"]),
        ("en;q=0.9,zh;q=0.1", ["did you mean gov:StreetOffice or"]),
    ],
)
def test_mistakes_are_explained(client: httpx.Client, language: str, said: list[str]) -> None:
    right = f"PREFIX gov: <{PREFIXES['gov']}>\nSELECT * {{ ?s a gov:StreetOfice "
    query = right if "q=0.1" in language else "SELECT * { ?街道\n a gov:StreetOffice }"
    headers = {"Accept-Language": language}
    response = client.get("/sparql", params={"query": query}, headers=headers)
    assert response.status_code == 400
    for one in said:
        assert one in response.text


def test_answers_are_compressed_for_those_who_can(client: httpx.Client) -> None:
    query = {"query": "SELECT * { ?s ?p ?o } LIMIT 100"}
    packed = client.get("/sparql", params=query)
    plain = client.get("/sparql", params=query, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.content == plain.content
    assert packed.headers["etag"] == plain.headers["etag"]


def test_clients_take_turns() -> None:
    async def turns() -> list[str]:
        queue: FairQueue[int] = FairQueue()
        served: list[str] = []

        async def wait(client: str) -> None:
            await queue.take(client, 5)
            served.append(client)

        tasks = [asyncio.create_task(wait(client)) for client in "aaabbc"]
        await asyncio.sleep(0)
        tasks[1].cancel()
        with pytest.raises(TimeoutError):
            await queue.take("late", 0)
        for number in range(5):
            queue.put(number)
        await asyncio.gather(*tasks, return_exceptions=True)
        assert list(queue.drain()) == []
        return served

    # A turn of a is one that was cancelled: the worker goes to b at once.
    assert asyncio.run(turns()) == list("abcba")


def test_the_front_does_one_thing_at_a_time_and_has_it_paid() -> None:
    most = under_way = 0

    def work() -> str:
        nonlocal most, under_way
        under_way += 1
        most = max(most, under_way)
        time.sleep(0.01)
        under_way -= 1
        return "done"

    async def crowd() -> list[str]:
        limit = RateLimit(Settings(burst=60, refill=1e-9), time.monotonic)
        executor = SerialExecutor(limit, 5)
        done = await asyncio.gather(*(executor.run(f"client {n % 5}", work) for n in range(10)))
        assert limit.wait("client 1") == 0
        limit.spend("client 1", 59.99)  # two pieces of work were 0.02 s at least
        with pytest.raises(RateLimitError):
            await executor.run("client 1", work)
        return done

    assert asyncio.run(crowd()) == ["done"] * 10
    assert most == 1


def test_who_waits_too_long_is_sent_away() -> None:
    gate = threading.Event()

    async def wait() -> int:
        executor = SerialExecutor(RateLimit(Settings(), time.monotonic), 0.01)
        first = asyncio.create_task(executor.run("a", gate.wait))
        await asyncio.sleep(0)
        with pytest.raises(Refused) as refused:
            await executor.run("b", gate.is_set)
        gate.set()
        assert await first
        assert await executor.run("b", gate.is_set)
        return refused.value.status

    assert asyncio.run(wait()) == 503


def test_a_part_of_a_network_says_which_build_has_the_rest(client: httpx.Client) -> None:
    """As the command line says it on stderr."""
    part = client.get("/api/networks/hierarchy", headers={"Origin": "https://example.org"})
    assert part.status_code == 200
    assert part.headers["Partial-Answer"] == (
        "this build has scope document, so the answer is a part: "
        "`govkg build --scope township` has the rest."
    )
    assert "Partial-Answer" in part.headers["access-control-expose-headers"]
    for whole in ("/api/networks/institutions", "/api/queries/cq01"):
        assert "Partial-Answer" not in client.get(whole).headers


def test_a_header_of_a_partial_answer_can_hold_what_was_asked() -> None:
    build = Build(Path("x"), Manifest(triples=0, graphs={}, dumps={}, scope="township"))
    needing = queries.Query("q", Path(), "", Header(needs={"scope": "national"}))
    asked = {"province": "贵州\r\nSet-Cookie: a"}
    [(name, told)] = json_api.partial_header(build, needing, asked).items()
    assert name == "Partial-Answer"
    assert told.isascii()
    assert told.isprintable()
    assert unquote(told).endswith(f"--scope national --province {asked['province']}` has the rest.")


def test_openapi_holds(client: httpx.Client) -> None:
    """Generated calls of every operation get an answer that the description allows."""
    base_url = str(client.base_url).rstrip("/") + "/api"
    operations = [
        found.ok()
        for found in schemathesis.openapi.from_dict(api.openapi()).get_all_operations()
        if isinstance(found, Ok)
    ]
    assert len(operations) == len(api.openapi()["paths"]) > 0
    for operation in operations:

        @settings(
            max_examples=8,
            derandomize=True,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def holds(call: schemathesis.Case[Any]) -> None:
            # Which names exist is more than a schema can say: 400 and 404 are fine.
            response = call.call(base_url=base_url)
            call.validate_response(response, excluded_checks=[positive_data_acceptance])

        holds()


@quick
@given(st.text(), st.text(), st.binary(), st.sampled_from(["GET", "POST", "PUT", "HEAD"]))
def test_protocol_parser_refuses_or_reads(
    target: str, content_type: str, body: bytes, method: str
) -> None:
    status = 200
    try:
        asked = protocol.parse(method, target, content_type, body).query
    except Refused as refused:
        asked, status = None, refused.status
    assert status in {200, 400, 403, 405, 413, 415}
    assert asked is not None or status != 200 or method in {"GET", "HEAD"}


@quick
@given(st.text(max_size=50), st.sampled_from(['"', "'", '"""', "'''"]))
def test_what_is_quoted_is_no_syntax(text: str, quote: str) -> None:
    safe = "".join(c for c in text if c not in "\\\"'\r\n") + " SERVICE { ( "
    bare = precheck.mask(f"ASK {{ FILTER({quote}{safe}{quote} = 1) }}")
    assert bare == 'ASK { FILTER("" = 1) }'


@quick
@given(st.text())
def test_accept_takes_any_header(header: str) -> None:
    assert protocol.choose(header, protocol.ROWS) in {None, *protocol.ROWS}


@pytest.mark.parametrize(
    ("address", "pays"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("somebody", "somebody"),
    ],
)
def test_one_customer_pays_once(address: str, pays: str) -> None:
    assert client_key(address) == pays


@pytest.mark.parametrize("proxy", ["*", "127.0.0.1/8", "proxy.example.org"])
def test_a_proxy_has_an_address(proxy: str) -> None:
    command.refuse_unlikely_proxy("127.0.0.0/8")
    with pytest.raises(InputError, match="is no address"):
        command.refuse_unlikely_proxy(proxy)


def test_http_has_one_door() -> None:
    """All but the worker, which runs foreign queries in its cell, ask through the API."""
    below = {"assessment", "build", "documents", "exports", "lookups", "networks", "queries"}
    below |= {"analysis", "ontology", "queryhelp", "reference", "remote", "results", "store"}
    below |= {"cli", "notebook", "validation"}
    used = {path.stem: _imported(path) for path in (layout.ROOT / "src/govkg/server").glob("*.py")}
    assert used.pop("worker") & below == {"queries", "queryhelp", "store"}
    assert len(used) > 8
    assert {name: found & below for name, found in used.items() if found & below} == {}


def _imported(path: Path) -> set[str]:
    """Name the packages of ours that a module imports, at its top or where it uses them."""
    text = path.read_text(encoding="utf-8")
    found = set(re.findall(r"^\s*(?:from|import) govkg\.(\w+)", text, re.MULTILINE))
    for names in re.findall(r"^\s*from govkg import (.+)$", text, re.MULTILINE):
        found |= set(re.findall(r"\w+", names))
    return found


@pytest.mark.parametrize("name", ["query", "form", "self", "nonsense"])
def test_a_parameter_that_no_query_has_is_named(client: httpx.Client, name: str) -> None:
    answer = client.get("/api/queries/cq01", params={name: "x"})
    assert answer.status_code == 400
    assert f"has no parameter '{name}'" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["SELECT * { ?s ?p ?o }", "ASK {}", "x.rq", "..%2Fchecks%2Fx"])
def test_a_ready_query_is_no_query_of_the_clients_own(client: httpx.Client, name: str) -> None:
    assert client.get(f"/api/queries/{name}").status_code in {400, 404}
    assert client.get(f"/api/networks/{name}").status_code in {400, 404}


def test_what_few_ask_for_is_not_loaded_at_the_start() -> None:
    told = "import sys, govkg.server.app; print(sorted({'polars', 'rdflib'} & sys.modules.keys()))"
    found = subprocess.run([sys.executable, "-c", told], capture_output=True, check=True)
    assert found.stdout.split() == [b"[]"]


def test_without_limits_for_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("govkg.server.limits.has_limits", lambda: False)
    command.refuse_open_host("127.0.0.1")
    with pytest.raises(InputError, match="Linux"):
        command.refuse_open_host("0.0.0.0")  # noqa: S104 - what must not be
