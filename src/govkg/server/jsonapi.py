"""The JSON API under `/api`, described by OpenAPI at `/api/openapi.json`."""

# FastAPI reads annotations when it starts, so they can't stay strings of a hidden import.

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import Response

from govkg import lookups
from govkg._version import __version__
from govkg.api import nodes
from govkg.assessment import read
from govkg.errors import InputError, ParameterError, UnknownName
from govkg.server import networks
from govkg.server.endpoint import client_of, refusal
from govkg.server.frames import Request as Question
from govkg.server.linked import describe
from govkg.server.networks import Lang, NamedQuery, at_desk, known, listed, service_of
from govkg.server.precheck import Refused
from govkg.server.visit import JSON

Text = Annotated[str, Query(min_length=1, max_length=200)]


class Rows(BaseModel):
    """Rows of an answer: each variable that is bound, as SPARQL 1.1 JSON results have it."""

    columns: list[str]
    rows: list[dict[str, Any]]


class EvidenceLine(BaseModel):
    """A claim about a statement and its span, in code points of the document; never its words."""

    claim: str
    label: str
    stance: Literal["asserts", "denies"]
    statement: str
    modality: str
    voice: str
    document: str
    unit: int
    start: int
    end: int


class Assessed(BaseModel):
    """A judgment of a claim: the verdict, by whom, by which check, and why."""

    assessment: str
    claim: str
    label: str
    verdict: str
    verdict_label: str
    authority: str
    check: str
    explanation: str


class Problem(BaseModel):
    """Why there is no answer, and what to do."""

    detail: str


_PROBLEMS: dict[int | str, dict[str, Any]] = {
    # 4XX keeps FastAPI from describing a 422, which is never sent.
    status: {"model": Problem}
    for status in (400, 404, 406, 413, 429, "4XX", 500, 503, 504)
}
api = FastAPI(
    title="govkg", version=__version__, responses=_PROBLEMS, docs_url=None, redoc_url=None
)


api.include_router(networks.router)


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
    return await _refused(request, Refused(400, f"{first['loc'][-1]}: {first['msg']}."))


@api.get("/queries")
async def list_queries(lang: Lang = "en") -> list[NamedQuery]:
    """List the ready questions."""
    return listed("competency", lang)


@api.get("/queries/{name}")
async def run_query(request: Request, name: str, lang: Lang = "en") -> Rows:
    """Answer a ready question; its parameters are further parameters of the URL."""
    query = known("competency", name)
    params = {key: value for key, value in request.query_params.items() if key != "lang"}
    with service_of(request).visit(client_of(request)) as visit:
        params = await visit.look_up(
            lambda engine: nodes.given(engine, query, params, lang, read_all=False)
        )
    return await _rows(request, query.bind(params, lang))


@api.get("/search")
async def search(
    request: Request, q: Text, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[dict[str, Any]]:
    """Find divisions by name, part of a name, or pinyin."""
    from govkg.reference.index import default_index
    from govkg.reference.search import search

    index = default_index(service_of(request).home)
    if not index.is_file():
        raise Refused(404, "this server has no index of names: start it without --no-search.")
    found = await at_desk(request, lambda: search(index, q, limit))
    return [asdict(one) for one in found]


@api.get("/resolve")
async def resolve(
    request: Request,
    name: Text,
    year: int | None = None,
    within: str | None = None,
    level: Annotated[int | None, Query(ge=1, le=5)] = None,
    at: Literal["begin", "end"] = "end",
) -> dict[str, Any]:
    """Say which division a name was in a year, and what it became."""
    from govkg.reference.resolve import resolve as look_up

    found = await at_desk(
        request, lambda: look_up(name, year=year, within=within, level=level, at=at)
    )
    return asdict(found)


@api.get("/entity", response_class=Response)
async def entity(request: Request, iri: Text) -> Response:
    """Describe a node by IRI, prefixed name or name: Turtle, N-Triples, JSON-LD or RDF/XML."""
    return await describe(request, await _node(request, iri))


@api.get("/evidence")
async def evidence(request: Request, statement: Text, lang: Lang = "en") -> list[EvidenceLine]:
    """List the claims behind a statement or a node, each with its place in the text.

    The text itself is not ours to publish; who has it finds the words at the span.
    """
    statement = await _node(request, statement)
    with service_of(request).visit(client_of(request)) as visit:
        try:
            found = await visit.look_up(
                lambda engine: lookups.evidence(engine, statement, lang, lambda _: None)
            )
        except ParameterError:
            raise
        except InputError as error:
            raise Refused(404, str(error)) from error
    fields = tuple(EvidenceLine.model_fields)
    return [
        EvidenceLine.model_validate(dict(zip(fields, map(str, row), strict=False))) for row in found
    ]


@api.get("/assessments")
async def assessments(
    request: Request,
    claim: Annotated[str, Query(max_length=200, description="`claim:...`; all without.")] = "",
    lang: Lang = "en",
) -> list[Assessed]:
    """List the judgments of claims, or of one claim; none where nobody has judged it."""
    with service_of(request).visit(client_of(request)) as visit:
        found = await visit.look_up(lambda engine: read.listing(engine, lang, claim))
    return [Assessed(**line._asdict()) for line in found]


async def _node(request: Request, name: str, lang: Lang = "en") -> str:
    """Give the IRI of a node by any name it goes by."""
    with service_of(request).visit(client_of(request)) as visit:
        return await visit.look_up(lambda engine: nodes.resolve(engine, name, lang, read_all=False))


async def _rows(request: Request, sparql: str) -> Rows:
    found = await service_of(request).answer(client_of(request), Question(sparql, JSON))
    answer = json.loads(found.body)
    return Rows(columns=answer["head"]["vars"], rows=answer["results"]["bindings"])
