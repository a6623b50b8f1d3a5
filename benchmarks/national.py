"""Twelve questions over the national build: on disk, in memory, and by DuckDB on the tables.

    python benchmarks/national.py [BUILD]

Makes the build in a temporary folder where none is given. Each question of `benchmarks/national`
is asked three times of each; the best time counts. Its twin in SQL must give the same rows; only
claims (`#+ twin: false`) are in no table. What scans the whole (`#+ scan: true`) is asked in memory
only: on disk the counts answer. The last column is the time in memory in DuckDB's.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from govkg import build as building
from govkg import queries
from govkg.reference import Extent
from govkg.reference.datasets import dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from govkg.queries import Query
    from govkg.store import Store

FOLDER = Path(__file__).with_suffix("")
TABLES = {"divisions": "nbs-divisions", "counts": "nbs-series"}
ROUNDS = 3


def best(ask: Callable[[], Iterable[Any]]) -> tuple[float, list[tuple[str, ...]]]:
    """Ask three times; give the best time in seconds, and the rows as sorted text."""
    times = []
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        rows = ask()
        times.append(time.perf_counter() - begin)
    return min(times), sorted(tuple(map(plain, row)) for row in rows)


def plain(value: object) -> str:
    """Write a value as both sides do: an IRI by its last part, a whole number without a point."""
    text = str(value)
    if text.startswith("https://w3id.org/govkg/"):
        text = text.replace("#", "/").rpartition("/")[2]
    return text.removesuffix(".0")


def tables() -> duckdb.DuckDBPyConnection:
    """Open the Parquet files as views, on as many threads as DuckDB likes."""
    db = duckdb.connect()
    for table, name in TABLES.items():
        db.execute(f"CREATE VIEW {table} AS FROM '{dataset(name).path(table)}'")
    return db


def measure(query: Query, stores: dict[str, Store], db: duckdb.DuckDBPyConnection) -> str:
    """Ask one question of all; say the times, and whether the answers are the same."""
    of = {
        name: of
        for name, of in stores.items()
        if name == "memory" or "#+ scan: true" not in query.text
    }
    asked = {name: best(lambda s=store: s.select(query.text)) for name, store in of.items()}
    if "#+ twin: false" not in query.text:
        sql = query.path.with_suffix(".sql").read_text(encoding="utf-8")
        asked["tables"] = best(lambda: db.execute(sql).fetchall())
    answers = [rows for _, rows in asked.values()]
    same = "same" if all(rows == answers[0] for rows in answers) else "DIFFERENT"
    times = "".join(
        f"{asked[name][0] * 1000:>10.1f}" if name in asked else f"{'-':>10}"
        for name in (*stores, "tables")
    )
    ratio = asked["memory"][0] / asked["tables"][0] if "tables" in asked else 1
    return f"{query.name:<32}{len(answers[0]):>8,}{times}  x{ratio:>6.1f}  {same}"


def main() -> int:
    """Print the table; exit code 1 where two answers differ."""
    with tempfile.TemporaryDirectory() as folder:
        if sys.argv[1:]:
            made = building.current(Path(sys.argv[1]))
        else:
            made = building.build(Path(folder), extent=Extent("national"))
        begin = time.perf_counter()
        stores = {"disk": made.open_store(), "memory": made.open_store(in_memory=True)}
        print(f"{made.triples:,} triples; into memory in {time.perf_counter() - begin:.0f} s")
        print(f"{'question':<32}{'rows':>8}{'disk ms':>10}{'memory':>10}{'DuckDB':>10}  memory")
        db, different = tables(), 0
        for path in sorted(FOLDER.glob("*.rq")):
            line = measure(queries.load(path), stores, db)
            different += line.endswith("DIFFERENT")
            print(line, flush=True)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
