"""The child that `process` starts: `python -m govkg.validation.engines.child`.

It limits its own address space before it reads a byte of data.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govkg.errors import GovkgError
from govkg.store import Store
from govkg.validation.data import Data
from govkg.validation.engines import run_rules, shacl_rust
from govkg.validation.engines.process import Limits, too_small

if TYPE_CHECKING:
    from govkg.validation.result import Row


def _rules(job: dict[str, Any]) -> list[Row]:
    from rdflib import Graph

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
        rows = {"shacl-rust": shacl_rust.run_job, "rules": _rules}[job["run"]](job)
        answer: dict[str, Any] = {"rows": rows}
    except GovkgError as error:
        answer = {"error": type(error).__name__, "message": str(error)}
    except MemoryError:
        answer = {"error": "InternalError", "message": too_small(job["memory"])}
    except Exception as error:
        said = f"{type(error).__name__}: {error}"[:200]
        answer = {"error": "InternalError", "message": f"the engine failed ({said})."}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
