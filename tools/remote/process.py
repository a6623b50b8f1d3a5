"""Servers as child processes: ports, waiting until they answer, stopping them."""

from __future__ import annotations

import socket
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GRAPHS = "https://w3id.org/govkg/graph/"
_COUNT = f"""SELECT (COUNT(*) AS ?n) {{
  GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{GRAPHS}"))
}}"""


class UnusableError(Exception):
    """A server that did not start, or holds other than the dump."""


def free_port() -> int:
    """Find a TCP port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], log: Path, ready: Callable[[], bool]) -> Iterator[None]:
    """Run a command until the block ends; enter the block once `ready` says so.

    Raises UnusableError, with the end of the log, where it ends or is not ready in a minute.
    """
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=log.parent, stdout=out, stderr=out)
        try:
            _wait(server, ready, log)
            yield
        finally:
            server.terminate()
            server.wait(timeout=60)


def _wait(server: subprocess.Popen[bytes], ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        if ready():
            return
        time.sleep(0.1)
    said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
    raise UnusableError(f"{server.args!r} did not start: {said}")


def answers(endpoint: str) -> bool:
    """Say whether a SPARQL endpoint answers."""
    try:
        return "true" in ask(endpoint, "ASK {}")
    except (urllib.error.URLError, ConnectionError):
        return False


def ask(endpoint: str, query: str) -> str:
    """Send a query and give the answer as JSON text."""
    form = urllib.parse.urlencode({"query": query}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own loopback server
        endpoint, data=form, headers={"Accept": "application/sparql-results+json"}
    )
    with urllib.request.urlopen(request, timeout=600) as answer:  # noqa: S310
        return str(answer.read().decode())


def check_whole(endpoint: str, dump: Path) -> None:
    """Compare the triples of our graphs with the lines of the dump; raise UnusableError."""
    with dump.open("rb") as lines:
        expected = sum(1 for _ in lines)
    if f'"{expected}"' not in ask(endpoint, _COUNT):
        raise UnusableError(f"{endpoint} holds other than the {expected} quads of {dump}")
