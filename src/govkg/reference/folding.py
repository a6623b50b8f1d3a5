"""Names and questions brought to one form, so that they meet in the index of names."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LONGEST = 6  # letters of a syllable: zhuang


def fold(text: str, simplify: Callable[[str], str]) -> str:
    """Keep letters and digits: small, of plain width, simplified."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(simplify(char) for char in plain if char.isalnum())


def fold_reading(text: str) -> str:
    """Bring pinyin to plain small letters: no tones, ü (also typed v) as u."""
    letters = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return re.sub("([ln])v", r"\1u", plain)


def pairs(folded: str) -> list[str]:
    """Cut into pairs of neighbors, with a beginning and an end: `^浮 浮山 山后 后$`."""
    return ["".join(pair) for pair in pairwise(f"^{folded}$")]


def divide(word: str, known: set[str], *, open_end: bool = False) -> Iterator[list[str]]:
    """Divide letters into known syllables, the longest first.

    With an open end the last may be the beginning of a syllable, as one types.
    """
    # From each place on: the pieces that lead to the end. Found backwards, so that a word that
    # can't be divided is told at once and not after every way has been tried.
    pieces: list[list[str]] = [[] for _ in word]
    for place in reversed(range(len(word))):
        for size in range(min(_LONGEST, len(word) - place), 0, -1):
            piece, end = word[place : place + size], place + size
            leads = end == len(word) or pieces[end]
            if leads and (
                piece in known or (open_end and end == len(word) and _begins(piece, known))
            ):
                pieces[place].append(piece)
    return _from(0, len(word), pieces)


def _begins(letters: str, known: set[str]) -> bool:
    return any(one.startswith(letters) for one in known)


def _from(place: int, size: int, pieces: list[list[str]]) -> Iterator[list[str]]:
    if place == size:
        yield []
        return
    for piece in pieces[place]:
        for rest in _from(place + len(piece), size, pieces):
            yield [piece, *rest]
