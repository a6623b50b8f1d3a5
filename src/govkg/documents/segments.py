"""Text units: the pieces of a document that claims are filed under."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

# A sentence ends after 。; a closing quotation mark or a footnote mark stays with it.
_SENTENCE = re.compile(r"[^。\n]*(?:。[”’]?(?:\[\d+\])?|(?=\n|\Z))")


class TextUnit(NamedTuple):
    """A stretch of a document: 1-based number, 0-based code points [start, end), role code."""

    number: int
    start: int
    end: int
    role: str

    def contains(self, start: int, end: int) -> bool:
        """Say whether a span lies inside."""
        return self.start <= start <= end <= self.end


def segment(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text into sentences and headings; give the code points of each, blanks trimmed."""
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        if sentence.strip():
            lead = len(sentence) - len(sentence.lstrip())
            yield match.start() + lead, match.start() + len(sentence.rstrip())
