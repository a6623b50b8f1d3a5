"""Large work shared out to two processes: shacl-rust uses one core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.validation import shapes as shapes_of

if TYPE_CHECKING:
    from rdflib import Graph
    from rdflib.term import Node

    from govkg.validation.data import Data

CORES = 2  # each reads all the data: more would cost more memory than they save time
_ENOUGH = 100_000


def shared_out(data: Data, shapes: Graph) -> list[Graph]:
    """Divide shapes for large data into two graphs with about half of the work each."""
    if not data.large:
        return [shapes]
    work = {shape: _work(data, shapes, shape) for shape in shapes_of.targeted(shapes)}
    shares: list[list[Node]] = [[] for _ in range(CORES)]
    for shape in sorted(work, key=lambda shape: (-work[shape], str(shape))):
        min(shares, key=lambda share: sum(work[one] for one in share)).append(shape)
    return [shapes_of.without_targets(shapes, work.keys() - set(share)) for share in shares]


def _work(data: Data, shapes: Graph, shape: Node) -> int:
    """Estimate a shape's work: its nodes in large graphs, up to some, times its rules."""
    from rdflib.namespace import SH

    targets = " UNION ".join(shapes_of.target_patterns(shapes, shape))
    nodes = 0
    for graph in data.reached:
        among = f"SELECT ?this {{ GRAPH <{graph}> {{ {targets} }} }} LIMIT {_ENOUGH}"
        (row,) = data.store.select(f"SELECT (COUNT(*) AS ?n) {{ {{ {among} }} }}")
        nodes += int(row.n)
    return nodes * (1 + len(list(shapes.objects(shape, SH.property))))
