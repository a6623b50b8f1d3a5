#!/usr/bin/env bash
# NetworKit's GraphML reader takes weights of the type `double` (or `float`) only: where the key of
# `weight` is declared as `long` or `int`, as networkx writes whole numbers, every weight is 1 and
# the graph unweighted, without a word. (GraphML: attr.type is boolean, int, long, float, double or
# string, http://graphml.graphdrawing.org/primer/graphml-primer.html#AttributesDefinition)
# Exits non-zero where it reads whole numbers now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check networkit==11.3 networkx==3.6.1
cat >read.py <<'PY'
import networkit as nk
import networkx as nx

for weight in (3, 3.0):
    graph = nx.DiGraph()
    graph.add_edge("a", "b", weight=weight)
    nx.write_graphml(graph, "a.graphml")
    key = next(line.strip() for line in open("a.graphml") if "<key" in line)
    read = nk.graphio.GraphMLReader().read("a.graphml")
    found = (read.isWeighted(), [one for *_, one in read.iterEdgesWeights()])
    print("networkx", nx.__version__, "writes", key, "- networkit", nk.__version__, "reads", found)
    expected = (True, [3.0]) if isinstance(weight, float) else (False, [1.0])
    assert found == expected, "NetworKit reads other weights now"
PY
venv/bin/python read.py
