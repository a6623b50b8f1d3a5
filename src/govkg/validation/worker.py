"""What may crash, hang or eat memory, in a process of its own: `python -m govkg.validation.worker`.

A job goes in as JSON on stdin and rows come out as JSON on stdout. The child limits its own address
space before it reads a byte of data; the parent kills it and all that it started at the deadline.
"""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from govkg import errors
from govkg.errors import GovkgError, InternalError
from govkg.validation.literals import set_apart_lines
from govkg.validation.rows import Row, local, path_text

if TYPE_CHECKING:
    from rdflib import Graph

_BLOCK = 1 << 20
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


def shacl_rust(quads: Path, shapes: Graph, left_out: str, limits: Limits) -> list[Row]:
    """Run core shapes over an N-Quads file, but for one graph, in shacl-rust."""
    from rdflib.namespace import SH

    written = shapes.serialize(format="nt")
    job = {"run": "shacl-rust", "quads": str(quads), "shapes": written, "left_out": left_out}
    paths = {f"<{s}>": path_text(shapes, p) for s, p in shapes.subject_objects(SH.path)}
    rows = (Row(*row) for row in call(job, limits))
    return [row._replace(path=paths.get(row.shape, "")) for row in rows]


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
    process = subprocess.Popen(  # noqa: S603 - this very module
        [sys.executable, "-m", __name__],
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
        return _too_small(limits.memory)
    return f"the engine died (exit {code}: {last[:200]}): use the other --engine."


def _too_small(memory: int) -> str:
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


class _Quads(io.RawIOBase):
    """N-Quads as a stream, without the lines of one graph, ill-typed literals set apart."""

    def __init__(self, file: BinaryIO, left_out: str) -> None:
        self._file, self._end = file, f"<{left_out}> .\n".encode()
        self._held = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        """Give at most `size` bytes; a block where none is said."""
        while not self._held:
            block = self._file.read(_BLOCK) + self._file.readline()
            if not block:
                return b""
            if self._end in block:  # most blocks hold no such line, and need no look at each
                lines = block.splitlines(keepends=True)
                block = b"".join(line for line in lines if not line.endswith(self._end))
            block = set_apart_lines(block)
            self._held = memoryview(block)
        end = len(self._held) if size < 0 else size
        out, self._held = self._held[:end], self._held[end:]
        return bytes(out)


def _shacl_rust(job: dict[str, Any]) -> list[Row]:
    import shacl_rust

    with Path(job["quads"]).open("rb") as file:
        report = shacl_rust.validate_file(
            _Quads(file, job["left_out"]),
            io.BytesIO(job["shapes"].encode()),
            data_format="nq",
            shapes_format="nt",
            experimental_index=True,
        )
    return [
        Row(
            result["focusNode"],
            "",
            result.get("value") or "",
            local(result["sourceConstraintComponent"]),
            local(result["severity"]),
            result["sourceShape"],
        )
        for result in report["results"]
    ]


def _rules(job: dict[str, Any]) -> list[Row]:
    from rdflib import Graph

    from govkg.store import Store
    from govkg.validation.data import Data
    from govkg.validation.engines import run_rules

    shapes = Graph(bind_namespaces="none").parse(data=job["shapes"], format="nt")
    store = Store.open(Path(job["store"])) if job["store"] else Store()
    quads = Path(job["quads"]) if job["quads"] else None
    if quads and not job["store"]:
        store.load(quads)
    limits = Limits(job["seconds"], job["memory"])
    return run_rules(Data(store, quads), shapes, job["engine"], limits=limits)


def _limit(memory: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the deadline holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def main() -> None:
    """Read a job, do it, write its rows or the error that govkg has for it."""
    job = json.load(sys.stdin)
    _limit(job["memory"])
    try:
        rows = {"shacl-rust": _shacl_rust, "rules": _rules}[job["run"]](job)
        answer: dict[str, Any] = {"rows": rows}
    except GovkgError as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        answer = {"error": "InternalError", "message": _too_small(job["memory"])}
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:200]
        answer = {"error": "InternalError", "message": f"the engine failed ({said})."}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
