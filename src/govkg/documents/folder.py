"""The folder of a document: `document.yaml`, `units.csv` with its text units, and Turtle files."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from govkg import layout, textfile
from govkg.errors import ParameterError, SourceError, UnknownName
from govkg.namespaces import PREFIXES
from govkg.textfile import read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A sentence ends after 。; a closing quotation mark or a footnote mark stays with it.
_SENTENCE = re.compile(r"[^。\n]*(?:。[”’]?(?:\[\d+\])?|(?=\n|\Z))")
_PREFIXES = "".join(
    f"@prefix {prefix}: <{PREFIXES[prefix]}> .\n"
    for prefix in ("dct", "division", "doc", "edtf", "gov", "rdfs", "role", "territory")
)


class TextUnit(NamedTuple):
    """A stretch of a document: 1-based number, 0-based code points [start, end), role code."""

    number: int
    start: int
    end: int
    role: str

    def contains(self, start: int, end: int) -> bool:
        """Say whether a span lies inside."""
        return self.start <= start <= end <= self.end


class Description(msgspec.Struct):
    """What document.yaml says: texts by language, sections by first and last text unit."""

    title: dict[str, str]
    sha256: str
    code_points: int
    issued: str | int
    language: str
    citation: list[str] = []
    note: dict[str, str] = {}
    sections: dict[str, tuple[int, int]] = {}


@dataclass(frozen=True)
class Document:
    """A document that the graph encodes; `key` begins the names of its claims."""

    key: str
    folder: Path

    @property
    def description(self) -> Path:
        """Give the path of the file that describes the document."""
        return self.folder / "document.yaml"

    @property
    def unit_table(self) -> Path:
        """Give the path of the table of text units."""
        return self.folder / "units.csv"

    @cached_property
    def facts(self) -> Description:
        """Read what is known of the document; raise SourceError where something is missing."""
        return read_yaml(self.description, Description)

    @cached_property
    def units(self) -> tuple[TextUnit, ...]:
        """Read the text units in order; raise SourceError where a row is wrong."""
        rows = csv.DictReader(textfile.read(self.unit_table).splitlines())
        return tuple(self._unit(row, line) for line, row in enumerate(rows, 2))

    def section(self, name: str) -> tuple[TextUnit, ...]:
        """Give the text units of a section by its name (`3-1`) or its units (`54-77`); all for "".

        Raises ParameterError where `name` is neither.
        """
        first, last = self._range(name) if name else (1, len(self.units))
        return tuple(unit for unit in self.units if first <= unit.number <= last)

    def _range(self, name: str) -> tuple[int, int]:
        known = self.facts.sections
        if name in known:
            return known[name]
        first, _, last = name.partition("-")
        if first.isdecimal() and (last or first).isdecimal() and int(first) <= int(last or first):
            return int(first), int(last or first)
        raise ParameterError(
            f"--section takes a section ({', '.join(known)}) or units as 54-77, not {name!r}."
        )

    def _unit(self, row: dict[str, str], line: int) -> TextUnit:
        try:
            number, start, end = (int(row[name]) for name in ("number", "start", "end"))
            return TextUnit(number, start, end, row["role"])
        except (KeyError, TypeError, ValueError) as error:
            message = "a row is number,start,end,role with whole numbers."
            raise SourceError(self.unit_table, line, message) from error

    @property
    def place_table(self) -> Path:
        """Give the path of the table of places; a document need not have one."""
        return self.folder / "places.csv"

    def places(self) -> list[tuple[str, str]]:
        """Read which division each territory is; those that no list has are left out."""
        if not self.place_table.is_file():
            return []
        rows = csv.DictReader(textfile.read(self.place_table).splitlines())
        try:
            found = [(row["territory"], row["division"]) for row in rows]
        except KeyError as error:
            message = f"has no column {error}: a row is territory,division,note."
            raise SourceError(self.place_table, 1, message) from error
        return [(territory, division) for territory, division in found if division]

    def turtle_files(self) -> list[Path]:
        """List the Turtle files in order of path."""
        return sorted(self.folder.rglob("*.ttl"))

    def description_files(self) -> list[Path]:
        """List the files besides Turtle that the graph of this document is made of."""
        places = [self.place_table] if self.place_table.is_file() else []
        return [self.description, self.unit_table, *places]

    def as_turtle(self) -> str:
        """Write the document and its text units as Turtle, from `document.yaml` and the table."""
        facts, node = self.facts, f"doc:{self.key}"
        titles = " , ".join(f"{_literal(t)}@{lang}" for lang, t in sorted(facts.title.items()))
        lines = [
            _PREFIXES,
            f"{node} a gov:SourceDocument ; rdfs:label {titles} ; dct:title {titles} ;",
            f"  gov:sha256 {_literal(facts.sha256)} ; gov:codePoints {facts.code_points} ;",
            f"  dct:issued {_literal(str(facts.issued))}^^edtf:EDTF ;",
            f"  dct:language {_literal(facts.language)} ;",
            *(f"  dct:bibliographicCitation {_literal(c)} ;" for c in facts.citation),
            *(f"  dct:description {_literal(t)}@{g} ;" for g, t in facts.note.items()),
            f"  dct:identifier {_literal(self.key)} .",
            *(self._unit_as_turtle(unit) for unit in self.units),
            *(f"territory:{place} gov:listedAs division:{of} ." for place, of in self.places()),
        ]
        return "\n".join(lines) + "\n"

    def _unit_as_turtle(self, unit: TextUnit) -> str:
        return (
            f"doc:{self.key}-u{unit.number:03d} a gov:TextUnit ; gov:document doc:{self.key} ; "
            f"gov:unitNumber {unit.number} ; gov:start {unit.start} ; gov:end {unit.end} ; "
            f"gov:unitRole role:{unit.role} ."
        )


def all_documents() -> list[Document]:
    """List the documents in the data folder, by key."""
    folders = sorted(p.parent for p in (layout.DATA / "documents").glob("*/document.yaml"))
    return [Document(folder.name, folder) for folder in folders]


def document(key: str | None = None) -> Document:
    """Find a document by key, or the only one; raise UnknownName where there is none such."""
    known = {found.key: found for found in all_documents()}
    if key is None and len(known) == 1:
        return next(iter(known.values()))
    if key not in known:
        raise UnknownName("document", key or "", known, "ls data/documents")
    return known[key]


def segment(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text into sentences and headings; give the code points of each, blanks trimmed."""
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        if sentence.strip():
            lead = len(sentence) - len(sentence.lstrip())
            yield match.start() + lead, match.start() + len(sentence.rstrip())


def _literal(text: str) -> str:
    """Quote for Turtle: JSON strings escape a superset of what Turtle asks for."""
    return json.dumps(text, ensure_ascii=False)
