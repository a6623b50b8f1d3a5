"""The formats in which a report is written, a function each; here those for people and programs."""

from __future__ import annotations

from csv import writer as csv_writer
from io import StringIO
from itertools import groupby
from json import dumps
from typing import TYPE_CHECKING

from govkg.errors import ParameterError
from govkg.validation.formats.ci import github, junit, sarif
from govkg.validation.formats.shacl_report import turtle
from govkg.validation.locations import Location
from govkg.validation.report import COLUMNS, as_rows, safe, said_of
from govkg.validation.rules import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from rich.text import Text

    from govkg.languages import Language
    from govkg.validation.finding import Finding
    from govkg.validation.locations import Locations
    from govkg.validation.report import Report


def csv(report: Report, language: Language, locations: Locations) -> str:
    """Write COLUMNS and rows."""
    out = StringIO(newline="")
    rows = as_rows(list(report.findings), locations, language)
    csv_writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    return out.getvalue()


def json(report: Report, language: Language, locations: Locations) -> str:
    """Write an object for each finding: COLUMNS, file, line and column, label and rule's page."""
    found = []
    for finding, row in zip(
        report.findings, as_rows(list(report.findings), locations, language), strict=True
    ):
        location = locations.find(finding)
        where = location._asdict() if location else {"file": "", "line": 0, "column": 0}
        label = locations.label(finding.focus, language)
        found.append(
            dict(zip(COLUMNS, row, strict=True))
            | where
            | {"label": label, "help": page(finding.rule)}
        )
    return dumps(found, ensure_ascii=False, indent=2) + "\n"


_STYLES = {"violation": "bold red", "warning": "yellow", "info": "cyan"}


def human(report: Report, language: Language, locations: Locations) -> str:
    """Write headings, findings and the summary; colored where stdout is a terminal."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    with console.capture() as capture:
        for line in lines(report.findings, locations, language):
            console.print(line)
        console.print(report.summary)
    return capture.get()


def lines(findings: Sequence[Finding], locations: Locations, language: Language) -> Iterator[Text]:
    """Write a heading for each file, and two lines for each finding."""
    from rich.text import Text

    placed = [(locations.find(finding) or Location(""), finding) for finding in findings]
    placed.sort(key=lambda pair: pair[0])
    for file, group in groupby(placed, key=lambda pair: pair[0].file):
        yield Text(safe(file) or "-", style="bold underline")
        for location, finding in group:
            line = Text(f"  {location.line}:{location.column} " if location.line else "  ")
            line.append(finding.severity, style=_STYLES[finding.severity])
            yield line.append(f" [{safe(finding.rule)}]", style="dim")
            yield Text(f"    {said_of(finding, locations, language)}")


_SUFFIXES = {"xml": "junit", "ttl": "turtle", "txt": "human"}
_WRITERS: dict[str, Callable[[Report, Language, Locations], str]] = {
    "human": human,
    "csv": csv,
    "json": json,
    "github": github,
    "sarif": sarif,
    "junit": junit,
    "turtle": turtle,
}
FORMATS = tuple(_WRITERS)


def of_file(path: Path) -> str:
    """Choose the format that a file's suffix names; raise ParameterError where none does."""
    suffix = path.suffix.removeprefix(".")
    form = _SUFFIXES.get(suffix, suffix)
    if form not in FORMATS:
        names = ", ".join(f".{one}" for one in (*FORMATS, *_SUFFIXES))
        raise ParameterError(f"{path.name} names no format of a report: let it end in {names}.")
    return form


def write(report: Report, form: str, language: Language, locations: Locations) -> str:
    """Write a report in one of FORMATS; raise ParameterError for any other."""
    if form not in _WRITERS:
        raise ParameterError(f"there is no format {form!r}: use one of {', '.join(FORMATS)}.")
    return _WRITERS[form](report, language, locations)
