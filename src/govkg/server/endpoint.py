"""SPARQL and linked data: queries by the protocol, what is stated of each IRI of ours, dumps.

`/sparql` without a query describes the service.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from starlette.responses import FileResponse, PlainTextResponse, Response

from govkg.api import catalog
from govkg.errors import ParameterError
from govkg.namespaces import BASE
from govkg.server.ipc import Job
from govkg.server.limits import RateLimitError, Refused, client_key
from govkg.server.protocol import GRAPHS, body_of, choose, header, language_of, parse
from govkg.server.service import prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from govkg.server.service import Service, Session

T = TypeVar("T")
_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
_DUMPS = {".nq": "application/n-quads", ".trig": "application/trig"}
METHODS = "GET, HEAD, POST, OPTIONS"


async def sparql(request: Request) -> Response:
    """Answer a request of the SPARQL Protocol; raise Refused where it is not served."""
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": METHODS})
    operation = parse(
        request.method,
        request.url.query,
        request.headers.get("content-type", ""),
        await body_of(request),
    )
    if operation.query is None:
        return _description(request)
    graphs = (operation.default_graphs, operation.named_graphs)
    with service_of(request).session(client_of(request)) as session:
        return await respond(session, request, operation.query, graphs)


async def respond(
    session: Session,
    request: Request,
    query: str,
    graphs: tuple[tuple[str, ...], ...] = ((), ()),
) -> Response:
    """Answer a query as the client accepts it, or 304 where it has the answer already."""
    asked = prepare(query, header(request, "accept"), graphs)
    headers = {"Vary": "Accept, Accept-Encoding"}
    if etag := session.etag(asked):
        headers |= {"ETag": etag, "Cache-Control": "no-cache"}
        if etag in header(request, "if-none-match"):
            return Response(status_code=304, headers=headers)
    compress = "gzip" in header(request, "accept-encoding")
    language = language_of(header(request, "accept-language"))
    found = await session.answer(replace(asked, compress=compress, language=language))
    if found.compressed:
        headers["Content-Encoding"] = "gzip"
    return Response(found.body, media_type=asked.media_type, headers=headers)


async def refuse(_: Request, error: Exception) -> Response:
    """Answer a request that some page refused: what the application calls then."""
    assert isinstance(error, Refused)  # noqa: S101 - it is registered for nothing else
    return refusal(error)


def refusal(refused: Refused) -> Response:
    """Say no, in one line of text."""
    headers = {"Cache-Control": "no-store"}
    if refused.status == 405:
        headers["Allow"] = METHODS
    if isinstance(refused, RateLimitError):
        headers["Retry-After"] = str(refused.retry)
    elif refused.status == 503:
        headers["Retry-After"] = "5"
    return PlainTextResponse(f"{refused}\n", refused.status, headers)


def service_of(request: Request) -> Service:
    """Give the service that the application holds."""
    found: Service = request.app.state.service
    return found


async def run_here(request: Request, work: Callable[[], T]) -> T:
    """Have the front itself do some work, when it is the client's turn."""
    return await service_of(request).executor.run(client_of(request), work)


def client_of(request: Request) -> str:
    """Name a client by its address."""
    return client_key(request.client.host) if request.client else "unknown"


async def resource(request: Request) -> Response:
    """Describe the resource that the path names; 404 where nothing is stated of it."""
    return await describe(request, BASE + request.url.path.removeprefix("/"))


async def ontology(request: Request) -> Response:
    """Give the whole ontology: its terms have hash IRIs, so one document holds them all."""
    with service_of(request).session(client_of(request)) as session:
        return await respond(session, request, catalog.ONTOLOGY.text)


async def describe(request: Request, iri: str) -> Response:
    """Describe a resource as the client accepts it; raise Refused where it is unknown."""
    try:
        stated = Job(catalog.STATED.bind({"node": iri}), "text/csv")
        described = catalog.DESCRIBE.bind({"node": iri})
    except ParameterError as error:
        raise Refused(400, str(error)) from error
    with service_of(request).session(client_of(request)) as session:
        if (await session.answer(stated)).body.strip() != b"true":
            raise Refused(404, f"nothing is stated of {iri}.")
        return await respond(session, request, described)


async def dump(request: Request) -> Response:
    """Give a dump of the build that answers now, by its name in the manifest."""
    build, name = service_of(request).pool.build, request.path_params["name"]
    path = build.directory / name
    if name not in build.manifest.dumps or not path.is_file():
        known = ", ".join(build.manifest.dumps) or "none"
        raise Refused(404, f"no such dump; there is: {known}.")
    return FileResponse(path, media_type=_DUMPS.get(path.suffix), filename=name)


def _description(request: Request) -> Response:
    media_type = choose(header(request, "accept"), GRAPHS)
    if media_type is None:
        raise Refused(406, f"the description of the service can be had as {', '.join(GRAPHS)}.")
    url = str(request.url.replace(query="", fragment=""))
    return Response(_describe(service_of(request), url, media_type), media_type=media_type)


def _describe(service: Service, url: str, form: str) -> bytes:
    """Describe the service and, by VoID, each graph with its number of triples.

    Source: https://www.w3.org/TR/sparql11-service-description/
    """
    from rdflib import RDF, VOID, BNode, Graph, Literal, Namespace, URIRef

    sd, formats = (
        Namespace("http://www.w3.org/ns/sparql-service-description#"),
        Namespace("http://www.w3.org/ns/formats/"),
    )
    graph, me, dataset, union = Graph(), URIRef(url), BNode("dataset"), BNode("union")
    graph.bind("sd", sd)
    graph.add((me, RDF.type, sd.Service))
    graph.add((me, sd.endpoint, me))
    graph.add((me, sd.supportedLanguage, sd.SPARQL11Query))
    graph.add((me, sd.feature, sd.UnionDefaultGraph))
    for name in _FORMATS:
        graph.add((me, sd.resultFormat, formats[name]))
    graph.add((me, sd.defaultDataset, dataset))
    graph.add((dataset, RDF.type, sd.Dataset))
    graph.add((dataset, RDF.type, VOID.Dataset))
    graph.add((dataset, VOID.sparqlEndpoint, me))
    graph.add((dataset, VOID.triples, Literal(service.pool.build.triples)))
    graph.add((dataset, sd.defaultGraph, union))
    graph.add((union, RDF.type, sd.Graph))
    for iri, triples in service.pool.build.manifest.graphs.items():
        named, content = BNode(), BNode()
        graph.add((dataset, sd.namedGraph, named))
        graph.add((named, sd.name, URIRef(iri)))
        graph.add((named, sd.graph, content))
        graph.add((content, RDF.type, sd.Graph))
        graph.add((content, VOID.triples, Literal(triples)))
    return graph.serialize(format=form, encoding="utf-8")
