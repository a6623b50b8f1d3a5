"""Reading assessments from a build, as people see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from govkg.namespaces import shorten
from govkg.queries import lookup

if TYPE_CHECKING:
    from govkg.languages import Language
    from govkg.results import Selects


class AssessmentLine(NamedTuple):
    """An assessment as people read it; names are prefixed names, texts in one language."""

    assessment: str
    claim: str
    label: str
    verdict: str
    verdict_label: str
    authority: str
    check: str
    explanation: str


class Fact(NamedTuple):
    """A fact that decides: its name and label, and the time and value of an observation."""

    fact: str
    label: str
    when: str
    value: str


def listing(engine: Selects, lang: Language, claim: str = "") -> list[AssessmentLine]:
    """List assessments by claim in order, of one claim where it is named (`claim:...`)."""
    values = {"claim": claim} if claim else {}
    rows = engine.select(lookup("assessments").bind(values, lang))
    return [AssessmentLine(*(shorten(str(term)) for term in row)) for row in rows]


def facts(engine: Selects, name: str, lang: Language) -> list[Fact]:
    """List the facts that an assessment (`assess:...`) rests on, in order of time."""
    rows = engine.select(lookup("assessment-facts").bind({"assessment": name}, lang))
    told = (("" if term is None else str(term) for term in row) for row in rows)
    return [Fact(shorten(fact), *rest) for fact, *rest in told]
