#!/usr/bin/env bash
# pySHACL looks for the keywords that SHACL rules out (appendix A) by regular expressions over the
# text of a query: the end of a name and the words of a string count as keywords. Of messages with
# placeholders it drops the language (pyshacl/constraints/constraint_component.py, make_v_result).
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check pyshacl==0.40.1 rdflib==7.6.0
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import pyshacl
from rdflib import SH, Graph

print("pySHACL", version("pyshacl"))
SHAPE = """@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
ex:desk a ex:Office ; ex:public-service ex:letters .
ex:S a sh:NodeShape ; sh:targetClass ex:Office ; sh:sparql [ sh:message "{?what}"@en ; sh:select
''' PREFIX ex: <http://example.org/> SELECT $this ?what WHERE { %s } ''' ] .
"""


def run(pattern):
    graph = Graph().parse(data=SHAPE % pattern, format="turtle")
    _, report, text = pyshacl.validate(graph, shacl_graph=graph)
    return list(report.objects(None, SH.resultMessage)) if isinstance(report, Graph) else text


plain = run("$this a ?what")
name = run("$this ex:public-service ?what")
string = run('$this a ?what . FILTER(STR(?what) != " VALUES (")')
print("plain:", plain, "- language:", plain[0].language)
print("a name that ends in service:", name)
print("a string with VALUES:", string)
assert [str(said) for said in plain] == ["http://example.org/Office"]
assert plain[0].language is None
assert "SERVICE" in str(name)
assert "VALUES" in str(string)
PYTHON
