"""The endpoint behind nginx, by the configuration that docs/how-to/endpoint.md shows."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import httpx
import pytest

import needs
from govkg import layout
from govkg.server.protocol import BODY
from server_harness import free_port, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SELECT = "SELECT ?s { ?s a <https://w3id.org/govkg/ontology#Claim> } ORDER BY ?s LIMIT 100"
BOMB = (layout.ROOT / "tests/attacks/t05-nested-scans.rq").read_text(encoding="utf-8")
# The one process of a test needs no other user, and no folder that belongs to root.
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  scgi_temp_path {folder}/scgi;
  uwsgi_temp_path {folder}/uwsgi;
  {documented}
}}
"""


def documented(**changes: str) -> str:
    """Take the configuration from the page; each change must fit exactly once."""
    page = (layout.ROOT / "docs/how-to/endpoint.md").read_text(encoding="utf-8")
    [found] = re.findall(r"^```nginx\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    for old, new in changes.items():
        assert found.count(f"{old} ") == 1
        found = re.sub(rf"{old} [^;]+;", f"{old} {new};", found)
    return str(found)


@contextlib.contextmanager
def proxying(folder: Path, behind: httpx.Client, **changes: str) -> Iterator[str]:
    """Run nginx before a server; give its address."""
    needs.NGINX.demand()
    port, log = free_port(), folder / "error.log"
    changes |= {"listen": f"127.0.0.1:{port}", "proxy_pass": str(behind.base_url).rstrip("/")}
    text = AROUND.format(folder=folder, documented=documented(**changes))
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    words = ["nginx", "-p", str(folder), "-e", str(log), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(words) as process:
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until something listens."""
    for _ in range(100):
        with contextlib.suppress(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/")
            return
        assert process.poll() is None
        time.sleep(0.05)
    pytest.fail("nginx does not listen")


def at(url: str, address: str) -> httpx.Client:
    """Make a client that calls from an address of its own."""
    return httpx.Client(base_url=url, transport=httpx.HTTPTransport(local_address=address))


@pytest.fixture(scope="module")
def server(home: Path) -> Iterator[httpx.Client]:
    """A server that believes a proxy, with little to spend for each client."""
    with serving(
        home, "--proxy", "127.0.0.1", "--timeout", "2", "--workers", "2", "--burst", "0.5"
    ) as found:
        yield found


@pytest.fixture(scope="module")
def url(server: httpx.Client, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with proxying(tmp_path_factory.mktemp("nginx"), server) as found:
        yield found


def test_queries_pass(url: str) -> None:
    with at(url, "127.0.2.1") as client:
        got = client.get("/sparql", params={"query": SELECT})
        assert (got.status_code, got.headers["content-encoding"]) == (200, "gzip")
        assert len(got.json()["results"]["bindings"]) == 100
        for sent in (
            client.post("/sparql", data={"query": SELECT}),
            client.post(
                "/sparql", content=SELECT, headers={"Content-Type": "application/sparql-query"}
            ),
        ):
            assert sent.status_code == 200, sent.text
            assert sent.json() == got.json()
        plain = client.get(
            "/sparql", params={"query": SELECT}, headers={"Accept-Encoding": "identity"}
        )
        assert "content-encoding" not in plain.headers
        assert plain.json() == got.json()


def test_what_the_client_has_is_not_sent_again(url: str) -> None:
    with at(url, "127.0.2.2") as client:
        first = client.get("/sparql", params={"query": SELECT})
        again = client.get(
            "/sparql", params={"query": SELECT}, headers={"If-None-Match": first.headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


def test_head_options_and_other_pages(url: str) -> None:
    with at(url, "127.0.2.3") as client:
        head = client.head("/sparql", params={"query": SELECT})
        assert (head.status_code, head.content) == (200, b"")
        assert int(head.headers["content-length"]) > 0
        assert "POST" in client.options("/sparql").headers["allow"]
        asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
        allowed = client.options("/sparql", headers=asked)
        assert allowed.headers["access-control-allow-origin"] == "*"
        assert f"{url}/sparql" in client.get("/sparql").text
        assert client.get("/dumps/govkg.nq").content.count(b"\n") > 10_000
        assert client.put("/sparql").status_code == 405


def test_what_is_too_long_is_refused(url: str) -> None:
    direct = {"Content-Type": "application/sparql-query"}
    with at(url, "127.0.2.4") as client:
        just = client.post("/sparql", content=b"#" * BODY, headers=direct)
        assert just.status_code == 400  # it came through, and is longer than a query may be
        more = client.post("/sparql", content=b"#" * (BODY + 1), headers=direct)
        assert more.status_code == 413
        long = SELECT + " #" + "x" * 30_000
        assert client.get("/sparql", params={"query": long}).status_code == 200


def test_each_client_has_a_budget_of_its_own(url: str, server: httpx.Client) -> None:
    lie = {"X-Forwarded-For": "192.0.2.1"}
    with at(url, "127.0.2.5") as greedy, at(url, "127.0.2.6") as other:
        late = greedy.get("/sparql", params={"query": BOMB})
        assert late.status_code == 504
        assert "longer than 2 s" in late.text
        refused = greedy.get("/sparql", params={"query": "ASK {}"}, headers=lie)
        assert (refused.status_code, int(refused.headers["retry-after"]) > 0) == (429, True)
        assert other.get("/sparql", params={"query": "ASK {}"}).status_code == 200
    # Whoever goes past the proxy is believed no word.
    with at(str(server.base_url), "127.0.2.5") as direct:
        assert direct.get("/sparql", params={"query": "ASK {}"}, headers=lie).status_code == 429


def test_a_flood_is_held_back(url: str) -> None:
    with at(url, "127.0.2.7") as flood, at(url, "127.0.2.8") as other:
        statuses = [flood.get("/nowhere").status_code for _ in range(300)]
        assert set(statuses[:40]) == {404}
        assert set(statuses[40:]) == {404, 429}
        assert other.get("/nowhere").status_code == 404


def test_a_server_that_hangs_is_given_up(server: httpx.Client, tmp_path: Path) -> None:
    front = int(server.headers["x-pid"])
    with proxying(tmp_path, server, proxy_read_timeout="1s") as url, at(url, "127.0.2.9") as client:
        os.kill(front, signal.SIGSTOP)
        try:
            assert client.get("/sparql").status_code == 504
        finally:
            os.kill(front, signal.SIGCONT)
        assert client.get("/sparql").status_code == 200
