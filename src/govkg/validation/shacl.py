"""The engine of record: pySHACL."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from govkg.errors import GovkgError, InternalError, ShapesError
from govkg.namespaces import shorten
from govkg.validation import shapes as shapes_of
from govkg.validation.literals import set_apart, shown_datatype
from govkg.validation.patterns import for_python
from govkg.validation.rows import Row, as_term, local, named, path_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store
    from govkg.validation.shapes import Targets


def pyshacl_rows(data: Graph, shapes: Graph) -> list[Row]:
    """Run shapes in pySHACL with no inference: the build has derived what shapes rely on.

    Raises ShapesError where pySHACL can't use the shapes, InternalError, with the shape, where it
    fails.
    """
    try:
        with for_python(shapes):
            return report_rows(run_pyshacl(data, shapes))
    except (GovkgError, LookupError, MemoryError):
        raise
    except Exception as error:
        shape = _failing(data, shapes)
        said = f"{type(error).__name__}: {error}"[:200]
        raise InternalError(f"pySHACL failed{f' on {shape}' if shape else ''} ({said}).") from error


def _failing(data: Graph, shapes: Graph) -> str:
    """Name the first shape on which pySHACL fails by itself; empty where none does."""
    aims = shapes_of.targeted(shapes)
    for shape in aims:
        try:
            alone = shapes_of.without_targets(shapes, [one for one in aims if one != shape])
            with for_python(alone):
                run_pyshacl(data, alone)
        except GovkgError:
            continue
        except Exception:
            return shorten(named(shapes, shape))
    return ""


def on_nodes(store: Store, shapes: Graph, targets: Targets) -> list[Row]:
    """Run some shapes in pySHACL on these nodes only; the store is read where it is, not copied."""
    from govkg.validation.view import view

    chosen = {shape: nodes for shape, nodes in targets.items() if nodes}
    if not chosen:
        return []
    aimed = set_apart(shapes_of.aimed(shapes, chosen))
    try:
        return pyshacl_rows(view(store), aimed)
    except LookupError:  # pySHACL describes blank nodes, and looks for them in a graph of its own
        return pyshacl_rows(store.to_rdflib(shown=shown_datatype), aimed)


def focus_nodes(store: Store, shapes: Graph, within: Iterable[Node] | None = None) -> Targets:
    """Find the nodes that each shape is for, all or those among some."""
    if within is not None:
        facts = [_Facts.of(store, node) for node in sorted(within, key=str)]
        return {
            shape: [about.node for about in facts if about.fits(shapes, shape)]
            for shape in shapes_of.targeted(shapes)
        }
    found: dict[Node, list[Node]] = {}
    for shape in shapes_of.targeted(shapes):
        targets = " UNION ".join(shapes_of.target_patterns(shapes, shape))
        found[shape] = [row[0] for row in store.select(f"SELECT DISTINCT ?this {{ {targets} }}")]
    return found


class _Facts(NamedTuple):
    """What decides which shapes a node is for."""

    node: Node
    types: frozenset[Node]
    out: frozenset[Node]
    into: frozenset[Node]

    @classmethod
    def of(cls, store: Store, node: Node) -> _Facts:
        """Look up a node."""
        from rdflib.namespace import RDF

        types = frozenset(kind for _, _, kind in store.match(node, RDF.type, None))
        about = store.match(node, None, None, shown_datatype)
        out = frozenset(predicate for _, predicate, _ in about)
        into = frozenset(predicate for _, predicate, _ in store.match(None, None, node))
        return cls(node, types, out, into)

    def fits(self, shapes: Graph, shape: Node) -> bool:
        """Say whether one of a shape's targets is this node."""
        from rdflib.namespace import OWL, RDF, RDFS, SH

        classes = set(shapes.objects(shape, SH.targetClass))
        if any((shape, RDF.type, kind) in shapes for kind in (RDFS.Class, OWL.Class)):
            classes.add(shape)
        return bool(
            self.types & classes
            or self.out & set(shapes.objects(shape, SH.targetSubjectsOf))
            or self.into & set(shapes.objects(shape, SH.targetObjectsOf))
            or (shape, SH.targetNode, self.node) in shapes
        )


def run_pyshacl(data: Graph, shapes: Graph) -> Graph:
    """Give pySHACL's report graph; raise ShapesError where the shapes can't be used."""
    import gc

    import pyshacl
    from pyshacl.errors import ReportableRuntimeError
    from rdflib import Graph

    try:
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inference="none", inplace=True)
    except (ReportableRuntimeError, NotImplementedError) as error:
        raise ShapesError(f"the shapes can't be used: {error}") from error
    finally:
        gc.collect()  # what pySHACL left unfinished of Oxigraph may not be dropped elsewhere
    if not isinstance(report, Graph):
        raise ShapesError(f"the shapes can't be used: {report}")
    return report


def count_constraints(shapes: Graph) -> int:
    """Count the property shapes and SPARQL constraints."""
    from rdflib.namespace import SH

    return len({*shapes.objects(None, SH.property), *shapes.objects(None, SH.sparql)})


def report_rows(report: Graph) -> list[Row]:
    """Read the results of a report graph (SHACL, section 3.6)."""
    return list(_rows(report))


def _rows(report: Graph) -> Iterator[Row]:
    from rdflib.namespace import SH

    # A result nested in sh:detail belongs to the one that it explains.
    for result in report.objects(None, SH.result):
        focus, value, component, severity, shape, constraint = (
            report.value(result, predicate)
            for predicate in (
                *(SH.focusNode, SH.value, SH.sourceConstraintComponent, SH.resultSeverity),
                *(SH.sourceShape, SH.sourceConstraint),
            )
        )
        said = sorted(map(as_term, report.objects(result, SH.resultMessage)))
        yield Row(
            as_term(focus),
            path_text(report, report.value(result, SH.resultPath)),
            as_term(value),
            local(str(component)),
            local(str(severity)),
            as_term(shape),
            as_term(constraint),
            # Those of a validator (section 6.2.3), which its component has and not the shape.
            () if str(component).startswith(str(SH)) else tuple(said),
        )
