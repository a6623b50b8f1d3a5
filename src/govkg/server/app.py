"""The application: routes, and the life of its workers."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from govkg.server import linked
from govkg.server.endpoint import sparql
from govkg.server.jsonapi import api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from govkg.server.service import Service

_MIDDLEWARE = [
    Middleware(CORSMiddleware, allow_origins=["*"], expose_headers=["ETag", "Retry-After"]),
    Middleware(GZipMiddleware, minimum_size=1000, compresslevel=1),
]
_ALL = ["GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"]


def application(service: Service) -> Starlette:
    """Make the application around a service; its workers live as long as it does."""

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        follower = asyncio.create_task(service.follow())
        yield
        follower.cancel()
        await service.end()

    routes = [
        Route("/sparql", sparql, methods=_ALL),
        Route("/sparql/", sparql, methods=_ALL),
        Route("/id/{path:path}", linked.resource),
        Route("/code/{path:path}", linked.resource),
        Route("/ontology", linked.ontology),
        Route("/dumps/{name}", linked.dump),
        Mount("/api", api),
    ]
    handlers = {HTTPException: _no_such_page}
    app = Starlette(
        routes=routes, middleware=_MIDDLEWARE, lifespan=lifespan, exception_handlers=handlers
    )
    app.state.service = api.state.service = service
    return app


async def _no_such_page(_: Request, error: Exception) -> Response:
    """Say in JSON that nothing is here; a path with a line break matches no route at all."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"detail": "there is nothing at this address."}, status)


async def run(service: Service, host: str, port: int, proxy: str = "") -> None:
    """Serve until told to stop; say where, once it can be asked.

    `proxy` is the address or network whose X-Forwarded-For is believed.
    """
    import sys

    import uvicorn

    await service.start()
    config = uvicorn.Config(
        application(service), host, port, log_level="warning", server_header=False,
        proxy_headers=bool(proxy), forwarded_allow_ips=proxy,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    for listener in (one for each in server.servers for one in each.sockets):
        where = listener.getsockname()
        sys.stdout.write(f"http://{where[0]}:{where[1]}/sparql\n")
        sys.stdout.flush()
    await serving
