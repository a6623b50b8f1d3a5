"""The forms in which people write names: joined paths, notes, codes, traditional characters."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from govkg.languages import fold_reading
from govkg.reference.datasets import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Notes in brackets; U+5DFF looks like 市 and is none.
_NOTE = re.compile(r"[(（\[【〔][^)）\]】〕]*[)）\]】〕]")
_LOOKALIKES = str.maketrans({"巿": "市"})
# What lists put between a province and the units right below it.
_BETWEEN = re.compile("(?:省|自治区)?直辖(?:县级)?(?:行政(?:区划|单位))?|市辖区(?=.)")
_FLOAT = re.compile(r"^(\d{2,12})\.0+$")
_SIX, _TWELVE = 6, 12
_DEEPEST = 3


def clean(text: str) -> str:
    """Take off what is no part of a name: notes, blanks, signs; bring characters to one form.

    Codes become 6 digits to county level, else 9 or 12; Latin letters small and plain.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_LOOKALIKES)
    plain = _FLOAT.sub(r"\1", _NOTE.sub("", plain).strip())
    if plain.isascii() and plain.isdigit():
        return _code(plain)
    if _latin(letters := "".join(filter(str.isalpha, plain))):
        return "".join(filter(str.isalpha, fold_reading(letters)))
    return "".join(_simplified().get(char, char) for char in plain if char.isalnum())


def forms(key: str, is_above: Callable[[str], bool]) -> Iterator[tuple[str, str | None]]:
    """Give other readings of what no list has as it stands: a name, and what it lies within.

    `is_above` tells whether a text names a unit that others may lie within. The best come first.
    """
    cleaned = clean(key)
    if cleaned != key:
        yield cleaned, None
    bare = _BETWEEN.sub("", cleaned)
    if bare != cleaned and bare:
        yield bare, None
    yield from _divided(bare or cleaned, is_above, _DEEPEST)


def _divided(
    joined: str, is_above: Callable[[str], bool], depth: int
) -> Iterator[tuple[str, str | None]]:
    """Divide a joined path: 湖北省襄樊市, 河北唐山路南区."""
    for size in range(len(joined) - 2, 1, -1):
        head, rest = joined[:size], joined[size:]
        if not is_above(head):
            continue
        yield rest, head
        if depth > 1:
            yield from _divided(rest, is_above, depth - 1)


@cache
def _simplified() -> dict[str, str]:
    return dict(table("traditional-characters", "characters").iter_rows())


def _code(digits: str) -> str:
    if len(digits) < _SIX:
        return digits.ljust(_SIX, "0")
    return digits[:_SIX] if len(digits) == _TWELVE and digits.endswith("0" * _SIX) else digits


def _latin(text: str) -> bool:
    return all(unicodedata.name(char, "").startswith("LATIN") for char in text)
