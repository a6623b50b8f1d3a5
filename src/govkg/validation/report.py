"""What a validation found, and how it is written for people and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import category

from govkg.errors import ShapesError
from govkg.validation.finding import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govkg.languages import Language
    from govkg.validation.finding import Finding
    from govkg.validation.locations import Locations

COLUMNS = ("place", "severity", "rule", "focus", "path", "value", "message")


@dataclass(frozen=True)
class Report:
    """What validation found; `constraints` and `checks` say how many rules ran, in which engine.

    `unchecked` names what was not looked at, each with its number.
    """

    findings: tuple[Finding, ...]
    constraints: int
    checks: int
    engine: str = "pyshacl"
    unchecked: tuple[str, ...] = ()

    def worst(self, least: str) -> list[Finding]:
        """List the findings that are at least of a severity."""
        counted = SEVERITIES[: SEVERITIES.index(least) + 1]
        return [finding for finding in self.findings if finding.severity in counted]

    @property
    def summary(self) -> str:
        """Say in one line what ran and what it found."""
        counts = [
            f"{n} {s}{'' if n == 1 or s == 'info' else 's'}"
            for s in SEVERITIES
            for n in [sum(f.severity == s for f in self.findings)]
        ]
        return (
            f"{self.constraints} shape constraints ({self.engine}) and {self.checks} checks ran: "
            f"{', '.join(counts)}{f'; {self.not_checked}' if self.unchecked else ''}"
        )

    @property
    def not_checked(self) -> str:
        """Say what was not looked at; empty where all was."""
        return f"not checked: {', '.join(self.unchecked)}" if self.unchecked else ""


class UnmetShapes(ShapesError):  # noqa: N818 - what they are
    """Shapes that no node of the data meets; `report` is of what the others found, if they ran."""

    def __init__(self, shapes: Sequence[str], report: Report | None = None) -> None:
        self.report = report
        super().__init__(
            f"{', '.join(shapes)}: no node of the data meets "
            f"{'it' if len(shapes) == 1 else 'them'}, so nothing was checked. "
            "Look at the target, or name it with --unmet."
        )


def as_rows(findings: list[Finding], locations: Locations, language: Language) -> list[list[str]]:
    """Give findings as plain rows under COLUMNS."""
    return [
        [
            safe(cell)
            for cell in (
                str(locations.find(f) or ""),
                *(f.severity, f.rule, f.focus, f.path, f.value),
                f.text(language),
            )
        ]
        for f in findings
    ]


def said_of(finding: Finding, locations: Locations, language: Language) -> str:
    """Name the thing by label and name, and say what is wrong and what to do."""
    label = locations.label(finding.focus, language)
    named = f"{label} ({finding.focus})" if label else finding.focus
    value = f" = {finding.value}" if finding.value not in ("", finding.focus) else ""
    subject = f"{named} {finding.path}".rstrip()
    return safe(f"{subject}{value}: {finding.text(language)}")


def safe(text: str) -> str:
    """Escape what a terminal, a log or a reader's eye could be fooled with: controls and bidi."""
    return "".join(
        c if c.isprintable() or category(c) == "Zs" else f"\\u{ord(c):04X}" for c in text
    )
