"""What a CONSTRUCT or DESCRIBE found: an rdflib graph with the same ways out as rows have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdflib import Graph

from govkg.namespaces import PREFIXES
from govkg.results import network
from govkg.results.result import Result

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl

    from govkg.results.html import Labels

COLUMNS = ("subject", "predicate", "object")


class GraphResult(Graph):
    """An rdflib Graph of the triples found, which writes our prefixes."""

    columns = COLUMNS
    labels: Labels | None = None

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            self.bind(prefix, namespace)

    @property
    def rows(self) -> tuple[Any, ...]:
        """Give the triples in order."""
        return tuple(sorted(self))

    def to_pandas(self) -> pd.DataFrame:
        """Give a pandas data frame of subject, predicate, object."""
        return self._as_result().to_pandas()

    def to_polars(self) -> pl.DataFrame:
        """Give a polars data frame of subject, predicate, object."""
        return self._as_result().to_polars()

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Give a network: triples between nodes are edges, literals are attributes."""
        return network.of_triples(self)

    def _repr_html_(self) -> str:
        return self._as_result()._repr_html_()

    def _as_result(self) -> Result:
        return Result(COLUMNS, self.rows, self.labels)
