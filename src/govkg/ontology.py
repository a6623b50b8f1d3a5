"""The ontology's files: what is loaded as terms, as shapes, as rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg import layout

if TYPE_CHECKING:
    from pathlib import Path


def term_files() -> list[Path]:
    """List the files that define terms: umbrella, modules, codes; alignments stand apart."""
    folders = ("modules", "codes")
    found = [path for folder in folders for path in sorted(_turtle(folder))]
    return [layout.ONTOLOGY / "govkg.ttl", *found]


def shape_files() -> list[Path]:
    """List the SHACL files."""
    return sorted(_turtle("shapes"))


def setwise_queries() -> dict[str, Path]:
    """Find the constraints that are also written in joins of sets, by local name."""
    return {path.stem: path for path in sorted((layout.ONTOLOGY / "shapes/setwise").glob("*.rq"))}


def rule_files() -> list[Path]:
    """List the CONSTRUCT rules in the order in which they run."""
    return sorted((layout.ONTOLOGY / "rules").glob("*.rq"))


def _turtle(folder: str) -> list[Path]:
    return list((layout.ONTOLOGY / folder).glob("*.ttl"))
