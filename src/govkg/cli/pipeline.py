"""`govkg build`, `run` and `serve`: from the sources to a graph that answers."""

# Annotations are no strings in modules of commands: typer would compile each at every start.
import shlex
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from govkg import layout
from govkg.cli import common
from govkg.cli.common import Home, Lang, say, size
from govkg.errors import InputError, MissingLibrary
from govkg.languages import Language
from govkg.reference import Extent, Scope
from govkg.textfile import write_file

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}
QUESTION = "cq01"
NETWORK = "institutions"

_NEXT = {"en": "Try next:", "zh": "接下来可以试试："}
_COMMANDS = {
    "queries": {"en": "the ready questions", "zh": "现成的问题"},
    "query cq03{build}": {"en": "one of them", "zh": "回答其中一个"},
    "validate{build}": {
        "en": "shapes and checks, with file and line",
        "zh": "形状与检查，指出文件与行",
    },
    "export institutions -o a.gexf{build}": {"en": "for Gephi", "zh": "供 Gephi 打开"},
    "evidence show claim:usm2013-s074-1{build}": {"en": "what proves a claim", "zh": "主张的依据"},
}


def run(home: Home = None, lang: Lang = None) -> None:
    """Build, validate, answer a question, export a network: the whole way through.

    All of it is written into the build directory, over what an earlier run has written there.
    """
    if not run_all(home or layout.default_build(), lang or common.default_language()):
        raise typer.Exit(1)


def build(
    home: Home = None,
    scope: Annotated[
        Scope,
        typer.Option(help="How far down the reference data goes; document: what it touches."),
    ] = "document",
    province: Annotated[str | None, typer.Option(help="Code of a province, as 52.")] = None,
    dump: Annotated[bool, typer.Option("--dump", help="Write N-Quads of larger scopes.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all is well.")] = False,
) -> None:
    """Build the graph from its sources."""
    from govkg.build import build as make

    extent = Extent(scope, province, dump)
    made = make(home or layout.default_build(), common.progress, extent)
    if not quiet:
        say(f"{layout.display(made.directory)}: {made.triples:,} triples")


def run_all(home: Path, language: Language) -> bool:
    """Build, validate, ask and export into `home`; say whether the graph is without violations."""
    from govkg import exports, queries, validation
    from govkg.api import KnowledgeGraph
    from govkg.build import build as make

    steps = _Steps()
    made = make(home, common.progress)
    kg = KnowledgeGraph(made)
    graphs = ", ".join(f"{_short(g)} {n:,}" for g, n in made.manifest.graphs.items())
    steps.done("build", f"{made.triples:,} triples in {layout.display(made.directory)} ({graphs})")

    common.progress("validate")
    report = kg.validate()
    steps.done("validate", report.summary)
    violations = replace(report, findings=tuple(report.worst("violation")))
    if violations.findings:
        say(validation.write(violations, "human", language, validation.Locations.of_sources()))

    question = queries.find("competency", QUESTION)
    answer = kg.store.select(question.bind({"lang": language}))
    steps.done("query", f"{question.name}: {question.title(language)}")
    common.write_terms(answer)

    graph = kg.network(NETWORK, lang=language)
    path = home / f"{NETWORK}.gexf"
    write_file(path, exports.write(graph, "gexf"), force=True)
    size = f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges"
    steps.done("export", f"{layout.display(path)}: {size}")
    say(f"total     {steps.total():5.1f} s\n\n{next_steps(home, language)}")
    return not violations.findings


def next_steps(home: Path, language: Language) -> str:
    """List what to try next, as it is typed where the user stands: a comment tells what it is."""
    program, here = layout.command("govkg"), home.resolve() == layout.default_build().resolve()
    build = "" if here else f" --build {shlex.quote(layout.display(home))}"
    typed = [f"{program} {words.format(build=build)}" for words in _COMMANDS]
    wide = max(map(len, typed))
    lines = [
        f"  {one:<{wide}}  # {told[language]}"
        for one, told in zip(typed, _COMMANDS.values(), strict=True)
    ]
    return "\n".join([_NEXT[language], *lines])


class _Steps:
    """Times the steps and says them as they end."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()

    def done(self, name: str, what: str) -> None:
        now = time.perf_counter()
        say(f"{name:<9} {now - self._last:5.1f} s  {what}")
        self._last = now

    def total(self) -> float:
        return time.perf_counter() - self._start


def _short(graph: str) -> str:
    return graph.partition("/graph/")[2]


def serve(
    home: Home = None,
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
    from govkg.cli.reference import make_index

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
