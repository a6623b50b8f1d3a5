"""What commands share: options, the one printer of lists, and what is said on stderr."""

from __future__ import annotations

import os
import re
import sys
import warnings
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from govkg.errors import ParameterError, PartialAnswer
from govkg.languages import Language
from govkg.namespaces import expand, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from govkg.api import KnowledgeGraph
    from govkg.results import Result


class Format(StrEnum):
    """How a listing is written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Home = Annotated[Path | None, typer.Option("--build", help="Build directory (default: build/).")]
Lang = Annotated[Language | None, typer.Option("--lang", help="Default: by locale.")]
Form = Annotated[Format, typer.Option("--format", help="How to write the list.")]
Params = Annotated[list[str] | None, typer.Option("--param", help="name=value; may be repeated.")]
Key = Annotated[str | None, typer.Option("--document", help="Key (default: the only one).")]
Section = Annotated[str, typer.Option(help="A section as 3-1, or text units as 54-77.")]
Source = Annotated[Path | None, typer.Option("--source", help="The text (default: $GOVKG_SOURCE).")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite.")]
Endpoint = Annotated[
    str | None, typer.Option(help="A SPARQL server that holds the graph, instead of a build.")
]

_SIZE = re.compile(r"([1-9][0-9]*)(KiB|MiB|GiB)")
_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


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


def opened(
    home: Path | None, lang: Language | None, endpoint: str | None = None
) -> tuple[KnowledgeGraph, Language]:
    """Open the build or the server that is asked; give the language to answer in as well."""
    from govkg.api import open_graph

    return open_graph(endpoint or home), lang or default_language()


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
        import csv
        import io

        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\n").writerows([columns, *rows])
        sys.stdout.write(out.getvalue())
    else:
        import json

        records = [dict(zip(columns, row, strict=True)) for row in rows]
        say(json.dumps(records, ensure_ascii=False, indent=2))


def write_terms(result: Result, form: Format = Format.TABLE) -> None:
    """Write rows of terms in the format asked for, IRIs as prefixed names in tables only."""
    show = shorten if form is Format.TABLE else str
    rows = [["" if term is None else show(str(term)) for term in row] for row in result]
    write_rows(result.columns, rows, form)


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


def size(option: str, text: str, least: str = "1KiB") -> int:
    """Read a size with its unit, as `64MiB`, in bytes.

    Raises ParameterError where there is no unit, for a number alone would be a guess, and where it
    is less than `least`.
    """
    found = _SIZE.fullmatch(text)
    if not found:
        raise ParameterError(f"{option} {text!r} is no size: write KiB, MiB or GiB, as 64MiB.")
    count = int(found[1]) * _UNITS[found[2]]
    if text != least and count < size(option, least, least):
        raise ParameterError(f"{option} {text} is too little: give {least} or more.")
    return count


def language_of(values: dict[str, str], lang: Language | None) -> Language:
    """Take the language out of parameters that name one, else follow --lang, else the locale.

    What is no language is refused by the query that it is for.
    """
    return cast("Language | None", values.pop("lang", None)) or lang or default_language()


def pairs(params: list[str] | None) -> dict[str, str]:
    """Read name=value pairs; raise ParameterError where one is not."""
    found = {}
    for pair in params or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(f"--param takes name=value, not {pair!r}.")
        found[name] = value
    return found
