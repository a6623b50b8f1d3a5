"""Spans and digests in the Turtle files: filled in, and checked against the text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from govkg import textfile
from govkg.errors import SourceError
from govkg.layout import display
from govkg.turtle import Block, blocks, unquote

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from govkg.documents.folder import Document, TextUnit
    from govkg.documents.texts import SourceText

_SINGLED_OUT = re.compile(r"(.*?)\[\[(.+)\]\](.*)", re.DOTALL)
_UNIT = re.compile(r"-u(\d+)$")


class Problem(NamedTuple):
    """A span that does not hold: where it is written and what to do."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{display(self.path)}:{self.line}: {self.message}"


class Evidence(NamedTuple):
    """What a check of spans found; `digests_checked` is False where the text was not at hand."""

    spans: int
    problems: tuple[Problem, ...]
    digests_checked: bool


def verify_evidence(document: Document, source: SourceText | None) -> Evidence:
    """Check every span: inside the text and its unit, and of the digest it states.

    Without the source file the digests are not checked, and the result says so.
    """
    spans, problems = 0, []
    for path in document.turtle_files():
        for block in _evidence_blocks(textfile.read(path)):
            spans += 1
            problems += [
                Problem(path, block.line, f"{block.subject}: {message}")
                for message in _faults(block, document, source)
            ]
    return Evidence(spans, tuple(problems), source is not None)


def fill_evidence(path: Path, document: Document, source: SourceText) -> int:
    """Write the digests of a Turtle file's spans; count the blocks changed.

    A block may give `gov:quote "exact words"` instead of offsets, as long as it is a draft: the
    words are looked up in its text unit and replaced by start, end and digest. Words that stand
    there twice are singled out as `"before[[words]]after"`.

    Raises SourceError (file, line) where a quote is not found exactly once; nothing is written.
    """
    text = textfile.read(path)
    edits = [
        edit for block in _evidence_blocks(text) for edit in _edits(block, path, document, source)
    ]
    for start, end, new in reversed(edits):  # from the end, so that offsets before it still hold
        text = text[:start] + new + text[end:]
    if edits:
        path.write_text(text, encoding="utf-8", newline="\n")
    return len(edits)


def _evidence_blocks(text: str) -> Iterator[Block]:
    for block in blocks(text):
        if {"gov:start", "gov:quote"} & block.objects.keys():
            yield block


def _faults(block: Block, document: Document, source: SourceText | None) -> Iterator[str]:
    if block.first("gov:quote"):
        yield "a gov:quote is a draft: run `govkg evidence digest`."
        return
    try:
        start, end = (int(t.text) for t in (block.first("gov:start"), block.first("gov:end")) if t)
    except ValueError:
        yield "gov:start and gov:end must both be whole numbers."
        return
    if not 0 <= start < end <= document.facts.code_points:
        yield f"the span {start}-{end} is not inside the document."
        return
    unit = _unit(block, document)
    if unit and not unit.contains(start, end):
        yield f"the span {start}-{end} is not inside unit {unit.number} ({unit.start}-{unit.end})."
    digest = block.first("gov:quoteDigest")
    if source and digest and unquote(digest) != source.digest(start, end):
        yield "the digest is not the span's: run `govkg evidence digest` if the span is right."


def _unit(block: Block, document: Document) -> TextUnit | None:
    named = block.first("gov:textUnit")
    number = _UNIT.search(named.text) if named else None
    units = {unit.number: unit for unit in document.units}
    return units.get(int(number[1])) if number else None


def _edits(
    block: Block, path: Path, document: Document, source: SourceText
) -> Iterator[tuple[int, int, str]]:
    quote, digest = block.first("gov:quote"), block.first("gov:quoteDigest")
    if quote:
        start, end = _look_up(unquote(quote), block, path, document, source)
        written = (
            f'gov:start {start} ; gov:end {end} ; gov:quoteDigest "{source.digest(start, end)}"'
        )
        predicate = next(t for t in block.tokens if t.text == "gov:quote")
        yield predicate.offset, quote.end, written
    elif digest:
        faults = list(_faults(block, document, None))
        if faults:
            raise SourceError(path, block.line, f"{block.subject}: {faults[0]}")
        span = [int(t.text) for t in (block.first("gov:start"), block.first("gov:end")) if t]
        right = f'"{source.digest(*span)}"'
        if digest.text != right:
            yield digest.offset, digest.end, right


def _look_up(
    quote: str, block: Block, path: Path, document: Document, source: SourceText
) -> tuple[int, int]:
    before, words, after = "", quote, ""
    if singled_out := _SINGLED_OUT.fullmatch(quote):
        before, words, after = singled_out.groups()
    unit = _unit(block, document)
    first, last = (unit.start, unit.end) if unit else (0, len(source.text))
    within = source.text[first:last]
    count = within.count(before + words + after)
    if count != 1:
        where = f"unit {unit.number}" if unit else "the document"
        advice = "single it out as before[[words]]after" if count else "copy the exact words"
        message = f"{block.subject}: the quote stands {count} times in {where}: {advice}."
        raise SourceError(path, block.line, message)
    start = first + within.index(before + words + after) + len(before)
    return start, start + len(words)
