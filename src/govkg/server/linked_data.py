"""Linked data: every IRI of ours answers with what is stated of it; dumps are files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import FileResponse, Response

from govkg.api import catalog
from govkg.errors import ParameterError
from govkg.namespaces import BASE
from govkg.server.endpoint import client_of, refusal, respond
from govkg.server.ipc import Job
from govkg.server.limits import Refused

if TYPE_CHECKING:
    from starlette.requests import Request

    from govkg.server.service import Service

_TYPES = {".nq": "application/n-quads", ".trig": "application/trig"}


async def resource(request: Request) -> Response:
    """Describe the resource that the path names; 404 where nothing is stated of it."""
    iri = BASE + request.url.path.removeprefix("/")
    try:
        return await describe(request, iri)
    except Refused as refused:
        return refusal(refused)


async def ontology(request: Request) -> Response:
    """Give the whole ontology: its terms have hash IRIs, so one document holds them all."""
    try:
        with request.app.state.service.session(client_of(request)) as session:
            return await respond(session, request, catalog.ONTOLOGY.text)
    except Refused as refused:
        return refusal(refused)


async def describe(request: Request, iri: str) -> Response:
    """Describe a resource as the client accepts it; raise Refused where it is unknown."""
    service: Service = request.app.state.service
    try:
        stated = Job(catalog.STATED.bind({"node": iri}), "text/csv")
        described = catalog.DESCRIBE.bind({"node": iri})
    except ParameterError as error:
        raise Refused(400, str(error)) from error
    with service.session(client_of(request)) as session:
        if (await session.answer(stated)).body.strip() != b"true":
            raise Refused(404, f"nothing is stated of {iri}.")
        return await respond(session, request, described)


async def dump(request: Request) -> Response:
    """Give a dump of the build that answers now, by its name in the manifest."""
    service: Service = request.app.state.service
    build, name = service.pool.build, request.path_params["name"]
    path = build.directory / name
    if name not in build.manifest.dumps or not path.is_file():
        known = ", ".join(build.manifest.dumps) or "none"
        return refusal(Refused(404, f"no such dump; there is: {known}."))
    return FileResponse(path, media_type=_TYPES.get(path.suffix), filename=name)
