"""Where findings are: file, line and column of the triple that each is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from govkg import sources, textfile
from govkg.layout import display
from govkg.namespaces import PREFIXES, shorten
from govkg.turtle import Triple, triples

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from govkg.validation.finding import Finding
    from govkg.validation.inputs import Source

_LABEL = PREFIXES["rdfs"] + "label"


class Location(NamedTuple):
    """A file with 1-based line and column (in code points), both 0 where only the file is known."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Locations:
    """Finds terms in files, each of which is read when a finding may be in it."""

    def __init__(self, files: Iterable[Path], given: Iterable[Source] = ()) -> None:
        """Take files on disk, and before them `given` ones, of whatever text these hold."""
        self._files = [_File(source.path, source.text) for source in given]
        taken = {file.path.resolve() for file in self._files}
        self._files += [_File(path) for path in files if path.resolve() not in taken]

    @classmethod
    def of_sources(cls, given: Iterable[Source] = ()) -> Locations:
        """Look into files that were given, the ontology and every document."""
        return cls(sources.paths("terms", "shapes", "document"), given)

    def find(self, finding: Finding) -> Location | None:
        """Give the location of a finding's value, else its predicate, else its subject."""
        best = max(
            (
                (rank, -number, file, offset)
                for number, file in enumerate(self._describing(finding.focus))
                for rank, offset in [file.best(finding)]
            ),
            default=None,
            key=lambda found: found[:2],
        )
        return best[2].location(best[3]) if best else None

    def label(self, name: str, language: str) -> str:
        """Give the label of a node in a language, empty where no file says one."""
        for file in self._describing(name):
            for triple in file.subjects.get(name, ()):
                if triple.predicate.text == _LABEL and triple.object.language == language:
                    return triple.object.text
        return ""

    def _describing(self, name: str) -> Iterator[_File]:
        local = name.rpartition(":")[2].rpartition("/")[2].rpartition("#")[2]
        likely = [file for file in self._files if file.may_hold(local) and file.describes(name)]
        # Escapes and odd prefixes hide a name from a search of the text.
        yield from likely or [file for file in self._files if file.describes(name)]


class _File:
    def __init__(self, path: Path, text: str | None = None) -> None:
        self.path = path
        self._given = text

    @cached_property
    def text(self) -> str:
        return textfile.read(self.path) if self._given is None else self._given

    @cached_property
    def subjects(self) -> dict[str, list[Triple]]:
        """Map prefixed names to triples; empty for JSON-LD, which no kept parser gives lines of."""
        found: dict[str, list[Triple]] = {}
        for triple in () if self._is_json else triples(self.text):
            found.setdefault(shorten(triple.subject.text), []).append(triple)
        return found

    @cached_property
    def _lines(self) -> list[int]:
        """List where lines begin: a report of many findings counts them once."""
        return [0, *(end.end() for end in re.finditer("\n", self.text))]

    @property
    def _is_json(self) -> bool:
        return self.path.suffix in (".jsonld", ".json")

    def may_hold(self, local: str) -> bool:
        """Say whether it is worth a look; a file that is read already is not searched again."""
        return "subjects" in self.__dict__ or local in self.text

    def describes(self, name: str) -> bool:
        if self._is_json:
            return bool(name) and self.may_hold(name.rpartition(":")[2])
        return name in self.subjects

    def best(self, finding: Finding) -> tuple[int, int]:
        """Give how well a triple fits (2 value, 1 predicate, 0 subject), and its offset."""
        found = [(0, t.subject.offset) for t in self.subjects.get(finding.focus, ())[:1]]
        for triple in self.subjects.get(finding.focus, ()):
            same = shorten(triple.predicate.text) == finding.path
            if same:
                found.append((1, triple.predicate.offset))
            if (same or not finding.path) and finding.value and finding.value != finding.focus:
                found += [(2, triple.object.offset)] * (
                    shorten(triple.object.text) == finding.value
                )
        return max(found, key=lambda pair: pair[0], default=(-1, -1))

    def location(self, offset: int) -> Location:
        if offset < 0:
            return Location(display(self.path))
        line = bisect_right(self._lines, offset)
        return Location(display(self.path), line, offset - self._lines[line - 1] + 1)
