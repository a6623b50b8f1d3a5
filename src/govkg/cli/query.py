"""The commands that ask: ready questions, SPARQL of one's own, a node, networks and their files."""

# Annotations are no strings in modules of commands: typer would compile each at every start.
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from govkg import layout
from govkg.cli import common
from govkg.cli.common import Endpoint, Force, Form, Format, Home, Lang, Params, say
from govkg.errors import ParameterError

if TYPE_CHECKING:
    from govkg.api import KnowledgeGraph
    from govkg.languages import Language

FileForm = Literal["gexf", "graphml", "csv", "json", "parquet"]
_FORMS: dict[str, FileForm] = {f".{form}": form for form in get_args(FileForm)}


def query(
    name: Annotated[str, typer.Argument(help="A query's name (cq01), a .rq file, or SPARQL.")],
    param: Params = None,
    form: Annotated[
        Literal["table", "csv", "json", "tsv", "xml"], typer.Option("--format")
    ] = "table",
    home: Home = None,
    endpoint: Endpoint = None,
    lang: Lang = None,
) -> None:
    """Answer a question, with the claims that prove each row."""
    from govkg.results import Result

    values = common.pairs(param)
    kg, language = common.opened(home, common.language_of(values, lang), endpoint)
    _help(kg, name, language)
    if form != "table":
        with common.remarks():
            written = kg.serialize(name, form, lang=language, **values)
        say(written.decode().rstrip("\n"))
        return
    with common.remarks():
        answer = kg.query(name, lang=language, **values)
    if isinstance(answer, Result):
        common.write_terms(answer)
    else:
        say(str(answer) if isinstance(answer, bool) else answer.serialize(format="turtle").rstrip())


def queries(
    kind: Annotated[Literal["competency", "checks"], typer.Option()] = "competency",
    form: Form = Format.TABLE,
    lang: Lang = None,
) -> None:
    """List the ready questions and their parameters."""
    _list(kind, "question", form, lang)


def describe(
    node: Annotated[str, typer.Argument(help="A node: a name, inst:..., or an IRI.")],
    form: Form = Format.TABLE,
    home: Home = None,
    endpoint: Endpoint = None,
    lang: Lang = None,
) -> None:
    """Say what the graph knows of a node: what it has, and what it is the value of."""
    kg, language = common.opened(home, lang, endpoint)
    common.write_terms(kg.describe(common.node(kg, node, language), lang=language), form)


def networks(form: Form = Format.TABLE, lang: Lang = None) -> None:
    """List the networks that can be exported."""
    _list("networks", "network", form, lang)


def export(
    network: Annotated[str, typer.Argument(help="A network's name or a .rq file.")],
    out: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    form: Annotated[
        FileForm | None, typer.Option("--format", help="Default: by the file's ending.")
    ] = None,
    force: Force = False,
    as_of: Annotated[str | None, typer.Option(help="2010, a day, or 2008/2013.")] = None,
    dated: Annotated[bool, typer.Option("--dated", help="Only ties that have a date.")] = False,
    kind: Annotated[list[str] | None, typer.Option(help="A kind of tie; repeatable.")] = None,
    modality: Annotated[
        list[str] | None, typer.Option(help="A modality of claims; repeatable.")
    ] = None,
    sets: Annotated[
        bool, typer.Option(help="With nodes for several bodies or places that no text itemizes.")
    ] = True,
    within: Annotated[
        str | None, typer.Option(help="A territory: its name, territory:guiyang, 520100.")
    ] = None,
    levels: Annotated[str | None, typer.Option(help="0 nation to 5 village: 3, or 1-3.")] = None,
    ego: Annotated[
        str | None, typer.Option(help="A node's id or name, with its neighbors.")
    ] = None,
    radius: Annotated[int, typer.Option(help="How many steps from the ego.")] = 1,
    backbone: Annotated[bool, typer.Option("--backbone", help="Only a spanning forest.")] = False,
    collapsed: Annotated[bool, typer.Option("--collapsed", help="One edge a pair.")] = False,
    dynamic: Annotated[bool, typer.Option("--dynamic", help="GEXF with intervals.")] = False,
    excel: Annotated[bool, typer.Option("--excel", help="CSV safe for spreadsheets.")] = False,
    param: Params = None,
    home: Home = None,
    endpoint: Endpoint = None,
    lang: Lang = None,
) -> None:
    """Write a network to a file for Gephi, networkx, the web or a spreadsheet."""
    from govkg import exports

    chosen = form or _FORMS.get(out.suffix.lower())
    if chosen is None:
        raise ParameterError(f"{out.name} ends in no known format: say --format, as gexf.")
    filters = {
        "as_of": as_of, "dated": dated, "kinds": kind, "modality": modality, "within": within,
        "levels": levels, "ego": ego, "radius": radius, "backbone": backbone, "collapse": collapsed,
        "sets": sets,
    }  # fmt: skip
    values = common.pairs(param)
    kg, language = common.opened(home, common.language_of(values, lang), endpoint)
    with common.remarks():
        drawn = kg.frames(network, lang=language, **filters, **values)
    style = exports.Style(dynamic=dynamic, excel=excel)
    saved = exports.save(drawn, out, chosen, force=force, style=style)
    if saved.left_out:
        typer.echo(f"govkg: {saved.left_out} control characters left out", err=True)
    size = f"{drawn.nodes.height:,} nodes, {drawn.edges.height:,} edges"
    say(f"{', '.join(layout.display(path) for path in saved.files)}: {size}")


def _list(
    kind: Literal["competency", "checks", "networks"], what: str, form: Format, lang: Lang
) -> None:
    from govkg.api import catalog

    language = lang or common.default_language()
    rows = [(q.name, q.title(language), " ".join(q.parameters)) for q in catalog.listing(kind)]
    common.write_rows(("name", what, "parameters"), rows, form)


def _help(kg: "KnowledgeGraph", text: str, language: "Language") -> None:
    """Say on stderr what is wrong with a query of one's own; ready questions need no help."""
    from govkg import queries as ready

    if text.endswith(".rq"):
        text = ready.find("competency", text).text
    elif not ready.is_sparql(text):
        return
    for advice in kg.query_help(text):
        typer.echo(f"govkg: {advice.text(language)}", err=True)
