#!/usr/bin/env bash
# pyoxigraph writes rdf:type in JSON-LD as a property with its whole IRI and not as @type, so a frame by
# @type (PyLD) finds none of the nodes, and who reads the JSON by "@type" finds no class. The algorithm
# "Serialize RDF as JSON-LD" of the JSON-LD 1.1 API makes @type of it unless useRdfType is set (its
# default is false); PyLD and rdflib do so with the same triples.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pyoxigraph==0.5.13 PyLD==2.0.4 rdflib==7.6.0
venv/bin/python - <<'PYTHON'
import json

import pyoxigraph as ox
from pyld import jsonld
from rdflib import Graph

print("pyoxigraph", ox.__version__)
NT = (
    "<http://example.org/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://example.org/C> .\n"
    '<http://example.org/a> <http://example.org/p> "x" .\n'
)
triples = [quad.triple for quad in ox.parse(NT, format=ox.RdfFormat.N_TRIPLES)]
ways = {
    "pyoxigraph": json.loads(ox.serialize(triples, format=ox.RdfFormat.JSON_LD)),
    "PyLD": jsonld.from_rdf(NT, {"format": "application/n-quads"}),
    "rdflib": json.loads(Graph().parse(data=NT, format="nt").serialize(format="json-ld")),
}
framed = {}
for name, document in ways.items():
    print(f"--- {name}\n{json.dumps(document)}")
    found = jsonld.frame(document, {"@type": "http://example.org/C"})
    framed[name] = "http://example.org/p" in found
print("found by a frame:", framed)
if framed != {"pyoxigraph": False, "PyLD": True, "rdflib": True}:
    raise SystemExit("the behavior has changed")
PYTHON
