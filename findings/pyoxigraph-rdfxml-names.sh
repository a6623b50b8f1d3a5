#!/usr/bin/env bash
# pyoxigraph writes RDF/XML that is not well-formed, without an error, where the IRI of a property or a
# class ends in no XML name (http://example.org/1): an element called `oxprefix:` with nothing behind it.
# A carriage return is written as it is, so that every XML reader makes a line feed of it.
# The RDF is valid; RDF/XML has no form for such a property and a serializer must say so
# (RDF 1.1 XML Syntax, section 8: "Serializing an RDF Graph to RDF/XML"), as rdflib does.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet pyoxigraph==0.5.13 rdflib==7.6.0
venv/bin/python - <<'PYTHON'
import xml.etree.ElementTree as ET

import pyoxigraph as ox
from rdflib import Graph

print("pyoxigraph", ox.__version__)
CASES = {
    "property": "<http://example.org/a> <http://example.org/1> <http://example.org/b> .",
    "class": "<http://example.org/a> a <http://example.org/1> .",
    "carriage return": '<http://example.org/a> <http://example.org/p> "x\\ry" .',
}
seen = {}
for name, turtle in CASES.items():
    triples = [quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)]
    written = ox.serialize(triples, format=ox.RdfFormat.RDF_XML).decode()
    print(f"--- {name}\n{written}")
    try:
        ET.fromstring(written)
    except ET.ParseError as error:
        seen[name] = "not well-formed"
        print(error)
        continue
    [(_, _, value)] = Graph().parse(data=written, format="xml")
    seen[name] = repr(str(value))
print(seen)
try:
    Graph().parse(data=CASES["property"], format="turtle").serialize(format="xml")
except ValueError as error:
    print("rdflib:", error)
else:
    raise SystemExit("rdflib writes it now")
wanted = {"property": "not well-formed", "class": "not well-formed", "carriage return": repr("x\ny")}
if seen != wanted:
    raise SystemExit("the behavior has changed")
PYTHON
