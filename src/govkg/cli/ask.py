"""The commands that ask: ready questions, SPARQL of one's own, a node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from govkg.cli import output
from govkg.cli.options import Endpoint, Form, Home, Lang, Params, language_of, pairs
from govkg.cli.output import Format, say

if TYPE_CHECKING:
    from govkg.api import KnowledgeGraph
    from govkg.languages import Language


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
    from govkg.api import open_graph
    from govkg.results import Result

    kg, values = open_graph(endpoint or home), pairs(param)
    language = language_of(values, lang)
    _help(kg, name, language)
    if form != "table":
        with output.remarks():
            written = kg.serialize(name, form, lang=language, **values)
        say(written.decode().rstrip("\n"))
        return
    with output.remarks():
        answer = kg.query(name, lang=language, **values)
    if isinstance(answer, Result):
        output.write_result(answer)
    else:
        say(str(answer) if isinstance(answer, bool) else answer.serialize(format="turtle").rstrip())


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


def describe(
    node: Annotated[str, typer.Argument(help="A node: a name, inst:..., or an IRI.")],
    form: Form = Format.TABLE,
    home: Home = None,
    endpoint: Endpoint = None,
    lang: Lang = None,
) -> None:
    """Say what the graph knows of a node: what it has, and what it is the value of."""
    from govkg.api import open_graph

    kg, language = open_graph(endpoint or home), lang or output.default_language()
    output.write_terms(kg.describe(output.node(kg, node, language), lang=language), form)


def _help(kg: KnowledgeGraph, text: str, language: Language) -> None:
    """Say on stderr what is wrong with a query of one's own; ready questions need no help."""
    from govkg import queries as ready

    if text.endswith(".rq"):
        text = ready.find("competency", text).text
    elif not ready.is_sparql(text):
        return
    for advice in kg.query_help(text):
        typer.echo(f"govkg: {advice.text(language)}", err=True)
