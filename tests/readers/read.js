// Read a GEXF file (or graphology's JSON) and say what is in it: counts, ids, attributes.
const fs = require('fs');
const Graph = require('graphology');
const gexf = require('graphology-gexf');

const path = process.argv[2];
const text = fs.readFileSync(path, 'utf8');
const graph = path.endsWith('.json')
  ? Graph.from(JSON.parse(text))
  : gexf.parse(Graph.MultiGraph, text);

const count = (rows) => {
  const found = {};
  for (const row of rows) for (const name of Object.keys(row)) found[name] = (found[name] || 0) + 1;
  return found;
};
const nodes = graph.mapNodes((key, row) => row);
const edges = graph.mapEdges((key, row) => row);
console.log(
  JSON.stringify({
    nodes: graph.order,
    edges: graph.size,
    labels: Object.fromEntries(graph.mapNodes((key, row) => [key, row.label])),
    nodeAttributes: count(nodes),
    edgeAttributes: count(edges),
    edgeRows: graph.mapEdges((key, row, source, target) => ({...row, source, target})),
    kinds: edges.reduce((found, row) => ({...found, [row.kind]: (found[row.kind] || 0) + 1}), {}),
  })
);
