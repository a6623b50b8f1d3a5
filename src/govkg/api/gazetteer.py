"""Real places by name: which division a name was in a year, and which names there are.

Names are searched in an index beside the builds, which is made once. The tables are read when this
module is imported, so import it where it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.errors import InputError
from govkg.layout import display
from govkg.reference.column import read_year
from govkg.reference.kinds import column as kind_labels
from govkg.reference.resolve import Division, Resolution, by_code, resolve
from govkg.reference.search import Found, build_index
from govkg.reference.search import default_index as index_path
from govkg.reference.search import search as find

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "Division",
    "Found",
    "Resolution",
    "by_code",
    "has_index",
    "index_path",
    "kind_labels",
    "make_index",
    "read_year",
    "resolve",
    "search",
]


def has_index(home: Path) -> bool:
    """Say whether a build directory has an index of the names of now."""
    return index_path(home).is_file()


def make_index(home: Path) -> None:
    """Make the index of names (110 MB, some 10 s); raise InputError where it can't be written."""
    build_index(index_path(home))


def search(home: Path, text: str, limit: int = 20) -> list[Found]:
    """Find divisions by name, part of a name, or pinyin; the largest units first.

    Raises InputError where the build directory has no index.
    """
    if not has_index(home):
        raise InputError(f"{display(home)} has no index of names: `govkg find` makes it.")
    return find(index_path(home), text, limit)
