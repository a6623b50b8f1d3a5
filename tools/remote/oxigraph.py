"""The server of Oxigraph (`pip install oxigraph`), loaded with an N-Quads dump."""

from __future__ import annotations

import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tools.remote import process

if TYPE_CHECKING:
    from collections.abc import Iterator


def binary() -> str | None:
    """Find the program: beside this Python, or on the path."""
    beside = Path(sys.executable).parent / "oxigraph"
    return str(beside) if beside.is_file() else shutil.which("oxigraph")


@contextmanager
def serving(
    dump: Path, folder: Path, *, port: int = 0, union: bool = True, whole: bool = True
) -> Iterator[str]:
    """Load the dump into `folder`, serve it, give the address of its endpoint.

    `union` says whether the default graph is the union of all graphs, `whole` whether to see that
    the server holds as many of our triples as the dump.
    """
    program, port = binary() or "oxigraph", port or process.free_port()
    place = folder / "store"
    if not place.is_dir():
        load = [program, "load", "--location", str(place), "--file", str(dump)]
        subprocess.run(load, check=True, capture_output=True)
    command = [program, "serve-read-only", "--location", str(place), "--bind", f"127.0.0.1:{port}"]
    command += ["--union-default-graph"] if union else []
    endpoint = f"http://127.0.0.1:{port}/query"
    with process.running(command, folder / "server.log", lambda: process.answers(endpoint)):
        if whole:
            process.check_whole(endpoint, dump)
        yield endpoint
