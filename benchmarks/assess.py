"""How the time of the checks grows with the claims: copies of the claims that are there.

    python benchmarks/assess.py [COPIES...]

Copies counts the claims themselves. Each copy of a claim asserts the same statements under a name
of its own. Prints the assessments, the seconds, and seconds an assessment as a ratio to the first
line.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from govkg import assessment
from govkg.build import build


def main(sizes: list[int]) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        made = build(Path(folder))
        lines = (made.directory / "govkg.nq").read_text(encoding="utf-8").splitlines()
        store = made.open_store().in_memory()
    claims = [line for line in lines if line.startswith("<https://w3id.org/govkg/id/claim/")]
    base, done = 0.0, 1
    for size in sizes:
        for k in range(done, size):
            text = "\n".join(line.replace("> ", f"-copy{k}> ", 1) for line in claims)
            store.load_text(text, Path("copies.nq"))
        done = size
        begin = time.perf_counter()
        found = len(assessment.assess(store))
        spent = time.perf_counter() - begin
        base = base or spent / found
        print(f"{size} copies  {found} assessments  {spent:.2f} s  {spent / found / base:.2f}")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or [1, 10, 100, 1000])
