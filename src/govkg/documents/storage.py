"""Storage: texts of documents that a person has put by on this machine, each under its digest."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import NamedTuple

from govkg import textfile
from govkg.documents.folder import Document, all_documents
from govkg.errors import InputError, SourceError
from govkg.layout import display


class StoredText(NamedTuple):
    """A document and its stored text; `path` is None where there is none."""

    document: Document
    path: Path | None


def folder() -> Path:
    """Say where texts are stored: `govkg/sources` in the place for a user's data."""
    home = Path.home()
    places = {
        "win32": os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local",
        "darwin": home / "Library" / "Application Support",
    }
    usual = os.environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    return Path(places.get(sys.platform, usual)) / "govkg" / "sources"


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
    draft = place.with_suffix(".tmp")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(place)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"{display(place)} can't be written: {error.strerror}.") from error
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
        raise InputError(f"the text of {document.key} is not on the shelf.") from error
    return place


def text(digest: str) -> tuple[Path, bytes] | None:
    """Find a text by the sha256 of its bytes; raise SourceError where it has been changed."""
    place = _place(digest)
    if not place.is_file():
        return None
    content = textfile.read_bytes(place)
    if hashlib.sha256(content).hexdigest() != digest:
        raise SourceError(place, None, "has been changed: `govkg source add` the text again.")
    return place, content


def _place(digest: str) -> Path:
    return folder() / f"{digest}.txt"
