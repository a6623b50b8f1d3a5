"""Starts servers on loopback, on a free port, and counts who knocks where nobody should."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import httpx

from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextlib.contextmanager
def serving(home: Path, *words: str) -> Iterator[httpx.Client]:
    """Run `govkg serve` on a build; give a client whose paths begin at its root."""
    first = ["--build", str(home), "--port", "0", "--no-search"]
    command = [sys.executable, "-m", "govkg", "serve", *first, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().removesuffix("/sparql")
        try:
            with httpx.Client(base_url=url, timeout=30, trust_env=False) as client:
                client.headers["x-pid"] = str(process.pid)
                yield client
        finally:
            process.terminate()


def write_build(home: Path, name: str, quads: str) -> Path:
    """Write a build of a few quads by hand and make it the current one."""
    directory = home / name
    directory.mkdir(parents=True)
    (directory / "govkg.nq").write_text(quads, encoding="utf-8")
    Store.write(directory / "store", directory / "govkg.nq")
    manifest = {"triples": quads.count("\n"), "graphs": {}, "scope": "document", "dumps": {}}
    (directory / "MANIFEST.json").write_text(json.dumps(manifest), encoding="utf-8")
    point(home, name)
    return directory


def free_port() -> int:
    """Find a TCP port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def point(home: Path, name: str) -> None:
    """Make a build the current one."""
    (home / "tmp-CURRENT").write_text(name, encoding="utf-8")
    (home / "tmp-CURRENT").replace(home / "CURRENT")


@contextlib.contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
    """Listen on loopback; give the address and the list of who connected."""
    hits: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        done = threading.Event()

        def count() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, address = listener.accept()
                    hits.append(str(address))  # before whoever called is told by the end
                    connection.close()

        thread = threading.Thread(target=count)
        thread.start()
        try:
            yield f"127.0.0.1:{listener.getsockname()[1]}", hits
        finally:
            done.set()
            thread.join()
