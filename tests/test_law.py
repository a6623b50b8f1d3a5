"""A law is encoded, valid, compared version by version and asked; what it prescribes stays law.

The law is of our own making (`tests/law`): a duty, a ban, a permission, a power, a competence, a
right, a promotion, a composition, a figure as content and as threshold, alternatives, an
exception, a penalty; it is enacted, repeals another and is amended.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import pytest
from rdflib import URIRef

from govkg import queries, sources, validation
from govkg.namespaces import DERIVED_GRAPH, GRAPH, PREFIXES, expand, shorten
from law_texts import GRAPHS, HERE, TEXTS, law

if TYPE_CHECKING:
    from pathlib import Path

QUESTIONS = sorted((HERE / "questions").glob("*.rq"))
CHECKS = {
    name: check
    for name, check in queries.catalog("checks").items()
    if name.startswith("no-") and check.header.scope == "data"
}
PREFIX_LINES = "".join(f"PREFIX {p}: <{i}>\n" for p, i in PREFIXES.items())


def ask(query: str) -> list[list[str]]:
    """Ask the law; give each row as prefixed names."""
    rows = law().select(query if "PREFIX" in query else PREFIX_LINES + query).rows
    return [[shorten(str(cell)) for cell in row if cell is not None] for row in rows]


def test_every_file_is_read() -> None:
    assert {*GRAPHS, *TEXTS.values(), *QUESTIONS} == {p for p in HERE.rglob("*") if p.is_file()}


def test_no_shape_finds_a_fault() -> None:
    shapes = validation.load_shapes(sources.shape_files())
    rows = validation.run_rules(validation.Data(law()), shapes, "pyshacl")
    assert [f"{row.focus} {row.path} {row.shape}" for row in rows] == []


@pytest.mark.parametrize("name", CHECKS)
def test_no_check_finds_a_fault(name: str) -> None:
    assert law().select(CHECKS[name].text).rows == ()


def test_evidence_is_in_the_texts() -> None:
    spans = ask(
        "SELECT ?document ?start ?end ?digest { ?node gov:document/dct:identifier ?document ;"
        " gov:start ?start ; gov:end ?end ; gov:quoteDigest ?digest }"
    )
    assert len(spans) > 60
    for key, start, end, digest in spans:
        quote = TEXTS[key].read_text(encoding="utf-8")[int(start) : int(end)]
        assert hashlib.sha256(quote.encode()).hexdigest() == digest


def test_every_article_of_either_version_has_a_claim() -> None:
    for key in TEXTS:
        found = ask(
            f"SELECT DISTINCT ?number {{ ?claim gov:document doc:{key} ; gov:textUnit ?unit ."
            " ?unit gov:partOfUnit? ?article . ?article gov:unitKind unit-kind:article ;"
            " gov:citation ?number }"
        )
        assert sorted(int(number) for (number,) in found) == list(range(1, 13))


def test_every_type_of_rule_occurs() -> None:
    types = {row[0] for row in ask("SELECT DISTINCT ?type { ?rule gov:ruleType ?type }")}
    known = "SELECT ?type { ?type skos:inScheme <https://w3id.org/govkg/code/rule-type> }"
    assert types == {row[0] for row in ask(known)}
    assert len(types) == 7


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_has_its_rows(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    expected = re.findall(r"^# expect: (.*)$", text, re.MULTILINE)
    assert expected
    assert [" ".join(row) for row in ask(text)] == expected


# What is prescribed stays law


PRESCRIBED = "{ ?rule gov:content|gov:omits ?node } "


def test_what_is_prescribed_yields_no_shortcut() -> None:
    content = ask(
        "SELECT ?from ?shortcut ?to { ?rule gov:content ?node . ?node a ?class ;"
        " gov:source ?from ; gov:target ?to . ?class gov:shortcut ?shortcut }"
    )
    assert ["inst:qinghe-government", "gov:leads", "inst:qinghe-leading-group"] in content
    assert not [row for row in content if ask(f"SELECT * {{ {' '.join(row)} . ?s ?p ?o }} LIMIT 1")]


def test_what_is_prescribed_has_no_worldly_type() -> None:
    worldly = "?node a ?type FILTER(?type IN (prov:Activity, org:ChangeEvent))"
    assert ask(f"SELECT ?node {{ {PRESCRIBED} ?node a gov:Establishment }}")
    assert ask(f"SELECT ?node {{ {PRESCRIBED} {worldly} }}") == []
    told = {row[0] for row in ask(f"SELECT DISTINCT ?node {{ {worldly} }}")}
    assert told == {
        "event:qinghe-enacted-2015",
        "event:qinghe-rules-repealed-2015",
        "event:qinghe-amended-2020",
    }


def test_ties_by_law_have_a_graph_of_their_own() -> None:
    graphs = ask("SELECT DISTINCT ?graph { GRAPH ?graph { ?tie gov:fromRule ?rule } }")
    assert graphs == [["graph:derived-rules"]]
    assert {one.graph for one in sources.files("rules")} == {DERIVED_GRAPH, GRAPH + "derived-rules"}


def test_a_unit_is_unchanged_unless_its_article_changed() -> None:
    units = "?unit gov:continuesUnit ?before ; gov:citation ?number"
    pairs = ask(f"SELECT ?number ?old {{ {units} . ?before gov:citation ?old }}")
    assert len(pairs) == 18
    assert all(new == old for new, old in pairs)
    changed = ask(f"SELECT ?number {{ {units} MINUS {{ ?unit gov:unchangedText true }} }}")
    assert changed == [["7"]]


# What the model promises of names


@pytest.mark.parametrize(
    ("prefix", "namespace"),
    [
        *((name, f"id/{name}/") for name in ("work", "version", "provision", "quantity")),
        ("rule-of-law", "id/rule-of-law/"),
        *(
            (name, f"code/{name}/")
            for name in ("rule-type", "work-type", "unit-kind", "comparison", "role-of")
        ),
    ],
)
def test_a_prefix_has_its_namespace(prefix: str, namespace: str) -> None:
    assert expand(f"{prefix}:a") == f"https://w3id.org/govkg/{namespace}a"
    assert shorten(f"https://w3id.org/govkg/{namespace}a") == f"{prefix}:a"


@pytest.mark.parametrize(
    "name",
    [
        *("measure", "unit", "leadUnit", "minValue", "maxValue", "refersTo"),
        *("beginEarliest", "beginLatest", "endEarliest", "endLatest"),
    ],
)
def test_a_property_without_domain(name: str) -> None:
    """Versions, ties by law, prescribed quantities and claims have them too."""
    known = ask(f"SELECT ?kind {{ gov:{name} a ?kind }}")
    assert known
    assert ask(f"SELECT ?class {{ gov:{name} rdfs:domain ?class }}") == []


def test_organizations_of_events_have_no_domain() -> None:
    for name in ("originalOrganization", "resultingOrganization"):
        property_ = URIRef(PREFIXES["org"] + name)
        assert ask(f"SELECT ?kind {{ <{property_}> a ?kind }}")
        assert ask(f"SELECT ?class {{ <{property_}> rdfs:domain ?class }}") == []
