"""The text of a document, which is not shipped: found on this machine and proved by its digest."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from govkg import layout, textfile
from govkg.documents import storage
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
    """Find and check the text: at `path`, at $GOVKG_SOURCE, in the storage, or at ../shared/source.

    Gives None where it is nowhere; raises SourceError where a named file is missing or is
    another text.
    """
    named = path or _told()
    found = find_text(document.facts.sha256, path)
    if found is None and named:
        message = f"is not the text of {document.key} (its sha256 is in {document.description})."
        raise SourceError(named, None, message)
    return found


def find_text(digest: str, path: Path | None = None) -> SourceText | None:
    """Find a text by the sha256 of its bytes, in the same places; None where it is nowhere."""
    named = path or _told()
    if not named and (stored := storage.text(digest)):
        return SourceText(stored[0], stored[1].decode("utf-8"))
    place = named or layout.ROOT.parent / "shared" / "source"
    for candidate in sorted(place.glob("*.txt")) if place.is_dir() else [place]:
        found = textfile.read_bytes(candidate) if named or candidate.is_file() else None
        if found is not None and hashlib.sha256(found).hexdigest() == digest:
            return SourceText(candidate, found.decode("utf-8"))
    return None


def _told() -> Path | None:
    told = os.environ.get(_VARIABLE)
    return Path(told) if told else None
