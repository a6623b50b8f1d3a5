"""The commands about texts and what they prove: the storage of sources, the evidence of a row."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from govkg.cli import output
from govkg.cli.curator import evidence_app
from govkg.cli.options import Endpoint, Form, Home, Lang, Source
from govkg.cli.output import Format, say
from govkg.layout import display

source_app = typer.Typer(
    help="Texts of documents that are kept on this machine, to quote from.", no_args_is_help=True
)


@source_app.command("add")
def source_add(
    file: Annotated[Path, typer.Argument(help="The text, byte for byte as it was encoded.")],
) -> None:
    """Keep a text to quote from; its digest says which document it is of."""
    from govkg.documents import storage

    kept = storage.add(file)
    say(f"{kept.document.key}: {display(kept.path) if kept.path else ''}")


@source_app.command("list")
def source_list(form: Form = Format.TABLE) -> None:
    """List the documents, and where their texts are kept."""
    from govkg.documents import storage

    rows = [
        (one.document.key, one.document.facts.sha256, display(one.path) if one.path else "")
        for one in storage.listing()
    ]
    output.write_rows(("document", "sha256", "file"), rows, form)


@source_app.command("remove")
def source_remove(
    key: Annotated[str, typer.Argument(help="The document's key: usm2013.")],
) -> None:
    """Take a text off the storage."""
    from govkg import documents
    from govkg.documents import storage

    say(f"{display(storage.remove(documents.document(key)))} removed")


@evidence_app.command("show")
def evidence_show(
    of: Annotated[
        str, typer.Argument(help="A claim, a statement or a node: claim:..., or a name.")
    ],
    form: Form = Format.TABLE,
    source: Source = None,
    home: Home = None,
    endpoint: Endpoint = None,
    lang: Lang = None,
) -> None:
    """List the claims behind a node: how they say it, where, in which words if they are at hand."""
    from govkg.api import open_graph

    kg, language = open_graph(endpoint or home), lang or output.default_language()
    found = kg.evidence(output.node(kg, of, language), lang=language, source=source)
    output.write_terms(found, form)
