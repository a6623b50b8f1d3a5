"""Shapes and checks over a graph or over files, as findings that a curator can act on.

Core SHACL runs in pySHACL, the engine of record, or for what is too large for it in shacl-rust.
`sh:sparql` constraints and the checks of `queries/checks` run once each, over all focus nodes, in
the store.
"""

from govkg.validation.data import Data
from govkg.validation.engines import EngineName, run_rules
from govkg.validation.engines.process import Limits
from govkg.validation.finding import SEVERITIES, Finding
from govkg.validation.formats import FORMATS, write
from govkg.validation.formats import of_file as format_of
from govkg.validation.inputs import Source, changed, from_text, read_sources
from govkg.validation.locations import Locations
from govkg.validation.report import COLUMNS, Report, UnmetShapes, as_rows
from govkg.validation.run import Options, load_ontology_and_shapes, validate, validate_files
from govkg.validation.shape_files import load_shapes

__all__ = [
    "COLUMNS",
    "FORMATS",
    "SEVERITIES",
    "Data",
    "EngineName",
    "Finding",
    "Limits",
    "Locations",
    "Options",
    "Report",
    "Source",
    "UnmetShapes",
    "as_rows",
    "changed",
    "format_of",
    "from_text",
    "load_ontology_and_shapes",
    "load_shapes",
    "read_sources",
    "run_rules",
    "validate",
    "validate_files",
    "write",
]
