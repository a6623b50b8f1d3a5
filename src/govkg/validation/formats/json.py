"""For programs: a list of findings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from govkg.validation.report import COLUMNS, as_rows
from govkg.validation.rules import page

if TYPE_CHECKING:
    from govkg.languages import Language
    from govkg.validation.places import Places
    from govkg.validation.report import Report


def write(report: Report, language: Language, places: Places) -> str:
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
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
