"""Where things stand in a Turtle file: its blocks, with lines and offsets.

For tools that edit files in place or say a line; what a file means is the RDF parser's to say.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r'''(?P<skip>\s+|\#[^\n]*)
    |(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!''))*\'\'\'
                |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
    |(?P<iri><[^>\s]*>)
    |(?P<mark>[;,.()\[\]{}])
    |(?P<word>(?:\\.|[^\s;,.()\[\]{}"'<\#\\]|\.+(?=[^\s;,.()\[\]{}"'<\#]))+)''',
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True)
class Token:
    """A piece of Turtle: text and 0-based offset into the file."""

    kind: str
    text: str
    offset: int

    @property
    def end(self) -> int:
        """Give the offset after the last character."""
        return self.offset + len(self.text)


@dataclass(frozen=True)
class Block:
    """All that is said of one subject in one sentence of Turtle; `line` is 1-based."""

    subject: str
    line: int
    tokens: tuple[Token, ...] = field(repr=False)

    @cached_property
    def objects(self) -> dict[str, list[Token]]:
        """Map each predicate, as written, to the first tokens of its objects."""
        found: dict[str, list[Token]] = {}
        predicate, expecting, depth = "", "predicate", 0
        for token in self.tokens[1:]:
            if token.kind == "mark" and token.text in "([":
                depth += 1
            elif token.kind == "mark" and token.text in ")]":
                depth -= 1
            elif depth:
                continue
            elif token.kind == "mark":
                expecting = "predicate" if token.text == ";" else "object"
            elif expecting == "predicate":
                predicate, expecting = token.text, "object"
            elif expecting == "object":
                found.setdefault(predicate, []).append(token)
                expecting = "rest"  # a language tag or datatype may follow
        return found

    def first(self, predicate: str) -> Token | None:
        """Give the first object of a predicate, None where it has none."""
        return next(iter(self.objects.get(predicate, [])), None)


def blocks(text: str) -> Iterator[Block]:
    """Cut Turtle into its blocks, prefix declarations left out."""
    sentence: list[Token] = []
    line, counted = 1, 0
    for token in tokens(text):
        if token.kind == "mark" and token.text == ".":
            if sentence and not sentence[0].text.startswith("@"):
                start = sentence[0].offset
                line += text.count("\n", counted, start)
                counted = start
                yield Block(sentence[0].text, line, tuple(sentence))
            sentence = []
        else:
            sentence.append(token)


def tokens(text: str) -> Iterator[Token]:
    """Cut Turtle, TriG or N-Quads into tokens, white space and comments left out."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "skip"
        if kind != "skip":
            yield Token(kind, match.group(), match.start())


def unquote(token: Token) -> str:
    """Give the characters of a short string literal."""
    return re.sub(r"\\(.)", r"\1", token.text.strip('"'))
