"""For what runs tests and scans code: GitHub's workflow commands, JUnit XML, SARIF 2.1.0 (OASIS).

GitHub shows workflow commands as annotations
(https://docs.github.com/actions/reference/workflow-commands-for-github-actions), ten of each type
for a step, so the rest is counted and left to the full report. GitLab, Jenkins and others show
JUnit XML as tests; code scanning and editors read SARIF.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

from govkg._version import __version__
from govkg.validation.finding import SEVERITIES
from govkg.validation.report import safe, said_of
from govkg.validation.rules import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.languages import Language
    from govkg.validation.finding import Finding
    from govkg.validation.locations import Location, Locations
    from govkg.validation.report import Report


LIMIT = 10
_COMMANDS = {"violation": "error", "warning": "warning", "info": "notice"}


def github(report: Report, language: Language, locations: Locations) -> str:
    """Write up to LIMIT commands for each severity, what is left out, and the summary."""
    return "\n".join([*_lines(report, language, locations), report.summary]) + "\n"


def _lines(report: Report, language: Language, locations: Locations) -> Iterator[str]:
    for severity in SEVERITIES:
        findings = [finding for finding in report.findings if finding.severity == severity]
        for finding in findings[:LIMIT]:
            properties = [*_where(locations.find(finding)), f"title={_property(finding.rule)}"]
            said = _data(said_of(finding, locations, language))
            yield f"::{_COMMANDS[severity]} {','.join(properties)}::{said}"
        if (left := len(findings) - LIMIT) > 0:
            yield f"{left} more of severity {severity}: see the full report"


def _where(location: Location | None) -> list[str]:
    if location is None:
        return []
    position = [f"line={location.line}", f"col={location.column}"] if location.line else []
    return [f"file={_property(location.file)}", *position]


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def junit(report: Report, language: Language, locations: Locations) -> str:
    """Write a failed test for each finding, or one that passed where there is none."""
    found = report.findings
    count = {"tests": str(len(found) or 1), "failures": str(len(found)), "errors": "0"}
    root = ET.Element("testsuites", count)
    suite = ET.SubElement(root, "testsuite", {"name": "govkg validate", **count})
    for finding in found:
        _case(suite, finding, language, locations)
    if not found:
        ET.SubElement(suite, "testcase", {"classname": "govkg", "name": report.summary})
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _case(suite: ET.Element, finding: Finding, language: Language, locations: Locations) -> None:
    location, said = locations.find(finding), said_of(finding, locations, language)
    name = safe(" ".join(part for part in (finding.focus, finding.path, finding.value) if part))
    case = ET.SubElement(suite, "testcase", {"classname": finding.rule, "name": name})
    if location:
        case.set("file", location.file)
        case.set("line", str(location.line))
    failure = ET.SubElement(case, "failure", {"type": finding.severity, "message": said})
    failure.text = f"{location}: {said}" if location else said


_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif(report: Report, language: Language, locations: Locations) -> str:
    """Write one run: the rules that found something, and a result for each finding."""
    rules = sorted({finding.rule for finding in report.findings})
    driver = {
        "name": "govkg",
        "version": __version__,
        "informationUri": "https://w3id.org/govkg",
        "rules": [{"id": rule, "helpUri": page(rule)} for rule in rules],
    }
    results = [_sarif_result(finding, language, locations) for finding in report.findings]
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    if report.unchecked:
        note = {"level": "note", "message": {"text": report.not_checked}}
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": [note]}]
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _sarif_result(finding: Finding, language: Language, locations: Locations) -> dict[str, Any]:
    location = locations.find(finding)
    identity = "\0".join(finding.identity)
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": said_of(finding, locations, language)},
        "locations": [_location(location)] if location else [],
        "partialFingerprints": {"govkg/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }


def _location(location: Location) -> dict[str, Any]:
    uri = (
        Path(location.file).as_uri() if Path(location.file).is_absolute() else quote(location.file)
    )
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if location.line:
        physical["region"] = {"startLine": location.line, "startColumn": location.column}
    return {"physicalLocation": physical}
