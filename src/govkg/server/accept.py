"""What a client accepts: media types by q-value (RFC 9110, sections 5.3 and 12.5.1).

Werkzeug and python-mimeparse were tried: one refuses a range for its parameters, as
`text/turtle;charset=utf-8`, the other raises on a range that it can't read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.request import parse_http_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from govkg.languages import Language

ROWS = (
    "application/sparql-results+json", "application/sparql-results+xml", "text/csv",
    "text/tab-separated-values",
)  # fmt: skip
GRAPHS = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
# What people and browsers say for it; the answer carries the proper name.
_ALIASES = {
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
_GRAPH_ALIASES = {
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/plain": "application/n-triples",
    "text/xml": "application/rdf+xml",
}
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def field(request: Request, name: str) -> str:
    """Give a field of a request; several lines of it are one list (RFC 9110, section 5.3)."""
    return ", ".join(request.headers.getlist(name))


def choose(header: str, offered: Sequence[str]) -> str | None:
    """Choose the offered type that the client likes best; None where it takes none of them.

    At equal q the first offered wins. A range with a malformed q counts as q=0.
    """
    aliases = _GRAPH_ALIASES if offered is GRAPHS else _ALIASES if offered is ROWS else {}
    ranges = _ranges(header, aliases)
    best = max(offered, key=lambda one: _quality(one, ranges))
    return best if _quality(best, ranges) > 0 else None


def _ranges(header: str, aliases: dict[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in filter(None, parse_http_list(header)):
        name, *parameters = (word.strip().lower() for word in part.split(";"))
        quality = next((word[2:].strip() for word in parameters if word.startswith("q=")), "1")
        value = float(quality) if _QUALITY.fullmatch(quality) else 0.0
        name = aliases.get(name, name)
        found[name] = max(value, found.get(name, 0.0))
    return found or {"*/*": 1.0}


def _quality(offered: str, ranges: dict[str, float]) -> float:
    """Give the q of the most specific range that fits."""
    for name in (offered, f"{offered.partition('/')[0]}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


def language_of(header: str) -> Language:
    """Choose zh or en by `Accept-Language`; en at equal q."""
    ranges = _ranges(header, {}) if header.strip() else {}
    best = {"en": 0.0, "zh": 0.0}
    for name, quality in ranges.items():
        tongue = name.partition("-")[0]
        if tongue in best:
            best[tongue] = max(best[tongue], quality)
    return "zh" if best["zh"] > best["en"] else "en"
