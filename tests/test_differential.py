"""Generated queries on small graphs: rdflib and Oxigraph agree on the rows."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib import Graph

from govkg.results import Result
from govkg.store import Store

NODES = [f"<http://e/{letter}>" for letter in "abcd"]
EDGES = [f"<http://e/{letter}>" for letter in "pq"]
NAMES = ["?x", "?y", "?z"]
triples = st.tuples(*map(st.sampled_from, (NODES, EDGES, [*NODES, '"1"', '"2"@en', "3"])))
ends = st.sampled_from(NAMES + NODES)
paths = st.sampled_from(
    [*EDGES, "<http://e/p>/<http://e/q>", "<http://e/p>|<http://e/q>", "^<http://e/p>"]
)
patterns = st.builds("{} {} {} . ".format, ends, paths, ends)
groups = st.lists(patterns, min_size=1, max_size=2).map("".join)
forms = [
    "{a}",
    "{{ {a} }} UNION {{ {b} }}",
    "{a} OPTIONAL {{ {b} }}",
    "{a} MINUS {{ {b} }}",
    "{a} FILTER EXISTS {{ {b} }}",
    "{a} FILTER(isIRI(?x) || !BOUND(?y))",
    "{{ SELECT DISTINCT ?x ?y {{ {a} }} }} {b}",
]
bodies = st.builds(lambda form, a, b: form.format(a=a, b=b), st.sampled_from(forms), groups, groups)


@settings(
    max_examples=150, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck)
)
@given(st.sets(triples, min_size=1, max_size=8), bodies)
def test_both_engines_find_the_same(content: set[tuple[str, str, str]], body: str) -> None:
    turtle = "".join(f"{s} {p} {o} .\n" for s, p, o in sorted(content))
    query = f"SELECT ?x ?y ?z {{ {body} }}"
    store = Store()
    store.load_text(turtle, Path("generated.ttl"))
    ours = store.query(query)
    assert isinstance(ours, Result)
    theirs = Graph().parse(data=turtle, format="turtle").query(query)
    assert rows_of(ours) == rows_of(theirs)


def rows_of(rows: object) -> Counter[tuple[str, ...]]:
    return Counter(tuple("" if t is None else t.n3() for t in row) for row in rows)  # type: ignore[attr-defined]
