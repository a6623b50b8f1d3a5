"""Markdown from rows and texts, in the language of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write a table; cells lose line breaks, and bars and markup in them are escaped."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(cell, line))} |" for line in lines) + "\n"


def cell(value: object) -> str:
    """Write a value as one line that breaks no table and makes no tag."""
    text = " ".join(str(value).split())
    return re.sub(r"[|<{]", lambda mark: {"|": "\\|", "<": "&lt;", "{": "&#123;"}[mark[0]], text)


def code(text: object) -> str:
    """Mark a text as code, where there is one."""
    return f"`{text}`" if text else ""


def said(texts: Mapping[str, Any], language: Language) -> str:
    """Give a text of a mapping of languages in the language of the page."""
    return str(texts[language])
