"""For people: findings under their files, in color on a terminal."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from govkg.validation.places import Place
from govkg.validation.report import safe, said_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.text import Text

    from govkg.languages import Language
    from govkg.validation.finding import Finding
    from govkg.validation.places import Places
    from govkg.validation.report import Report

_STYLES = {"violation": "bold red", "warning": "yellow", "info": "cyan"}


def human(report: Report, language: Language, places: Places) -> str:
    """Write headings, findings and the summary; colored where stdout is a terminal."""
    from rich.console import Console

    console = Console(markup=False, highlight=False, emoji=False, soft_wrap=True)
    with console.capture() as capture:
        for line in lines(report.findings, places, language):
            console.print(line)
        console.print(report.summary)
    return capture.get()


def lines(findings: Sequence[Finding], places: Places, language: Language) -> Iterator[Text]:
    """Write a heading for each file, and two lines for each finding."""
    from rich.text import Text

    placed = [(places.find(finding) or Place(""), finding) for finding in findings]
    placed.sort(key=lambda pair: pair[0])
    for file, group in groupby(placed, key=lambda pair: pair[0].file):
        yield Text(safe(file) or "-", style="bold underline")
        for place, finding in group:
            line = Text(f"  {place.line}:{place.column} " if place.line else "  ")
            line.append(finding.severity, style=_STYLES[finding.severity])
            yield line.append(f" [{safe(finding.rule)}]", style="dim")
            yield Text(f"    {said_of(finding, places, language)}")
