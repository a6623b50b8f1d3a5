#!/usr/bin/env bash
# pyoxigraph's `substitutions` bind a variable in triple patterns and in the answer, and do not in
# FILTER and in nested groups: BOUND(?this) is false of a variable that the answer has. They are
# not the pre-binding that SHACL-SPARQL asks for (appendix A).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pyoxigraph==0.5.13
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from pyoxigraph import NamedNode, Quad, Store, Variable

print("pyoxigraph", version("pyoxigraph"))
store, node = Store(), NamedNode("urn:a")
store.add(Quad(node, NamedNode("urn:p"), NamedNode("urn:b")))


def rows(query):
    found = store.query(query, substitutions={Variable("this"): node})
    return [tuple(str(term) for term in row) for row in found]


pattern = rows("SELECT ?this { ?this <urn:p> ?o }")
bound = rows("SELECT ?this { FILTER(BOUND(?this)) }")
nested = rows("SELECT ?this ?x { { BIND(?this AS ?x) } }")
print("in a triple pattern:", pattern)
print("in FILTER(BOUND(?this)):", bound)
print("BIND(?this AS ?x) in a nested group:", nested)
assert pattern == [("<urn:a>",)]
assert bound == []
assert nested == [("<urn:a>", "None")]
PYTHON
