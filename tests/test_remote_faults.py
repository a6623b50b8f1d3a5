"""What servers do wrong, done by one of ours on loopback: each gets one clear line."""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs

import pytest

from govkg.api import open_graph
from govkg.errors import GovkgError, InputError, RemoteError
from govkg.remote.client import Client, Settings
from govkg.results import Result

if TYPE_CHECKING:
    from collections.abc import Iterator

YES = json.dumps({"head": {}, "boolean": True}).encode()
ROWS = json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": []}}).encode()


class Reply(NamedTuple):
    """What the server says to one request; `length` is what it claims to send."""

    body: bytes = YES
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    length: int | None = None
    hold: bool = False


class Heard(NamedTuple):
    """What the server was sent: fields of the forms and headers."""

    forms: list[dict[str, list[str]]]
    headers: list[dict[str, str]]


@contextmanager
def server(*replies: Reply) -> Iterator[tuple[str, Heard]]:
    """Serve the replies in turn, the last for ever; give the address and what was heard."""
    heard, waiting, done = Heard([], []), list(replies), threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
            heard.forms.append(parse_qs(sent))
            heard.headers.append(dict(self.headers))
            reply = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            if reply.hold:
                done.wait(10)
            self.send_response(reply.status)
            for name, value in reply.headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(reply.length or len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    listener = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.server_address[1]}/sparql", heard
    finally:
        done.set()
        listener.shutdown()
        listener.server_close()
        thread.join()


def client(endpoint: str, tries: int = 4) -> tuple[Client, list[float]]:
    slept: list[float] = []
    return Client(endpoint, Settings(timeout=1, tries=tries), slept.append), slept


def test_a_busy_server_is_asked_again_after_as_long_as_it_says() -> None:
    busy = (Reply(b"", 503), Reply(b"", 429, (("Retry-After", "7"),)), Reply(b"", 503))
    with server(*busy, Reply()) as (endpoint, heard):
        asked, slept = client(endpoint)
        assert asked.send("ASK {}", "ASK", []) == YES
    assert slept == [0.5, 7, 2]
    assert [form["query"] for form in heard.forms] == [["ASK {}"]] * 4


def test_nobody_waits_for_ever() -> None:
    with server(Reply(b"", 429, (("Retry-After", "86400"),))) as (endpoint, _):
        asked, slept = client(endpoint, tries=2)
        with pytest.raises(RemoteError, match=r"is busy \(429\) \(2 tries\)"):
            asked.send("ASK {}", "ASK", [])
    assert slept == [30]


def test_a_server_that_is_not_there_is_tried_again() -> None:
    with server(Reply()) as (endpoint, _):
        pass
    asked, slept = client(endpoint)
    with pytest.raises(RemoteError, match=r"can't be reached \(.*refused.*\) \(4 tries\)"):
        asked.send("ASK {}", "ASK", [])
    assert slept == [0.5, 1, 2]


def test_a_slow_server_is_given_up_at_once() -> None:
    with server(Reply(hold=True)) as (endpoint, heard):
        asked, slept = client(endpoint)
        with pytest.raises(RemoteError, match="gave no answer in 1 s: narrow the query"):
            asked.send("ASK {}", "ASK", [])
    assert (len(heard.forms), slept) == (1, [])


REFUSED = [
    (400, InputError, "answers 400, 'line 3: syntax error': mend the query"),
    (401, RemoteError, r"answers 401, .*: give auth=\(user, password\)"),
    (403, RemoteError, "does not allow this query"),
    (404, RemoteError, "see whether the address is the SPARQL endpoint"),
    (413, RemoteError, "ask for less with LIMIT"),
    (418, RemoteError, "answers 418, 'line 3: syntax error': ask whoever runs it"),
    (500, RemoteError, "answers 500, 'line 3: syntax error': ask whoever runs it"),
    (504, RemoteError, "narrow the query"),
]


