"""Which engine runs what: one function for all of them, data and shapes in, rows out.

Each engine has a module with `begin(data, shapes, focus, limits)`, which starts core shapes and
gives what waits for their rows.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal

from govkg.validation import shapes as shapes_of
from govkg.validation.constraints import in_store, sparql_rows
from govkg.validation.data import LARGE, Data, Focus
from govkg.validation.engines import pyshacl, shacl_rust, topbraid
from govkg.validation.engines.process import Limits
from govkg.validation.ill_typed import is_refused_wrongly, put_back, set_apart

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph

    from govkg.validation.result import Row

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


ENGINES: dict[str, Engine] = {
    "pyshacl": pyshacl.begin,
    "shacl-rust": shacl_rust.begin,
    "topbraid": topbraid.begin,
}
