"""Tricks in the text of RDF files: refused, with the line, before anything parses it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from govkg.errors import SourceError

if TYPE_CHECKING:
    from pathlib import Path

# Controls (but tab and line ends), zero-width and bidirectional marks, as themselves or escaped.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufff9-\ufffb]|(?<!^)\ufeff"
    r"|(?<!\\)(?:\\\\)*\\[uU](?:0000)?(?:00(?:0[0-8bBcCeEfF]|1[\da-fA-F]|7[fF]|[89][\da-fA-F]|[aA][dD])|061[cC]"
    r"|180[eE]|200[bB-fF]|202[89a-eA-E]|206[\da-fA-F]|[fF][eE][fF]{2}|[fF]{3}[9abAB])"
)
_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*\\[uU](?:0000)?[dD][89a-fA-F][\da-fA-F]{2}")
_WIDE_NUMBER = re.compile(
    r'"[^"\n]*[^\x00-\x7f\n"][^"\n]*"\^\^\s*(?:xsd:|edtf:|<http://www\.w3\.org/2001/XMLSchema#)'
    r"(?!string|anyURI|normalizedString|token|langString)(\w+)"
)
_MARKUP = re.compile(
    r"\^\^\s*(?:rdf:|<http://www\.w3\.org/1999/02/22-rdf-syntax-ns#)(XMLLiteral|HTML)"
)
_REMOTE = re.compile(r'"@(?:context|import)"\s*:\s*(?:\[[^\]]*?)?"(?!@)')


def refuse_tricks(path: Path, text: str) -> None:
    """Refuse text that reads otherwise than it is, or makes a reader expand or fetch something.

    Raises SourceError with the line of the first such place.
    """
    json = path.suffix == ".jsonld"
    tricks = [
        (_HIDDEN, "has a control, zero-width or bidirectional character: type the text anew."),
        (_WIDE_NUMBER, "writes a number or date in other than ASCII digits: use 0-9."),
        (_MARKUP, "holds XML or HTML, which readers expand: write plain text."),
    ]
    if json:
        tricks.append((_REMOTE, "names a context elsewhere, and nothing is fetched: write it out."))
    else:
        tricks.append((_SURROGATE, "escapes half a character (a surrogate): write it as itself."))
    for pattern, message in tricks:
        if found := pattern.search(text):
            raise SourceError(path, text.count("\n", 0, found.start()) + 1, message)
