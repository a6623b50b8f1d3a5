"""What answers queries: a store, a server, or whatever stands before one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from govkg.results.graph import GraphResult
    from govkg.results.result import Result


class Selects(Protocol):
    """What answers queries that give rows."""

    def select(self, sparql: str) -> Result:
        """Run a SELECT."""


class Engine(Selects, Protocol):
    """What answers queries: the embedded store or a remote server."""

    def query(self, sparql: str) -> Result | GraphResult | bool:
        """Run any query."""

    def serialize(self, sparql: str, form: str) -> bytes:
        """Run a query and write its answer in a W3C result format, a graph in Turtle."""
