"""The application: routes, and the life of its workers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import JSONResponse
from starlette.routing import Mount, Route

from govkg.errors import InputError, PartialAnswer
from govkg.server import endpoint, reconciliation
from govkg.server.json_api import PARTIAL, api
from govkg.server.limits import Refused

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from govkg.server.service import Service

_MIDDLEWARE = [
    # Any page may ask, with any header: nothing here depends on who a client is.
    Middleware(
        CORSMiddleware, allow_origins=["*"], allow_methods=["GET", "HEAD", "POST"],
        allow_headers=["*"], expose_headers=["ETag", PARTIAL, "Retry-After"],
    ),
    Middleware(GZipMiddleware, minimum_size=1000, compresslevel=1),
]  # fmt: skip
_BACKLOG = 2048  # uvicorn's own
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
        Route("/sparql", endpoint.sparql, methods=_ALL),
        Route("/sparql/", endpoint.sparql, methods=_ALL),
        Route("/id/{path:path}", endpoint.resource),
        Route("/code/{path:path}", endpoint.resource),
        Route("/ontology", endpoint.ontology),
        Route("/dumps/{name}", endpoint.dump),
        Mount("/api", api),
        *reconciliation.routes,
    ]
    handlers = {HTTPException: _no_such_page, Refused: endpoint.refuse}
    app = Starlette(
        routes=routes, middleware=_MIDDLEWARE, lifespan=lifespan, exception_handlers=handlers
    )
    app.state.service = api.state.service = service
    return app


async def _no_such_page(_: Request, error: Exception) -> Response:
    """Say in JSON that nothing is here; a path with a line break matches no route at all."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"detail": "there is nothing at this address."}, status)


def listen(host: str, port: int) -> list[socket.socket]:
    """Listen on every address that a host name has here; port 0 takes a free one.

    Raises InputError where the name has none, or the port can't be had.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        with contextlib.ExitStack() as opened:
            listeners = [
                opened.enter_context(listener)
                for family, _, _, _, address in dict.fromkeys(found)
                if (listener := _listener(family, address))
            ]
            opened.pop_all()
    except OSError as error:
        raise InputError(f"can't listen on {host}, port {port}: {_why(error)}.") from error
    if not listeners:
        raise InputError(f"can't listen on {host}: this machine has no such address.")
    return listeners


def _listener(family: socket.AddressFamily, address: Any) -> socket.socket | None:  # noqa: ANN401
    """Listen on an address; None where it is of no interface, as ::1 of localhost may be."""
    try:
        return socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            return None
        raise


def _why(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "it is taken; choose another --port, or 0 for a free one"
    if error.errno == errno.EACCES:
        return "you have no right to it; choose a --port from 1024 on"
    return error.strerror or str(error)


async def run(service: Service, listeners: list[socket.socket], proxy: str = "") -> None:
    """Serve until told to stop; say where, once it can be asked.

    `listeners` are those of `listen`; `proxy` is the address or network whose X-Forwarded-For is
    believed.
    """
    import sys
    import warnings

    import uvicorn

    warnings.simplefilter("ignore", PartialAnswer)  # for whoever asks, not for the log

    await service.start()
    config = uvicorn.Config(
        application(service), log_level="warning", server_header=False,
        proxy_headers=bool(proxy), forwarded_allow_ips=proxy,
    )  # fmt: skip
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(listeners))
    while not server.started and not serving.done():
        await asyncio.sleep(0.01)
    for listener in listeners:
        where = listener.getsockname()
        sys.stdout.write(f"http://{where[0]}:{where[1]}/sparql\n")
        sys.stdout.flush()
    await serving
