#!/usr/bin/env bash
# A SHACL path may be a modifier of a modifier (SHACL, section 2.3.1). SPARQL has it in brackets,
# (<a>?)+, since a path element takes one modifier only (SPARQL 1.1, section 19.8, rule 91). rdflib
# reads such a path and writes it without the brackets, which neither it nor Oxigraph can read.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check rdflib==7.6.0 pyoxigraph==0.5.13
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pyoxigraph
from rdflib import Graph, URIRef
from rdflib.extras.shacl import parse_shacl_path
from rdflib.namespace import SH

print("rdflib", version("rdflib"), "pyoxigraph", version("pyoxigraph"))
graph = Graph().parse(format="turtle", data="""
    @prefix sh: <http://www.w3.org/ns/shacl#> .
    <urn:shape> sh:path [ sh:oneOrMorePath [ sh:zeroOrOnePath <urn:a> ] ] .
    <urn:x> <urn:a> <urn:y> .
""")
path = parse_shacl_path(graph, graph.value(URIRef("urn:shape"), SH.path))
print("reached from <urn:x>:", sorted(graph.objects(URIRef("urn:x"), path)))
assert len(set(graph.objects(URIRef("urn:x"), path))) == 2
print("written:", path.n3())
assert path.n3() == "<urn:a>?+"


def readers(written: str) -> list[str]:
    query = f"SELECT ?to {{ <urn:x> {written} ?to }}"
    found = []
    for name, read in (("rdflib", graph.query), ("pyoxigraph", pyoxigraph.Store().query)):
        try:
            list(read(query))
            found.append(name)
        except Exception as error:
            print(f"{name}: {written} can't be read ({type(error).__name__})")
    return found


assert readers(path.n3()) == []
assert readers("(<urn:a>?)+") == ["rdflib", "pyoxigraph"]
PYTHON
