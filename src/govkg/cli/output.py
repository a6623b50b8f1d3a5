"""Rows to stdout as table, CSV or JSON; progress to stderr."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import warnings
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from govkg.errors import InputError, PartialAnswer
from govkg.layout import display
from govkg.namespaces import expand, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from govkg.api import KnowledgeGraph
    from govkg.languages import Language
    from govkg.results import Result


class Format(StrEnum):
    """How a listing is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def say(text: str = "") -> None:
    """Write a line of results."""
    sys.stdout.write(text + "\n")


def progress(step: str) -> None:
    """Say what is being done, on stderr, where somebody watches."""
    if sys.stderr.isatty():
        sys.stderr.write(f"govkg: {step} ...\n")


@contextmanager
def remarks() -> Iterator[None]:
    """Say warnings about partial answers on stderr, in one line each."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", PartialAnswer)
        yield
    for warning in caught:
        if issubclass(warning.category, PartialAnswer):
            sys.stderr.write(f"govkg: {warning.message}\n")


def node(kg: KnowledgeGraph, name: str, language: Language) -> str:
    """Give the IRI of a node by any name it goes by, and say on stderr which one that is."""
    iri = kg.resolve(name, lang=language)
    if iri != expand(name):
        sys.stderr.write(f"govkg: {name} is {shorten(iri)}\n")
    return iri


def default_language() -> Language:
    """Choose zh or en by the locale."""
    locale = next((v for k in ("LC_ALL", "LC_MESSAGES", "LANG") if (v := os.environ.get(k))), "")
    return "zh" if locale.lower().startswith("zh") else "en"


def write_rows(columns: Sequence[str], rows: Iterable[Sequence[Any]], form: Format) -> None:
    """Write rows in the format asked for."""
    if form is Format.TABLE:
        say(_table(columns, rows))
    elif form is Format.CSV:
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows([columns, *rows])
        sys.stdout.write(out.getvalue())
    else:
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        say(json.dumps(records, ensure_ascii=False, indent=2))


def write_result(result: Result) -> None:
    """Write the rows of a SELECT as a table, IRIs as prefixed names."""
    rows = [["" if term is None else shorten(str(term)) for term in row] for row in result]
    say(_table(result.columns, rows))


def write_terms(result: Result, form: Format) -> None:
    """Write rows of terms in the format asked for, IRIs as prefixed names in tables only."""
    show = shorten if form is Format.TABLE else str
    rows = [["" if term is None else show(str(term)) for term in row] for row in result]
    write_rows(result.columns, rows, form)


def write_file(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; raise InputError where it exists or can't be written."""
    refuse_overwriting(path, force=force)
    draft = path.with_name(f".{path.name}.tmp")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"{display(path)} can't be written: {error.strerror}.") from error


def refuse_overwriting(path: Path, *, force: bool) -> None:
    """Raise InputError where a file exists; called before long work too, lest it be for nothing."""
    if path.exists() and not force:
        raise InputError(f"{display(path)} exists: say --force to overwrite it.")


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(str(cell) for cell in row))
    # A pipe has no width: cells stay whole for whoever reads on.
    console = Console(width=None if sys.stdout.isatty() else 1000, markup=False, highlight=False)
    with console.capture() as capture:
        console.print(table)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()).strip("\n")
