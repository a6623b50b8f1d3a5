"""The JSON API under `/api`, described by OpenAPI at `/api/openapi.json`."""

# FastAPI reads annotations when it starts, so they can't stay strings of a hidden import.

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from govkg import exports, networks, queries
from govkg._version import __version__
from govkg.errors import InputError, ParameterError, UnknownName
from govkg.namespaces import expand
from govkg.queries import Language
from govkg.server.endpoint import client_of, refusal
from govkg.server.frames import Request as Question
from govkg.server.linked import describe
from govkg.server.precheck import Refused
from govkg.server.service import Service

_JSON = "application/sparql-results+json"
_TSV = "text/tab-separated-values"
_NETWORK_TYPES = {"csv": "text/csv", "gexf": "application/xml", "graphml": "application/xml"}
Text = Annotated[str, Query(min_length=1, max_length=200)]
# The lists say which years they know; this only keeps numbers to what a year can be.
Year = Annotated[int | None, Query(ge=1, le=9999)]
Lang = Annotated[Language, Query(description="Language of labels")]


class NamedQuery(BaseModel):
    """A ready question."""

    name: str
    title: str
    tags: list[str]
    parameters: dict[str, dict[str, Any]]


class Rows(BaseModel):
    """Rows of an answer: each variable that is bound, as SPARQL 1.1 JSON results have it."""

    columns: list[str]
    rows: list[dict[str, Any]]


class Problem(BaseModel):
    """Why there is no answer, and what to do."""

    detail: str


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (400, 404, 406, 413, 422, 429, 500, 503, 504)
}
api = FastAPI(
    title="govkg", version=__version__, responses=_PROBLEMS, docs_url=None, redoc_url=None
)


def service_of(request: Request) -> Service:
    """Give the service that the outer application holds."""
    found: Service = request.app.state.service
    return found


@api.exception_handler(Refused)
async def _refused(_: Request, error: Refused) -> Response:
    said = refusal(error)
    body = json.dumps({"detail": str(error)}, ensure_ascii=False)
    headers = {k: v for k, v in said.headers.items() if k in {"retry-after", "cache-control"}}
    return Response(body, error.status, headers, "application/json")


@api.exception_handler(InputError)
async def _unusable(request: Request, error: InputError) -> Response:
    return await _refused(
        request, Refused(404 if isinstance(error, UnknownName) else 400, str(error))
    )


@api.exception_handler(RequestValidationError)
async def _invalid(request: Request, error: RequestValidationError) -> Response:
    first = error.errors()[0]
    return await _refused(request, Refused(422, f"{first['loc'][-1]}: {first['msg']}."))


@api.get("/queries")
async def list_queries(lang: Lang = "en") -> list[NamedQuery]:
    """List the ready questions."""
    return [
        NamedQuery(name=q.name, title=q.title(lang), tags=q.tags, parameters=q.parameters)
        for q in queries.catalog("competency").values()
    ]


@api.get("/queries/{name}")
async def run_query(request: Request, name: str, lang: Lang = "en") -> Rows:
    """Answer a ready question; its parameters are further parameters of the URL."""
    query = _known("competency", name)
    params = {key: value for key, value in request.query_params.items() if key != "lang"}
    if "lang" in query.parameters:
        params["lang"] = lang
    return await _rows(request, query.bind(params))


@api.get("/search")
async def search(
    request: Request, q: Text, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[dict[str, Any]]:
    """Find divisions by name, part of a name, or pinyin."""
    from govkg.reference import names
    from govkg.reference.index import default_index

    index = default_index(service_of(request).home)
    if not index.is_file():
        raise Refused(
            404, "there is no index of names yet: run `govkg find` once beside the build."
        )
    return [asdict(one) for one in await run_in_threadpool(names.search, index, q, limit)]


@api.get("/resolve")
async def resolve(name: Text, year: Year = None, within: str | None = None) -> dict[str, Any]:
    """Say which division a name was in a year, and what it became."""
    from govkg.reference.resolve import resolve as look_up

    return asdict(await run_in_threadpool(look_up, name, year=year, within=within))


@api.get("/entity", response_class=Response)
async def entity(request: Request, iri: Text) -> Response:
    """Describe a node, given its IRI or prefixed name: JSON-LD, Turtle or N-Triples by Accept."""
    return await describe(request, expand(iri))


@api.get("/evidence")
async def evidence(request: Request, statement: Text, lang: Lang = "en") -> Rows:
    """List the claims that assert a statement, each with its place in the text."""
    query = _known("competency", "cq46")
    return await _rows(request, query.bind({"statement": statement, "lang": lang}))


@api.get("/networks")
async def list_networks(lang: Lang = "en") -> list[NamedQuery]:
    """List the networks that can be exported."""
    return [
        NamedQuery(name=q.name, title=q.title(lang), tags=q.tags, parameters=q.parameters)
        for q in queries.catalog("networks").values()
    ]


@api.get("/networks/{name}", response_class=Response)
async def export(
    request: Request, name: str, form: Literal["csv", "gexf", "graphml"] = "gexf", lang: Lang = "en"
) -> Response:
    """Give a network as a file for Gephi, networkx or a spreadsheet."""
    query = _known("networks", name)
    bound = query.bind({"lang": lang} if "lang" in query.parameters else {})
    answer = await service_of(request).answer(client_of(request), Question(bound, _TSV))
    network = await run_in_threadpool(networks.read, query, answer.body, lang)
    written = await run_in_threadpool(exports.write, network, form)
    return Response(written, media_type=_NETWORK_TYPES[form])


def _known(kind: queries.Kind, name: str) -> queries.Query:
    """Find a query of ours by name; never a file that a client names."""
    if name.endswith(".rq") or "/" in name:
        raise ParameterError("a query's name has no slash and no ending.")
    return queries.find(kind, name)


async def _rows(request: Request, sparql: str) -> Rows:
    found = await service_of(request).answer(client_of(request), Question(sparql, _JSON))
    read = json.loads(found.body)
    return Rows(columns=read["head"]["vars"], rows=read["results"]["bindings"])
