"""The reforms that documents tell of, by time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from govkg.analysis import figures
from govkg.analysis.result import AnalysisResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govkg.languages import Language

_TITLE = {"en": "Reforms that the documents tell of", "zh": "文献所述的改革"}


class EventRow(NamedTuple):
    """A reform and the years between which it began; an undated one by the year of the text."""

    event: str
    label: str
    type: str
    extent: str | None
    place: str
    when: str | None
    earliest: int | None
    latest: int
    claims: str


@dataclass(frozen=True)
class Reform:
    """A reform that a document tells as a fact; `written` is the year of the document.

    `earliest` and `latest` are ISO dates of its beginning, None where the text gives no time;
    `code` is that of the place in the lists; `abolishes` says that street offices ended there.
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
    abolishes: bool
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


def analyze(reforms: Sequence[Reform], language: Language) -> AnalysisResult:
    """List reforms as they come; the figure has a bar for each over the time of its beginning."""
    rows = tuple(
        EventRow(
            one.event, one.label, one.type, one.extent, one.place, one.when, *one.years, one.claims
        )
        for one in reforms
    )

    def draw(form: str) -> bytes:
        events = [figures.Event(one.label, one.type_label, *one.span) for one in reforms]
        return figures.timeline(events, _TITLE[language], form, language)

    return AnalysisResult(EventRow, rows, draw)


def _year(day: str) -> float:
    year, month, date = (int(part) for part in day.split("-"))
    return year + (month - 1) / 12 + (date - 1) / 366
