"""The texts of documents, which are not shipped: found on this machine and proved by their digest.

`govkg source add` stores a copy in a folder of the user's, under its digest.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from platformdirs import user_data_path

from govkg import layout, textfile
from govkg.documents.folder import Document, all_documents
from govkg.errors import InputError, SourceError
from govkg.layout import display

_VARIABLE = "GOVKG_SOURCE"


@dataclass(frozen=True)
class SourceText:
    """The text itself, known to be the one the offsets point into."""

    path: Path
    text: str

    def digest(self, start: int, end: int) -> str:
        """Digest a span of code points: sha256 of its UTF-8, lower-case hex."""
        return hashlib.sha256(self.text[start:end].encode()).hexdigest()


class StoredText(NamedTuple):
    """A document and its stored text; `path` is None where there is none."""

    document: Document
    path: Path | None


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
    if not named and (stored := stored_text(digest)):
        return SourceText(stored[0], stored[1].decode("utf-8"))
    place = named or layout.ROOT.parent / "shared" / "source"
    for candidate in sorted(place.glob("*.txt")) if place.is_dir() else [place]:
        found = textfile.read_bytes(candidate) if named or candidate.is_file() else None
        if found is not None and hashlib.sha256(found).hexdigest() == digest:
            return SourceText(candidate, found.decode("utf-8"))
    return None


def storage_folder() -> Path:
    """Say where texts are stored: `govkg/sources` in the place for a user's data.

    On Linux below $XDG_DATA_HOME, or ~/.local/share.
    """
    return user_data_path("govkg", appauthor=False) / "sources"


def add(path: Path) -> StoredText:
    """Store a copy of a text; raise SourceError where it is of no document that the graph has."""
    content = textfile.read_bytes(path)
    digest, known = hashlib.sha256(content).hexdigest(), all_documents()
    found = next((one for one in known if one.facts.sha256 == digest), None)
    if found is None:
        keys = ", ".join(one.key for one in known)
        message = f"is the text of no document here ({keys}): its sha256 is {digest}."
        raise SourceError(path, None, message)
    place = _place(digest)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{display(place)} can't be written: {error.strerror}.") from error
    textfile.write_file(place, content, force=True)
    return StoredText(found, place)


def listing() -> list[StoredText]:
    """List every document with its stored text, by key."""
    found = [(one, _place(one.facts.sha256)) for one in all_documents()]
    return [StoredText(one, place if place.is_file() else None) for one, place in found]


def remove(document: Document) -> Path:
    """Remove the stored text of a document; raise InputError where it is not there."""
    place = _place(document.facts.sha256)
    try:
        place.unlink()
    except FileNotFoundError as error:
        raise InputError(
            f"the text of {document.key} is not stored here: see `govkg source list`."
        ) from error
    return place


def stored_text(digest: str) -> tuple[Path, bytes] | None:
    """Find a text by the sha256 of its bytes; raise SourceError where it has been changed."""
    place = _place(digest)
    if not place.is_file():
        return None
    content = textfile.read_bytes(place)
    if hashlib.sha256(content).hexdigest() != digest:
        raise SourceError(place, None, "has been changed: `govkg source add` the text again.")
    return place, content


def _place(digest: str) -> Path:
    return storage_folder() / f"{digest}.txt"


def _told() -> Path | None:
    told = os.environ.get(_VARIABLE)
    return Path(told) if told else None
