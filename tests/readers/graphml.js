// Read a GraphML file with graphology's reader and with Cytoscape's; say what each finds in it.
const fs = require('fs');
const cytoscape = require('cytoscape');
const Graph = require('graphology');
const graphml = require('graphology-graphml');
const {JSDOM} = require('jsdom');

const text = fs.readFileSync(process.argv[2], 'utf8');

const byGraphology = () => {
  const graph = graphml.parse(Graph, text);
  return {
    nodes: graph.mapNodes((id, row) => ({...row, id})),
    edges: graph.mapEdges((id, row, source, target) => ({...row, id, source, target})),
  };
};

// Cytoscape's reader is a plug-in of the browser: it asks the page for an XML parser.
const byCytoscape = () => {
  const {window} = new JSDOM('');
  global.window = window;
  require('cytoscape-graphml')(cytoscape, require('jquery'));
  cytoscape.warnings(false);
  const drawn = cytoscape({headless: true});
  drawn.graphml({layoutBy: 'null'});
  drawn.graphml(text);
  return {
    nodes: drawn.nodes().map((one) => one.data()),
    edges: drawn.edges().map((one) => one.data()),
  };
};

console.log(JSON.stringify({graphology: byGraphology(), cytoscape: byCytoscape()}));
