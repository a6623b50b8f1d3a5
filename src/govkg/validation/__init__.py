"""Shapes and checks over a graph or over files, as findings that a curator can act on.

Core SHACL runs in pySHACL, the engine of record, or for what is too large for it in shacl-rust.
`sh:sparql` constraints and the checks of `queries/checks` run once each, over all focus nodes, in
the store.
"""

from govkg.validation.engines import EngineName
from govkg.validation.places import Places
from govkg.validation.report import COLUMNS, SEVERITIES, Finding, Report, as_rows, as_text
from govkg.validation.shapes import load_shapes

__all__ = [
    "COLUMNS",
    "SEVERITIES",
    "EngineName",
    "Finding",
    "Places",
    "Report",
    "as_rows",
    "as_text",
    "load_shapes",
]
