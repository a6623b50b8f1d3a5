"""`govkg serve`: a SPARQL endpoint and a JSON API for one build."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govkg import layout
from govkg.cli.options import size
from govkg.errors import InputError, MissingLibrary

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


def serve(
    home: Annotated[Path | None, typer.Option("--build", help="Build directory.")] = None,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes a free one.", min=0, max=65535)] = 7878,
    timeout: Annotated[float, typer.Option(help="Seconds a query may take.", min=0.1)] = 10.0,
    workers: Annotated[int, typer.Option(help="Queries answered at once.", min=1)] = 4,
    memory: Annotated[str, typer.Option(help="Memory a query may take: 512MiB, 2GiB.")] = "1GiB",
    answer: Annotated[str, typer.Option(help="How large an answer may be: 512KiB.")] = "64MiB",
    burst: Annotated[float, typer.Option(help="Worker seconds a client has at once.")] = 60.0,
    proxy: Annotated[
        str, typer.Option(help="Address of a proxy whose X-Forwarded-For names the client.")
    ] = "",
    search: Annotated[bool, typer.Option(help="Make the index of names if it is missing.")] = True,
) -> None:
    """Answer SPARQL and the JSON API over HTTP, on this machine unless told otherwise."""
    import asyncio

    from govkg.server.limits import Settings

    refuse_open_host(host)
    refuse_unlikely_proxy(proxy)
    settings = Settings(
        workers=workers, timeout=timeout, memory=size("--memory", memory, "64MiB"),
        answer=size("--answer", answer), burst=burst,
    )  # fmt: skip
    try:
        from govkg.server.app import listen, run
        from govkg.server.service import Service
    except ImportError as error:
        raise MissingLibrary(f"the libraries of a server ({error})", "server") from error
    service = Service(home or layout.default_build(), settings)
    listeners = listen(host, port)
    if search:
        make_names(service.home)
    asyncio.run(run(service, listeners, proxy))


def make_names(home: Path) -> None:
    """Make the index of names, once; where it can't be written, serve without it and say so."""
    from govkg.cli.divisions import make_index

    try:
        make_index(home)
    except InputError as error:
        typer.echo(f"govkg: /api/search has no names: {error}", err=True)


def refuse_open_host(host: str) -> None:
    """Raise InputError where workers have no limits here and others could reach them."""
    from govkg.server.limits import has_limits

    if has_limits():
        return
    typer.echo("govkg: this system can't limit workers: serves this machine only.", err=True)
    if host not in _LOOPBACK:
        raise InputError(f"--host {host} needs Linux, where workers have limits; use 127.0.0.1.")


def refuse_unlikely_proxy(proxy: str) -> None:
    """Raise InputError for what is no address or network: who trusts all lets clients lie."""
    from ipaddress import ip_network

    try:
        if proxy:
            ip_network(proxy)
    except ValueError as error:
        raise InputError(
            f"--proxy {proxy} is no address: name your proxy's, as 127.0.0.1."
        ) from error
