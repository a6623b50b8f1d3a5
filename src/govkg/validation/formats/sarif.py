"""SARIF 2.1.0 (OASIS), for code scanning and editors."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from govkg._version import __version__
from govkg.validation.report import said_of
from govkg.validation.rules import page

if TYPE_CHECKING:
    from govkg.languages import Language
    from govkg.validation.finding import Finding
    from govkg.validation.places import Place, Places
    from govkg.validation.report import Report

_LEVELS = {"violation": "error", "warning": "warning", "info": "note"}
_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def sarif(report: Report, language: Language, places: Places) -> str:
    """Write one run: the rules that found something, and a result for each finding."""
    rules = sorted({finding.rule for finding in report.findings})
    driver = {
        "name": "govkg",
        "version": __version__,
        "informationUri": "https://w3id.org/govkg",
        "rules": [{"id": rule, "helpUri": page(rule)} for rule in rules],
    }
    results = [_result(finding, language, places) for finding in report.findings]
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


def _result(finding: Finding, language: Language, places: Places) -> dict[str, Any]:
    place = places.find(finding)
    identity = "\0".join(finding.identity)
    return {
        "ruleId": finding.rule,
        "level": _LEVELS[finding.severity],
        "message": {"text": said_of(finding, places, language)},
        "locations": [_location(place)] if place else [],
        "partialFingerprints": {"govkg/v1": hashlib.sha256(identity.encode()).hexdigest()},
    }


def _location(place: Place) -> dict[str, Any]:
    uri = Path(place.file).as_uri() if Path(place.file).is_absolute() else quote(place.file)
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if place.line:
        physical["region"] = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": physical}
