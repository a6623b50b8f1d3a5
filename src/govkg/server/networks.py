"""Networks as files, and what the JSON API knows of ready queries."""

# FastAPI reads annotations when it starts, so they can't stay strings of a hidden import.

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from govkg import queries
from govkg.errors import ParameterError
from govkg.languages import Language
from govkg.server.endpoint import client_of
from govkg.server.frames import Request as Question
from govkg.server.service import Service

Lang = Annotated[Language, Query(description="Language of labels")]
T = TypeVar("T")
router = APIRouter()
_TSV = "text/tab-separated-values"
_TYPES = {"csv": "text/csv", "gexf": "application/xml", "graphml": "application/xml"}


class NamedQuery(BaseModel):
    """A ready question."""

    name: str
    title: str
    tags: list[str]
    parameters: dict[str, dict[str, Any]]


def service_of(request: Request) -> Service:
    """Give the service that the outer application holds."""
    found: Service = request.app.state.service
    return found


async def at_desk(request: Request, work: Callable[[], T]) -> T:
    """Have the front itself do some work, when it is the client's turn."""
    return await service_of(request).desk.do(client_of(request), work)


def listed(kind: queries.Kind, lang: Language) -> list[NamedQuery]:
    """Describe the queries of a kind."""
    return [
        NamedQuery(name=q.name, title=q.title(lang), tags=q.tags, parameters=_parameters(q))
        for q in queries.catalog(kind).values()
    ]


def _parameters(query: queries.Query) -> dict[str, dict[str, Any]]:
    return {
        name: {"type": said.type, **msgspec.to_builtins(said)}
        for name, said in query.parameters.items()
    }


def known(kind: queries.Kind, name: str) -> queries.Query:
    """Find a query of ours by name; never a file that a client names."""
    if name.endswith(".rq") or "/" in name:
        raise ParameterError("a query's name has no slash and no ending.")
    return queries.find(kind, name)


@router.get("/networks")
async def list_networks(lang: Lang = "en") -> list[NamedQuery]:
    """List the networks that can be exported."""
    return listed("networks", lang)


@router.get("/networks/{name}", response_class=Response)
async def export(
    request: Request, name: str, form: Literal["csv", "gexf", "graphml"] = "gexf", lang: Lang = "en"
) -> Response:
    """Give a network as a file for Gephi, networkx or a spreadsheet."""
    from govkg import exports, networks

    query = known("networks", name)
    question = Question(query.bind({}, lang), _TSV)
    answer = await service_of(request).answer(client_of(request), question)
    written = await at_desk(
        request, lambda: exports.write(networks.read(query, answer.body, lang), form)
    )
    return Response(written, media_type=_TYPES[form])
