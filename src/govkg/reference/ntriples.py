"""N-Triples as text, written column by column: one expression a triple, one string a slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from govkg.namespaces import PREFIXES, expand

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    # Local name of a class: its IRI and those of all its superclasses.
    Closure = Mapping[str, tuple[str, ...]]

SLICE = 1 << 15
EDTF = PREFIXES["edtf"] + "EDTF"
INTEGER = PREFIXES["xsd"] + "integer"
DECIMAL = PREFIXES["xsd"] + "decimal"
TRUE = f'"true"^^<{PREFIXES["xsd"]}boolean>'


def iri(prefix: str, *locals_: pl.Expr | str) -> pl.Expr:
    """Write an IRI of a namespace; null where a part of its local name is null."""
    parts = [pl.lit(part) if isinstance(part, str) else part for part in locals_]
    return pl.concat_str(pl.lit(f"<{PREFIXES[prefix]}"), *parts, pl.lit(">"))


def text(value: pl.Expr, language: str = "") -> pl.Expr:
    """Write a string, in a language or plain."""
    safe = value.str.replace_all("\\", "\\\\", literal=True)
    safe = safe.str.replace_all('"', '\\"', literal=True)
    return pl.concat_str(pl.lit('"'), safe, pl.lit(f'"@{language}' if language else '"'))


def typed(value: pl.Expr, datatype: str) -> pl.Expr:
    """Write a literal of a datatype."""
    return pl.concat_str(pl.lit('"'), value.cast(pl.String), pl.lit(f'"^^<{datatype}>'))


def triple(subject: pl.Expr, predicate: str, object_: pl.Expr | str) -> pl.Expr:
    """Write a triple and its line end; null where subject or object is null."""
    told = pl.lit(object_) if isinstance(object_, str) else object_
    return pl.concat_str(subject, pl.lit(f" <{expand(predicate)}> "), told, pl.lit(" .\n"))


def types(subject: pl.Expr, kind: str, closure: Closure) -> list[pl.Expr]:
    """Write the type triples of a subject whose class stands in a column: superclasses too."""
    longest = max(map(len, closure.values()))
    return [
        triple(
            subject,
            "rdf:type",
            pl.col(kind).replace_strict(
                {name: f"<{found[at]}>" for name, found in closure.items() if at < len(found)},
                default=None,
                return_dtype=pl.String,
            ),
        )
        for at in range(longest)
    ]


def write(frame: pl.DataFrame, triples: Sequence[pl.Expr]) -> Iterator[str]:
    """Yield the triples of a frame as text, a slice at a time."""
    block = pl.concat_str(*triples, ignore_nulls=True)
    for part in frame.iter_slices(SLICE):
        yield part.select(block.str.join("")).item()


def count(lines: str) -> int:
    """Count the triples of a text that `write` made."""
    return lines.count("\n")
