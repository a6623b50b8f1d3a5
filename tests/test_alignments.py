"""Mappings go from terms of ours that exist to terms of theirs that were seen, kind to kind.

Each has a row in a table in SSSOM that says why, and what the other term means; the Turtle is
written from the tables.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from tools import alignments

from govkg import sources
from govkg.namespaces import BASE, GOV

ALIGNMENTS = alignments.FOLDER
SEEN = Path(__file__).parent / "alignments"
ONTOLOGY = URIRef("https://w3id.org/govkg/ontology")
OURS_BEGIN = (GOV, f"{BASE}code/")

CLASS, PROPERTY = "class", "property"
KINDS = {
    OWL.Class: CLASS,
    OWL.ObjectProperty: PROPERTY,
    OWL.DatatypeProperty: PROPERTY,
    OWL.AnnotationProperty: PROPERTY,
    SKOS.Concept: CLASS,  # of ours, stands for a class of theirs
}
MAPPINGS = {
    SKOS.exactMatch,
    SKOS.closeMatch,
    SKOS.broadMatch,
    SKOS.narrowMatch,
    SKOS.relatedMatch,
}
HEADER = {RDF.type, DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.source}
NAMES = sorted(path.stem for path in ALIGNMENTS.glob("*.ttl"))
TABLE = alignments.TABLE
COLUMNS = [
    "subject_id",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "comment",
    "ext_object_definition",
]

Kinds = dict[URIRef, str]


def terms_of_ours() -> Kinds:
    """Read what the modules define in our namespace: each term and its kind."""
    graph = Graph()
    for path in sources.term_files():
        graph.parse(path)
    return {
        term: kind
        for type_, kind in KINDS.items()
        for term in graph.subjects(RDF.type, type_)
        if isinstance(term, URIRef) and str(term).startswith(OURS_BEGIN)
    }


def terms_seen(name: str) -> Kinds:
    """Read the list of a foreign vocabulary's terms: IRIs below a line for their kind."""
    kinds = {"# Classes": CLASS, "# Properties": PROPERTY}
    kind, terms = "", {}
    for line in (SEEN / f"{name}-terms.txt").read_text(encoding="utf-8").splitlines():
        kind = kinds.get(line, kind)
        if not line.startswith("#"):
            assert kind, f"{name}: {line} stands below neither {' nor '.join(kinds)}"
            assert URIRef(line) not in terms, f"{name}: {line} is listed twice"
            terms[URIRef(line)] = kind
    return terms


def faults(graph: Graph, name: str, ours: Kinds, theirs: Kinds) -> list[str]:
    """Say in words what is wrong with an alignment, in a fixed order."""
    header = URIRef(f"{ONTOLOGY}/alignments/{name}")
    return sorted([*_header_faults(graph, header), *_mapping_faults(graph, header, ours, theirs)])


def _header_faults(graph: Graph, header: URIRef) -> list[str]:
    found = []
    if set(graph.subjects(RDF.type, OWL.Ontology)) != {header}:
        found.append(f"the ontology is not {header}")
    titles = graph.objects(header, DCTERMS.title)
    languages = sorted(title.language or "" for title in titles if isinstance(title, Literal))
    if languages != ["en", "zh"]:
        found.append(f"titles in {languages}, not in en and zh")
    found += [
        f"no {predicate.fragment or predicate.rsplit('/', 1)[1]}"
        for predicate in (DCTERMS.license, DCTERMS.source, OWL.imports)
        if (header, predicate, None) not in graph
    ]
    return found


def _mapping_faults(graph: Graph, header: URIRef, ours: Kinds, theirs: Kinds) -> list[str]:
    found = []
    pairs: set[tuple[URIRef, URIRef]] = set()
    for subject, predicate, target in graph:
        if subject == header and predicate in {*HEADER, OWL.imports}:
            continue
        if not (isinstance(subject, URIRef) and isinstance(target, URIRef)):
            found.append(f"{predicate} joins something that has no IRI")
        elif predicate not in MAPPINGS:
            found.append(f"{subject} has {predicate}, which maps nothing")
        elif subject not in ours:
            found.append(f"{subject} is no term of ours")
        elif target not in theirs:
            found.append(f"{target} is no term that was seen")
        elif ours[subject] != theirs[target]:
            found.append(f"{subject} is a {ours[subject]}, {target} a {theirs[target]}")
        elif (subject, target) in pairs:
            found.append(f"{subject} is mapped to {target} twice")
        else:
            pairs.add((subject, target))
    return found if pairs else [*found, "it maps nothing"]


@pytest.fixture(scope="module")
def ours() -> Kinds:
    return terms_of_ours()


@pytest.mark.parametrize("name", NAMES)
def test_alignment(name: str, ours: Kinds) -> None:
    graph = Graph().parse(ALIGNMENTS / f"{name}.ttl")
    assert faults(graph, name, ours, terms_seen(name)) == []


