"""GraphML, by networkx."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def write(graph: nx.MultiDiGraph[str]) -> bytes:
    """Write a network as GraphML, UTF-8."""
    import networkx as nx

    text = "\n".join(nx.generate_graphml(graph, named_key_ids=True))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
