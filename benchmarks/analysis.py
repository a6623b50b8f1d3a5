"""How long networkx, rustworkx and numpy take over the hierarchy, each result checked.

    python benchmarks/analysis.py [SIZE...]

SIZE is a number of divisions of 2023 (default 10000 100000 665271): the first by code, which are
closed under their parents. Descendants and depth are counted for every node, PageRank runs from
child to parent. Ratios are to numpy within the same run; `error` is the sum of differences from a
direct solution (scipy), for the default tolerances too.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pagerank
import rustworkx as rx
import scipy.sparse as sparse
from scipy.sparse.linalg import spsolve

from govkg.analysis import divisions
from govkg.analysis.hierarchy import Hierarchy

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl
    from numpy.typing import NDArray

    Positions = NDArray[np.intp]

SIZES = (10_000, 100_000, 665_271)
_DAMPING = 0.85


def below_networkx(graph: nx.DiGraph[int]) -> list[int]:
    """Count descendants from the leaves up, in plain Python over networkx."""
    order = list(nx.topological_sort(graph))
    found = dict.fromkeys(order, 0)
    for node in reversed(order):
        for child in graph[node]:
            found[node] += found[child] + 1
    return [found[node] for node in range(len(order))]


def below_rustworkx(graph: rx.PyDiGraph[int, None]) -> list[int]:
    """Count descendants from the leaves up, in plain Python over rustworkx."""
    order = rx.topological_sort(graph)
    found = [0] * len(order)
    for node in reversed(order):
        for child in graph.successor_indices(node):
            found[node] += found[child] + 1
    return found


def depth_networkx(graph: nx.DiGraph[int]) -> list[int]:
    """Take the steps from the roots, by generations."""
    found = {n: i for i, layer in enumerate(nx.topological_generations(graph)) for n in layer}
    return [found[node] for node in range(len(found))]


def depth_rustworkx(graph: rx.PyDiGraph[int, None]) -> list[int]:
    """Take the steps from the roots, by generations."""
    found = {n: i for i, layer in enumerate(rx.topological_generations(graph)) for n in layer}
    return [found[node] for node in range(len(found))]


def solve(source: Positions, target: Positions, nodes: int) -> NDArray[np.float64]:
    """Solve for PageRank directly."""
    steps = sparse.csc_matrix((np.ones(len(source)), (target, source)), shape=(nodes, nodes))
    found = spsolve(sparse.identity(nodes, format="csc") - _DAMPING * steps, np.ones(nodes))
    return found / found.sum()


def timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Do it once; give the seconds and the result."""
    begin = time.perf_counter()
    result = work()
    return time.perf_counter() - begin, result


def measure(size: int, units: pl.DataFrame) -> None:
    """Measure one size and print its rows."""
    kept = units.head(size)
    seconds, hierarchy = timed(lambda: Hierarchy.of_frame(kept))
    child = np.flatnonzero(hierarchy.parent >= 0)
    above, nodes = hierarchy.parent[child], len(hierarchy)
    pairs = list(zip(above.tolist(), child.tolist(), strict=True))
    into_nx, graph = timed(lambda: networkx_graph(pairs, nodes))
    into_rx, other = timed(lambda: pagerank.to_rustworkx(above, child, nodes))
    row(size, "build", into_nx, into_rx, seconds)
    compare(
        size, "descendants", lambda: below_networkx(graph), lambda: below_rustworkx(other),
        lambda: Hierarchy.of_frame(kept).descendants().tolist(),
    )  # fmt: skip
    compare(
        size, "depth", lambda: depth_networkx(graph), lambda: depth_rustworkx(other),
        lambda: Hierarchy.of_frame(kept).depths().tolist(),
    )  # fmt: skip
    ranks(size, child, above, nodes)


def networkx_graph(pairs: list[tuple[int, int]], nodes: int) -> nx.DiGraph[int]:
    """Make a networkx graph of pairs."""
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(nodes))
    graph.add_edges_from(pairs)
    return graph


def compare(size: int, name: str, *works: Callable[[], Any]) -> None:
    """Time three ways to one result, and insist that it is one."""
    times, results = zip(*(timed(work) for work in works), strict=True)
    if not results[0] == results[1] == results[2]:
        sys.exit(f"{name}: the engines disagree")
    row(size, name, *times)


def ranks(size: int, source: Positions, target: Positions, nodes: int) -> None:
    """Time PageRank and print how wrong each is, at our tolerance and at the default one."""
    truth = solve(source, target, nodes)
    engines: tuple[pagerank.Engine, ...] = ("networkx", "rustworkx", "numpy")
    ours = [
        timed(lambda e=engine: pagerank.of_edges(source, target, nodes, e)) for engine in engines
    ]
    row(size, "PageRank, graph included", *(seconds for seconds, _ in ours))
    graph = networkx_graph(list(zip(source.tolist(), target.tolist(), strict=True)), nodes)
    default_nx = nx.pagerank(graph)
    default_rx = rx.pagerank(pagerank.to_rustworkx(source, target, nodes))
    wrong = [np.abs(found - truth).sum() for _, found in ours]
    default = [
        sum(abs(found[node] - truth[node]) for node in range(nodes))
        for found in (default_nx, default_rx)
    ]
    for tolerance, errors in (("our", wrong), ("default", default)):
        told = " ".join(f"{error:9.0e}" for error in errors)
        print(f"{size:>8,}  {f'  error, {tolerance} tolerance':<26} {told}")


def row(size: int, name: str, *seconds: float) -> None:
    """Print seconds, and ratios to the last."""
    told = " ".join(f"{one:9.3f}" for one in seconds)
    ratios = " ".join(f"x {one / seconds[-1]:7.1f}" for one in seconds[:-1])
    print(f"{size:>8,}  {name:<26} {told}   {ratios}")


def main() -> None:
    """Measure each size."""
    units = divisions.listed(2023)
    print(f"{'nodes':>8}  {'':<26} {'networkx':>9} {'rustworkx':>9} {'numpy':>9}   to numpy")
    for size in [int(word) for word in sys.argv[1:]] or list(SIZES):
        measure(size, units)


if __name__ == "__main__":
    main()
