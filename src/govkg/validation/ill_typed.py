"""Ill-typed literals, set apart before any engine sees them, so that all engines judge them alike.

An engine leaves it to its language whether "1_000" is a decimal, and each says otherwise. A literal
whose text is not in the lexical space of its datatype (`govkg.xsd`, for EDTF `govkg.dates`) goes to
the engines with another datatype, of which they know nothing: `sh:datatype` then fails and nothing
can be compared with it, as SHACL has it for ill-typed literals (section 4.1.2). What comes back in
rows is the literal as it stands in the data.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from govkg import dates, xsd
from govkg.errors import InputError
from govkg.namespaces import PREFIXES
from govkg.validation.result import Row, as_node, literal_parts

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

ILL_TYPED = "urn:govkg:ill-typed:"
EDTF = PREFIXES["edtf"] + "EDTF"

_STRINGS = (xsd.NAMESPACE + "string", xsd.NAMESPACE + "anyURI")
_ESCAPED = re.compile(r"\\(.)")
_KEPT_AS = {
    xsd.NAMESPACE + "integer": xsd.DERIVED_INTEGERS,
    xsd.NAMESPACE + "dateTime": ("dateTimeStamp",),
}
_WRITTEN = re.compile(
    rb'"((?:[^"\\]|\\.)*)"\^\^<('
    + re.escape(xsd.NAMESPACE).encode()
    + rb"\w+|"
    + re.escape(EDTF).encode()
    + rb")>"
)


def is_ill_typed(text: str, datatype: str) -> bool:
    """Say whether a literal's text is none of its datatype; no other datatypes are known."""
    if datatype == EDTF:
        return _is_no_date(text)
    local = datatype.removeprefix(xsd.NAMESPACE)
    return local != datatype and not xsd.is_valid(text, local)


def _is_no_date(text: str) -> bool:
    try:
        dates.bounds(text)
    except dates.UnusedForm:
        return False
    except InputError:
        return True
    return False


def shown_datatype(text: str, datatype: str) -> str:
    """Give the datatype under which engines see a literal."""
    return ILL_TYPED + datatype if is_ill_typed(text, datatype) else datatype


def set_apart(graph: Graph) -> Graph:
    """Set the ill-typed literals of an rdflib graph apart, in a copy where there are any."""
    from rdflib import Graph

    changed = {o: node for o in graph.objects(unique=True) if (node := _shown(o)) != o}
    if not changed:
        return graph
    out = Graph(bind_namespaces="none")
    for s, p, o in graph:
        out.add((s, p, changed.get(o, o)))
    return out


def _shown(node: Node) -> Node:
    from rdflib import Literal, URIRef

    if not isinstance(node, Literal) or not node.datatype:
        return node
    datatype = shown_datatype(str(node), str(node.datatype))
    return node if datatype == str(node.datatype) else Literal(str(node), datatype=URIRef(datatype))


def set_apart_lines(lines: bytes) -> bytes:
    """Set the ill-typed literals of whole lines of N-Triples or N-Quads apart."""
    return _WRITTEN.sub(_rewritten, lines)


def _rewritten(match: re.Match[bytes]) -> bytes:
    text, datatype = _ESCAPED.sub(_unescaped, match[1].decode()), match[2].decode()
    if datatype in _STRINGS or not is_ill_typed(text, datatype):
        return match[0]
    return b'"%s"^^<%s%s>' % (match[1], ILL_TYPED.encode(), match[2])


def _unescaped(escape: re.Match[str]) -> str:
    """Give the character of an escape of N-Triples as Oxigraph writes them: none has digits."""
    return {"n": "\n", "r": "\r", "t": "\t"}.get(escape[1], escape[1])


def as_in_data(node: Node | None) -> Node | None:
    """Give the term of the data for one that an engine asks for."""
    from rdflib import Literal, URIRef

    if isinstance(node, Literal) and node.datatype and node.datatype.startswith(ILL_TYPED):
        datatype = URIRef(node.datatype.removeprefix(ILL_TYPED))
        return Literal(str(node), datatype=datatype, normalize=False)
    return node


def put_back(row: Row) -> Row:
    """Name the literals of a row as they stand in the data."""
    focus, value = (term.replace(f"^^<{ILL_TYPED}", "^^<") for term in (row.focus, row.value))
    return row._replace(focus=focus, value=value)


def is_refused_wrongly(row: Row, shapes: Graph) -> bool:
    """Say whether a row complains of the datatype of a literal that has it.

    Python has no dates before year 1 or after 9999, and Oxigraph keeps integers of a derived type
    as `xsd:integer` and `xsd:dateTimeStamp` as `xsd:dateTime`: which it was can't be told.
    """
    from rdflib.namespace import SH

    text, datatype = literal_parts(row.value)
    if row.component != "DatatypeConstraintComponent" or not datatype.startswith(xsd.NAMESPACE):
        return False
    wanted = str(shapes.value(as_node(row.shape), SH.datatype) or "")
    may_have_been = (datatype, *map(xsd.NAMESPACE.__add__, _KEPT_AS.get(datatype, ())))
    return wanted in may_have_been and not is_ill_typed(text, wanted)
