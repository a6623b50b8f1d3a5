"""Which engine runs what: one function for all of them, data and shapes in, rows out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from govkg.errors import ShapesError
from govkg.validation import fast, topbraid
from govkg.validation import shapes as shapes_of
from govkg.validation.constraints import in_store, sparql_rows
from govkg.validation.data import LARGE, Data
from govkg.validation.literals import is_refused_wrongly, put_back, set_apart, shown_datatype
from govkg.validation.rows import Row, as_node, in_syntax
from govkg.validation.shacl import focus_nodes, on_nodes, pyshacl_rows
from govkg.validation.worker import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph

    Focus = frozenset[str] | None
    Engine = Callable[[Data, Graph, Focus, Limits], Callable[[], list[Row]]]

EngineName = Literal["pyshacl", "shacl-rust", "topbraid"]


def choose(data: Data) -> EngineName:
    """Take pySHACL for what people edit, shacl-rust for what is too large for it."""
    return "pyshacl" if data.size <= LARGE else "shacl-rust"


def run_rules(
    data: Data,
    shapes: Graph,
    engine: str,
    focus: Focus = None,
    *,
    limits: Limits | None = None,
    ours: bool = False,
) -> list[Row]:
    """Run every shape: core in the engine, SPARQL constraints in the store.

    With `focus`, only rows about these nodes (IRIs, `_:labels`) are given. Raises ShapesError for
    shapes that the engine can't use, InternalError past the limits.
    """
    from rdflib.namespace import SH

    queries = in_store(shapes)
    core = shapes_of.without(shapes, [(one.shape, SH.sparql, one.query) for one in queries])
    core = set_apart(core)
    # Processes of the engine run beside the store; nothing of Oxigraph may leave this thread.
    engine_rows = ENGINES[engine](data, core, focus, limits or Limits())
    of_store = list(sparql_rows(shapes, queries, partial(data.store_of, shapes), ours=ours))
    of_engine = map(put_back, engine_rows())
    found = [row for row in of_engine if not is_refused_wrongly(row, core)] + of_store
    return [row for row in found if focus is None or row.focus.strip("<>") in focus]


def _pyshacl(data: Data, shapes: Graph, focus: Focus, _: Limits) -> Callable[[], list[Row]]:
    def rows() -> list[Row]:
        if focus is None:
            return pyshacl_rows(data.store.to_rdflib(shown=shown_datatype), shapes)
        nodes = [node for name in focus if (node := as_node(in_syntax(name)))]
        return on_nodes(data.store, shapes, focus_nodes(data.store, shapes, nodes))

    return rows


def _shacl_rust(data: Data, shapes: Graph, _: Focus, limits: Limits) -> Callable[[], list[Row]]:
    from rdflib.namespace import RDF, SH

    by_query = (SH.sparql, SH.validator, SH.nodeValidator, SH.propertyValidator, SH.ask)
    left = [node for predicate in by_query for node in shapes.subjects(predicate)]
    left += shapes.subjects(RDF.type, SH.ConstraintComponent)
    if left:
        raise ShapesError(
            f"{left[0]} needs a query for each node, which the fast engine has not: "
            "use --engine pyshacl."
        )
    return fast.begin(data, shapes, limits)


def _topbraid(data: Data, shapes: Graph, _: Focus, limits: Limits) -> Callable[[], list[Row]]:
    return topbraid.begin(data, shapes, limits)


ENGINES: dict[str, Engine] = {
    "pyshacl": _pyshacl,
    "shacl-rust": _shacl_rust,
    "topbraid": _topbraid,
}
