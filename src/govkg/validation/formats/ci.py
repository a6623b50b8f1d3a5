"""For what runs tests: workflow commands of GitHub Actions, and JUnit XML.

GitHub shows workflow commands as annotations
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions), ten of each type
for a step, so the rest is counted and left to the full report. GitLab, Jenkins and others show
JUnit XML as tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from govkg.validation.finding import SEVERITIES
from govkg.validation.report import safe, said_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.languages import Language
    from govkg.validation.finding import Finding
    from govkg.validation.places import Place, Places
    from govkg.validation.report import Report

LIMIT = 10
_COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def github(report: Report, language: Language, places: Places) -> str:
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


def junit(report: Report, language: Language, places: Places) -> str:
    """Write a failed test for each finding, or one that passed where there is none."""
    found = report.findings
    count = {"tests": str(len(found) or 1), "failures": str(len(found)), "errors": "0"}
    root = ET.Element("testsuites", count)
    suite = ET.SubElement(root, "testsuite", {"name": "govkg validate", **count})
    for finding in found:
        _case(suite, finding, language, places)
    if not found:
        ET.SubElement(suite, "testcase", {"classname": "govkg", "name": report.summary})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, finding: Finding, language: Language, places: Places) -> None:
    place, said = places.find(finding), said_of(finding, places, language)
    name = safe(" ".join(part for part in (finding.focus, finding.path, finding.value) if part))
    case = ET.SubElement(suite, "testcase", {"classname": finding.rule, "name": name})
    if place:
        case.set("file", place.file)
        case.set("line", str(place.line))
    failure = ET.SubElement(case, "failure", {"type": finding.severity, "message": said})
    failure.text = f"{place}: {said}" if place else said
