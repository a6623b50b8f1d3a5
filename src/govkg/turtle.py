"""Where things stand in Turtle, TriG, N-Triples or N-Quads: tokens, blocks and triples.

For tools that edit files in place or say a line. The RDF parser, which says what a file means, has
accepted the text: nothing is checked here, and a text that is broken after all gives the triples
before the fault.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from govkg.namespaces import PREFIXES
from govkg.sparqltext import COMMENT, IRI, STRING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_TOKEN = re.compile(
    rf"""(?P<skip>\s+|{COMMENT})
    |(?P<string>{STRING})
    |(?P<iri>{IRI})
    |(?P<mark>[;,.()\[\]{{}}])
    |(?P<word>(?:\\.|[^\s;,.()\[\]{{}}"'<\#\\]|\.+(?=[^\s;,.()\[\]{{}}"'<\#]))+)""",
    re.VERBOSE | re.DOTALL,
)
_RDF = PREFIXES["rdf"]
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


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
    """Give the characters of a string literal, short or long (Turtle 1.1, section 7.2)."""
    # Six quotes or more: a long string; two alone are the empty short one.
    quote = 3 if token.text[:3] in ('"""', "'''") and len(token.text) > 5 else 1
    return _unescape(token.text[quote:-quote])


class Term(NamedTuple):
    """A full IRI, the characters of a literal or a blank node, and where it is written."""

    text: str
    offset: int
    language: str = ""


class Triple(NamedTuple):
    """A triple as written; items of a list also count as objects of the list's owner."""

    subject: Term
    predicate: Term
    object: Term


def triples(text: str) -> list[Triple]:
    """Give the triples in the order of their objects."""
    reader = _Reader(text)
    with suppress(RecursionError, ValueError):  # nested beyond reason, or no IRI
        reader.read()
    return reader.found


class _Reader:
    def __init__(self, text: str) -> None:
        self.found: list[Triple] = []
        self._tokens = [*tokens(text), Token("end", "", len(text))]
        self._at = 0
        self._prefixes: dict[str, str] = {}
        self._base = ""

    @property
    def _now(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._now
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _is(self, *marks: str) -> bool:
        return self._now.kind == "end" or (self._now.kind == "mark" and self._now.text in marks)

    def read(self) -> None:
        """Read sentence after sentence."""
        while self._now.kind != "end":
            word = self._now.text.lower().lstrip("@") if self._now.kind == "word" else ""
            if word in ("prefix", "base"):
                self._directive(word)
            elif word == "graph" or self._is(".", "{", "}", ";", ",", ")", "]"):
                self._take()
            else:
                self._sentence()

    def _directive(self, word: str) -> None:
        self._take()
        if word == "base":
            self._base = self._iri(self._take().text)
        else:
            prefix = self._take().text
            self._prefixes[prefix[:-1]] = self._iri(self._take().text)

    def _sentence(self) -> None:
        subject = self._node()
        if not self._is("{", ".", "}"):
            self._predicates(subject)

    def _predicates(self, subject: Term) -> None:
        while not self._is(".", "]", "}", "{"):
            if self._is(";"):
                self._take()
                continue
            predicate = self._predicate()
            self._objects(lambda item, p=predicate: self._say(subject, p, item))  # type: ignore[misc]

    def _objects(self, say: Callable[[Term], None]) -> None:
        while not self._is(";", ".", "]", "}"):
            if self._is(",", ")", "{"):
                self._take()
                continue
            say(self._node(say))
            while not self._is(";", ",", ".", "]", "}"):
                self._take()  # the graph of N-Quads

    def _say(self, subject: Term, predicate: Term, item: Term) -> None:
        self.found.append(Triple(subject, predicate, item))

    def _predicate(self) -> Term:
        token = self._take()
        iri = _RDF + "type" if token.text == "a" else self._name(token)
        return Term(iri, token.offset)

    def _node(self, say: Callable[[Term], None] | None = None) -> Term:
        """Read a term; `say` also hears the items where it is a list."""
        token = self._take()
        if token.kind == "string":
            return self._literal(token)
        here = Term(f"_:at{token.offset}", token.offset)
        if token.text == "[":
            self._predicates(here)
            self._take()
            return here
        if token.text == "(":
            self._items(here, say)
            return here
        return Term(self._name(token), token.offset)

    def _items(self, owner: Term, say: Callable[[Term], None] | None) -> None:
        while not self._is(")", "}", "."):
            item = self._node(say)
            self._say(owner, Term(_RDF + "first", item.offset), item)
            if say:
                say(item)
        if self._is(")"):
            self._take()

    def _literal(self, token: Token) -> Term:
        language, following = "", self._now.text
        if self._now.kind == "word" and following.startswith("@"):
            language = self._take().text[1:].lower()
        elif following.startswith("^^"):
            self._take()
            if following == "^^":
                self._take()
        return Term(unquote(token), token.offset, language)

    def _name(self, token: Token) -> str:
        if token.kind == "iri":
            return self._iri(token.text)
        prefix, colon, local = token.text.partition(":")
        if colon and prefix in self._prefixes:
            return self._prefixes[prefix] + _unescape(local)
        return token.text

    def _iri(self, written: str) -> str:
        iri = _unescape(written[1:-1])
        return urljoin(self._base, iri) if self._base else iri


def _unescape(text: str) -> str:
    return _ESCAPE.sub(_character, text) if "\\" in text else text


def _character(match: re.Match[str]) -> str:
    short, long, letter = match.groups()
    if letter is None:
        return chr(int(short or long, 16))
    return _LETTERS.get(letter, letter)
