"""PageRank that is right at any size.

networkx and rustworkx stop when the sum of all changes is below N times their tolerance. At
665,000 nodes the default of 1e-6 allows an error of 0.67 in ranks that sum to 1, so they stop
before they have begun. Here the tolerance is for the sum, whatever N is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from govkg.errors import InternalError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable

    import networkx as nx
    import numpy as np
    import rustworkx as rx
    from numpy.typing import NDArray

Engine = Literal["networkx", "rustworkx", "numpy"]

PRECISION = 1e-10
_DAMPING = 0.85
_ROUNDS = 1000


def of_graph(
    graph: nx.DiGraph[Any], engine: Engine = "numpy", precision: float = PRECISION
) -> dict[Any, float]:
    """Rank the nodes; the ranks sum to 1, and their errors to about `precision`.

    Parallel edges count as often as they are there. Raises ParameterError for an engine that
    there is not.
    """
    import numpy as np

    nodes = list(graph)
    at = {node: place for place, node in enumerate(nodes)}
    ends = np.array([(at[u], at[v]) for u, v in graph.edges()], dtype=np.intp).reshape(-1, 2)
    ranks = of_edges(ends[:, 0], ends[:, 1], len(nodes), engine, precision)
    return dict(zip(nodes, ranks.tolist(), strict=True))


def of_edges(
    source: NDArray[np.intp],
    target: NDArray[np.intp],
    nodes: int,
    engine: Engine = "numpy",
    precision: float = PRECISION,
) -> NDArray[np.float64]:
    """Rank nodes 0 to `nodes` - 1 by edges given as two arrays of positions."""
    engines: dict[str, Callable[..., NDArray[np.float64]]]
    engines = {"networkx": _networkx, "numpy": _numpy, "rustworkx": _rustworkx}
    if engine not in engines:
        raise ParameterError(f"no engine is called {engine!r}: use {', '.join(engines)}.")
    return engines[engine](source, target, nodes, precision)


def _numpy(
    source: NDArray[np.intp], target: NDArray[np.intp], nodes: int, precision: float
) -> NDArray[np.float64]:
    import numpy as np

    out = np.bincount(source, minlength=nodes)
    ranks = np.full(nodes, 1 / max(nodes, 1))
    for _ in range(_ROUNDS):
        spread = np.bincount(target, (ranks / np.maximum(out, 1))[source], minlength=nodes)
        after = _DAMPING * (spread + ranks[out == 0].sum() / max(nodes, 1))
        after += (1 - _DAMPING) / max(nodes, 1)
        moved, ranks = np.abs(after - ranks).sum(), after
        if moved < precision:
            return np.asarray(ranks, dtype=np.float64)
    raise InternalError(f"PageRank did not settle in {_ROUNDS} rounds: ask for less precision.")


def _networkx(
    source: NDArray[np.intp], target: NDArray[np.intp], nodes: int, precision: float
) -> NDArray[np.float64]:
    import networkx as nx
    import numpy as np

    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    found = nx.pagerank(graph, alpha=_DAMPING, tol=precision / max(nodes, 1), max_iter=_ROUNDS)
    return np.array([found[node] for node in range(nodes)])


def _rustworkx(
    source: NDArray[np.intp], target: NDArray[np.intp], nodes: int, precision: float
) -> NDArray[np.float64]:
    import numpy as np
    import rustworkx as rx

    graph = to_rustworkx(source, target, nodes)
    found = rx.pagerank(graph, alpha=_DAMPING, tol=precision / max(nodes, 1), max_iter=_ROUNDS)
    return np.array([found[node] for node in range(nodes)])


def to_rustworkx(
    source: NDArray[np.intp], target: NDArray[np.intp], nodes: int
) -> rx.PyDiGraph[int, None]:
    """Make a rustworkx graph of edges given as two arrays of positions."""
    import rustworkx as rx

    graph: rx.PyDiGraph[int, None] = rx.PyDiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from_no_data(list(zip(source.tolist(), target.tolist(), strict=True)))
    return graph
