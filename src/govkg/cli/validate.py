"""The command that validates: files, what changed, or the whole build."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from govkg.cli import output
from govkg.cli.options import Home, Lang
from govkg.cli.output import Format, say
from govkg.errors import ParameterError

if TYPE_CHECKING:
    from govkg.queries import Language
    from govkg.validation import Report, Source

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        help="Files, folders or quoted patterns (Turtle, TriG, N-Triples, N-Quads, JSON-LD); "
        "with --changed the commit to compare with. Default: the whole build.",
        show_default=False,
    ),
]


def validate(
    paths: Paths = None,
    changed: Annotated[
        bool, typer.Option("--changed", help="Files that git says changed since BASE (HEAD).")
    ] = False,
    stdin: Annotated[
        bool,
        typer.Option("--stdin", help="Read one file from stdin; PATH says which it stands for."),
    ] = False,
    stdin_format: Annotated[
        Literal["ttl", "trig", "nt", "nq", "jsonld"], typer.Option(help="Where no PATH says it.")
    ] = "ttl",
    shapes: Annotated[
        list[Path] | None, typer.Option(help="SHACL files of your own, besides ours.")
    ] = None,
    unmet: Annotated[
        list[str] | None, typer.Option(help="A shape of your own that need meet no node.")
    ] = None,
    engine: Annotated[
        Literal["pyshacl", "shacl-rust"] | None, typer.Option(help="Default: by size.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds for the shapes of others.")] = 300.0,
    form: Annotated[Literal["human", "csv", "json"], typer.Option("--format")] = "human",
    fail_on: Annotated[Literal["violation", "warning", "info"], typer.Option()] = "violation",
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Validate files or the graph: exit 0 where nothing is wrong, 1 where something is.

    Exit 2: input that can't be used. 3: shapes that are broken or check nothing. 4: a time-out.
    """
    from govkg.api import open_graph

    chosen = _chosen(paths or [], changed=changed, stdin=stdin, form=stdin_format)
    if chosen == [] and changed:
        say("no RDF file changed: nothing was validated")
        return
    report = open_graph(home).validate(
        *(chosen or ()), shapes=shapes or (), engine=engine, timeout=timeout, unmet=unmet or ()
    )
    _write(report, form, lang or output.default_language())
    if report.worst(fail_on):
        raise typer.Exit(1)


def _chosen(
    paths: list[str], *, changed: bool, stdin: bool, form: str
) -> list[str | Path | Source] | None:
    """List what is to be validated; None is everything."""
    from govkg import validation

    if changed and stdin:
        raise ParameterError("--changed and --stdin exclude each other: use one.")
    if (changed or stdin) and len(paths) > 1:
        raise ParameterError("--changed takes one BASE, and --stdin one PATH.")
    if changed:
        found = validation.changed(paths[0] if paths else None)
        return None if found is None else list(found)
    if stdin:
        text = sys.stdin.buffer.read().decode("utf-8")
        return [validation.from_text(text, Path(paths[0] if paths else f"stdin.{form}"))]
    return list(paths) or None


def _write(report: Report, form: str, language: Language) -> None:
    from govkg import validation

    findings, places = list(report.findings), validation.Places.of_sources()
    if form == "human":
        for line in validation.as_text(findings, places, language):
            say(line)
        say(report.summary)
    else:
        rows = validation.as_rows(findings, places, language)
        output.write_rows(validation.COLUMNS, rows, Format(form))
