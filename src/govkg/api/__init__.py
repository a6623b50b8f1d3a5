"""The Python API: open a build or a server, ask it, validate it, draw networks from it.

`knowledge_graph` has the graph itself, `backend` what answers for it, `nodes` finds things by name,
`drawing` draws networks, `analyses` measures. `catalog` has the ready queries, `gazetteer` real
places by name.
"""

from govkg.analysis.result import AnalysisResult
from govkg.api.analyses import Analyses
from govkg.api.backend import FunctionEngine
from govkg.api.knowledge_graph import KnowledgeGraph, open_graph
from govkg.lookups import ClaimLine
from govkg.manifest import Build

__all__ = [
    "Analyses",
    "AnalysisResult",
    "Build",
    "ClaimLine",
    "FunctionEngine",
    "KnowledgeGraph",
    "open_graph",
]
