"""The Python API: open a build or a server, ask it, validate it, draw networks from it.

`graph` has the graph itself, `backend` what answers for it; `claims`, `networks` and `validation`
have what takes more than a line. `catalog` has the ready queries, `gazetteer` real places by name.
"""

from govkg.api.backend import FunctionEngine
from govkg.api.claims import ClaimLine
from govkg.api.graph import KnowledgeGraph
from govkg.api.opening import open_graph
from govkg.build import Build

__all__ = ["Build", "ClaimLine", "FunctionEngine", "KnowledgeGraph", "open_graph"]
