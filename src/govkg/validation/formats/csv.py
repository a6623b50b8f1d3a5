"""For spreadsheets: a row for each finding."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from govkg.validation.report import COLUMNS, as_rows

if TYPE_CHECKING:
    from govkg.languages import Language
    from govkg.validation.places import Places
    from govkg.validation.report import Report


def write(report: Report, language: Language, places: Places) -> str:
    """Write COLUMNS and rows."""
    out = io.StringIO(newline="")
    rows = as_rows(list(report.findings), places, language)
    csv.writer(out, lineterminator="\n").writerows([COLUMNS, *rows])
    return out.getvalue()
