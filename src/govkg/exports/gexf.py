"""GEXF, for Gephi, by networkx, without its clock and its version so that bytes are the same."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

_CLOCK = re.compile(r' lastmodifieddate="[^"]*"')
_CREATOR = re.compile(r"<creator>[^<]*</creator>")


def write(graph: nx.MultiDiGraph[str]) -> bytes:
    """Write a network as GEXF, UTF-8."""
    import networkx as nx

    text = "\n".join(nx.generate_gexf(graph))
    text = _CREATOR.sub("<creator>govkg</creator>", _CLOCK.sub("", text))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()
