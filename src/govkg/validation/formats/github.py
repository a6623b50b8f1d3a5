"""For GitHub Actions: workflow commands, which it shows as annotations.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions; a step shows ten
annotations of each type, so the rest is counted and left to the full report.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.validation.finding import SEVERITIES
from govkg.validation.report import said_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.languages import Language
    from govkg.validation.places import Place, Places
    from govkg.validation.report import Report

LIMIT = 10
_COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def write(report: Report, language: Language, places: Places) -> str:
    """Write up to LIMIT commands for each severity, what is left out, and the summary."""
    return "\n".join([*_lines(report, language, places), report.summary]) + "\n"


def _lines(report: Report, language: Language, places: Places) -> Iterator[str]:
    for severity in SEVERITIES:
        findings = [finding for finding in report.findings if finding.severity == severity]
        for finding in findings[:LIMIT]:
            properties = [*_where(places.find(finding)), f"title={_property(finding.rule)}"]
            said = _data(said_of(finding, places, language))
            yield f"::{_COMMANDS[severity]} {','.join(properties)}::{said}"
        if (left := len(findings) - LIMIT) > 0:
            yield f"{left} more of severity {severity}: see the full report"


def _where(place: Place | None) -> list[str]:
    if place is None:
        return []
    position = [f"line={place.line}", f"col={place.column}"] if place.line else []
    return [f"file={_property(place.file)}", *position]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
