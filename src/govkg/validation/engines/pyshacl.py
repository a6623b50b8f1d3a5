"""The engine of record: pySHACL."""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from govkg.errors import GovkgError, InternalError, ShapesError
from govkg.namespaces import shorten
from govkg.validation import shapes as shapes_of
from govkg.validation.ill_typed import set_apart, shown_datatype
from govkg.validation.patterns import for_python
from govkg.validation.result import Row, as_node, in_syntax, named, report_rows
from govkg.validation.shapes import focus_nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store import Store
    from govkg.validation.data import Data, Focus
    from govkg.validation.engines.process import Limits
    from govkg.validation.shapes import Targets


def begin(data: Data, shapes: Graph, focus: Focus, _: Limits) -> Callable[[], list[Row]]:
    """Give what runs core shapes, on all nodes or on some, in this process."""

    def rows() -> list[Row]:
        if focus is None:
            return pyshacl_rows(data.store.to_rdflib(shown=shown_datatype), shapes)
        nodes = [node for name in focus if (node := as_node(in_syntax(name)))]
        return on_nodes(data.store, shapes, focus_nodes(data.store, shapes, nodes))

    return rows


def pyshacl_rows(data: Graph, shapes: Graph) -> list[Row]:
    """Run shapes in pySHACL with no inference: the build has derived what shapes rely on.

    Raises ShapesError where pySHACL can't use the shapes, InternalError, with the shape, where it
    fails.
    """
    try:
        with for_python(shapes), direct_targets(shapes):
            return report_rows(run_pyshacl(data, shapes))
    except (GovkgError, LookupError, MemoryError):
        raise
    except Exception as error:
        shape = _failing(data, shapes)
        said = f"{type(error).__name__}: {error}"[:200]
        raise InternalError(f"pySHACL failed{f' on {shape}' if shape else ''} ({said}).") from error


@contextmanager
def direct_targets(shapes: Graph) -> Iterator[None]:
    """Give property shapes the targets of the one shape that calls them, instead of the call.

    The results are the same (SHACL, section 2.3); pySHACL then takes a property shape up once for
    all focus nodes, not once for each. The graph is as it was when the context ends.
    """
    calls = _replaceable_calls(shapes)
    targets = {
        (called, predicate, target)
        for shape, _, called in calls
        for predicate, target in shapes_of.targets_of(shapes, shape)
    }
    targets -= set(shapes)
    for triple in calls:
        shapes.remove(triple)
    for triple in targets:
        shapes.add(triple)
    try:
        yield
    finally:
        for triple in targets:
            shapes.remove(triple)
        for triple in calls:
            shapes.add(triple)


def _replaceable_calls(shapes: Graph) -> list[tuple[Node, Node, Node]]:
    """List the calls of property shapes that say no more than targets would."""
    from rdflib.namespace import SH

    callers = Counter(called for _, called in shapes_of.calls(shapes))
    # These look at all property shapes of a shape.
    whole = set(shapes.subjects(SH.closed, None)) | set(shapes.subjects(SH.target, None))
    for disjoint in shapes.subjects(SH.qualifiedValueShapesDisjoint, None):
        whole |= set(shapes.subjects(SH.property, disjoint))
    return [
        (shape, SH.property, called)
        for shape in shapes_of.targeted(shapes)
        if not callers[shape] and shape not in whole
        for called in shapes.objects(shape, SH.property)
        if callers[called] == 1 and (called, SH.path, None) in shapes
    ]


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
    from govkg.validation.engines.store_view import view

    chosen = {shape: nodes for shape, nodes in targets.items() if nodes}
    if not chosen:
        return []
    aimed = set_apart(shapes_of.aimed(shapes, chosen))
    try:
        return pyshacl_rows(view(store), aimed)
    except LookupError:  # pySHACL describes blank nodes, and looks for them in a graph of its own
        return pyshacl_rows(store.to_rdflib(shown=shown_datatype), aimed)


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