def test_every_file_is_collected() -> None:
    assert NAMES
    there = sorted(path.name for path in ALIGNMENTS.iterdir())
    assert there == sorted(name + ending for name in NAMES for ending in (".ttl", TABLE))
    assert [f"{name}-terms" for name in NAMES] == sorted(path.stem for path in SEEN.iterdir())


GOOD = """
@prefix dct: <http://purl.org/dc/terms/> .
@prefix gov: <https://w3id.org/govkg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix x: <http://example.org/> .
<https://w3id.org/govkg/ontology/alignments/x> a owl:Ontology ;
  dct:title "题"@zh , "Title"@en ; dct:license x:licence ; dct:source x:source ;
  owl:imports <https://w3id.org/govkg/ontology> .
gov:Post skos:closeMatch x:Position .
"""
OURS: Kinds = {URIRef(f"{ONTOLOGY}#Post"): CLASS, URIRef(f"{ONTOLOGY}#heads"): PROPERTY}
THEIRS: Kinds = {URIRef("http://example.org/Position"): CLASS}


def test_a_good_alignment_has_no_faults() -> None:
    assert faults(Graph().parse(data=GOOD), "x", OURS, THEIRS) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("alignments/x>", "alignments/y>", "the ontology is not"),
        ('"题"@zh , ', "", "titles in ['en'], not in en and zh"),
        ("dct:license x:licence ; ", "", "no license"),
        ("dct:source x:source ;", "", "no source"),
        ("; \n  owl:imports <https://w3id.org/govkg/ontology>", "", "no imports"),
        ("gov:Post skos:closeMatch x:Position .", "", "it maps nothing"),
        ("gov:Post", "gov:Poste", "#Poste is no term of ours"),
        ("gov:Post", "gov:heads", "#heads is a property, http://example.org/Position a class"),
        ("x:Position", "x:Positon", "http://example.org/Positon is no term that was seen"),
        ("x:Position", '"Position"', "joins something that has no IRI"),
        ("skos:closeMatch", "rdfs:subClassOf", "which maps nothing"),
        ("x:Position .", "x:Position ; skos:broadMatch x:Position .", "twice"),
    ],
)
def test_a_fault_is_found(old: str, new: str, fault: str) -> None:
    text = GOOD.replace(";\n", "; \n")
    assert old in text
    found = faults(Graph().parse(data=text.replace(old, new)), "x", OURS, THEIRS)
    assert any(fault in line for line in found), found


# --- the tables ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_turtle_is_written_from_the_table(name: str) -> None:
    table = alignments.read(ALIGNMENTS / f"{name}{TABLE}")
    assert alignments.turtle(table) == (ALIGNMENTS / f"{name}.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_mapping_says_why_and_what_the_other_term_means(name: str) -> None:
    rows = alignments.read(ALIGNMENTS / f"{name}{TABLE}").rows
    assert table_faults(rows) == []


def table_faults(rows: list[dict[str, str]]) -> list[str]:
    """Say which rows lack a column, have a stranger's, or tell two things of one other term."""
    found = [f"{row} has other columns" for row in rows if list(row) != COLUMNS]
    found += [f"{row} lacks something" for row in rows if not all(map(str.strip, row.values()))]
    told = {(row["object_id"], row["ext_object_definition"]) for row in rows}
    met = Counter(term for term, _ in told)
    found += [f"{term} is defined in two ways" for term, times in met.items() if times > 1]
    return found


ROW = dict(
    zip(COLUMNS, ("gov:Post", "skos:closeMatch", "x:Post", "j:X", "Why", "What"), strict=True)
)


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([{**ROW, "comment": " "}], "lacks something"),
        ([{**ROW, "mapping_justification": ""}], "lacks something"),
        ([{**ROW, "other": "x"}], "has other columns"),
        ([ROW, {**ROW, "ext_object_definition": "Else"}], "x:Post is defined in two ways"),
    ],
)
def test_a_fault_of_a_table_is_found(rows: list[dict[str, str]], fault: str) -> None:
    assert table_faults([ROW]) == []
    assert any(fault in line for line in table_faults(rows))


def test_no_class_of_ties_is_mapped() -> None:
    """A tie may be denied or generic; what holds in the world are the shortcuts."""
    graph = Graph()
    for path in sources.term_files():
        graph.parse(path)
    ties = set(graph.transitive_subjects(RDFS.subClassOf, URIRef(f"{GOV}Relation")))
    ends = {URIRef(f"{GOV}{end}") for end in ("source", "target", "member")}
    assert URIRef(f"{GOV}Leadership") in ties
    for name in NAMES:
        mapped = set(Graph().parse(ALIGNMENTS / f"{name}.ttl").subjects())
        assert not mapped & {*ties, *ends}, name
