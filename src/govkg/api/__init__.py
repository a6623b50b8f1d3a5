"""The Python API: open a build or a server, ask it, validate it, draw networks from it.

`graph` has the graph itself, `backend` what answers for it; `analyses`, `claims`, `networks` and
`validation` have what takes more than a line.
"""

from govkg.analysis.result import AnalysisResult
from govkg.api.analyses import Analyses
from govkg.api.claims import ClaimLine
from govkg.api.graph import KnowledgeGraph, open_graph

__all__ = ["Analyses", "AnalysisResult", "ClaimLine", "KnowledgeGraph", "open_graph"]
