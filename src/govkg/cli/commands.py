"""The commands: a few lines each, on top of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from govkg import layout
from govkg._version import __version__
from govkg.cli import curator, output, places, rules
from govkg.cli.options import Form, Home, Lang, Params, pairs
from govkg.cli.output import Format, say

app = typer.Typer(
    help="A knowledge graph of governance institutions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(curator.evidence_app, name="evidence")
app.add_typer(curator.document_app, name="document")
app.add_typer(rules.app, name="rules")
app.command()(places.resolve)
app.command()(places.find)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False,
) -> None:
    if version:
        say(f"govkg {__version__}")
        raise typer.Exit


@app.command()
def run(home: Home = None, lang: Lang = None) -> None:
    """Build, validate, answer a question, export a network: the whole way through."""
    from govkg.cli.tour import tour

    if not tour(home or layout.default_build(), lang or output.default_language()):
        raise typer.Exit(1)


@app.command()
def build(
    home: Home = None,
    scope: Annotated[
        Literal["document", "township", "national"],
        typer.Option(help="How far down the reference data goes; document: what it touches."),
    ] = "document",
    province: Annotated[str | None, typer.Option(help="Code of a province, as 52.")] = None,
    dump: Annotated[bool, typer.Option("--dump", help="Write N-Quads of larger scopes.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all is well.")] = False,
) -> None:
    """Build the graph from its sources."""
    from govkg.build import build as make
    from govkg.reference.extent import Extent

    extent = Extent(scope, province, dump)
    made = make(home or layout.default_build(), output.progress, extent)
    if not quiet:
        say(f"{layout.display(made.directory)}: {made.triples:,} triples")


@app.command()
def query(
    name: Annotated[str, typer.Argument(help="A query's name (cq01), a .rq file, or SPARQL.")],
    param: Params = None,
    form: Annotated[
        Literal["table", "csv", "json", "tsv", "xml"], typer.Option("--format")
    ] = "table",
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Answer a question, with the claims that prove each row."""
    from govkg.api import open_graph
    from govkg.store import Result

    kg, values = open_graph(home), pairs(param)
    if form != "table":
        say(
            kg.serialize(name, form, lang=lang or output.default_language(), **values)
            .decode()
            .rstrip("\n")
        )
        return
    answer = kg.query(name, lang=lang or output.default_language(), **values)
    if isinstance(answer, Result):
        output.write_result(answer)
    else:
        say(str(answer) if isinstance(answer, bool) else answer.serialize(format="turtle").rstrip())


@app.command()
def queries(
    kind: Annotated[Literal["competency", "checks"], typer.Option()] = "competency",
    form: Form = Format.TABLE,
    lang: Lang = None,
) -> None:
    """List the ready questions and their parameters."""
    from govkg.queries import catalog

    found = catalog(kind).values()
    rows = [
        (q.name, q.title(lang or output.default_language()), " ".join(q.parameters)) for q in found
    ]
    output.write_rows(("name", "question", "parameters"), rows, form)


@app.command()
def validate(
    form: Annotated[
        Literal["human", "csv", "json", "github", "sarif", "junit", "turtle"],
        typer.Option("--format"),
    ] = "human",
    fail_on: Annotated[Literal["violation", "warning", "info"], typer.Option()] = "violation",
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Validate the graph: exit 0 where nothing is wrong, 1 where something is to be mended."""
    from govkg import validation
    from govkg.api import open_graph

    report, language = open_graph(home).validate(), lang or output.default_language()
    say(validation.write(report, form, language, validation.Places.of_sources()).rstrip("\n"))
    if report.worst(fail_on):
        raise typer.Exit(1)


@app.command()
def networks(form: Form = Format.TABLE, lang: Lang = None) -> None:
    """List the networks that can be exported."""
    from govkg.queries import catalog

    rows = [
        (q.name, q.title(lang or output.default_language())) for q in catalog("networks").values()
    ]
    output.write_rows(("name", "network"), rows, form)


@app.command()
def export(
    network: Annotated[str, typer.Argument(help="A network's name or a .rq file.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    form: Annotated[Literal["gexf", "graphml", "csv"], typer.Option("--format")] = "gexf",
    force: Annotated[bool, typer.Option("--force", help="Overwrite.")] = False,
    param: Params = None,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Write a network to a file for Gephi, networkx or a spreadsheet."""
    from govkg import exports
    from govkg.api import open_graph

    graph = open_graph(home).network(
        network, lang=lang or output.default_language(), **pairs(param)
    )
    output.write_file(out, exports.write(graph, form), force=force)
    size = f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges"
    say(f"{layout.display(out)}: {size}")
