"""Every rule of the build derives from each fixture exactly what stands in its graph `derived`.

`tests/rules/<rule>/<case>.trig` opens with why. What a rule of `ontology/rules` alone yields from
the other graphs and the ontology is compared with the fixture's own graph of derived triples,
whichever graph the build puts it in.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from govkg import sources
from govkg.build import derive_by
from govkg.errors import InputError
from govkg.namespaces import DERIVED_GRAPH
from govkg.store import Store

if TYPE_CHECKING:
    from rdflib.term import Node

FIXTURES = Path(__file__).parent / "rules"
CASES = sorted(FIXTURES.glob("*/*.trig"))
RULES = {path.stem: path.read_text("utf-8") for path in sources.paths("rules")}
# What may be taken away from a rule: a MINUS block, a filter, and each status that it asks for.
CONDITION = re.compile(
    r"^  MINUS \{.*\}$|^ +FILTER\(.*\)$"
    r"|gov:curationStatus status:accepted ;|\?node gov:collective true \.",
    re.MULTILINE,
)


def quads(path: Path, *, given: bool) -> Store:
    """Load what a fixture gives, or what it expects."""
    found = [q for q in ox.parse(path=path) if (q.graph_name.value == DERIVED_GRAPH) != given]
    store = Store()
    written = ox.serialize(found, format=ox.RdfFormat.N_QUADS) or b""
    store.load_text(written.decode(), Path("some.nq"))
    return store


def triples_derived(store: Store) -> set[tuple[Node | None, ...]]:
    return set(store.select(f"SELECT * {{ GRAPH <{DERIVED_GRAPH}> {{ ?s ?p ?o }} }}").rows)


def derived(path: Path, rule: str) -> set[tuple[Node | None, ...]]:
    """Give what one rule derives from a fixture and the ontology."""
    store = quads(path, given=True)
    for source in sources.files("terms"):
        store.load(source.path, source.graph)
    derive_by(store, rule)
    return triples_derived(store)


def expected(path: Path) -> set[tuple[Node | None, ...]]:
    return triples_derived(quads(path, given=False))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_rule_derives_exactly(path: Path) -> None:
    assert path.read_text("utf-8").startswith("# ")
    assert derived(path, RULES[path.parent.name]) == expected(path)


def test_every_file_is_a_case() -> None:
    assert sorted(path for path in FIXTURES.rglob("*") if path.is_file()) == CASES
    assert {path.parent.name for path in CASES} <= set(RULES)


@pytest.mark.parametrize("name", sorted({path.parent.name for path in CASES}))
def test_every_condition_of_a_rule_is_needed(name: str) -> None:
    """Without any one of its conditions a rule derives something else from some fixture."""
    paths = [path for path in CASES if path.parent.name == name]
    conditions = list(CONDITION.finditer(RULES[name]))
    for found in conditions:
        mutant = RULES[name][: found.start()] + RULES[name][found.end() :]
        assert any(differs(path, mutant) for path in paths), found.group()


def differs(path: Path, mutant: str) -> bool:
    try:
        return derived(path, mutant) != expected(path)
    except InputError:
        return True
