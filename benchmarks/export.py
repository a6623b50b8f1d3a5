"""GEXF by govkg and by networkx in one run: processor seconds and peak memory, each in a process.

    python benchmarks/export.py

The networks are trees as the divisions are, with 10,000, 100,000 and 665,271 nodes and the
attributes of `hierarchy`. What is counted is cleaning and writing, not making the tree; memory is
the peak beyond what the tree takes. networkx gets a DiGraph with the same attributes. At the full
size it takes half a minute and gigabytes. Exit code 1 where the two files hold different counts.
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from govkg.exports import Style, gexf
from govkg.exports.presentation import clean
from govkg.networks import Network
from govkg.networks.model import tidy

if TYPE_CHECKING:
    from collections.abc import Callable

SIZES = (10_000, 100_000, 665_271)
BRANCHES = 15
KINDS = ("Province", "PrefectureLevelCity", "County", "Town", "VillageUnit")


def tree(size: int) -> Network:
    """Make a tree in which each node has fifteen below it."""
    number = pl.int_range(size, eager=True)
    code = (number + 10**11).cast(pl.String)
    level = (number.clip(1).log(BRANCHES).floor().cast(pl.Int64) + 1).clip(1, 5)
    nodes = pl.DataFrame(
        {
            "id": "division:" + code,
            "label": "Xinhua Village No. " + code,
            "label_en": "Xinhua Village No. " + code,
            "label_zh": "新华村委会" + code,
            "pinyin": "xin hua cun wei hui " + code,
            "kind": level.replace_strict(range(1, 6), KINDS, return_dtype=pl.String),
            "level": level,
            "code": code,
        }
    )
    up = ((number - 1) // BRANCHES).clip(0)
    ends = {"source": nodes["id"].gather(up)[1:], "target": nodes["id"][1:]}
    edges = pl.DataFrame(ends).with_columns(kind=pl.lit("parent"))
    return Network("tree", *tidy(nodes, edges))


def by_govkg(network: Network, path: Path) -> Callable[[], None]:
    """Make ready to write as `govkg export` does."""

    def run() -> None:
        with path.open("wb") as out:
            gexf.write(clean(network)[0], out, Style())

    return run


def by_networkx(network: Network, path: Path) -> Callable[[], None]:
    """Make ready to write a graph of networkx by its own writer."""
    import networkx as nx

    graph: nx.DiGraph[Any] = nx.DiGraph()
    for row in network.nodes.iter_rows(named=True):
        graph.add_node(row.pop("id"), **row)
    for row in network.edges.iter_rows(named=True):
        graph.add_edge(row.pop("source"), row.pop("target"), **row)
    return lambda: nx.write_gexf(graph, path, version="1.2draft")


WRITERS = {"govkg": by_govkg, "networkx": by_networkx}


def alone(writer: str, size: int) -> None:
    """Write once; print what it took and what the file holds."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tree.gexf"
        run = WRITERS[writer](tree(size), path)
        before, began = _peak(), time.process_time()
        run()
        took = time.process_time() - began
        content = path.read_bytes()
        counts = [len(re.findall(rb"<%b " % tag, content)) for tag in (b"node", b"edge")]
        print(json.dumps({"seconds": took, "megabytes": _peak() - before, "counts": counts}))


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(writer: str, size: int) -> dict[str, Any]:
    """Measure in a process of its own."""
    command = [sys.executable, __file__, writer, str(size)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(found.stdout)
    return told


def main() -> int:
    """Print the table; exit code 1 where the files differ in nodes or edges."""
    if sys.argv[1:]:
        alone(sys.argv[1], int(sys.argv[2]))
        return 0
    print(f"load {os.getloadavg()[0]:.1f}; processor seconds, MB beyond the network")
    print(f"{'nodes':>9}{'govkg s':>10}{'MB':>7}{'networkx s':>12}{'MB':>7}{'ratio':>8}")
    different = False
    for size in SIZES:
        ours, theirs = (measured(writer, size) for writer in WRITERS)
        different |= ours["counts"] != theirs["counts"]
        print(
            f"{size:>9,}{ours['seconds']:>10.2f}{ours['megabytes']:>7.0f}"
            f"{theirs['seconds']:>12.2f}{theirs['megabytes']:>7.0f}"
            f"{theirs['seconds'] / ours['seconds']:>7.0f}x",
            flush=True,
        )
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
