"""The text of a SPARQL query, looked at without running it: where its outermost parts stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# What may hold braces and keywords that mean nothing: strings, IRIs, comments. In this order.
_OPAQUE = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'(?:[^'\\\n]|\\.)*'"
    r'|<[^<>"{}|^`\\\x00-\x20]*>'
    r"|#[^\n]*",
    re.DOTALL,
)
_VALUES = re.compile(r"\bVALUES\s*(?:\([^()]*\)|[?$]\w+)\s*$", re.IGNORECASE)
_SHORT_FORM = re.compile(r"\bCONSTRUCT\s+WHERE\s*$", re.IGNORECASE)
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!\s*:)", re.IGNORECASE)
_DATASET = re.compile(r"(?<![?$:\w-])FROM\b(?![:\w-])", re.IGNORECASE)


class Span(NamedTuple):
    """A stretch of a query: code points [start, end)."""

    start: int
    end: int


def blank(query: str) -> str:
    """Replace strings, IRIs and comments by blanks of the same length, so that words are words."""
    return _OPAQUE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), query)


def iris(query: str) -> Iterator[tuple[int, str]]:
    """Give each IRI that is written in full, with the place of its bracket."""
    for found in _OPAQUE.finditer(query):
        if found[0].startswith("<"):
            yield found.start(), found[0][1:-1]


def form(query: str) -> str | None:
    """Say which form a query has (SELECT, ASK, CONSTRUCT, DESCRIBE); None where it has none."""
    found = _FORM.search(blank(query))
    return found[1].upper() if found else None


def names_graphs(query: str) -> bool:
    """Say whether a query says itself, by FROM, which graphs it asks."""
    return bool(_DATASET.search(blank(query)))


def pattern(query: str) -> Span | None:
    """Find the outermost `{...}` that the query matches; None where it has none, or no room in it.

    The short form CONSTRUCT WHERE takes triples only, and counts as having no room.
    """
    bare, found = blank(query), None
    for span in _groups(bare):
        if not _VALUES.search(bare, 0, span.start):
            found = span
    if found is None or _SHORT_FORM.search(bare, 0, found.start):
        return None
    return found


def counting(construct: str) -> str | None:
    """Write the query that counts a CONSTRUCT's solutions; None where it limits them itself."""
    bare, found = blank(construct), pattern(construct)
    keyword = _FORM.search(bare)
    tail, (_, end) = solution_modifiers(construct)
    if found is None or keyword is None or re.search(r"\b(LIMIT|OFFSET)\b", tail, re.IGNORECASE):
        return None
    template = next(_groups(bare))
    between = construct[template.end : found.start]  # WHERE, and FROM where it has some
    where = between + construct[found.start : found.end] + "\n" + construct[end:]
    return f"{construct[: keyword.start()]}SELECT (COUNT(*) AS ?n) {where}"


def solution_modifiers(query: str) -> tuple[str, Span]:
    """Give what follows the pattern (ORDER BY, LIMIT...), blanked, and where it stands.

    A trailing VALUES block is not part of it.
    """
    bare, found = blank(query), pattern(query)
    start = found.end if found else len(query)
    values = re.search(r"\bVALUES\b", bare[start:], re.IGNORECASE)
    end = start + values.start() if values else len(query)
    return bare[start:end], Span(start, end)


def _groups(bare: str) -> Iterator[Span]:
    """Give the groups that stand in no other group."""
    depth = start = 0
    for place in re.finditer(r"[{}]", bare):
        if place[0] == "{":
            start = start if depth else place.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                yield Span(start, place.end())
