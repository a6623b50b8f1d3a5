"""The Python API: open a build or a server, ask it, validate it, draw networks from it.

`graph` has the graph itself, `backend` what answers for it; `analyses`, `claims`, `networks` and
`validation` have what takes more than a line. `catalog` has the ready queries, `gazetteer` real
places by name.
"""

from govkg.analysis.result import AnalysisResult
from govkg.api.analyses import Analyses
from govkg.api.backend import FunctionEngine
from govkg.api.claims import ClaimLine
from govkg.api.graph import KnowledgeGraph, open_graph
from govkg.build import Build

__all__ = [
    "Analyses",
    "AnalysisResult",
    "Build",
    "ClaimLine",
    "FunctionEngine",
    "KnowledgeGraph",
    "open_graph",
]
