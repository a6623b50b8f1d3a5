"""How long the reference layer takes, and how much memory: mapping, load, a build, rdflib.

    python benchmarks/reference.py [SIZE...]

Each step runs in a process of its own, so that its peak memory is its own. SIZE is a number of
divisions (default 10000 100000 665271): the first by code, which are closed under `gov:within`.
The build is mapping, load and derivation of the documents; it is compared with the bulk load
of the same N-Quads, and rdflib, at 100,000, with that too.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from govkg import build as building
from govkg.reference import Extent, codes, rdf, selection
from govkg.reference.selection import successions
from govkg.store import Store

SIZES = (10_000, 100_000, 665_271)
RDFLIB_SIZE = 100_000
_MEGABYTE = 1 << 10  # ru_maxrss counts kilobytes on Linux


def select(size: int) -> selection.Selection:
    """Take the first divisions by code, and their counts; the history with the whole only."""
    current = codes.divisions()
    former = codes.former(current)
    followed = successions(former, current)
    if size < current.height:
        current, former = current.head(size), former.head(0)
    return selection.assemble(current, former, followed, followed.head(0))


def do_map(size: int, folder: Path) -> int:
    """Map to N-Triples files, reading of the tables included."""
    store = Store()
    building.load_sources(store)
    closure = building.superclasses(store)
    begin = time.perf_counter()
    counts = rdf.append(folder / "reference.nq", select(size), closure)
    print(json.dumps({"seconds": time.perf_counter() - begin}), file=sys.stderr)
    return sum(counts.values())


def do_load(_: int, folder: Path) -> int:
    """Bulk load the file, no more."""
    begin = time.perf_counter()
    Store.write(folder / "store", folder / "reference.nq")
    print(json.dumps({"seconds": time.perf_counter() - begin}), file=sys.stderr)
    return sum(path.stat().st_size for path in (folder / "store").iterdir())


def do_memory(_: int, folder: Path) -> int:
    """Load the file into memory."""
    begin = time.perf_counter()
    store = Store.of_dump(folder / "reference.nq")
    print(json.dumps({"seconds": time.perf_counter() - begin}), file=sys.stderr)
    return len(store)


def do_build(_: int, folder: Path) -> int:
    """Build the national scope, from sources to a store that answers."""
    begin = time.perf_counter()
    made = building.build(folder / "home", extent=Extent("national"))
    print(json.dumps({"seconds": time.perf_counter() - begin}), file=sys.stderr)
    return made.triples


def do_rdflib(_: int, folder: Path) -> int:
    """Parse the same file with rdflib."""
    from rdflib import Dataset

    graph = Dataset()
    begin = time.perf_counter()
    graph.parse(folder / "reference.nq", format="nquads")
    print(json.dumps({"seconds": time.perf_counter() - begin}), file=sys.stderr)
    return len(graph)


STEPS = {
    "map": do_map,
    "load": do_load,
    "memory": do_memory,
    "build": do_build,
    "rdflib": do_rdflib,
}


def measure(step: str, size: int, folder: Path) -> dict[str, Any]:
    """Run one step in a process of its own."""
    words = [sys.executable, __file__, "--step", step, str(size), str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    told = json.loads(done.stderr.splitlines()[-1])
    return {**told, **json.loads(done.stdout)}


def main() -> None:
    """Run the steps and print the table."""
    sizes = [int(word) for word in sys.argv[1:]] or list(SIZES)
    print(f"{'divisions':>9}  {'step':<24} {'seconds':>8} {'MB':>6} {'result':>16}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            mapped = _row(size, "map", folder, "triples")
            loaded = _row(size, "load", folder, "bytes on disk")
            if size == RDFLIB_SIZE:
                plain = _row(size, "rdflib", folder, "triples")
                _ratio("rdflib to bulk load", plain, loaded)
                _ratio("rdflib to memory", plain, _row(size, "memory", folder, "triples"))
            if size == SIZES[-1]:
                built = _row(size, "build", folder, "triples")
                _ratio("build to bulk load", built, loaded)
            _ratio("mapping to bulk load", mapped, loaded)


def _row(size: int, step: str, folder: Path, unit: str) -> dict[str, Any]:
    found = measure(step, size, folder)
    told = f"{found['result']:,} {unit}"
    print(f"{size:>9,}  {step:<24} {found['seconds']:8.2f} {found['megabytes']:6.0f} {told:>16}")
    return found


def _ratio(name: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    times, memory = (one[key] / other[key] for key in ("seconds", "megabytes"))
    print(f"{'':>9}  {name:<24} x {times:6.2f} x {memory:4.1f}")


def run_step(step: str, size: int, folder: Path) -> None:
    """Do one step; tell its result and its peak memory."""
    result = STEPS[step](size, folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MEGABYTE
    print(json.dumps({"result": result, "megabytes": peak}))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--step"]:
        run_step(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
    else:
        main()
