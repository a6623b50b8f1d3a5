"""The ontology's files: what is loaded as terms, as shapes, as rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg import layout

if TYPE_CHECKING:
    from pathlib import Path


def rooms() -> list[Path]:
    """List the folders that terms and shapes lie in: the core, then each country's profile."""
    profiles = (layout.ONTOLOGY / "profiles").glob("*/")
    return [layout.ONTOLOGY, *sorted(path for path in profiles if path.is_dir())]


def term_files() -> list[Path]:
    """List the files that define terms: umbrellas, modules, codes; alignments stand apart."""
    umbrellas = sorted(layout.ONTOLOGY.glob("*.ttl"))
    return [*umbrellas, *_files("modules", "*.ttl"), *_files("codes", "*.ttl")]


def shape_files() -> list[Path]:
    """List the SHACL files."""
    return _files("shapes", "*.ttl")


def setwise_queries() -> dict[str, Path]:
    """Find the constraints that are also written in joins of sets, by local name."""
    return {path.stem: path for path in _files("shapes/setwise", "*.rq")}


def unmet_files() -> list[Path]:
    """List the files that name the shapes which need meet no node."""
    return _files("shapes", "unmet.yaml")


def rule_files() -> list[Path]:
    """List the CONSTRUCT rules in the order in which they run."""
    return sorted((layout.ONTOLOGY / "rules").glob("*.rq"))


def _files(folder: str, pattern: str) -> list[Path]:
    return [path for room in rooms() for path in sorted((room / folder).glob(pattern))]
