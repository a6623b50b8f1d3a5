"""`govkg crosswalk`: unit to unit between two yearly lists."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from govkg.cli import output
from govkg.cli.options import Force, Form
from govkg.cli.output import Format
from govkg.errors import ParameterError
from govkg.layout import display

if TYPE_CHECKING:
    import polars as pl

Level = Literal["county", "township", "village"]
_SUFFIXES = (".csv", ".parquet")


def crosswalk(
    first: Annotated[int, typer.Option("--from", help="Year of the earlier list, from 2015.")],
    last: Annotated[int, typer.Option("--to", help="Year of the later list, to 2023.")],
    level: Annotated[Level, typer.Option(help="Which units.")] = "township",
    within: Annotated[
        str | None, typer.Option(help="A county or a unit above it: a name or a code.")
    ] = None,
    units: Annotated[
        bool, typer.Option("--units", help="The units instead: id, codes, names, years.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("-o", "--output", help="A .csv or .parquet file, not stdout.")
    ] = None,
    force: Force = False,
    form: Form = Format.TABLE,
) -> None:
    """Say what each county, township or village of one yearly list is in a later one.

    A row for each pair of units, with the share of the old one, the kind of change, stable ids
    and balanced groups: sets of units that keep their borders through all years between.
    """
    from govkg.reference import crosswalk as walk

    if out is not None and out.suffix not in _SUFFIXES:
        raise ParameterError(f"{out.name}: the file's name ends in {' or '.join(_SUFFIXES)}.")
    rows = walk.crosswalk(first, last, level=level, within=within)
    if units:
        asked = {*rows["unit"], *rows["new_unit"]}
        rows = walk.units(level)
        rows = rows.filter(rows["unit"].is_in(asked))
    if out is not None:
        output.write_file(out, _content(rows, out.suffix), force=force)
        output.say(f"{display(out)}: {rows.height:,} rows")
        return
    empty = None if form is Format.JSON else ""
    cells = [[empty if value is None else value for value in row] for row in rows.iter_rows()]
    output.write_rows(rows.columns, cells, form)


def _content(rows: pl.DataFrame, suffix: str) -> bytes:
    file = io.BytesIO()
    if suffix == ".csv":
        rows.write_csv(file, line_terminator="\n")
    else:
        rows.write_parquet(file, compression="zstd")
    return file.getvalue()
