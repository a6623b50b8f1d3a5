"""JUnit XML, which GitLab, Jenkins and others show as tests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from govkg.validation.report import safe, said_of

if TYPE_CHECKING:
    from govkg.languages import Language
    from govkg.validation.finding import Finding
    from govkg.validation.places import Places
    from govkg.validation.report import Report


def write(report: Report, language: Language, places: Places) -> str:
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
