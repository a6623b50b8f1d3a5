"""An edge table with the column names that Gephi's import knows."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx


def write_edges(graph: nx.MultiDiGraph[str]) -> bytes:
    """Write the edges as CSV, UTF-8: Source, Target, Kind, then every attribute in order."""
    edges = list(graph.edges(data=True))
    extra = sorted({name for _, _, row in edges for name in row} - {"kind"})
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["Source", "Target", "Kind", *extra])
    for source, target, row in edges:
        writer.writerow(
            [source, target, row.get("kind", ""), *(row.get(name, "") for name in extra)]
        )
    return out.getvalue().encode()
