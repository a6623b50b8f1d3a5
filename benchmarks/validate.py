"""How long each engine takes for the core shapes at growing sizes, as ratios of one run.

Usage: python benchmarks/validate.py [BUILD [SECONDS [SIZE...]]] - a national build with a dump,
made in a temporary folder where none is given.
pySHACL and TopBraid get as many seconds as said (default 300) before they count as unfinished.
shacl-rust runs alone in one process here; `govkg validate` shares its work out to two.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from rdflib.namespace import SH

from govkg import build, validation
from govkg.errors import InternalError
from govkg.namespaces import COUNTS_GRAPH
from govkg.reference import Extent
from govkg.store import Store
from govkg.validation import shapes as shapes_of
from govkg.validation.data import Data
from govkg.validation.engines import ENGINES, process, shacl_rust

SIZES = (10_000, 100_000, 665_000)
DIVISION = b"#AdministrativeDivision>"
COUNTS = f"<{COUNTS_GRAPH}> .\n".encode()


def cut(dump: Path, divisions: int, out: Path) -> int:
    """Copy what is no list of divisions and no count, and so many divisions; count them."""
    seen = 0
    with dump.open("rb") as lines, out.open("wb") as kept:
        for line in lines:
            if b"reference/nbs-divisions> ." in line:
                seen += DIVISION in line
                if seen > divisions:
                    continue
            if not line.endswith(COUNTS):
                kept.write(line)
    return min(seen, divisions)


def timed(engine: str, quads: Path, seconds: float) -> float | None:
    """Time an engine in a process of its own; None where it is unfinished."""
    shapes = validation.load_shapes()
    core = shapes_of.without(shapes, shapes.triples((None, SH.sparql, None)))
    limits = process.Limits(seconds, 16 << 30)
    start = time.perf_counter()
    try:
        if engine == "topbraid":
            data = Data(Store())
            data.store.load(quads)
            start = time.perf_counter()
            ENGINES[engine](data, core, None, limits)()
        elif engine == "shacl-rust":
            shacl_rust.run_file(quads, core, COUNTS_GRAPH, limits)
        else:
            process.all_rules(quads, None, core, engine, limits)
    except InternalError:
        return None
    return time.perf_counter() - start


def main() -> None:
    """Print a table."""
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 300.0
    sizes = tuple(map(int, sys.argv[3:])) or SIZES
    others = ("pyshacl", "topbraid")
    titles = ["divisions", "shacl-rust", "pyshacl", "ratio", "topbraid", "ratio"]
    print(*(f"{title:>12}" for title in titles))
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1:]:
            made = build.current(Path(sys.argv[1]))
        else:
            made = build.build(Path(folder), extent=Extent("national", dump=True))
        for size in sizes:
            quads = Path(folder) / "part.nq"
            count = cut(made.directory / build.DUMP, size, quads)
            fast = timed("shacl-rust", quads, 1000)
            cells = [f"{count:>12}", f"{f'{fast:.1f} s' if fast else '-':>12}"]
            for engine in others:
                slow = timed(engine, quads, seconds)
                cells.append(f"{f'{slow:.1f} s' if slow else f'> {seconds:g} s':>12}")
                cells.append(f"{f'{slow / fast:.1f}' if slow and fast else '-':>12}")
            print(*cells, flush=True)


if __name__ == "__main__":
    main()
