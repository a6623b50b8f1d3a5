"""The text of a document, which is not shipped: found on this machine and proved by its digest."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govkg import layout, textfile
from govkg.errors import SourceError

if TYPE_CHECKING:
    from govkg.documents.folder import Document

_VARIABLE = "GOVKG_SOURCE"


@dataclass(frozen=True)
class SourceText:
    """The text itself, known to be the one the offsets point into."""

    path: Path
    text: str

    def digest(self, start: int, end: int) -> str:
        """Digest a span of code points: sha256 of its UTF-8, lower-case hex."""
        return hashlib.sha256(self.text[start:end].encode()).hexdigest()


def find_source(document: Document, path: Path | None = None) -> SourceText | None:
    """Find and check the text: at `path`, at $GOVKG_SOURCE, else at ../shared/source.

    Gives None where it is nowhere; raises SourceError where a named file is missing or is
    another text.
    """
    named = path or (Path(os.environ[_VARIABLE]) if os.environ.get(_VARIABLE) else None)
    shelf = named or layout.ROOT.parent / "shared" / "source"
    candidates = sorted(shelf.glob("*.txt")) if shelf.is_dir() else [shelf]
    for candidate in candidates:
        found = textfile.read_bytes(candidate) if named or candidate.is_file() else None
        if found is not None and _sha256(found) == document.facts["sha256"]:
            return SourceText(candidate, found.decode("utf-8"))
    if named:
        message = f"is not the text of {document.key} (its sha256 is in {document.description})."
        raise SourceError(named, None, message)
    return None


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
