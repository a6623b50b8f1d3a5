"""A piece of advice on a query, in both languages, with its place where it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from govkg.languages import Language

Kind = Literal["syntax", "prefix", "term", "cartesian", "limit", "literal"]


class Advice(NamedTuple):
    """What is wrong (error) or may be meant otherwise (warning); line and column count from 1.

    `shown` is the line of the query that it is about, with a caret under the place.
    """

    kind: Kind
    severity: Literal["error", "warning"]
    en: str
    zh: str
    line: int | None = None
    column: int | None = None
    shown: str = ""

    def text(self, language: Language) -> str:
        """Write the advice for people, with its place and the line shown."""
        message = self.zh if language == "zh" else self.en
        if self.line is None:
            return message
        place = (
            f"第{self.line}行第{self.column}列："
            if language == "zh"
            else f"line {self.line}, column {self.column}: "
        )
        return f"{place}{message}\n{self.shown}" if self.shown else place + message


def at(query: str, offset: int) -> tuple[int, int, str]:
    """Give line, column and the line with a caret under the place, for a code point of a query."""
    before = query[:offset]
    line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
    text = query.splitlines()[line - 1] if line <= len(query.splitlines()) else ""
    lead = "".join("　" if _wide(c) else " " for c in text[: column - 1])
    return line, column, f"  {text}\n  {lead}^"


def _wide(character: str) -> bool:
    from unicodedata import east_asian_width

    return east_asian_width(character) in "WF"
