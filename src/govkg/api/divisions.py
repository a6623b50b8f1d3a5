"""Real places by name: which division a name was in a year, and which names there are.

Names are searched in an index beside the builds, which is made once. The tables are read when this
module is imported, so import it where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.errors import InputError
from govkg.layout import display
from govkg.reference.index import build_index, default_index
from govkg.reference.resolve import Division, Resolution, resolve
from govkg.reference.search import Found
from govkg.reference.search import search as find

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Division", "Found", "Resolution", "index_path", "make_index", "resolve", "search"]


def index_path(home: Path) -> Path | None:
    """Find the index of names of a build directory; None where it has none of the names of now."""
    path = default_index(home)
    return path if path.is_file() else None


def make_index(home: Path) -> None:
    """Make the index of names (110 MB, some 10 s); raise InputError where it can't be written."""
    build_index(default_index(home))


def search(home: Path, text: str, limit: int = 20) -> list[Found]:
    """Find divisions by name, part of a name, or pinyin; the largest units first.

    Raises InputError where the build directory has no index.
    """
    path = index_path(home)
    if path is None:
        raise InputError(f"{display(home)} has no index of names: `govkg find` makes it.")
    return find(path, text, limit)
