"""How long a column with parents and the villages of all lists take, each in a process of its own.

    python benchmarks/places.py

Prints seconds, processor seconds and peak memory of each step, and their ratio to reading the table
of all units once, in the same run.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time

import polars as pl

import govkg
from govkg.reference.codes import has_bit
from govkg.reference.lineage import years

ROWS = 100_000
YEAR = 2020
_MEGABYTE = 1 << 10  # ru_maxrss counts kilobytes on Linux


def read() -> int:
    """Read the table of all units, what every step begins with."""
    return govkg.table("nbs-series", "units").height


def column() -> int:
    """Resolve villages, townships and counties, each with a year and its county; say how many."""
    units = govkg.table("nbs-series", "units").filter(has_bit(pl.col("years"), YEAR))
    counties = units.filter(pl.col("level") == 3)
    county = pl.col("code") // 10**6
    named = units.filter(pl.col("level") > 2).join(
        counties.select(county=county, parent="name"), left_on=county, right_on="county"
    )
    asked = named.sample(ROWS, seed=0, shuffle=True).with_row_index("row")
    at = 2016 + pl.col("row") % len(years("village"))
    answer = govkg.resolve_column(
        asked["name"], year=asked.select(at).to_series(), within=asked["parent"]
    )
    return int((answer["status"] == "found").sum())


def villages() -> int:
    """Make the crosswalks of all pairs of neighboring lists at village level; count their rows."""
    pairs = [(year - 1, year) for year in years("village")[1:]]
    return sum(govkg.crosswalk(*pair, level="village").height for pair in pairs)


STEPS = {"read": read, "column": column, "villages": villages}


def run(step: str) -> dict[str, float]:
    """Run one step in a process of its own, from the start of Python on."""
    begin = time.perf_counter()
    words = [sys.executable, __file__, step]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    told: dict[str, float] = json.loads(done.stdout)
    return {**told, "seconds": time.perf_counter() - begin}


def main() -> None:
    """Run the steps and print the table."""
    if sys.argv[1:]:
        result = STEPS[sys.argv[1]]()
        used = resource.getrusage(resource.RUSAGE_SELF)
        busy, peak = used.ru_utime + used.ru_stime, used.ru_maxrss / _MEGABYTE
        print(json.dumps({"result": result, "busy": busy, "megabytes": peak}))
        return
    print(f"{'step':<10} {'seconds':>8} {'busy':>8} {'x read':>7} {'MB':>6} {'result':>10}")
    unit = 0.0
    for step in STEPS:
        told = run(step)
        unit = unit or told["seconds"]
        times = f"{told['seconds']:8.2f} {told['busy']:8.2f} {told['seconds'] / unit:7.1f}"
        print(f"{step:<10} {times} {told['megabytes']:6.0f} {told['result']:>10,}")


if __name__ == "__main__":
    main()
