"""The JSON API under `/api`, described by OpenAPI at `/api/openapi.json`."""

# FastAPI reads annotations when it starts, so they can't stay strings of a hidden import.

import json
from collections.abc import Callable
from dataclasses import asdict
from string import punctuation
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import quote

import msgspec
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import Response

from govkg._version import __version__
from govkg.api import Build, KnowledgeGraph, catalog
from govkg.errors import InputError, ParameterError, UnknownName
from govkg.languages import Language
from govkg.server.endpoint import client_of, describe, refusal, run_here, service_of
from govkg.server.ipc import Job
from govkg.server.limits import Refused
from govkg.server.service import MEDIA_TYPES

Lang = Annotated[Language, Query(description="Language of labels")]
Text = Annotated[str, Query(min_length=1, max_length=200)]
T = TypeVar("T")
_FILE_TYPES = {"csv": "text/csv", "gexf": "application/xml", "graphml": "application/xml"}


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
# Of an answer that only a larger build has the whole of: which one that is.
PARTIAL = "Partial-Answer"
_MAY_BE_PARTIAL: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            PARTIAL: {
                "description": "Where the build has only a part of the answer: the one with all.",
                "schema": {"type": "string"},
            }
        }
    }
}
api = FastAPI(
    title="govkg", version=__version__, responses=_PROBLEMS, docs_url=None, redoc_url=None
)


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
    return _listed("competency", lang)


@api.get("/queries/{name}", responses=_MAY_BE_PARTIAL)
async def run_query(request: Request, response: Response, name: str, lang: Lang = "en") -> Rows:
    """Answer a ready question; its parameters are further parameters of the URL."""
    query = catalog.named("competency", name)
    params = {key: value for key, value in request.query_params.items() if key != "lang"}
    query.check_names(params)  # before they are arguments of a function, which has names of its own
    with service_of(request).session(client_of(request)) as session:
        response.headers.update(partial_header(session.pool.build, query, params))
        body = await session.call(lambda kg: kg.serialize(query.name, "json", lang=lang, **params))
    answer = json.loads(body)
    return Rows(columns=answer["head"]["vars"], rows=answer["results"]["bindings"])


@api.get("/networks")
async def list_networks(lang: Lang = "en") -> list[NamedQuery]:
    """List the networks that can be exported."""
    return _listed("networks", lang)


@api.get("/networks/{name}", response_class=Response, responses=_MAY_BE_PARTIAL)
async def export(
    request: Request, name: str, form: Literal["csv", "gexf", "graphml"] = "gexf", lang: Lang = "en"
) -> Response:
    """Give a network as a file for Gephi, networkx or a spreadsheet."""
    query = catalog.named("networks", name)
    with service_of(request).session(client_of(request)) as session:
        found = await session.answer(Job(query.bind({}, lang), MEDIA_TYPES["tsv"]))
        kg, headers = (
            session.graph(lambda *_: found.body),
            partial_header(session.pool.build, query, {}),
        )
    written = await run_here(request, lambda: kg.export(query.name, form, lang=lang))
    return Response(written, media_type=_FILE_TYPES[form], headers=headers)


@api.get("/search")
async def search(
    request: Request, q: Text, limit: Annotated[int, Query(ge=1, le=100)] = 20
) -> list[dict[str, Any]]:
    """Find divisions by name, part of a name, or pinyin."""
    from govkg.api import gazetteer

    home = service_of(request).home
    if not gazetteer.has_index(home):
        raise Refused(404, "this server has no index of names: start it without --no-search.")
    found = await run_here(request, lambda: gazetteer.search(home, q, limit))
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
    from govkg.api import gazetteer

    found = await run_here(
        request,
        lambda: gazetteer.resolve(name, year=year, within=within, level=level, at=at),
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
    try:
        found = await _call(request, lambda kg: kg.evidence(statement, lang=lang, quotes=False))
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
    found = await _call(request, lambda kg: kg.assessments(lang, claim))
    return [Assessed(**line._asdict()) for line in found]


def partial_header(build: Build, query: catalog.Query, params: dict[str, str]) -> dict[str, str]:
    """Give the header of a partial answer; what a header can't hold is percent-encoded."""
    told = KnowledgeGraph(build).partial(query, params)
    return {PARTIAL: quote(told, safe=punctuation.replace("%", "") + " ")} if told else {}


async def _call(request: Request, ask: Callable[[KnowledgeGraph], T]) -> T:
    """Call the API on the build of now, at the client's cost."""
    with service_of(request).session(client_of(request)) as session:
        return await session.call(ask)


async def _node(request: Request, name: str) -> str:
    """Give the IRI of a node by any name it goes by."""
    return await _call(request, lambda kg: kg.resolve(name))


def _listed(kind: catalog.Kind, lang: Language) -> list[NamedQuery]:
    return [
        NamedQuery(name=q.name, title=q.title(lang), tags=q.tags, parameters=_parameters(q))
        for q in catalog.listing(kind)
    ]


def _parameters(query: catalog.Query) -> dict[str, dict[str, Any]]:
    return {
        name: {"type": said.type, **msgspec.to_builtins(said)}
        for name, said in query.parameters.items()
    }
