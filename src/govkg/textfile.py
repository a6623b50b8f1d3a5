"""Text files read as UTF-8, every failure a SourceError that names the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path


def read(path: Path) -> str:
    """Read a text file; raise SourceError where it is missing or not UTF-8."""
    content = read_bytes(path)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(path, line, "is not UTF-8: save it in that encoding.") from error


def read_bytes(path: Path) -> bytes:
    """Read a file; raise SourceError where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(path, None, f"can't be read: {error.strerror}.") from error
