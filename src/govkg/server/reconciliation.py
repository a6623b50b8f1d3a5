"""`/reconcile`: the Reconciliation API 0.2 over `resolve`, for OpenRefine and other clients.

An entity is a division under one code and name; its id is the code and the first year of it, as
`320602003000@2015`. Types are the kinds of divisions and their levels; the properties `year` and
`parent` narrow a query. Names are Chinese; `/reconcile/zh` has labels in Chinese as well.

Source: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from govkg.errors import GovkgError
from govkg.namespaces import BASE
from govkg.server.endpoint import run_here
from govkg.server.limits import Refused
from govkg.server.protocol import fields_of, json_object

if TYPE_CHECKING:
    from starlette.requests import Request

    from govkg.api.gazetteer import Division, Resolution

QUERIES = 50  # of a batch, and entities of an extension
_CANDIDATES = 10
_LONGEST = 200  # characters of a name
_SPACE = f"{BASE}reconcile/"
_LEVELS = {
    "level-1": ("省级", "province level"), "level-2": ("地级", "prefecture level"),
    "level-3": ("县级", "county level"), "level-4": ("乡级", "township level"),
    "level-5": ("村级", "village level"),
}  # fmt: skip
_ASKED = {"year": ("年份", "year"), "parent": ("上级", "unit above")}
_TOLD = {
    "code": ("代码", "code"), "name": ("名称", "name"), "path": ("全称", "path"),
    "kind": ("类型", "kind"), "level": ("层级", "level"), "first": ("起年", "first year"),
    "last": ("止年", "last year"), "today": ("今代码", "codes of today"),
    "doubt": ("存疑", "doubt"),
}  # fmt: skip
_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox"}


class Asked(NamedTuple):
    """A query: a name, the types that its candidates have one of, and what narrows it."""

    name: str
    types: frozenset[str] = frozenset()
    limit: int = _CANDIDATES
    year: str | None = None
    parent: str | None = None


async def service(request: Request) -> Response:
    """Answer queries or an extension; give the manifest where there is neither."""
    form = await fields_of(request)
    if "queries" in form:
        return JSONResponse(await _reconcile(request, json_object(form["queries"], "queries")))
    if "extend" in form:
        return JSONResponse(await _extend(request, json_object(form["extend"], "extend")))
    return JSONResponse(_manifest(request))


def _manifest(request: Request) -> dict[str, Any]:
    here = str(request.url.replace(query="", fragment="")).rstrip("/")
    suggest = {
        what: {"service_url": here, "service_path": f"/suggest/{what}"}
        for what in ("entity", "property", "type")
    }
    return {
        "versions": ["0.2"],
        "name": ("govkg 政区", "govkg divisions")[_place(request)],
        "identifierSpace": _SPACE,
        "schemaSpace": f"{_SPACE}kinds/",
        "defaultTypes": _types(request)[: len(_LEVELS)],
        "view": {"url": f"{here}/preview?id={{{{id}}}}"},
        "preview": {"url": f"{here}/preview?id={{{{id}}}}", "width": 400, "height": 200},
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/properties"},
            "property_settings": [],
        },
    }


async def _reconcile(request: Request, queries: dict[str, Any]) -> dict[str, Any]:
    _count(queries)
    asked = {key: _query(query) for key, query in queries.items()}
    return {
        key: {"result": await run_here(request, partial(_candidates, request, one))}
        for key, one in asked.items()
    }


def _query(query: Any) -> Asked:  # noqa: ANN401 - as clients send it
    """Read a query; raise Refused (400) where it is none."""
    if not isinstance(query, dict) or not isinstance(query.get("query"), str):
        raise Refused(400, 'a query is an object with the text "query".')
    if len(query["query"]) > _LONGEST:
        raise Refused(400, f"a name has at most {_LONGEST} characters.")
    types, limit = query.get("type") or [], query.get("limit", _CANDIDATES)
    properties = query.get("properties") or []
    sound = isinstance(properties, list) and all(isinstance(one, dict) for one in properties)
    whole = isinstance(limit, int) or (isinstance(limit, float) and limit.is_integer())
    if not sound or not whole or not isinstance(types, (str, list)):
        raise Refused(400, "properties are a list of objects, limit a number, type a text or list.")
    given = {one.get("pid"): _text(one.get("v")) for one in properties}
    return Asked(
        query["query"],
        frozenset([types] if isinstance(types, str) else map(str, types)),
        max(1, min(int(limit), 100)),
        given.get("year"),
        given.get("parent"),
    )


def _text(value: Any) -> str | None:  # noqa: ANN401
    """Read a value of a property; of several, all in one text, which is then no year or unit."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text, value))) or None
    if isinstance(value, dict):
        value = str(value.get("id", "")).partition("@")[0]
    return str(value).strip() or None if value is not None else None


def _candidates(request: Request, asked: Asked) -> list[dict[str, Any]]:
    from govkg.api import gazetteer

    when = gazetteer.read_year(asked.year)
    if asked.year is not None and when is None:
        return []
    levels = [int(one[-1]) for one in asked.types if one in _LEVELS]
    level = levels[0] if len(asked.types) == len(levels) == 1 else None
    try:
        found = gazetteer.resolve(asked.name, year=when, within=asked.parent, level=level)
    except GovkgError:  # an empty name, a year out of range, an unknown unit: no candidates
        return []
    divisions = [
        one for one in found.divisions
        if not asked.types or {one.kind, f"level-{one.level}"} & asked.types
    ]  # fmt: skip
    return _told(request, found, divisions, asked.limit)


