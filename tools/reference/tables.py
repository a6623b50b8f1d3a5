"""Write tables so that the same rows give the same bytes, and compare what was made with what is.

Bytes depend on the version of polars and its Parquet writer: dataset.yaml names the one that wrote
the committed files. With another version, equal rows are enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

    from tools.reference.datasets import Table

# In groups of 64k rows a file can be read by several threads, and a code's group is found by the
# statistics. Past this many rows one group is a tenth smaller, which counts for more.
_GROUP, _LARGE = 1 << 16, 1 << 20


def write(frame: pl.DataFrame, table: Table, folder: Path) -> Path:
    """Write one checked table."""
    path = folder / table.file
    if path.suffix == ".csv":
        frame.write_csv(path, line_terminator="\n")
    else:
        frame.write_parquet(
            path,
            compression="zstd",
            compression_level=22,
            statistics=True,
            row_group_size=_GROUP if frame.height < _LARGE else frame.height,
        )
    return path


def difference(made: pl.DataFrame, folder: Path, committed: Path, table: Table) -> str | None:
    """Say what of the table differs from the committed one; an empty string where only bytes do."""
    old = committed / table.file
    if not old.is_file():
        return "it is not there"
    if old.read_bytes() == (folder / table.file).read_bytes():
        return None
    was = pl.read_csv(old, schema=table.columns) if old.suffix == ".csv" else pl.read_parquet(old)
    if was.schema != made.schema:
        return f"made with the columns {dict(made.schema)}, committed with {dict(was.schema)}"
    if was.equals(made):
        return ""
    gone = was.join(made, on=was.columns, how="anti", nulls_equal=True)
    new = made.join(was, on=made.columns, how="anti", nulls_equal=True)
    told = [f"{made.height} rows made, {was.height} committed"]
    told += [
        f"{part.height} only {where}: {part.row(0)}"
        for where, part in (("committed", gone), ("made", new))
        if part.height
    ]
    return "; ".join(told)
