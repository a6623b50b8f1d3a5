#!/usr/bin/env bash
# Tulip's GraphML import keeps of a text only what stands behind its last character reference or
# entity: "R&amp;D Office" is read as "D Office", and a Chinese name that networkx wrote (a
# reference for each character, under a header that says UTF-8) as its last character. The import
# is a SAX handler whose characters() overwrites the value, though a parser may call it many times
# (https://docs.python.org/3/library/xml.sax.handler.html: "in a single chunk, or ... several").
# Exits non-zero where it keeps the whole text now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tulip-python==6.0.0 networkx==3.6.1
cat >read.py <<'PY'
import networkx as nx
from tulip import tlp

graph = nx.DiGraph()
for node, label in (("1", "R&D Office"), ("2", "市政府"), ("3", "Office")):
    graph.add_node(node, label=label)
with open("a.graphml", "wb") as out:
    out.write(b'<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(nx.generate_graphml(graph)).encode())
print("networkx", nx.__version__, "writes", [line.strip() for line in open("a.graphml") if "&#" in line])
back = nx.read_graphml("a.graphml")
print("networkx reads", [row["label"] for _, row in back.nodes(data=True)])
drawn = tlp.importGraph("GraphML", {"file::filename": "a.graphml"})
label = drawn.getStringProperty("label")
found = [label[node] for node in drawn.getNodes()]
print("tulip", tlp.getTulipRelease(), "reads", found)
assert found == ["D Office", "府", "Office"], "Tulip keeps other texts now"
PY
venv/bin/python -W ignore read.py
