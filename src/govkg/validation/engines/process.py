"""What may crash, hang or eat memory, in a process of its own, under limits.

A job goes in as JSON on stdin and rows come out as JSON on stdout. The child (`child`) limits its
own memory; the parent kills it and all that it started at the deadline.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from govkg import errors
from govkg.errors import InternalError
from govkg.validation.result import Row

if TYPE_CHECKING:
    from pathlib import Path

    from rdflib import Graph

_CHILD = "govkg.validation.engines.child"  # by its name: it imports what starts it
_OUT_OF_MEMORY = re.compile(
    "MemoryError|memory allocation|failed to map|bad_alloc|out of memory|Cannot allocate|"
    "Resource temporarily unavailable",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Limits:
    """Seconds, and bytes of address space, that a worker may take."""

    seconds: float = 300.0
    memory: int = 4 << 30


def all_rules(
    quads: Path | None, store: Path | None, shapes: Graph, engine: str, limits: Limits
) -> list[Row]:
    """Run shapes that nobody vouches for, core and SPARQL, on N-Quads or a store on disk."""
    job = {
        "run": "rules",
        "quads": str(quads) if quads else None,
        "store": str(store) if store else None,
        "shapes": shapes.serialize(format="nt"),
        "engine": engine,
        "seconds": limits.seconds,
    }
    rows = (Row(*row) for row in call(job, limits))
    return [row._replace(messages=tuple(row.messages)) for row in rows]


def call(job: dict[str, Any], limits: Limits) -> list[list[Any]]:
    """Run a job in a child; raise InternalError where it dies or is past its deadline."""
    process = subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", _CHILD],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        # A trace of where memory ran out would take seconds, and hide what ran out.
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(map(str, sys.path)),
            "RUST_BACKTRACE": "0",
        },
    )
    try:
        sent = json.dumps({**job, "memory": limits.memory}).encode()
        out, said = process.communicate(sent, timeout=limits.seconds)
    except subprocess.TimeoutExpired as error:
        raise InternalError(
            f"validation took longer than {limits.seconds:g} s and was stopped: allow more with "
            "--timeout, or look for a sh:pattern or query that never ends."
        ) from error
    finally:
        _kill(process)
    if process.returncode:
        raise InternalError(_of_death(process.returncode, said.decode("utf-8", "replace"), limits))
    return _answer(json.loads(out))


def _of_death(code: int, said: str, limits: Limits) -> str:
    """Say why a child ended; of memory only where it says so itself."""
    last = (said.strip().splitlines() or ["it said nothing"])[-1]
    if _OUT_OF_MEMORY.search(said):
        return too_small(limits.memory)
    return f"the engine died (exit {code}: {last[:200]}): use the other --engine."


def too_small(memory: int) -> str:
    """Say that a child needs more than some bytes of memory."""
    return (
        f"the engine needs more than the {memory >> 20} MB that it may take: use the other "
        "--engine or smaller files."
    )


def _answer(answer: dict[str, Any]) -> list[list[Any]]:
    if "error" in answer:
        kind = getattr(errors, answer["error"])
        raise kind(answer["message"])
    rows: list[list[Any]] = answer["rows"]
    return rows


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a child and what it started, if any of it still runs."""
    if process.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.communicate()
