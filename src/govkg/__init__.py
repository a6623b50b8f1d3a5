"""govkg: a knowledge graph of governance institutions.

>>> import govkg
>>> kg = govkg.open()
>>> kg.query("cq01")  # doctest: +SKIP
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from govkg._version import __version__

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from govkg.api import Analyses as Analyses
    from govkg.api import AnalysisResult as AnalysisResult
    from govkg.api import KnowledgeGraph as KnowledgeGraph
    from govkg.api import open_graph as open  # noqa: A004 - reads as govkg.open()
    from govkg.errors import AmbiguousName as AmbiguousName
    from govkg.errors import FormatError as FormatError
    from govkg.errors import GovkgError as GovkgError
    from govkg.errors import InputError as InputError
    from govkg.errors import InternalError as InternalError
    from govkg.errors import MissingLibrary as MissingLibrary
    from govkg.errors import ParameterError as ParameterError
    from govkg.errors import PartialAnswer as PartialAnswer
    from govkg.errors import RemoteError as RemoteError
    from govkg.errors import ShapesError as ShapesError
    from govkg.errors import SourceError as SourceError
    from govkg.errors import UnknownName as UnknownName
    from govkg.reference.column import resolve_column as resolve_column
    from govkg.reference.crosswalk import balanced_groups as balanced_groups
    from govkg.reference.crosswalk import crosswalk as crosswalk
    from govkg.reference.crosswalk import units as units
    from govkg.reference.datasets import table as table
    from govkg.reference.resolve import resolve as resolve
    from govkg.results import Result as Result

__all__ = [
    "AmbiguousName",
    "Analyses",
    "AnalysisResult",
    "FormatError",
    "GovkgError",
    "InputError",
    "InternalError",
    "KnowledgeGraph",
    "MissingLibrary",
    "ParameterError",
    "PartialAnswer",
    "RemoteError",
    "Result",
    "ShapesError",
    "SourceError",
    "UnknownName",
    "__version__",
    "balanced_groups",
    "crosswalk",
    "open",
    "resolve",
    "resolve_column",
    "table",
    "units",
]

_ELSEWHERE = {
    "Analyses": "govkg.api",
    "AnalysisResult": "govkg.api",
    "KnowledgeGraph": "govkg.api",
    "Result": "govkg.results",
    "balanced_groups": "govkg.reference.crosswalk",
    "crosswalk": "govkg.reference.crosswalk",
    "open": "govkg.api",
    "resolve": "govkg.reference.resolve",
    "resolve_column": "govkg.reference.column",
    "table": "govkg.reference.datasets",
    "units": "govkg.reference.crosswalk",
}
_RENAMED = {"open": "open_graph"}


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Bring `%%sparql` to a notebook: what `%load_ext govkg` calls."""
    from govkg.notebook import register

    register(shell)


def __getattr__(name: str) -> object:
    """Import the API only when it is used: `import govkg` reads no file."""
    if name in __all__:
        module = import_module(_ELSEWHERE.get(name, "govkg.errors"))
        return getattr(module, _RENAMED.get(name, name))
    raise AttributeError(f"module 'govkg' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List what govkg offers, whether it has been imported yet or not."""
    return sorted(__all__)
