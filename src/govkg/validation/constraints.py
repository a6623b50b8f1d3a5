"""`sh:sparql` constraints, each run once over all its focus nodes in the store.

SHACL (section 5.3) pre-binds `$this` to one focus node at a time. For a SELECT that projects
`$this` the same rows come from joining it with the targets, without a query for every node.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.errors import ShapesError
from govkg.validation.report import Finding
from govkg.validation.terms import messages, name, severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store


def sparql_findings(store: Store, shapes: Graph) -> Iterator[Finding]:
    """Run every SPARQL constraint; raise ShapesError where one is not of the kind used here."""
    from rdflib.namespace import SH

    for shape, constraint in sorted(shapes.subject_objects(SH.sparql)):
        for this, path, value in store.select(_query(shapes, shape, constraint)):
            yield Finding(
                severity(shapes, shape),
                name(constraint),
                name(this),
                name(path),
                name(value if value is not None else this),
                messages(shapes, constraint),
            )


def _query(shapes: Graph, shape: Node, constraint: Node) -> str:
    from rdflib.namespace import SH

    select = shapes.value(constraint, SH.select)
    targets = " UNION ".join(_targets(shapes, shape))
    if not (select and targets):
        raise ShapesError(f"{name(constraint)} needs sh:select, and {name(shape)} a target.")
    prefixes = "".join(
        f"PREFIX {shapes.value(d, SH.prefix)}: <{shapes.value(d, SH.namespace)}>\n"
        for source in shapes.objects(constraint, SH.prefixes)
        for d in shapes.objects(source, SH.declare)
    )
    return f"{prefixes}SELECT DISTINCT ?this ?path ?value {{ {targets} {{ {select} }} }}"


def _targets(shapes: Graph, shape: Node) -> Iterator[str]:
    """Write each target of a shape as a pattern (SHACL, section 2.1.3)."""
    from rdflib.namespace import SH

    patterns = {
        SH.targetClass: "{{ ?this a {} }}",
        SH.targetNode: "{{ VALUES ?this {{ {} }} }}",
        SH.targetObjectsOf: "{{ ?targeted {} ?this }}",
        SH.targetSubjectsOf: "{{ ?this {} ?targeted }}",
    }
    for predicate, pattern in patterns.items():
        yield from (pattern.format(f"<{node}>") for node in shapes.objects(shape, predicate))
