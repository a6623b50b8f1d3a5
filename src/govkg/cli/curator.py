"""Commands for curators: evidence and documents."""

from __future__ import annotations

from pathlib import Path

import typer

from govkg import layout
from govkg.cli import output
from govkg.cli.options import Form, Home, Key, Lang, Section, Source
from govkg.cli.output import Format, say

evidence_app = typer.Typer(help="Spans and digests of the claims.", no_args_is_help=True)
document_app = typer.Typer(help="The documents that the graph encodes.", no_args_is_help=True)


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
