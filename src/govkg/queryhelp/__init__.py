"""Help with a query before it runs: what is misspelt, can match nothing, would take for ever.

The query is parsed, never run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.queryhelp.advice import Advice, undeclared, unknown_terms

if TYPE_CHECKING:
    from collections.abc import Collection

    from govkg.results import Selects

__all__ = ["LONGEST", "Advice", "advise"]

LONGEST = 20_000  # characters; the parser takes a second for such a query
DEEPEST = 60  # brackets in brackets; the parser recurses


def advise(query: str, terms: Collection[str], engine: Selects | None = None) -> list[Advice]:
    """Say what is wrong with a query or would make it slow, errors first; nothing if all is well.

    `terms` are the IRIs of the ontology and the code schemes; an engine is asked which languages
    and datatypes the values have that literals of the query are compared with. A query that is
    too long or too deep for the parser gets advice on its words only.
    """
    from govkg import sparqltext
    from govkg.queryhelp.algebra import shape_of

    found = [*undeclared(query), *unknown_terms(query, terms)]
    if len(query) <= LONGEST and sparqltext.depth(sparqltext.blank(query)) <= DEEPEST:
        found += shape_of(query, engine, declared=not any(one.kind == "prefix" for one in found))
    return sorted(found, key=lambda one: (one.severity, one.line or 0, one.column or 0))