def _told(
    request: Request, found: Resolution, divisions: list[Division], limit: int
) -> list[dict[str, Any]]:
    """Write the candidates: a match is only what is the one unit of that name in that year."""
    sure = found.status == "found" and len(found.divisions) == len(divisions) == 1
    score = (
        100 if sure else 30 if found.status == "other-years" else 100 / len(divisions or [1]) / 2
    )
    return [
        {
            "id": f"{one.code}@{one.first}",
            "name": one.name,
            "description": _description(request, one),
            "score": score,
            "match": sure,
            "type": [{"id": one.kind, "name": _label(request, one.kind)}],
            "features": [],  # the client reconciler reads types only where these are
        }
        for one in divisions[:limit]
    ]


def _description(request: Request, one: Division) -> str:
    years = f"{one.first}-{one.last or ''}"
    return f"{' '.join(one.path[:-1])} {_label(request, one.kind)} {years}".strip()


async def _extend(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
    ids, properties = asked.get("ids"), asked.get("properties")
    if not isinstance(ids, list) or not isinstance(properties, list):
        raise Refused(400, 'an extension has the lists "ids" and "properties".')
    _count(ids)
    wanted = [str(one.get("id")) for one in properties if isinstance(one, dict)]
    if unknown := [one for one in wanted if one not in _TOLD]:
        raise Refused(400, f"no property is called {unknown[0]!r}: use {', '.join(_TOLD)}.")
    rows = {}
    for one in map(str, ids):
        found = await run_here(request, partial(_division, one))
        rows[one] = {name: _values(request, found, name) for name in wanted}
    return {"meta": _named(request, {name: _TOLD[name] for name in wanted}), "rows": rows}


def _values(request: Request, one: Division | None, name: str) -> list[dict[str, Any]]:
    if one is None:
        return []
    told = {"path": [" ".join(one.path)], "kind": [_label(request, one.kind)], "today": one.today}
    values = told[name] if name in told else [getattr(one, name)]
    return [
        {"int" if isinstance(value, int) else "str": value} for value in values if value is not None
    ]


def _division(identifier: str) -> Division | None:
    """Find the division of an id; None where there is none."""
    from govkg.api import gazetteer

    code, _, year = identifier.partition("@")
    known = code.isascii() and code.isdecimal() and year.isascii() and year.isdecimal()
    if not known or len(code) > 12 or len(year) != 4:
        return None
    return gazetteer.by_code(int(code), int(year))


async def preview(request: Request) -> Response:
    """Show an entity as a small page without scripts."""
    identifier = request.query_params.get("id", "")
    found = await run_here(request, lambda: _division(identifier))
    if found is None:
        raise Refused(404, "no division has that id.")
    lines = "".join(
        f"<dt>{escape(label[_place(request)])}<dd>"
        f"{escape(' '.join(str(*value.values()) for value in _values(request, found, name)))}"
        for name, label in _TOLD.items()
    )
    lang = "en" if _place(request) else "zh"
    head = f'<html lang="{lang}"><meta charset="utf-8"><title>{escape(found.name)}</title>'
    return HTMLResponse(f"<!doctype html>{head}<dl>{lines}</dl></html>", headers=_HEADERS)


async def suggest(request: Request) -> Response:
    """Suggest entities, properties or types that begin with a text."""
    what, prefix = request.path_params["what"], request.query_params.get("prefix", "")
    if what == "entity":
        if len(prefix) > _LONGEST:
            raise Refused(400, f"a name has at most {_LONGEST} characters.")
        found = await run_here(request, lambda: _suggested(request, prefix))
        return JSONResponse({"result": found})
    if what not in {"type", "property"}:
        raise Refused(404, "there are suggestions of entity, property and type.")
    known = _types(request) if what == "type" else _named(request, _ASKED)
    alike = [one for one in known if any(text.startswith(prefix) for text in one.values())]
    return JSONResponse({"result": alike})


def _suggested(request: Request, prefix: str) -> list[dict[str, Any]]:
    named = _candidates(request, Asked(prefix))
    if not named and (one := _division(prefix)):
        named = [{"id": prefix, "name": one.name, "description": _description(request, one)}]
    return [{key: one[key] for key in ("id", "name", "description")} for one in named]


async def properties(request: Request) -> Response:
    """Propose the properties of a type for an extension."""
    kind = request.query_params.get("type", "")
    limit = request.query_params.get("limit", "")
    told = _named(request, _TOLD)
    shown = told[: int(limit)] if limit.isdecimal() else told
    return JSONResponse({"type": kind, "properties": shown})


def _types(request: Request) -> list[dict[str, str]]:
    kinds = [{"id": kind, "name": label} for kind, label in _kinds(request).items()]
    return _named(request, _LEVELS) + kinds


def _named(request: Request, labels: dict[str, tuple[str, str]]) -> list[dict[str, str]]:
    return [{"id": name, "name": label[_place(request)]} for name, label in labels.items()]


def _label(request: Request, kind: str) -> str:
    return _kinds(request)[kind]


def _kinds(request: Request) -> dict[str, str]:
    """Give the word of each kind; the tables are loaded at the first request that asks."""
    from govkg.api import gazetteer

    return gazetteer.kind_labels(("zh", "en")[_place(request)])


def _place(request: Request) -> int:
    """Give the place of the language in pairs of labels: 0 under /reconcile/zh, else 1."""
    return 0 if request.url.path.startswith("/reconcile/zh") else 1


def _count(asked: dict[str, Any] | list[Any]) -> None:
    if len(asked) > QUERIES:
        raise Refused(413, f"at most {QUERIES} at a time, not {len(asked)}.")


routes = [
    Route(f"/reconcile{lang}{path}", answer, methods=methods)
    for lang in ("", "/zh", "/en")
    for path, answer, methods in (
        ("", service, ["GET", "POST"]),
        ("/suggest/{what:str}", suggest, ["GET"]),
        ("/preview", preview, ["GET"]),
        ("/properties", properties, ["GET"]),
    )
]
