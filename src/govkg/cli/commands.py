"""The commands: a few lines each, on top of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from govkg import layout
from govkg._version import __version__
from govkg.cli import output, places
from govkg.cli.output import Format, say
from govkg.errors import ParameterError

app = typer.Typer(
    help="A knowledge graph of governance institutions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
evidence_app = typer.Typer(help="Spans and digests of the claims.", no_args_is_help=True)
document_app = typer.Typer(help="The documents that the graph encodes.", no_args_is_help=True)
app.add_typer(evidence_app, name="evidence")
app.add_typer(document_app, name="document")
app.command()(places.resolve)
app.command()(places.find)

Home = Annotated[Path | None, typer.Option("--build", help="Build directory (default: build/).")]
Lang = Annotated[Literal["zh", "en"] | None, typer.Option("--lang", help="Default: by locale.")]
Form = Annotated[Format, typer.Option("--format", help="How to write the list.")]
Params = Annotated[list[str] | None, typer.Option("--param", help="name=value; may be repeated.")]
Key = Annotated[str | None, typer.Option("--document", help="Key (default: the only one).")]
Section = Annotated[str, typer.Option(help="A section as 3-1, or text units as 54-77.")]
Source = Annotated[Path | None, typer.Option("--source", help="The text (default: $GOVKG_SOURCE).")]


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
    quiet: Annotated[bool, typer.Option("--quiet", help="Say nothing when all is well.")] = False,
) -> None:
    """Build the graph from its sources."""
    from govkg.build import build as make

    made = make(home or layout.default_build(), output.progress)
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

    kg, values = open_graph(home), _pairs(param)
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
    form: Annotated[Literal["human", "csv", "json"], typer.Option("--format")] = "human",
    fail_on: Annotated[Literal["violation", "warning", "info"], typer.Option()] = "violation",
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Validate the graph: exit 0 where nothing is wrong, 1 where something is to be mended."""
    from govkg import validation
    from govkg.api import open_graph

    report, language = open_graph(home).validate(), lang or output.default_language()
    findings, places = list(report.findings), validation.Places.of_sources()
    if form == "human":
        for line in validation.as_text(findings, places, language):
            say(line)
        say(report.summary)
    else:
        rows = validation.as_rows(findings, places, language)
        output.write_rows(validation.COLUMNS, rows, Format(form))
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
        network, lang=lang or output.default_language(), **_pairs(param)
    )
    output.write_file(out, exports.write(graph, form), force=force)
    size = f"{graph.number_of_nodes():,} nodes, {graph.number_of_edges():,} edges"
    say(f"{layout.display(out)}: {size}")


@evidence_app.command("digest")
def evidence_digest(files: list[Path], key: Key = None, source: Source = None) -> None:
    """Fill the digests (and drafts' quotes) of Turtle files from the text."""
    from govkg import documents
    from govkg.errors import InputError

    document = documents.document(key)
    text = documents.find_source(document, source)
    if text is None:
        raise InputError("the text is not at hand: give --source FILE or set GOVKG_SOURCE.")
    for path in files:
        changed = documents.fill_evidence(path, document, text)
        say(f"{layout.display(path)}: {changed} spans filled")


@evidence_app.command("verify")
def evidence_verify(key: Key = None, source: Source = None) -> None:
    """Check every span: inside its unit, and (with the text at hand) of the digest it states."""
    from govkg import documents

    document = documents.document(key)
    found = documents.verify_evidence(document, documents.find_source(document, source))
    for problem in found.problems:
        say(str(problem))
    digests = "checked" if found.digests_checked else "skipped (the text is not at hand)"
    say(f"{found.spans} spans, {len(found.problems)} problems; digests {digests}")
    if found.problems:
        raise typer.Exit(1)


@document_app.command("coverage")
def document_coverage(
    key: Key = None,
    section: Section = "",
    form: Form = Format.TABLE,
    home: Home = None,
) -> None:
    """List the text units with how many claims each carries; exit 1 where a body unit has none."""
    from govkg import documents
    from govkg.api import open_graph

    document = documents.document(key)
    rows = open_graph(home).coverage(document, section)
    output.write_rows(("unit", "role", "claims"), rows, form)
    bare = [row for row in rows if row[1] == "body" and not row[2]]
    body = sum(row[1] == "body" for row in rows)
    if form is Format.TABLE:
        say(f"{body - len(bare)} of {body} body units carry a claim")
    if bare:
        raise typer.Exit(1)


@document_app.command("show")
def document_show(
    key: Key = None,
    section: Section = "",
    source: Source = None,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Print the claims as an outline, with the quoted words where the text is at hand."""
    from govkg import documents
    from govkg.api import open_graph
    from govkg.cli.outline import outline

    document = documents.document(key)
    claims = open_graph(home).claims(document, section, lang or output.default_language())
    for line in outline(claims, documents.find_source(document, source)):
        say(line)


def _pairs(params: list[str] | None) -> dict[str, str]:
    found = {}
    for pair in params or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(f"--param takes name=value, not {pair!r}.")
        found[name] = value
    return found
