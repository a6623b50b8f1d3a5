"""Graphs: what a CONSTRUCT or DESCRIBE found, and rows and triples as networks of networkx."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from rdflib import Graph, Literal

from govkg.errors import InputError
from govkg.namespaces import PREFIXES, shorten
from govkg.results.frames import to_pandas, to_polars, typed
from govkg.results.html import table

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        return to_pandas(typed(COLUMNS, self.rows), len(self))

    def to_polars(self) -> pl.DataFrame:
        """Give a polars data frame of subject, predicate, object."""
        return to_polars(typed(COLUMNS, self.rows))

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Give a network: triples between nodes are edges, literals are attributes."""
        return network_of_triples(self)

    def _repr_html_(self) -> str:
        return table(COLUMNS, self.rows, self.labels)


def network_of_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> nx.MultiDiGraph[str]:
    """Make a network of the rows that bind `?source` and `?target`; ids are full IRIs.

    Raises InputError where the columns are missing.
    """
    import networkx as nx

    if not {"source", "target"} <= set(columns):
        raise InputError("a network needs the variables ?source and ?target: SELECT them.")
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for row in rows:
        bound = {
            name: _plain(term) for name, term in zip(columns, row, strict=True) if term is not None
        }
        source, target, node = (bound.pop(name, None) for name in ("source", "target", "node"))
        if node is not None:
            graph.add_node(str(node), **bound)
        if source is not None and target is not None:
            graph.add_edge(str(source), str(target), **bound)
    return graph


def network_of_triples(triples: Graph) -> nx.MultiDiGraph[str]:
    """Make a network of triples: an edge of `kind` predicate to each node, literals as attributes.

    An attribute is called by the predicate, and the language where there is one
    (`rdfs:label@zh`); several values stand in one text.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for s, p, o in sorted(triples):
        graph.add_node(str(s))
        if isinstance(o, Literal):
            language = f"@{o.language}" if o.language else ""
            texts[str(s), shorten(str(p)) + language].append(str(o))
        else:
            graph.add_edge(str(s), str(o), key=str(p), kind=shorten(str(p)))
    for (node, name), values in texts.items():
        graph.nodes[node][name] = "; ".join(values)
    return graph


def _plain(term: Any) -> str | float:  # noqa: ANN401 - an rdflib term
    value = getattr(term, "value", None)
    return value if isinstance(value, bool | int | float) else str(term)
