"""What the analyses ask of the graph: its own words turned into plain rows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from govkg.analysis.levels import Level, Pattern
from govkg.errors import InputError
from govkg.reference.kinds import column

if TYPE_CHECKING:
    from govkg.api import KnowledgeGraph
    from govkg.languages import Language


@dataclass(frozen=True)
class Reform:
    """A reform that a document tells as a fact; `written` is the year of the document.

    `earliest` and `latest` are ISO dates of its beginning, None where the text gives no time.
    """

    event: str
    label: str
    type: str
    type_label: str
    extent: str | None
    place: str
    code: str | None
    when: str | None
    earliest: str | None
    latest: str | None
    written: int
    affects: str | None
    claims: str

    @property
    def span(self) -> tuple[float | None, float]:
        """When it began, as years with fractions: at the earliest, at the latest."""
        earliest = _year(self.earliest) if self.earliest else None
        return earliest, _year(self.latest or f"{self.written}-12-31")

    @property
    def years(self) -> tuple[int | None, int]:
        """The years between which it began; an undated one began by the year of the document."""
        earliest = int(self.earliest[:4]) if self.earliest else None
        return earliest, int(self.latest[:4]) if self.latest else self.written


def patterns(kg: KnowledgeGraph, language: Language) -> list[Pattern]:
    """Read which levels the documents say cities have; raise InputError where none says so."""
    rows = _ask(kg, "tiers", language)
    found = [
        Pattern(str(label), tuple(_level(list(tier)) for _, tier in groupby(tiers, _ordinal)))
        for label, tiers in groupby(rows, lambda row: row["patternLabel"])
    ]
    if not found:
        raise InputError("no document of this build says which levels cities have.")
    return found


def kinds() -> dict[str, set[str]]:
    """Say which kinds of listed units have an institution of a class."""
    found: dict[str, set[str]] = {}
    for kind, institution in column("institution").items():
        found.setdefault(institution, set()).add(kind)
    return found


def reforms(kg: KnowledgeGraph, language: Language) -> list[Reform]:
    """List the reforms that documents tell as facts, dated ones first, by date."""
    rows = _ask(kg, "reforms", language)
    found = [
        Reform(
            row["event"],
            row["label"],
            row["type"].partition(":")[2],
            row["typeLabel"],
            row["extentLabel"],
            row["place"],
            row["code"],
            row["when"],
            row["earliest"],
            row["latest"],
            int(row["written"]),
            row["affects"],
            row["claims"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.earliest or "9", one.latest or "9", one.event))


def _ask(kg: KnowledgeGraph, name: str, language: Language) -> list[dict[str, Any]]:
    from govkg.namespaces import shorten
    from govkg.queries import find
    from govkg.results import Result

    answer = kg.query(str(find("analysis", name).path), lang=language)
    assert isinstance(answer, Result)  # noqa: S101 - the query is a SELECT of ours
    return [
        {
            column: None if term is None else shorten(str(term))
            for column, term in zip(answer.columns, row, strict=True)
        }
        for row in answer
    ]


def _ordinal(row: dict[str, Any]) -> int:
    return int(row["ordinal"])


def _level(rows: list[dict[str, Any]]) -> Level:
    counts = {row["countsAs"] for row in rows}
    kind = rows[0]["kind"].partition(":")[2]
    return Level(kind, "concept:government" in counts, "concept:management" in counts)


def _year(day: str) -> float:
    year, month, date = (int(part) for part in day.split("-"))
    return year + (month - 1) / 12 + (date - 1) / 366
