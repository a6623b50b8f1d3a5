"""govkg: a knowledge graph of governance institutions.

>>> import govkg
>>> kg = govkg.open()
>>> kg.query("cq01")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg._version import __version__

if TYPE_CHECKING:
    from govkg.api import KnowledgeGraph as KnowledgeGraph
    from govkg.api import open_graph as open  # noqa: A004 - reads as govkg.open()

__all__ = ["KnowledgeGraph", "__version__", "open"]

_LAZY = {"KnowledgeGraph": "KnowledgeGraph", "open": "open_graph"}


def __getattr__(name: str) -> object:
    """Import the API only when it is used: `import govkg` reads no file."""
    if name in _LAZY:
        from govkg import api

        return getattr(api, _LAZY[name])
    raise AttributeError(f"module 'govkg' has no attribute {name!r}")
