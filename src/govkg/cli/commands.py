"""The commands: a few lines each, on top of the API."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from govkg import layout
from govkg._version import __version__
from govkg.cli import (
    analyze,
    ask,
    assess,
    crosswalk,
    curator,
    networks,
    output,
    places,
    rules,
    serve,
    sources,
    validate,
)
from govkg.cli.options import Home, Lang
from govkg.cli.output import say

app = typer.Typer(
    help="A knowledge graph of governance institutions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(curator.evidence_app, name="evidence")
app.add_typer(curator.document_app, name="document")
app.add_typer(sources.source_app, name="source")
app.command()(ask.query)
app.command()(ask.queries)
app.command()(ask.describe)
app.add_typer(analyze.app, name="analyze")
app.add_typer(assess.app, name="assess")
app.command()(places.resolve)
app.command()(places.find)
app.command()(crosswalk.crosswalk)
app.command()(networks.networks)
app.command()(networks.export)
app.add_typer(rules.app, name="rules")
app.command()(serve.serve)
app.command()(validate.validate)


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
    from govkg.reference import Extent

    extent = Extent(scope, province, dump)
    made = make(home or layout.default_build(), output.progress, extent)
    if not quiet:
        say(f"{layout.display(made.directory)}: {made.triples:,} triples")
