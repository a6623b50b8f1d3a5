"""N-Triples as text, written column by column: one expression for all triples of a row."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from govkg.namespaces import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from concurrent.futures import Future

    # Local name of a class: its IRI and those of all its superclasses.
    Closure = Mapping[str, tuple[str, ...]]

SLICE = 1 << 14
_AHEAD = 2
EDTF = PREFIXES["edtf"] + "EDTF"
INTEGER = PREFIXES["xsd"] + "integer"
DECIMAL = PREFIXES["xsd"] + "decimal"
TRUE = f'"true"^^<{PREFIXES["xsd"]}boolean>'


class Term(NamedTuple):
    """A term as the pieces of its text: what is fixed, and columns."""

    parts: tuple[str | pl.Expr, ...]


class Triple(NamedTuple):
    """A triple as the pieces of its line; `optional` where a piece can be null."""

    parts: tuple[str | pl.Expr, ...]
    optional: bool


def iri(prefix: str, *locals_: pl.Expr | str) -> Term:
    """Write an IRI of a namespace."""
    return Term((f"<{PREFIXES[prefix]}", *locals_, ">"))


def full(address: str) -> Term:
    """Write an IRI that is known in full."""
    return Term((f"<{address}>",))


def text(value: pl.Expr | str, language: str = "") -> Term:
    """Write a string, in a language or plain; columns must be escaped already."""
    told = value if isinstance(value, pl.Expr) else _escape(value)
    return Term(('"', told, f'"@{language}' if language else '"'))


def typed(value: pl.Expr | str, datatype: str) -> Term:
    """Write a literal of a datatype."""
    return Term(('"', value, f'"^^<{datatype}>'))


def escaped(value: pl.Expr) -> pl.Expr:
    """Escape a column for `text`."""
    told = value.str.replace_all("\\", "\\\\", literal=True)
    return told.str.replace_all('"', '\\"', literal=True)


def triple(subject: Term, predicate: str, object_: Term, *, optional: bool = False) -> Triple:
    """Write a triple and its line end; an optional one is left out where a piece of it is null."""
    middle = f" <{expand(predicate)}> "
    return Triple((*subject.parts, middle, *object_.parts, " .\n"), optional)


def types(subject: Term, classes: Sequence[str]) -> list[Triple]:
    """Write the type triples of subjects that are all of one class: superclasses too."""
    return [triple(subject, "rdf:type", full(of)) for of in classes]


def write(frame: pl.DataFrame, triples: Sequence[Triple]) -> Iterator[bytes]:
    """Yield the triples of a frame in UTF-8, a slice at a time; the next is made meanwhile."""
    fixed = [part for of in triples if not of.optional for part in of.parts]
    optional = [_joined(of.parts) for of in triples if of.optional]
    pieces = [*([_joined(fixed)] if fixed else []), *optional]
    block = pl.concat_str(*pieces, ignore_nulls=True).str.join("").cast(pl.Binary)
    ahead: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(_AHEAD) as pool:
        for part in frame.iter_slices(SLICE):
            ahead.append(pool.submit(_text_of, part, block))
            if len(ahead) > _AHEAD:
                yield ahead.popleft().result()
        yield from (made.result() for made in ahead)


def _text_of(part: pl.DataFrame, block: pl.Expr) -> bytes:
    return bytes(part.select(block).item())


def _joined(parts: Sequence[str | pl.Expr]) -> pl.Expr:
    """Concatenate, runs of fixed text as one piece."""
    merged: list[str | pl.Expr] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    return pl.concat_str(*(pl.lit(part) if isinstance(part, str) else part for part in merged))


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
