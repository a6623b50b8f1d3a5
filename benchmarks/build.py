"""How long the steps take, as ratios within one run: govkg beside plain rdflib on the same graph.

Prints a table: the step, seconds (best of three), and the ratio to the line it is compared with.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import Dataset

from govkg import queries, validation
from govkg.build import build
from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

ROUNDS = 3
LOOKUPS = 2  # the first questions; rdflib needs minutes for the joins of the others


def best(step: Callable[[], object]) -> float:
    """Time a step; the best of three rounds, in seconds."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    return min(times)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        whole = best(lambda: build(home))
        made = build(home)
        dump = made.directory / "govkg.nq"
        oxigraph = best(lambda: Store().load(dump))
        rdflib = best(lambda: Dataset().parse(dump, format="nquads"))
        store = made.open_store()
        questions = [
            q.bind({"lang": "en"} if "lang" in q.parameters else {})
            for q in list(queries.catalog("competency").values())[:LOOKUPS]
        ]
        plain = Dataset(default_union=True)
        plain.parse(dump, format="nquads")
        ours = best(lambda: [store.select(text) for text in questions])
        theirs = best(lambda: [list(plain.query(text)) for text in questions])
        checked = best(lambda: validation.validate(store))
    rows = [
        ("load the dump, Oxigraph in memory", oxigraph, 1.0),
        ("load the dump, rdflib", rdflib, rdflib / oxigraph),
        ("build (load, derive, dump, store)", whole, whole / oxigraph),
        ("validate (shapes and checks)", checked, checked / oxigraph),
        (f"{len(questions)} questions, Oxigraph on disk", ours, 1.0),
        (f"{len(questions)} questions, rdflib", theirs, theirs / ours),
    ]
    print(f"{made.triples:,} triples")
    for name, seconds, ratio in rows:
        print(f"{name:<38} {seconds:8.3f} s  x {ratio:6.1f}")


if __name__ == "__main__":
    main()
