#!/usr/bin/env bash
# A GraphML <key> whose `for` is "all" (the schema's default), as read by igraph, Tulip and
# graphology-graphml: igraph and Tulip leave its values out, graphology-graphml raises TypeError.
# The GraphML schema (http://graphml.graphdrawing.org/xmlns/1.0/graphml-structure.xsd) lists
# all | graph | node | edge | hyperedge | port | endpoint, with the default "all".
# Exits non-zero where one of them reads it now.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >all.graphml <<'XML'
<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="kind" for="all" attr.name="kind" attr.type="string"/>
  <key id="label" for="node" attr.name="label" attr.type="string"/>
  <graph edgedefault="directed">
    <node id="a"><data key="kind">City</data><data key="label">A</data></node>
    <node id="b"><data key="kind">City</data><data key="label">B</data></node>
    <edge id="0" source="a" target="b"><data key="kind">leads</data></edge>
  </graph>
</graphml>
XML
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check igraph==1.0.0 tulip-python==6.0.0 networkx==3.6.1
npm install --silent --no-audit --no-fund --ignore-scripts graphology@0.26.0 graphology-graphml@0.5.2 >/dev/null
cat >read.py <<'PY'
import warnings

import igraph
import networkx as nx
from tulip import tlp

warnings.simplefilter("ignore")
one = nx.read_graphml("all.graphml")
print("networkx", nx.__version__, "node a:", one.nodes["a"])
assert one.nodes["a"] == {"kind": "City", "label": "A"}
graph = igraph.Graph.Read_GraphML("all.graphml")
print("igraph", igraph.__version__, "node a:", graph.vs[0].attributes(), "edge:", graph.es[0].attributes())
assert "kind" not in graph.vs.attributes() + graph.es.attributes(), "igraph reads it now"
drawn = tlp.importGraph("GraphML", {"file::filename": "all.graphml"})
names = [name for name in drawn.getLocalProperties() if not name.startswith("view")]
print("tulip", tlp.getTulipRelease(), "properties:", names)
assert names == ["label"], "Tulip reads it now"
PY
venv/bin/python read.py
cat >read.js <<'JS'
const Graph = require('graphology');
const {parse} = require('graphology-graphml');
const version = require('graphology-graphml/package.json').version;
try {
  parse(Graph, require('fs').readFileSync('all.graphml', 'utf8'));
  console.log('graphology-graphml', version, 'reads it now');
  process.exit(1);
} catch (error) {
  console.log('graphology-graphml', version, `${error.name}: ${error.message}`);
  process.exit(error instanceof TypeError ? 0 : 1);
}
JS
node read.js
