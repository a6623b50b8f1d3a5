"""How long names of places take: columns of them, and the search of all 665,000 divisions.

Prints a table: the step, and its seconds or, for single look-ups, milliseconds.
"""

from __future__ import annotations

import random
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import govkg
from govkg.reference.search import build_index, default_index, search

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = 100_000
ROUNDS = 5
QUESTIONS = [
    "浮山后", "鼓楼", "鼓樓區", "村", "社区居委会", "浮", "清镇",
    "fushanhou", "Nanming District", "xian", "lvliang", "Urumqi", "shequ", "c", "nothing",
]  # fmt: skip


def seconds(step: Callable[[], object]) -> float:
    """Time a step once."""
    begin = time.perf_counter()
    step()
    return time.perf_counter() - begin


def column() -> tuple[list[str], list[int]]:
    """Draw names of the last forty years, each with a year: four fifths counties, else towns."""
    draw = random.Random(0)  # noqa: S311 - a sample
    counties = govkg.table("gb2260-history", "codes")["name"].to_list()
    towns = govkg.table("mca-townships", "townships")["name"].to_list()
    names = [draw.choice(towns if row % 5 == 0 else counties) for row in range(ROWS)]
    return names, [draw.randint(1985, 2023) for _ in names]


def main() -> None:
    """Measure and print."""
    names, years = column()
    first = seconds(lambda: govkg.resolve("白下区", year=2010))
    print(f"{'resolve: the first name (reads the tables)':<52} {first:8.3f} s")
    label = f"resolve_column: {ROWS:,} names, a year each"
    cold = seconds(lambda: govkg.resolve_column(names, year=years))
    print(f"{label + ', the first time':<52} {cold:8.3f} s")
    again = min(seconds(lambda: govkg.resolve_column(names, year=years)) for _ in range(ROUNDS))
    print(f"{label + ', again':<52} {again:8.3f} s")
    found = govkg.resolve_column(names, year=years)["status"].value_counts(sort=True)
    print("  ".join(f"{status} {count:,}" for status, count in found.iter_rows()))
    with tempfile.TemporaryDirectory() as folder:
        index = default_index(Path(folder))
        made = seconds(lambda: build_index(index))
        size = index.stat().st_size / 1e6
        print(f"{f'index of names ({size:.0f} MB)':<52} {made:8.3f} s")
        for question in QUESTIONS:
            times = [seconds(lambda q=question: search(index, q)) for _ in range(ROUNDS)]
            print(f"{f'find {question}, median of {ROUNDS}':<52} {sorted(times)[2] * 1000:8.1f} ms")


if __name__ == "__main__":
    main()
