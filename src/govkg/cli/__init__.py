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
for _name, _group in {
    "evidence": curation.evidence_app,
    "document": curation.document_app,
    "source": curation.source_app,
    "analyze": analyze.app,
    "assess": curation.assess_app,
    "rules": validate.rules_app,
}.items():
    app.add_typer(_group, name=_name)
for _command in (
    query.query, query.queries, query.describe, reference.resolve, reference.find,
    reference.crosswalk, query.networks, query.export, pipeline.serve, validate.validate,
    pipeline.run, pipeline.build,
):  # fmt: skip
    app.command()(_command)


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
