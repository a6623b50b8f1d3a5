"""The languages of labels, messages and pages, and what makes two texts in them the same."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Callable

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def fold(text: str, simplify: Callable[[str], str]) -> str:
    """Keep letters and digits: small, of plain width, simplified."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(simplify(char) for char in plain if char.isalnum())


def fold_reading(text: str) -> str:
    """Bring pinyin to plain small letters: no tones, ü (also typed v) as u."""
    letters = unicodedata.normalize("NFKD", text).lower()
    plain = "".join(char for char in letters if not unicodedata.combining(char))
    return re.sub("([ln])v", r"\1u", plain)
