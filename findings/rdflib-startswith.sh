#!/usr/bin/env bash
# An RDF term of rdflib is a str, yet its startswith is not that of str: a tuple of prefixes is
# turned into one text, so that the answer is no, without an error, and start and end are ignored.
# Whoever picks the IRIs of some namespaces by a tuple gets none. (rdflib/term.py, Identifier.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check rdflib==7.6.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

from rdflib import Graph, URIRef

print("rdflib", version("rdflib"))
graph = Graph().parse(format="turtle", data="<https://example.org/a> a <http://example.org/B> .")
(term,) = graph.subjects()
assert isinstance(term, URIRef) and isinstance(term, str)
schemes = ("https://", "http://")
print("tuple of prefixes:", term.startswith(schemes), "- as a str:", str(term).startswith(schemes))
print("from place 8:", term.startswith("example", 8), "- as a str:", str(term).startswith("example", 8))
assert (term.startswith(schemes), str(term).startswith(schemes)) == (False, True)
assert (term.startswith("example", 8), str(term).startswith("example", 8)) == (False, True)
assert term.startswith("https://") is True
PYTHON
