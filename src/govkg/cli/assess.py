"""The commands about assessments: list them, explain one claim, write the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from govkg import layout
from govkg.cli import output
from govkg.cli.options import Force, Form, Home, Lang
from govkg.cli.output import Format, say
from govkg.errors import UnknownName
from govkg.namespaces import local_name
from govkg.textfile import write_file

app = typer.Typer(help="What the record says about the claims.", invoke_without_command=True)
_COLUMNS = ("claim", "verdict", "according to", "check", "explanation")


@app.callback()
def assess(
    context: typer.Context,
    verdict: Annotated[str | None, typer.Option(help="Only this one, as superseded.")] = None,
    check: Annotated[str | None, typer.Option(help="Only of this check, as abolition.")] = None,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """List the claims that checks have judged, with their verdicts."""
    if context.invoked_subcommand:
        return
    from govkg.api import open_graph

    rows = [
        (one.claim, one.verdict, one.authority, one.check, one.explanation)
        for one in open_graph(home).assessments(lang or output.default_language())
        if verdict in (None, local_name(one.verdict)) and check in (None, local_name(one.check))
    ]
    output.write_rows(_COLUMNS, rows, form)


@app.command()
def show(
    claim: Annotated[str, typer.Argument(help="A claim: claim:usm2013-s074-1, or usm2013-s074-1.")],
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Explain what was found about one claim, with the facts that decide."""
    from govkg.api import open_graph

    kg, language = open_graph(home), lang or output.default_language()
    name = claim if ":" in claim else f"claim:{claim}"
    found = kg.assessments(language, name)
    if not found:
        known = [one.claim for one in kg.assessments(language)]
        raise UnknownName("assessed claim", name, known, "govkg assess")
    say(f"{name}  {found[0].label}")
    for one in found:
        say(f"\n{one.verdict_label} ({one.check}, {one.authority})\n  {one.explanation}")
        for fact in kg.facts(one.assessment, language):
            say("  - " + "  ".join(part for part in fact if part))


@app.command()
def report(
    out: Annotated[Path, typer.Option("-o", "--output", help="The file to write.")],
    form: Annotated[Literal["html", "md"] | None, typer.Option("--format")] = None,
    force: Force = False,
    home: Home = None,
) -> None:
    """Write a report in both languages: every checkable claim, its verdict, its series."""
    from govkg.api import open_graph
    from govkg.exports import assessment_report

    form = form or ("md" if out.suffix == ".md" else "html")
    text = assessment_report.write(open_graph(home).store, form)
    write_file(out, text.encode(), force=force)
    say(layout.display(out))
