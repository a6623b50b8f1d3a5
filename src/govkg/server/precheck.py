"""What a query may not hold, found in its text before anything parses it.

Strings, IRIs and comments are taken out first. This is the first line of defense only: a worker
can open no file or socket, and its memory and time are limited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from govkg.server.limits import Refused
from govkg.sparqltext import CODE_POINT, OPAQUE, depth, names_graphs

LENGTH, DEPTH, STEPS = 64 * 1024, 100, 200

_EMPTY = {"string": '""', "iri": "<>", "comment": " ", "escape": "_"}
_SERVICE = re.compile(r"(?<![\w:?$@.-])SERVICE(?![\w:-])", re.IGNORECASE)
# `1<2)SERVICE?s#>` reads as an IRI, yet an engine may take its `<` for "less than".
_HIDDEN = re.compile(r"[)\].;]SERVICE", re.IGNORECASE)
# Possessive: what follows never fits into what is repeated, and going back would take for ever.
_PROLOGUE = re.compile(r"(?:\s*+(?:BASE\s*+<>|PREFIX\s*+[^\s<]*+\s*+<>))*+\s*+(\w*)", re.IGNORECASE)
_UPDATES = {
    "ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH",
}  # fmt: skip
_FILE_GRAPH = re.compile(r"\bFROM\s+(?:NAMED\s+)?<file:", re.IGNORECASE)
_SIGNS = re.compile(rf"(?:[!+-]\s*){{{DEPTH + 1},}}")
_VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID|BNODE)\s*\(", re.IGNORECASE)


@dataclass(frozen=True)
class Checked:
    """What the text tells: the form of query, whether it names graphs, whether answers vary."""

    form: str
    names_graphs: bool
    volatile: bool


def check(query: str) -> Checked:
    """Let a query pass, or raise Refused: 400 too long or deep, 403 not allowed here."""
    if len(query.encode("utf-8", "surrogatepass")) > LENGTH:
        raise Refused(400, f"the query is longer than {LENGTH} bytes: shorten it.")
    split = _split(query)
    _refuse_access(split)
    _refuse_depth(split)
    # Code point escapes count before all else (section 19.2); engines differ, so both ways hold.
    decoded = CODE_POINT.sub(_decode, query)
    if decoded != query:
        _refuse_access(_split(decoded))
        _refuse_depth(_split(decoded))
    return Checked(
        form_of(split.bare),
        names_graphs(split.bare),
        bool(_VOLATILE.search(split.bare)),
    )


def mask(query: str) -> str:
    """Empty strings and IRIs, and put a blank for comments and escapes."""
    return _split(query).bare


def form_of(bare: str) -> str:
    """Give the first word after the prologue of a masked query, in capitals."""
    found = _PROLOGUE.match(bare)
    return found[1].upper() if found else ""


class _Split(NamedTuple):
    """A query, what is left of it masked, and what stands where an IRI could."""

    query: str
    bare: str
    iris: list[str]


def _split(query: str) -> _Split:
    iris = []

    def emptied(token: re.Match[str]) -> str:
        if token.lastgroup == "iri":
            iris.append(token[0])
        return _EMPTY[str(token.lastgroup)]

    return _Split(query, OPAQUE.sub(emptied, query), iris)


def _refuse_access(split: _Split) -> None:
    if any(map(_HIDDEN.search, split.iris)) or _SERVICE.search(split.bare):
        raise Refused(403, "SERVICE is not allowed here: ask the other server yourself.")
    if form_of(split.bare) in _UPDATES:
        raise Refused(403, "this server is read-only: updates are not allowed.")
    if "<file:" not in split.query.lower():
        return
    without_text = OPAQUE.sub(lambda token: token["iri"] or " ", split.query)
    if _FILE_GRAPH.search(without_text):
        raise Refused(403, "files can't be named as graphs here.")


def _refuse_depth(split: _Split) -> None:
    inside = max((iri.count("(") for iri in split.iris), default=0)
    if max(depth(split.bare), inside) > DEPTH or _SIGNS.search(split.bare):
        raise Refused(400, f"the query nests deeper than {DEPTH}: take it apart.")
    steps = split.bare.replace("||", "").replace("^^", "")
    if sum(map(steps.count, "/|^")) > STEPS:
        raise Refused(400, f"the query's paths have more than {STEPS} steps: use * or +.")


def _decode(escape: re.Match[str]) -> str:
    point = int(escape[1] or escape[2], 16)
    return chr(point) if point <= 0x10FFFF else escape[0]
