"""The claims of a document, in the order of its text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from govkg.namespaces import shorten
from govkg.queries import lookup

if TYPE_CHECKING:
    from govkg.documents import Document
    from govkg.languages import Language
    from govkg.results import Engine


class ClaimLine(NamedTuple):
    """A claim as people read it: where, in our own words, how, and the statements it is about.

    `start` and `end` are code points of the document; `statements` are asserted (+) or denied (-).
    """

    claim: str
    unit: int
    start: int
    end: int
    label: str
    modality: str
    voice: str
    statements: str


def listing(engine: Engine, document: Document, section: str, lang: Language) -> list[ClaimLine]:
    """List the claims of a section in the order of the text, with what each asserts."""
    wanted = {unit.number for unit in document.section(section)}
    query = lookup("document-claims").bind({"document": f"doc:{document.key}"}, lang)
    rows = engine.select(query)
    found = (
        ClaimLine(shorten(str(row[0])), *(term.toPython() for term in row[1:])) for row in rows
    )
    return [claim for claim in found if claim.unit in wanted]


def coverage(engine: Engine, document: Document, section: str) -> list[tuple[int, str, int]]:
    """Count the claims of each text unit of a section: number, role, claims."""
    claims = Counter(claim.unit for claim in listing(engine, document, section, "en"))
    return [(unit.number, unit.role, claims[unit.number]) for unit in document.section(section)]
