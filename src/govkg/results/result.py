"""What a SELECT found: rows of terms, with their ways out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from govkg.results.html import Labels, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import networkx as nx
    import pandas as pd
    import polars as pl


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
        """Give a pandas data frame; its columns are typed as `results.columns` says.

        Raises MissingLibrary where pandas is not installed.
        """
        from govkg.results import columns, frames

        return frames.to_pandas(columns.typed(self.columns, self.rows), len(self.rows))

    def to_polars(self) -> pl.DataFrame:
        """Give a polars data frame; its columns are typed as `results.columns` says."""
        from govkg.results import columns, frames

        return frames.to_polars(columns.typed(self.columns, self.rows))

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Give a network: an edge for each row with `?source` and `?target`, ids full IRIs.

        Rows with `?node` describe nodes; other variables are attributes. Raises InputError where
        the columns are missing.
        """
        from govkg.results import network

        return network.of_rows(self.columns, self.rows)

    def _repr_html_(self) -> str:
        return table(self.columns, self.rows, self.labels)