@pytest.mark.parametrize(("status", "kind", "message"), REFUSED, ids=lambda value: str(value)[:9])
def test_a_refusal_is_one_clear_line(status: int, kind: type[GovkgError], message: str) -> None:
    with (
        server(Reply(b"line 3: syntax error\nmore", status)) as (endpoint, heard),
        pytest.raises(kind, match=message) as caught,
    ):
        client(endpoint)[0].send("ASK {}", "ASK", [])
    assert "\n" not in str(caught.value)
    assert len(heard.forms) == 1


def test_a_refusal_that_is_cut_off_is_a_refusal_still() -> None:
    with (
        server(Reply(b"line 3", 400, length=99)) as (endpoint, heard),
        pytest.raises(InputError, match="answers 400, '': mend the query"),
    ):
        client(endpoint)[0].send("ASK {}", "ASK", [])
    assert len(heard.forms) == 1


def test_a_cut_answer_is_never_taken_for_whole() -> None:
    cut = [
        Reply(ROWS[:-9]),
        Reply(b"<html>sign in</html>"),
        Reply(b"[]"),
        Reply(ROWS, headers=(("X-SPARQL-MaxRows", "10000"),)),
    ]
    for reply in cut:
        with server(Reply(), reply) as (endpoint, _), pytest.raises(RemoteError, match="cut"):
            open_graph(endpoint).query("SELECT ?x { ?x ?y ?z }")
    short = Reply(ROWS, length=len(ROWS) + 9)
    with server(Reply(), short) as (endpoint, _), pytest.raises(RemoteError, match="be reached"):
        open_graph(endpoint, tries=1).query("SELECT ?x { ?x ?y ?z }")


def test_a_graph_that_is_no_turtle_is_refused() -> None:
    half = Reply(b"<urn:a> <urn:b> ")
    with server(Reply(), half) as (endpoint, _), pytest.raises(RemoteError, match="is cut off"):
        open_graph(endpoint).query("DESCRIBE <urn:a>")


def test_only_questions_are_sent() -> None:
    with server(Reply()) as (endpoint, heard):
        for text in ("INSERT DATA { <urn:a> <urn:b> 1 }", "PREFIX ask: <urn:ask> DROP ALL"):
            with pytest.raises(InputError, match="is asked SELECT, ASK, CONSTRUCT or DESCRIBE"):
                open_graph(endpoint).engine.query(text)
        with pytest.raises(InputError, match="takes a SELECT query"):
            open_graph(endpoint).engine.select("ASK {}")
        assert heard.forms == []


def test_name_password_and_agent_are_sent() -> None:
    with server(Reply()) as (endpoint, heard):
        assert open_graph(endpoint, auth=("me", "secret")).query("ASK {}") is True
    assert heard.headers[-1]["Authorization"] == "Basic bWU6c2VjcmV0"
    assert heard.headers[-1]["User-Agent"].startswith("govkg/")


def test_a_server_that_cuts_pages_is_asked_until_nothing_is_left() -> None:
    pages = [
        json.dumps(
            {
                "head": {"vars": ["x"]},
                "results": {"bindings": [{"x": {"type": "literal", "value": "a"}}] * rows},
            }
        ).encode()
        for rows in (100, 100, 7)
    ]
    with server(Reply(), *map(Reply, pages)) as (endpoint, heard):
        found = open_graph(endpoint).query("SELECT ?x { ?y ?z ?x } ORDER BY ?x # by name")
    assert isinstance(found, Result)
    assert len(found) == 207
    limits = [form["query"][0].splitlines()[-1] for form in heard.forms[1:]]
    assert limits == [f"LIMIT 5000 OFFSET {start}" for start in (0, 100, 200)]


def test_what_needs_a_build_says_so() -> None:
    kg = open_graph("https://example.org/sparql")
    with pytest.raises(InputError, match=r"a build on this machine, and https://example\.org"):
        kg.validate()
