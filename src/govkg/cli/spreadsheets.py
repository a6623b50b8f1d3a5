"""Tables in files: CSV, workbooks and Parquet; a column of names in one of them resolved."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from govkg import textfile
from govkg.errors import InputError, MissingLibrary, ParameterError, SourceError
from govkg.layout import display

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from govkg.reference.matching import At

SHEETS = (".csv", ".xlsx")
FRAMES = (".csv", ".parquet")
# Columns that the answer repeats of what was asked.
_ASKED = ("name", "year", "within")


def read(path: Path, encoding: str = "utf-8") -> pl.DataFrame:
    """Read a table, every cell as text; raise InputError or SourceError where it can't be."""
    check_suffix(path, SHEETS)
    if not path.is_file():
        raise InputError(f"{display(path)} is no file.")
    rows = _of_workbook(path) if path.suffix == ".xlsx" else _of_csv(path, encoding)
    if not rows or not any(rows[0]):
        raise SourceError(path, None, "is empty: a first row with the names of columns is needed.")
    twice = [name for name, count in Counter(rows[0]).items() if count > 1]
    if twice:
        raise SourceError(path, 1, f"two columns are called {twice[0]!r}: rename one.")
    return _frame(path, rows)


def check_suffix(path: Path, known: tuple[str, ...]) -> None:
    """Raise ParameterError where a file's name has none of these endings."""
    if path.suffix not in known:
        raise ParameterError(f"{path.name}: the file's name ends in {' or '.join(known)}.")


def _of_csv(path: Path, encoding: str) -> list[list[str]]:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig" if encoding.lower() in {"utf-8", "utf8"} else encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        advice = "say which it is, as --encoding gb18030; a file has one encoding throughout"
        raise SourceError(path, line, f"is not {encoding} here: {advice}.") from error
    except LookupError as error:
        raise ParameterError(f"no encoding is called {encoding!r}: try gb18030.") from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise SourceError(path, line, "has a NUL character, as UTF-16 has: try --encoding utf-16.")
    try:
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise SourceError(path, None, f"is no CSV: {error}.") from error


def _of_workbook(path: Path) -> list[list[str]]:
    """Read the first sheet; a whole number is written without a point, as in its cell."""
    try:
        import fastexcel
    except ImportError as error:
        raise MissingLibrary("fastexcel", "excel") from error
    try:
        book = fastexcel.read_excel(path)
        sheet = book.load_sheet(0, header_row=None, dtypes="string")
    except fastexcel.FastExcelError as error:
        raise SourceError(path, None, f"is no workbook: {str(error).splitlines()[0]}.") from error
    rows = sheet.to_polars().rows()
    return [["" if cell is None else cell for cell in row] for row in rows]


def _frame(path: Path, rows: list[list[str]]) -> pl.DataFrame:
    import polars as pl

    header, *body = rows
    kept = []
    for number, row in enumerate(body, 2):
        if not row:
            continue  # an empty line
        if len(row) != len(header):
            message = f"row {number} has {len(row)} cells and the first {len(header)}: mend it."
            raise SourceError(path, None, message)
        kept.append(row)
    return pl.DataFrame(kept, schema=dict.fromkeys(header, pl.String), orient="row")


def resolve(
    rows: pl.DataFrame,
    name: str,
    year: str | None,
    parent: str | None,
    *,
    within: str | None,
    level: str | None,
    at: At,
) -> pl.DataFrame:
    """Resolve a column; give the rows with the answer's columns behind them.

    `year` is a column or a year, `level` a column or a level, `parent` a column, `within` one unit
    for all rows. Columns of the
    answer that the file has as well get `_found` behind their name. Raises ParameterError for a
    column that there is none of.
    """
    from govkg.reference.column import resolve_column

    answer = resolve_column(
        column(rows, name),
        year=_number_or_cells(rows, year),
        within=within or _cells(rows, parent),
        level=_number_or_cells(rows, level),
        at=at,
    ).drop(_ASKED)
    taken = {one: f"{one}_found" for one in answer.columns if one in rows.columns}
    if again := [new for new in taken.values() if new in rows.columns]:
        raise ParameterError(f"the file has a column {again[0]!r} already: rename it.")
    return rows.hstack(answer.rename(taken))


def column(rows: pl.DataFrame, name: str) -> pl.Series:
    """Find a column by name; raise ParameterError with those that there are."""
    if name not in rows.columns:
        known = ", ".join(rows.columns[:10])
        raise ParameterError(f"the file has no column {name!r}; it has {known}.")
    return rows[name]


def _number_or_cells(rows: pl.DataFrame, name: str | None) -> int | pl.Series | None:
    """Read what is no column of the file and a number as that number for all rows."""
    if name and name not in rows.columns and name.isdecimal():
        return int(name)
    return _cells(rows, name)


def _cells(rows: pl.DataFrame, name: str | None) -> pl.Series | None:
    """Give a column in which empty cells are missing ones; None where none is named."""
    if name is None:
        return None
    found = column(rows, name).str.strip_chars()
    return found.set(found == "", None)


def check_output(path: Path, *, force: bool) -> None:
    """Raise InputError or ParameterError before the work where the file could not be written."""
    check_suffix(path, SHEETS)
    textfile.refuse_overwriting(path, force=force)


def write(rows: pl.DataFrame, path: Path, *, force: bool) -> None:
    """Write a table by its file's ending, in workbooks codes as text.

    Raises InputError where it can't be written.
    """
    file = io.BytesIO()
    if path.suffix == ".xlsx":
        _to_workbook(rows, file)
    elif path.suffix == ".parquet":
        rows.write_parquet(file, compression="zstd")
    else:
        rows.write_csv(file, line_terminator="\n")
    textfile.write_file(path, file.getvalue(), force=force)


def _to_workbook(rows: pl.DataFrame, file: io.BytesIO) -> None:
    import polars as pl

    try:
        import xlsxwriter
    except ImportError as error:
        raise MissingLibrary("xlsxwriter", "excel") from error
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, safe) as book:
        book.set_properties({"created": datetime(2000, 1, 1)})  # noqa: DTZ001 - Excel has no zones
        # Years without a comma.
        rows.write_excel(book, dtype_formats={pl.Int32: "0", pl.UInt8: "0"})


def summary(rows: pl.DataFrame, path: Path) -> str:
    """Count the rows of a table by status, in one line."""
    status = "status_found" if "status_found" in rows.columns else "status"
    counted = rows[status].value_counts().sort("count", status, descending=[True, False])
    told = ", ".join(f"{count:,} {word}" for word, count in counted.iter_rows())
    return f"{display(path)}: {rows.height:,} rows" + (f"; {told}." if told else ".")
