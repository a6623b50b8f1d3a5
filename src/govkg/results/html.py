"""Rows as an HTML table for notebooks: escaped, and links only where they lead to the web."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from govkg.errors import GovkgError
from govkg.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Sequence

Labels = Callable[[Collection[str]], Mapping[str, str]]
SHOWN = 100


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], labels: Labels | None) -> str:
    """Write the first rows as a table, IRIs by their labels, and say how many there are."""
    shown = rows[:SHOWN]
    names = _names(shown, labels)
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{_cell(term, names)}</td>' for term in row)}</tr>" for row in shown
    )
    more = f", the first {SHOWN} shown" if len(rows) > SHOWN else ""
    counted = f"<p>{len(rows):,} row{'' if len(rows) == 1 else 's'}{more}</p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{counted}"


def _names(rows: Sequence[Sequence[Any]], labels: Labels | None) -> Mapping[str, str]:
    from rdflib import URIRef

    if labels is None:
        return {}
    iris = sorted({str(term) for row in rows for term in row if isinstance(term, URIRef)})
    try:
        return labels(iris)
    except GovkgError:  # a server that is gone must not keep the rows from being seen
        return {}


def _cell(term: Any, names: Mapping[str, str]) -> str:  # noqa: ANN401 - an rdflib term
    from rdflib import URIRef

    if term is None:
        return ""
    if not isinstance(term, URIRef):
        language = getattr(term, "language", None)
        mark = f' lang="{escape(language)}"' if language else ""
        return f"<span{mark}>{escape(str(term))}</span>"
    iri = escape(str(term))
    text = escape(names.get(str(term)) or shorten(str(term)))
    if not str(term).lower().startswith(("http://", "https://")):
        return text
    return f'<a href="{iri}" title="{iri}" rel="noopener noreferrer">{text}</a>'
