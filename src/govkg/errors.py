"""The tree of errors, each with the exit code that the command line gives it.

GovkgError
├── InputError            2  unusable input: a file, a name, a parameter
│   ├── SourceError          a source file that can't be read, with file and line
│   ├── UnknownName          a query, network, shape or format that does not exist
│   ├── AmbiguousName        a name that several things go by
│   ├── ParameterError       a parameter that is missing, unknown or ill-typed
│   ├── FormatError          an answer that the format asked for can't carry
│   └── MissingLibrary       a library that an extra of govkg brings
├── RemoteError           4  a server that can't be reached, refuses, or cuts its answer
├── ShapesError           3  shapes that are invalid or check nothing
│   └── UnmetShapes          shapes that meet no node (govkg.validation), and what others found
└── InternalError         4  a fault of govkg's own, or a time-out
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from govkg.layout import installing

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path


# A line of the package's metadata, as `numpy>=2; extra == "analysis"`.
_OF_EXTRA = re.compile(r"""([\w.-]+).*\bextra == ['"]([\w-]+)""")


class GovkgError(Exception):
    """Anything govkg says no to; the message is one line that says what to do next."""

    exit_code = 4


class InputError(GovkgError):
    """Input that can't be used as it is."""

    exit_code = 2


class SourceError(InputError):
    """A source file that can't be used, with its place."""

    def __init__(self, path: Path, line: int | None, message: str) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}:{line}: {message}" if line else f"{path}: {message}")


class UnknownName(InputError):  # noqa: N818 - reads as what it is
    """A name that nothing goes by, with the nearest that exist."""

    def __init__(self, kind: str, name: str, known: Iterable[str], listing: str) -> None:
        near = get_close_matches(name, list(known), n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"`{listing}` lists them."
        super().__init__(f"no {kind} is called {name!r}; {hint}")


class AmbiguousName(InputError):  # noqa: N818 - reads as what it is
    """A name that several things go by, with all of them where they are not too many to read."""

    MOST = 10

    def __init__(self, kind: str, name: str, found: Sequence[str]) -> None:
        self.found = tuple(found)
        more = len(found) - self.MOST
        listed = "; ".join(found[: self.MOST]) + (f"; and {more:,} more" if more > 0 else "")
        super().__init__(
            f"{len(found):,} {kind}s are called {name!r}: {listed}. Give one of these."
        )


class ParameterError(InputError):
    """A parameter that is missing, unknown or of the wrong type."""


class FormatError(InputError):
    """An answer that can't be written in the format asked for, though it can in others."""


class MissingLibrary(InputError):  # noqa: N818 - reads as what it is
    """A library that is not installed, and the extra that brings it."""

    def __init__(self, library: str, extra: str) -> None:
        super().__init__(f"this takes {library}: {installing(extra)}")


def missing_library(error: ModuleNotFoundError) -> MissingLibrary | None:
    """Say which extra brings a module that is not installed; None where no extra does."""
    from importlib.metadata import requires

    module = (error.name or "").partition(".")[0]
    for needed in requires("govkg") or []:
        found = _OF_EXTRA.match(needed)
        if found and found[1].lower().replace("-", "_") == module.lower() and found[2] != "dev":
            return MissingLibrary(module, found[2])
    return None


class RemoteError(GovkgError):
    """A SPARQL server that can't be reached, refuses, or gives an answer that is not whole."""

    exit_code = 4


class ShapesError(GovkgError):
    """Shapes that are not valid SHACL, or that would check nothing."""

    exit_code = 3


class InternalError(GovkgError):
    """A fault of govkg's own."""

    exit_code = 4


class PartialAnswer(UserWarning):
    """An answer of a build that holds only a part of what was asked for."""
