"""The commands that validate files, what changed, or the build, and explain by which rules."""

# Annotations are no strings in modules of commands: typer would compile each at every start.
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from govkg import layout, textfile
from govkg.cli import common
from govkg.cli.common import Force, Form, Format, Home, Lang, say
from govkg.errors import InternalError, ParameterError
from govkg.textfile import refuse_overwriting, write_file

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.api import KnowledgeGraph
    from govkg.validation import Source

Paths = Annotated[
    list[str] | None,
    typer.Argument(
        help="Files, folders or quoted patterns (Turtle, TriG, N-Triples, N-Quads, JSON-LD); "
        "with --changed the commit to compare with. Default: the whole build.",
        show_default=False,
    ),
]

DEADLINE = 1800.0
rules_app = typer.Typer(help="The rules that validation goes by.", invoke_without_command=True)


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
    unmet: Annotated[list[str] | None, typer.Option(help="A shape that need meet no node.")] = None,
    engine: Annotated[
        Literal["pyshacl", "shacl-rust", "topbraid"] | None, typer.Option(help="Default: by size.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds for the shapes of others.")] = 300.0,
    deadline: Annotated[
        float | None, typer.Option(help="Seconds for all (default: 1800 for files; else none).")
    ] = None,
    form: Annotated[
        Literal["human", "csv", "json", "github", "sarif", "junit", "turtle"],
        typer.Option("--format"),
    ] = "human",
    out: Annotated[
        Path | None,
        typer.Option("-o", "--output", help="Also write all to a file; its suffix says how."),
    ] = None,
    force: Force = False,
    fail_on: Annotated[Literal["violation", "warning", "info"], typer.Option()] = "violation",
    home: Home = None,
    lang: Lang = None,
) -> None:
    """Validate files or the graph: exit 0 where nothing is wrong, 1 where something is.

    Exit 2: input that can't be used. 3: shapes that are broken or check nothing. 4: a time-out.
    """
    from govkg import validation

    suffix = validation.format_of(out) if out else ""
    if out:
        refuse_overwriting(out, force=force)
    chosen = _chosen(paths or [], changed=changed, stdin=stdin, form=stdin_format)
    if chosen == [] and changed:
        say("no RDF file changed: nothing was validated")
        return
    unmatched: validation.UnmetShapes | None = None
    with _within(deadline or (DEADLINE if chosen else 0.0)):
        with _graph(home, afresh=changed and chosen is None) as graph:
            try:
                report = graph.validate(
                    *(chosen or ()), shapes=shapes or (), engine=engine, timeout=timeout,
                    unmet=unmet or (), progress=common.progress,
                )  # fmt: skip
            except validation.UnmetShapes as error:
                if error.report is None:
                    raise
                unmatched, report = error, error.report
        language = lang or common.default_language()
        locations = validation.Locations.of_sources(chosen or ())
        common.progress(f"find the places of {len(report.findings):,} findings")
        written = validation.write(report, form, language, locations).rstrip("\n")
        filed = validation.write(report, suffix, language, locations) if out else ""
    say(written)
    if out:
        write_file(out, filed.encode(), force=force)
    if unmatched:
        typer.echo(f"govkg: {unmatched}", err=True)
    if unmatched or report.worst(fail_on):
        raise typer.Exit(1 if report.worst(fail_on) else 3)


@rules_app.callback(invoke_without_command=True)
def rules(context: typer.Context, form: Form = Format.TABLE, lang: Lang = None) -> None:
    """List the rules: shapes and checks."""
    if context.invoked_subcommand is None:
        from govkg.validation.rules import all_rules

        language = lang or common.default_language()
        rows = [(r.id, r.severity, r.about, r.title[language]) for r in all_rules()]
        common.write_rows(("id", "severity", "about", "rule"), rows, form)


@rules_app.command()
def show(rule: str) -> None:
    """Explain one rule: what it is about, and how to mend what it finds."""
    from govkg.validation.rules import all_rules, described

    found = next((r for r in all_rules() if r.id == rule), None)
    if found is None:
        raise ParameterError(f"there is no rule {rule!r}: `govkg rules` lists them.")
    say(described(found))


@contextmanager
def _within(seconds: float) -> "Iterator[None]":
    """Raise InternalError where the work takes longer, on systems that have alarms; 0 is for ever.

    The alarm goes off again each second, should a library swallow the error.
    """
    if not seconds or not hasattr(signal, "setitimer"):
        yield
        return

    def late(*_: object) -> None:
        raise InternalError(
            f"validation took longer than {seconds:g} s: cut the files up, or give --deadline more."
        )

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def _graph(home: Path | None, *, afresh: bool) -> "Iterator[KnowledgeGraph]":
    """Open the build, or make one for this run: where none is kept, or `afresh` of the sources."""
    from tempfile import TemporaryDirectory

    from govkg import build
    from govkg.api import KnowledgeGraph, open_graph

    place = home or layout.default_build()
    if not afresh and (home or (place / build.POINTER).is_file()):
        yield open_graph(place)
        return
    with TemporaryDirectory(prefix="govkg-", ignore_cleanup_errors=True) as folder:
        note = (
            "validating everything: made a build of the sources as they are"
            if afresh
            else f"no build in {layout.display(place)}: made one for this run, "
            "`govkg build` keeps one"
        )
        typer.echo(note, err=True)
        yield KnowledgeGraph(build.build(Path(folder)))


def _chosen(paths: list[str], *, changed: bool, stdin: bool, form: str) -> "list[Source] | None":
    """List what is to be validated; None is everything."""
    from govkg import validation

    if changed and stdin:
        raise ParameterError("--changed and --stdin exclude each other: use one.")
    if (changed or stdin) and len(paths) > 1:
        raise ParameterError("--changed takes one BASE, and --stdin one PATH.")
    if changed:
        found = validation.changed(paths[0] if paths else None)
        return None if found is None else validation.read_sources(found)
    if stdin:
        path = Path(paths[0] if paths else f"stdin.{form}")
        return [validation.from_text(textfile.decode(sys.stdin.buffer.read(), path), path)]
    return validation.read_sources(paths) if paths else None
