"""For programs and spreadsheets: a record for each finding, as CSV or JSON."""

from __future__ import annotations

from csv import writer
from io import StringIO
from json import dumps
from typing import TYPE_CHECKING

from govkg.validation.report import COLUMNS, as_rows
from govkg.validation.rules import page

if TYPE_CHECKING:
    from govkg.languages import Language
    from govkg.validation.places import Places
    from govkg.validation.report import Report


def csv(report: Report, language: Language, places: Places) -> str:
    """Write COLUMNS and rows."""
    out = StringIO(newline="")
    rows = as_rows(list(report.findings), places, language)
    writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    return out.getvalue()


def json(report: Report, language: Language, places: Places) -> str:
    """Write an object for each finding: COLUMNS, file, line and column, label and rule's page."""
    found = []
    for finding, row in zip(
        report.findings, as_rows(list(report.findings), places, language), strict=True
    ):
        place = places.find(finding)
        where = place._asdict() if place else {"file": "", "line": 0, "column": 0}
        label = places.label(finding.focus, language)
        found.append(
            dict(zip(COLUMNS, row, strict=True))
            | where
            | {"label": label, "help": page(finding.rule)}
        )
    return dumps(found, ensure_ascii=False, indent=2) + "\n"
