"""The ready queries, by kind and name: questions, checks, networks; and those of linked data."""

from __future__ import annotations

from govkg import queries
from govkg.errors import ParameterError
from govkg.queries import Kind, Query

__all__ = ["DESCRIBE", "ONTOLOGY", "STATED", "Kind", "Query", "listing", "named"]

STATED, DESCRIBE, ONTOLOGY = map(queries.lookup, ("is-stated", "description", "ontology"))


def listing(kind: Kind) -> list[Query]:
    """List the ready queries of a kind, by name in order."""
    return list(queries.catalog(kind).values())


def named(kind: Kind, name: str) -> Query:
    """Find a ready query by its name; never a file, whoever names it.

    Raises ParameterError for a path, UnknownName, with the nearest names, where there is none.
    """
    if name.endswith(".rq") or "/" in name:
        raise ParameterError("a query's name has no slash and no ending.")
    return queries.find(kind, name)
