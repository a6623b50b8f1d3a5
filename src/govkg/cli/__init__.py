"""The command line: words to functions, errors to exit codes."""

from __future__ import annotations

import os
import sys
import warnings
from typing import NoReturn

from govkg.cli.commands import app
from govkg.errors import GovkgError, InternalError, missing_library

__all__ = ["app", "main"]


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
