"""The command line: words to functions, errors to exit codes."""

import os
import sys
import warnings
from typing import Annotated, NoReturn

import typer

from govkg._version import __version__
from govkg.cli import analyze, curation, pipeline, query, reference, validate
from govkg.errors import GovkgError, InternalError, missing_library

__all__ = ["app", "main"]

app = typer.Typer(
    help="A knowledge graph of governance institutions.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
app.add_typer(curation.evidence_app, name="evidence")
app.add_typer(curation.document_app, name="document")
app.add_typer(curation.source_app, name="source")
app.command()(query.query)
app.command()(query.queries)
app.command()(query.describe)
app.add_typer(analyze.app, name="analyze")
app.add_typer(curation.assess_app, name="assess")
app.command()(reference.resolve)
app.command()(reference.find)
app.command()(reference.crosswalk)
app.command()(query.networks)
app.command()(query.export)
app.add_typer(validate.rules_app, name="rules")
app.command()(pipeline.serve)
app.command()(validate.validate)
app.command()(pipeline.run)
app.command()(pipeline.build)


@app.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Say the version.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"govkg {__version__}\n")
        raise typer.Exit


def main() -> None:
    """Run the command line; every error becomes one line on stderr and an exit code."""
    warnings.filterwarnings(
        "ignore", category=UserWarning, module="rdflib"
    )  # of ill-typed literals
    try:
        app()
    except GovkgError as error:
        _give_up(error)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:
        if "GOVKG_DEBUG" in os.environ:
            raise
        missing = missing_library(error) if isinstance(error, ModuleNotFoundError) else None
        text = f"internal error, {type(error).__name__}: {error}. GOVKG_DEBUG=1 shows where; "
        _give_up(missing or InternalError(text + "report it."))


def _give_up(error: GovkgError) -> NoReturn:
    print(f"govkg: {error}", file=sys.stderr)  # noqa: T201 - the command line's own voice
    sys.exit(error.exit_code)
