"""`/sparql`: queries by the protocol, and the description of the service without one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response

from govkg.server.limits import RateLimitError, Refused, client_key
from govkg.server.protocol import BODY, GRAPHS, choose, header, language_of, parse
from govkg.server.service import prepare

if TYPE_CHECKING:
    from starlette.requests import Request

    from govkg.server.service import Service, Session

_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
METHODS = "GET, HEAD, POST, OPTIONS"


async def sparql(request: Request) -> Response:
    """Answer a request of the SPARQL Protocol."""
    service: Service = request.app.state.service
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"Allow": METHODS})
    try:
        operation = parse(
            request.method,
            request.url.query,
            request.headers.get("content-type", ""),
            await body_of(request),
        )
        if operation.query is None:
            return _description(service, request)
        graphs = (operation.default_graphs, operation.named_graphs)
        with service.session(client_of(request)) as session:
            return await respond(session, request, operation.query, graphs)
    except Refused as refused:
        return refusal(refused)


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


def client_of(request: Request) -> str:
    """Name a client by its address."""
    return client_key(request.client.host) if request.client else "unknown"


async def body_of(request: Request) -> bytes:
    """Read a body, and no more of it than a query may have."""
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > BODY:
            raise Refused(413, f"the request is longer than {BODY} bytes.")
    return bytes(content)


def _description(service: Service, request: Request) -> Response:
    media_type = choose(header(request, "accept"), GRAPHS)
    if media_type is None:
        raise Refused(406, f"the description of the service can be had as {', '.join(GRAPHS)}.")
    url = str(request.url.replace(query="", fragment=""))
    return Response(_describe(service, url, media_type), media_type=media_type)


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
