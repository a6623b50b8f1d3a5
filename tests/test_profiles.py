"""Texts from elsewhere hold under the core alone: an English parish and borough, a French commune.

Each folder of `tests/profiles` has a text of our own, its claims, and a profile of a few kinds.
No term or shape of another country's profile is loaded.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef

from govkg import build, layout, queries, sources, validation
from govkg.namespaces import GOV, ONTOLOGY_GRAPH, PREFIXES, document_graph
from govkg.store import Store

HERE = Path(__file__).parent / "profiles"
SENTENCES = {"en": 20, "fr": 10}
# What a ready question answers of each text: the labels that one column of its rows shows.
ANSWERS = {
    ("cq05-heads", "en"): {"Oldcombe Parish Council", "Brackwell Borough Council"},
    ("cq05-heads", "fr"): {"Mairie de Valmont"},
    ("cq08-renamings", "en"): {"Highways service", "Streets service"},
    ("cq08-renamings", "fr"): {"Service de la voirie", "Service des travaux"},
    ("cq09-concurrent-posts", "en"): {"Clerk of Oldcombe Parish Council"},
    ("cq09-concurrent-posts", "fr"): {"Maire de Valmont"},
    ("cq10-founded-in-year", "en"): {"Oldcombe Parish Council", "Oldcombe Vale Parish Council"},
    ("cq10-founded-in-year", "fr"): {"Syndicat des eaux"},
    ("cq29-timeline", "en"): {"Making of the parish of Oldcombe Vale"},
    ("cq29-timeline", "fr"): {"Valmont absorbe Valbas"},
}


def of_core(paths: list[Path]) -> list[Path]:
    """Leave out what belongs to a profile."""
    apart = {layout.ONTOLOGY / "profiles", layout.ONTOLOGY / "govkg-cn.ttl"}
    return [path for path in paths if not apart & {path, *path.parents}]


@cache
def graph_of(language: str, extra: str = "") -> Store:
    """Build the core, a profile, its text, and Turtle beside it."""
    store = Store()
    for path in [*of_core(sources.term_files()), HERE / language / "profile.ttl"]:
        store.add_skolemized(path, ONTOLOGY_GRAPH)
    store.load(HERE / language / "data.ttl", document_graph(f"own{language}"))
    if extra:
        prefixes = "".join(f"@prefix {p}: <{i}> .\n" for p, i in PREFIXES.items())
        store.load_text(prefixes + extra, Path("extra.ttl"), document_graph("extra"))
    build.derive(store)
    return store


def findings(language: str, extra: str = "") -> list[str]:
    """List what the core's shapes find."""
    shapes = validation.load_shapes(of_core(sources.shape_files()))
    rows = validation.run_rules(validation.Data(graph_of(language, extra)), shapes, "pyshacl")
    return sorted(f"{row.focus} {row.path} {row.shape}" for row in rows)


def test_every_folder_is_a_case() -> None:
    assert {path.name for path in HERE.iterdir()} == set(SENTENCES)
    assert of_core(sources.shape_files()) != sources.shape_files()


@pytest.mark.parametrize("language", SENTENCES)
def test_a_text_from_elsewhere_is_valid(language: str) -> None:
    assert findings(language) == []


def test_what_only_china_asks_for_is_asked_of_china_alone() -> None:
    """Levels beyond the fifth, lines, functions and levels of government of another scheme."""
    extra = """
        concept:own a skos:Concept ; rdfs:label "x"@en ; skos:prefLabel "x"@en ;
          skos:inScheme <https://w3id.org/govkg/code/concept> ;
          skos:topConceptOf <https://w3id.org/govkg/code/concept> .
        <https://w3id.org/govkg/code/concept> a skos:ConceptScheme ; rdfs:label "x"@en .
        territory:x a gov:Territory ; rdfs:label "x"@en ; gov:divisionLevel 6 .
        rel:x a gov:Responsibility ; rdfs:label "x"@en ; gov:source inst:x ;
          gov:target concept:own ; gov:involvement involvement:leads ; gov:line concept:own ;
          gov:function concept:own .
        inst:x a gov:Institution ; rdfs:label "x"@en .
        tier:x a gov:TierLevel ; rdfs:label "x"@en ; gov:tierPattern concept:own ; gov:ordinal 1 ;
          gov:kind gov:Court ; gov:cityType concept:own ; gov:countsAs concept:own .
    """
    assert findings("en", extra) == []


@pytest.mark.parametrize("language", SENTENCES)
def test_the_shapes_look_at_such_a_text(language: str) -> None:
    (found,) = findings(
        language, 'inst:x a gov:Court ; rdfs:label "x"@en ; gov:jurisdiction inst:x .'
    )
    assert "InstitutionShape-jurisdiction" in found


@pytest.mark.parametrize(("language", "count"), SENTENCES.items())
def test_every_sentence_has_a_claim_that_its_digest_proves(language: str, count: int) -> None:
    text = (HERE / language / "text.txt").read_text(encoding="utf-8")
    graph = Graph().parse(HERE / language / "data.ttl")
    spans = sorted(
        tuple(
            str(graph.value(claim, URIRef(GOV + name))) for name in ("start", "end", "quoteDigest")
        )
        for claim in graph.subjects(RDF.type, URIRef(GOV + "Claim"))
    )
    found = sorted((int(start), int(end), digest) for start, end, digest in spans)
    assert [text[start:end] for start, end, _ in found] == text.splitlines()
    assert len(found) == count
    for start, end, digest in found:
        assert hashlib.sha256(text[start:end].encode()).hexdigest() == digest


@pytest.mark.parametrize(("name", "language"), ANSWERS)
def test_a_ready_question_answers(name: str, language: str) -> None:
    answer = graph_of(language).select(queries.catalog("competency")[name].text)
    assert ANSWERS[name, language] <= {str(cell) for row in answer.rows for cell in row}
