"""Answers to queries: rows of terms, and their ways to data frames, networks and notebooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from govkg.results.html import Labels, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    import pandas as pd
    import polars as pl

    from govkg.results.graph import GraphResult

__all__ = ["Engine", "Labels", "Result", "Selects"]


@dataclass(frozen=True)
class Result:
    """What a SELECT found: `rows` are named tuples of rdflib terms, None where unbound.

    `labels`, where it is set, finds the labels of IRIs for notebooks.
    """

    columns: tuple[str, ...]
    rows: tuple[Any, ...]
    labels: Labels | None = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def to_pandas(self) -> pd.DataFrame:
        """Give a pandas data frame; its columns are typed as `results.frames` says.

        Raises MissingLibrary where pandas is not installed.
        """
        from govkg.results.frames import to_pandas, typed

        return to_pandas(typed(self.columns, self.rows), len(self.rows))

    def to_polars(self) -> pl.DataFrame:
        """Give a polars data frame; its columns are typed as `results.frames` says."""
        from govkg.results.frames import to_polars, typed

        return to_polars(typed(self.columns, self.rows))

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Give a network: an edge for each row with `?source` and `?target`, ids full IRIs.

        Rows with `?node` describe nodes; other variables are attributes. Raises InputError where
        the columns are missing.
        """
        from govkg.results.graph import network_of_rows

        return network_of_rows(self.columns, self.rows)

    def _repr_html_(self) -> str:
        return table(self.columns, self.rows, self.labels)


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
