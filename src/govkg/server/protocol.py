"""The SPARQL 1.1 Protocol's query operation: from a request to a query and its graphs.

Source: https://www.w3.org/TR/sparql11-protocol/, section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from govkg.server.precheck import LENGTH, Refused

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
