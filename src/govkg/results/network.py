"""Rows and triples as networks of networkx."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from govkg.errors import InputError
from govkg.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    from rdflib import Graph


def of_rows(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> nx.MultiDiGraph[str]:
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


def of_triples(triples: Graph) -> nx.MultiDiGraph[str]:
    """Make a network of triples: an edge of `kind` predicate to each node, literals as attributes.

    An attribute is called by the predicate, and the language where there is one
    (`rdfs:label@zh`); several values stand in one text.
    """
    import networkx as nx
    from rdflib import Literal

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
