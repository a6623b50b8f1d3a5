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

    from govkg.api import KnowledgeGraph as KnowledgeGraph
    from govkg.api import open_graph as open  # noqa: A004 - reads as govkg.open()
    from govkg.reference.column import resolve_column as resolve_column
    from govkg.reference.crosswalk import balanced_groups as balanced_groups
    from govkg.reference.crosswalk import crosswalk as crosswalk
    from govkg.reference.crosswalk import units as units
    from govkg.reference.datasets import table as table
    from govkg.reference.resolve import resolve as resolve

__all__ = [
    "KnowledgeGraph",
    "__version__",
    "balanced_groups",
    "crosswalk",
    "open",
    "resolve",
    "resolve_column",
    "table",
    "units",
]

_LAZY = {
    "KnowledgeGraph": ("govkg.api", "KnowledgeGraph"),
    "balanced_groups": ("govkg.reference.crosswalk", "balanced_groups"),
    "crosswalk": ("govkg.reference.crosswalk", "crosswalk"),
    "open": ("govkg.api", "open_graph"),
    "resolve": ("govkg.reference.resolve", "resolve"),
    "resolve_column": ("govkg.reference.column", "resolve_column"),
    "table": ("govkg.reference.datasets", "table"),
    "units": ("govkg.reference.crosswalk", "units"),
}


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Bring `%%sparql` to a notebook: what `%load_ext govkg` calls."""
    from govkg.notebook import register

    register(shell)


def __getattr__(name: str) -> object:
    """Import the API only when it is used: `import govkg` reads no file."""
    if name in _LAZY:
        module, attribute = _LAZY[name]
        return getattr(import_module(module), attribute)
    raise AttributeError(f"module 'govkg' has no attribute {name!r}")
