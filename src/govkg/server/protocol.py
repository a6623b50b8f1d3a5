"""What a request says: body, query, graphs, and which media type and language its answer has.

Sources: https://www.w3.org/TR/sparql11-protocol/, section 2.1; RFC 9110, sections 5.3 and 12.5.1.
Werkzeug and python-mimeparse were tried for media types: one refuses a range for its parameters, as
`text/turtle;charset=utf-8`, the other raises on a range that it can't read.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl
from urllib.request import parse_http_list

from govkg.server.limits import Refused
from govkg.server.precheck import LENGTH

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

_FORM, _DIRECT = "application/x-www-form-urlencoded", "application/sparql-query"
_UPDATE = "application/sparql-update"
# Percent-encoding makes three bytes of one.
BODY = 4 * LENGTH


@dataclass(frozen=True)
class Operation:
    """A query as asked; `query` is None where a GET asks for the service description."""

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()


def parse(method: str, target: str, content_type: str, body: bytes) -> Operation:
    """Read an operation off a request: `target` is the URL's query string.

    Raises Refused: 400 malformed, 403 an update, 405 a method, 413 a long body, 415 a media type.
    """
    pairs = _pairs(target)
    if method not in {"GET", "HEAD", "POST"}:
        raise Refused(405, "queries come by GET or POST.")
    if method == "POST":
        pairs += _posted(content_type, body)
    if any(name == "update" for name, _ in pairs):
        raise Refused(403, "this server is read-only: updates are not allowed.")
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise Refused(400, "more than one query: send one at a time.")
    if method == "POST" and not queries:
        raise Refused(400, "no query: send it as `query=` or as application/sparql-query.")
    graphs = (
        tuple(value for name, value in pairs if name == wanted)
        for wanted in ("default-graph-uri", "named-graph-uri")
    )
    return Operation(queries[0] if queries else None, *graphs)


def _posted(content_type: str, body: bytes) -> list[tuple[str, str]]:
    name, _, parameters = content_type.lower().partition(";")
    charset = parameters.partition("charset=")[2].strip(' "') or "utf-8"
    if len(body) > BODY:
        raise Refused(413, f"the request is longer than {BODY} bytes.")
    if name.strip() == _UPDATE:
        raise Refused(403, "this server is read-only: updates are not allowed.")
    if name.strip() not in {_FORM, _DIRECT} or charset not in {"utf-8", "utf8"}:
        raise Refused(415, f"a POST is {_FORM} or {_DIRECT}, in UTF-8.")
    text = _text(body)
    return _pairs(text) if name.strip() == _FORM else [("query", text)]


def _pairs(encoded: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(encoded, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except ValueError as error:
        raise Refused(400, f"the parameters can't be read: {error}") from error


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Refused(400, f"the query is not UTF-8: {error}") from error


async def body_of(request: Request) -> bytes:
    """Read a body, and no more of it than a query may have."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > BODY:
            raise Refused(413, f"the request is longer than {BODY} bytes.")
    return bytes(content)


async def fields_of(request: Request) -> dict[str, str]:
    """Read the fields of the query string and of a form; raise Refused (400, 413)."""
    fields = dict(request.query_params)
    if request.method == "POST":
        try:
            sent = parse_qs((await body_of(request)).decode(), max_num_fields=20)
        except ValueError as error:
            raise Refused(400, f"the body is no form: {error}.") from error
        fields |= {name: values[-1] for name, values in sent.items()}
    return fields


def json_object(text: str, name: str) -> dict[str, Any]:
    """Read a field that is a JSON object; raise Refused (400) where it is none."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"{name} is no JSON: {error}.") from error
    if not isinstance(found, dict):
        raise Refused(400, f"{name} is a JSON object.")
    return found


def header(request: Request, name: str) -> str:
    """Give a field of a request; several lines of it are one list (RFC 9110, section 5.3)."""
    return ", ".join(request.headers.getlist(name))


def choose(accepted: str, offered: Sequence[str]) -> str | None:
    """Choose the offered type that the client likes best; None where it takes none of them.

    At equal q the first offered wins. A range with a malformed q counts as q=0.
    """
    aliases = _GRAPH_ALIASES if offered is GRAPHS else _ALIASES if offered is ROWS else {}
    ranges = _ranges(accepted, aliases)
    best = max(offered, key=lambda one: _quality(one, ranges))
    return best if _quality(best, ranges) > 0 else None


def _ranges(accepted: str, aliases: dict[str, str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in filter(None, parse_http_list(accepted)):
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


def language_of(accepted: str) -> Language:
    """Choose zh or en by `Accept-Language`; en at equal q."""
    ranges = _ranges(accepted, {}) if accepted.strip() else {}
    best = {"en": 0.0, "zh": 0.0}
    for name, quality in ranges.items():
        tongue = name.partition("-")[0]
        if tongue in best:
            best[tongue] = max(best[tongue], quality)
    return "zh" if best["zh"] > best["en"] else "en"
