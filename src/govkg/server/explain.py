"""Mistakes in a query explained for people, by a worker: the front parses no foreign query."""

from __future__ import annotations

import io
import re
import textwrap
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING

from govkg.queries import lookup
from govkg.queryhelp import LONGEST, Advice
from govkg.queryhelp.advice import at
from govkg.queryhelp.vocabulary import undeclared, unknown_terms
from govkg.store import Dataset, Store

if TYPE_CHECKING:
    from govkg.server.frames import Request

_MOST = 5  # hints: each compares a word with all terms
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


def explain(store: Store, request: Request, message: str) -> str:
    """Say what is wrong, where, and what may be meant: words first, then the engine's message."""
    if len(request.query) > LONGEST:
        return message
    words = chain(undeclared(request.query), unknown_terms(request.query, terms(store)))
    told = [*islice(words, _MOST), *_syntax(request.query, message)]
    return "\n".join(one.text(request.language) for one in told) or message


@lru_cache(maxsize=1)
def terms(store: Store) -> frozenset[str]:
    """List the terms of a store without anything that would have to be imported."""
    out = io.BytesIO()
    store.answer(lookup("terms").text, "text/csv", out, Dataset())
    return frozenset(out.getvalue().decode().split()[1:])


def _syntax(query: str, message: str) -> list[Advice]:
    found = _PLACE.search(message)
    if not found:
        return []
    line, column = int(found[1]), int(found[2])
    offset = sum(map(len, query.splitlines(keepends=True)[: line - 1])) + column - 1
    expected = textwrap.shorten(re.sub(r"\[.*", "", found[3], flags=re.DOTALL).rstrip(", "), 160)
    return [
        Advice(
            "syntax", "error", f"from here on this is not SPARQL 1.1: {expected}",
            f"从这里起不合 SPARQL 1.1 语法：{expected}", *at(query, offset),
        )
    ]  # fmt: skip
