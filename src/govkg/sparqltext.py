"""The text of a SPARQL query, looked at without running it: where its outermost parts stand.

The query is cut by regular expressions, not parsed: one that is broken, or that rdflib's parser
refuses, still has its places. The terminals for strings, IRIs and comments are Turtle's too (Turtle
1.1, section 6.5; SPARQL 1.1, section 19.8, but that IRIs may hold escapes, as in Turtle).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STRING = r"""(?:"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
    |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')"""
IRI = r"<[^<>\"{}|^`\\\x00-\x20]*(?:\\[uU][0-9A-Fa-f]+[^<>\"{}|^`\\\x00-\x20]*)*>"
COMMENT = r"\#[^\n\r]*"
CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

# The first that fits wins, as in the grammar.
OPAQUE = re.compile(
    rf"(?P<string>{STRING})|(?P<iri>{IRI})|(?P<comment>{COMMENT})|(?P<escape>\\.)",
    re.VERBOSE | re.DOTALL,
)
_VALUES = re.compile(r"\bVALUES\s*(?:\([^()]*\)|[?$]\w+)\s*$", re.IGNORECASE)
_SHORT_FORM = re.compile(r"\bCONSTRUCT\s+WHERE\s*$", re.IGNORECASE)
_FORM = re.compile(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!\s*:)", re.IGNORECASE)
_DECLARATION = re.compile(r"\bPREFIX\s++([^\s:]*+)\s*+:", re.IGNORECASE)
_DATASET = re.compile(r"(?<![?$:\w-])FROM\b(?![:\w-])", re.IGNORECASE)
# Variables, language tags, names with a prefix, blank nodes: their letters are no keywords.
_NAME = r"[?$]\w+|@[A-Za-z0-9-]+|(?:[^\W\d_][\w.-]*|_)?:(?:[\w:%.-]*[\w:%-])?"


class Span(NamedTuple):
    """A stretch of a query: code points [start, end)."""

    start: int
    end: int


def blank(query: str) -> str:
    """Replace strings, IRIs and comments by blanks of the same length, so that words are words."""
    return OPAQUE.sub(lambda found: re.sub(r"[^\n]", _blank_for(found[0]), found[0]), query)


def _blank_for(opaque: str) -> str:
    return "x" if opaque.startswith("\\") else " "  # an escape does not end its name


def declarations(query: str) -> Iterator[tuple[str, str | None, Span]]:
    """Give each prefix that a query declares, its namespace where one follows, and its place."""
    bare = blank(query)
    for found in _DECLARATION.finditer(bare):
        # The namespace is blank there: it is read from the query itself.
        after = OPAQUE.finditer(query, found.end())
        iri = next((one for one in after if one.lastgroup != "comment"), None)
        follows = iri and iri["iri"] and not bare[found.end() : iri.start()].strip()
        yield found[1], iri["iri"][1:-1] if iri and follows else None, Span(*found.span())


def depth(bare: str) -> int:
    """Give the deepest nesting of brackets of any kind in a query without strings and IRIs."""
    now = deepest = 0
    for bracket in re.findall(r"[(){}\[\]]", bare):
        now = now + 1 if bracket in "({[" else max(now - 1, 0)
        deepest = max(deepest, now)
    return deepest


def unescape(query: str) -> str:
    r"""Put characters for code point escapes (`\u4E2D`), as before parsing (SPARQL, section 19.2).

    Raises ValueError where an escape makes another, stands for no character, or is of four digits
    with four more behind it, which rdflib reads as one of eight.
    """
    if re.search(r"\\u[0-9A-Fa-f]{8}", query):
        raise ValueError("an escape in it has four or eight digits")
    text = CODE_POINT.sub(lambda found: chr(int(found[1] or found[2], 16)), query)
    if text != query and CODE_POINT.search(text):
        raise ValueError("an escape in it makes another escape")
    if re.search("[\ud800-\udfff]", text):
        raise ValueError("an escape in it is half a character")
    return text


def keywords(query: str, words: Iterable[str]) -> Iterator[tuple[str, int]]:
    """Give each of some keywords that a query says, in upper case, with its offset."""
    either = re.compile(rf"{_NAME}|(?P<word>{'|'.join(words)})", re.IGNORECASE)
    for found in either.finditer(blank(query)):
        if found["word"]:
            yield found["word"].upper(), found.start()


def variables(query: str, names: Iterable[str]) -> Iterator[tuple[str, Span]]:
    """Give each place where a query says one of some variables, as ?name or $name."""
    for found in re.finditer(rf"[?$]({'|'.join(names)})(?!\w)", blank(query)):
        yield found[1], Span(*found.span())


def body(query: str) -> int:
    """Give the offset at which the prologue (BASE, PREFIX) ends: that of SELECT, ASK and so on."""
    found = _FORM.search(blank(query))
    return found.start() if found else 0


def subselects(query: str) -> Iterator[Span]:
    """Give each SELECT within the outermost one, up to the end of its group."""
    bare = blank(query)
    for start, end in _all_groups(bare):
        if found := re.match(r"\{\s*(?=SELECT\b)", bare[start:], re.IGNORECASE):
            yield Span(start + found.end(), end - 1)


def into_groups(query: str, text: str, names: Iterable[str]) -> str:
    """Put `text` at the start of the outermost group and of each that says one of some variables.

    A group that is a sub-select gets it in the group that this one matches.
    """
    bare, outermost, wanted = blank(query), pattern(query), tuple(names)
    said = [place.start for _, place in variables(query, wanted)]
    out, done = "", 0
    for start, end in _all_groups(bare):
        inside = start == (outermost.start if outermost else 0) or any(
            start < place < end for place in said
        )
        if inside and not re.match(r"\{\s*SELECT\b", bare[start:], re.IGNORECASE):
            out, done = f"{out}{query[done : start + 1]} {text} ", start + 1
    return out + query[done:]


def iris(query: str) -> Iterator[tuple[int, str]]:
    """Give each IRI that is written in full, with the place of its bracket."""
    for found in OPAQUE.finditer(query):
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


def unordered(query: str) -> str:
    """Leave out what follows the pattern of a query: ORDER BY, LIMIT and so on."""
    _, (start, end) = solution_modifiers(query)
    return query[:start] + query[end:]


def _all_groups(bare: str) -> list[Span]:
    """List all groups, in the order in which they begin."""
    found, begun = [], []
    for place in re.finditer(r"[{}]", bare):
        if place[0] == "{":
            begun.append(place.start())
        elif begun:
            found.append(Span(begun.pop(), place.end()))
    return sorted(found)


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
