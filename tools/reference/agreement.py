"""Compare the history of codes with an independent table of 1981-2024, which is not shipped.

    python tools/reference/agreement.py [ORACLE.csv]

The oracle has (code, name) with the year it ended and the codes that followed. For each that
ended, ours is the last event of division-changes that takes that code from that name, or else the
bracket of gb2260-history; and, as a column apart, or else the last year in nbs-series. Exit code 2
where the oracle is not at hand.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.reference import datasets, kinds, nbs

PERIODS = ((1981, 1984), (1985, 1999), (2000, 2009), (2010, 2019), (2020, 2024))
_COLUMNS = {"代码": "code", "名称": "name", "变更/弃用时间": "ended", "新代码": "successors"}
_BITS = 16  # of the column of years
# Events that end neither the code nor the name of what they are about.
_NO_END = ("established", "seat-moved", "transferred", "adjusted")


def oracle_file() -> Path:
    """Say where the oracle is, on a machine that has it."""
    shared = Path(os.environ.get("GOVKG_SHARED", datasets.ROOT.parent / "shared"))
    return shared / "oracles" / "areacodes.csv"


def read_oracle(path: Path) -> pl.DataFrame:
    """Read what ended: code, name, year, and the set of codes that followed.

    A code in the list with a year in brackets took over a part earlier on: it is no successor.
    """
    read = pl.read_csv(path, infer_schema=False).rename(_COLUMNS)
    return read.filter(pl.col("ended").is_not_null()).select(
        pl.col("code").cast(pl.Int32),
        "name",
        pl.col("ended").cast(pl.Int16),
        successors=pl.col("successors")
        .fill_null("")
        .map_elements(_successors, return_dtype=pl.List(pl.Int32)),
    )


def ends(codes: pl.DataFrame, events: pl.DataFrame, units: pl.DataFrame) -> pl.DataFrame:
    """Give for each (code, name) what each dataset says of its end, and of what followed."""
    changed = events.filter(
        pl.col("old_code").is_not_null() & ~pl.col("type").is_in(_NO_END)
    ).select(
        "year",
        code="old_code",
        name="old_name",
        new_code=pl.when(pl.col("doubt").is_null()).then("new_code"),
        # Where a code was given to another unit, the unit itself went on under its new code.
        reassigned=pl.col("type") == "code-reassigned",
    )
    by_event = (
        changed.sort("reassigned", "year", descending=[True, False], maintain_order=True)
        .group_by("code", "name", maintain_order=True)
        .agg(event_year=pl.col("year").last(), event_successor=pl.col("new_code").last())
    )
    by_list = codes.select(
        "code", "name", list_year=pl.col("ended_by").str.slice(0, 4).cast(pl.Int16)
    )
    county = kinds.STEP[kinds.COUNTY]
    last = _BITS - pl.col("years").bitwise_leading_zeros()  # the first year after, from FIRST on
    by_series = units.filter((pl.col("level") <= kinds.COUNTY) & (last < len(nbs.YEARS))).select(
        (pl.col("code") // county).cast(pl.Int32),
        "name",
        series_year=(nbs.FIRST + last).cast(pl.Int16),
    )
    found = by_list.join(by_event, on=["code", "name"], how="full", coalesce=True)
    return found.join(by_series, on=["code", "name"], how="full", coalesce=True)


def agreement(oracle: pl.DataFrame, ours: pl.DataFrame) -> pl.DataFrame:
    """Count by period: known at all, year of end within one, same successor."""
    both = oracle.join(ours, on=["code", "name"], how="left").with_columns(
        year=pl.coalesce("event_year", "list_year"),
        any_year=pl.coalesce("event_year", "list_year", "series_year"),
    )
    near = {
        column: (pl.col(column) - pl.col("ended")).abs() <= 1
        for column in ("year", "event_year", "list_year", "any_year")
    }
    told = pl.col("successors").list.len() > 0
    same = pl.col("event_successor").is_in(pl.col("successors"))
    rows = []
    for first, last in (*PERIODS, (PERIODS[0][0], PERIODS[-1][1])):
        part = both.filter(pl.col("ended").is_between(first, last))
        rows.append(
            part.select(
                period=pl.lit(f"{first}-{last}"),
                ended=pl.len(),
                known=pl.col("year").is_not_null().mean(),
                year=near["year"].fill_null(value=False).mean(),
                by_event=near["event_year"].fill_null(value=False).mean(),
                by_list=near["list_year"].fill_null(value=False).mean(),
                with_series=near["any_year"].fill_null(value=False).mean(),
                with_successor=told.sum(),
                successor=same.filter(told).fill_null(value=False).mean(),
                successor_where_given=same.filter(
                    told & pl.col("event_successor").is_not_null()
                ).mean(),
            )
        )
    return pl.concat(rows)


def measure(path: Path) -> pl.DataFrame:
    """Measure the committed tables against an oracle."""
    history = datasets.load("gb2260-history")
    changes = datasets.load("division-changes")
    series = datasets.load("nbs-series")
    ours = ends(
        history.tables["codes"].read(history.folder),
        changes.tables["events"].read(changes.folder),
        series.tables["units"].read(series.folder),
    )
    return agreement(read_oracle(path), ours)


def _successors(text: str) -> list[int]:
    return [int(word) for word in text.split(";") if re.fullmatch(r"\d{6}", word)]


def main() -> int:
    """Print the table."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else oracle_file()
    if not path.is_file():
        print(f"agreement.py: {path} is missing", file=sys.stderr)
        return 2
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=160, float_precision=3):
        print(measure(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
