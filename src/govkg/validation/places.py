"""Where nodes are described: the first line of each block in the Turtle sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg import documents, ontology, textfile
from govkg.layout import display
from govkg.turtle import blocks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class Places:
    """An index from prefixed names to `file:line`."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._places: dict[str, str] = {}
        for path in files:
            for block in blocks(textfile.read(path)):
                self._places.setdefault(block.subject, f"{display(path)}:{block.line}")

    @classmethod
    def of_sources(cls) -> Places:
        """Index the ontology and every document."""
        files = [*ontology.term_files(), *ontology.shape_files()]
        for document in documents.all_documents():
            files += document.turtle_files()
        return cls(files)

    def of(self, name: str) -> str:
        """Give `file:line` of a prefixed name, empty where no file describes it."""
        return self._places.get(name, "")
