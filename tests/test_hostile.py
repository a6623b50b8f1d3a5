"""Hostile input of the threat list: refused or bounded, with the exit code that says so."""

from __future__ import annotations

import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest

from govkg import documents, validation
from govkg.build import current
from govkg.errors import InternalError, ShapesError, SourceError
from govkg.textfile import YamlError, load_mapping
from govkg.validation import lint
from govkg.validation.engines import process, shacl_rust
from govkg.validation.inputs import refuse_tricks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Run
    from govkg.api import KnowledgeGraph

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/> .
@prefix gov: <https://w3id.org/govkg/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
CLAIMS = "data/documents/usm2013/claims/3-2.ttl"
SHAPE = "ex:S a sh:NodeShape ; sh:targetClass gov:Claim ;"


@pytest.fixture
def listener() -> Iterator[tuple[str, list[object]]]:
    """A port on this machine that notes who calls."""
    calls: list[object] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                calls.append(address)
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/x", calls
        stop.set()
        thread.join()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str, name: str = "shapes.ttl") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


class Write(Protocol):
    """Write a text to a file of a name and give its path."""

    def __call__(self, text: str, name: str = "shapes.ttl") -> Path: ...


def shapes(write: Write, text: str) -> Path:
    return write(PREFIXES + text)


def test_t08_an_endless_pattern_is_stopped(program: Run, home: Path, write: Write) -> None:
    data = write(PREFIXES + f'ex:x a gov:Claim ; rdfs:label "{"a" * 60}!"@en .', "data.ttl")
    path = shapes(write, SHAPE + 'sh:property [ sh:path rdfs:label ; sh:pattern "^(a+)+$" ] .')
    words = ("--shapes", str(path), "--timeout", "3", "--build", str(home))
    found = program("validate", str(data), *words)
    assert found.returncode == 4, found.stdout + found.stderr
    assert "longer than 3 s" in found.stderr


def test_t08_an_endless_query_is_stopped(program: Run, home: Path, write: Write) -> None:
    joins = " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(6))
    query = f"SELECT $this WHERE {{ $this ?p ?o . {joins} FILTER(CONCAT(?c1, ?c2) = ?c3) }}"
    path = shapes(write, SHAPE + f'sh:sparql [ sh:select "{query}" ] .')
    words = ("--shapes", str(path), "--timeout", "3", "--build", str(home))
    found = program("validate", CLAIMS, *words)
    assert found.returncode == 4, found.stdout + found.stderr
    assert "longer than 3 s" in found.stderr


@pytest.mark.long
def test_t08_too_much_memory_is_refused(kg: KnowledgeGraph, tmp_path: Path) -> None:
    quads = tmp_path / "data.nq"
    kg.store.write_quads(quads)
    core = validation.load_shapes()
    with pytest.raises(InternalError, match="needs more than the 64 MB"):
        shacl_rust.run_file(quads, core, "", process.Limits(60, 64 << 20))


@pytest.mark.parametrize(
    "query",
    [
        "SELECT $this FROM <file:///etc/passwd> WHERE { $this ?p ?o }",
        "SELECT $this WHERE { $this ?p ?o . SERVICE <URL> { ?s ?p ?o } }",
        "SELECT $this WHERE { $this ?p ?o . seRvice SILENT <URL> { ?s ?p ?o } }",
        "SELECT $this WHERE { $this ?p ?o . SERVICE#c\n<URL> { ?s ?p ?o } }",
        "LOAD <URL>",
    ],
)
def test_t02_shapes_reach_nothing_outside(
    query: str, kg: KnowledgeGraph, write: Write, listener: tuple[str, list[object]]
) -> None:
    url, calls = listener
    text = SHAPE + f'sh:sparql [ sh:select """{query.replace("URL", url)}""" ] .'
    with pytest.raises(ShapesError, match="reaches outside"):
        kg.validate(CLAIMS, shapes=[shapes(write, text)])
    assert calls == []


def test_t09_remote_contexts_and_imports_are_not_fetched(
    kg: KnowledgeGraph, write: Write, listener: tuple[str, list[object]]
) -> None:
    url, calls = listener
    remote = write(f'{{\n"@context": "{url}", "@id": "https://example.org/x", "p": 1}}', "a.jsonld")
    with pytest.raises(SourceError, match=r"a\.jsonld:2: names a context elsewhere"):
        kg.validate(remote)
    importing = write(PREFIXES + f"ex:o a owl:Ontology ; owl:imports <{url}> .", "o.ttl")
    own = shapes(write, f"<{url}> owl:imports <{url}> .\n{SHAPE} sh:nodeKind sh:IRI .")
    with pytest.raises(ShapesError, match=f"imports <{url}>"):
        kg.validate(importing, shapes=[own])
    assert calls == []


def test_t09_entities_are_not_read(kg: KnowledgeGraph, write: Write) -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "' + "x" * 1_000_000 + '">]><r>&a;&a;</r>'
    with pytest.raises(SourceError, match="RDF/XML is not taken"):
        kg.validate(write(bomb, "bomb.rdf"))
    literal = write(
        PREFIXES + "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .\n"
        "ex:x ex:p '<!DOCTYPE r []><r/>'^^rdf:XMLLiteral .",
        "literal.ttl",
    )
    with pytest.raises(SourceError, match="holds XML or HTML"):
        kg.validate(literal)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            f"{SHAPE} sh:property [ sh:path rdfs:label ; sh:minCont 1 ] .",
            "did you mean sh:minCount",
        ),
        ("ex:S a sh:NodeShape ; sh:targetClass gov:Clam ; sh:nodeKind sh:IRI .", "gov:Claim"),
        ("ex:S a sh:NodeShape ; sh:targetClass gov:Guidance ; sh:nodeKind sh:IRI .", "--unmet"),
        ("ex:S a sh:NodeShape ; sh:nodeKind sh:IRI .", "no shape with a target"),
        (f"{SHAPE} sh:name 'x' .", "nothing to check"),
        (f"{SHAPE} sh:property [ sh:path gov:wihtin ; sh:maxCount 1 ] .", "gov:wihtin"),
        (f"{SHAPE} sh:rule [ a sh:TripleRule ] .", "is not run here"),
        (f"{SHAPE} sh:nodeKind sh:IRI .\nex:T a sh:NodeShape ; sh:nodeKind sh:IRI .", "never used"),
    ],
)
def test_t10_shapes_that_check_nothing_are_refused(
    text: str, message: str, kg: KnowledgeGraph, write: Write
) -> None:
    with pytest.raises(ShapesError, match=message):
        kg.validate(CLAIMS, shapes=[shapes(write, text)])


def test_t10_a_shape_named_as_unmet_is_let_through(kg: KnowledgeGraph, write: Write) -> None:
    text = "ex:S a sh:NodeShape ; sh:targetClass gov:Guidance ; sh:nodeKind sh:IRI ."
    report = kg.validate(CLAIMS, shapes=[shapes(write, text)], unmet=["https://example.org/S"])
    assert report.findings == ()


@pytest.mark.parametrize("given", ["nothing/*.ttl", "EMPTY_FOLDER", "EMPTY_FILE", "missing.ttl"])
def test_t10_nothing_to_read_is_an_error(given: str, kg: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "empty.ttl").write_text("# nothing\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    named = {"EMPTY_FOLDER": tmp_path / "folder", "EMPTY_FILE": tmp_path / "empty.ttl"}
    with pytest.raises(SourceError, match="nothing was checked"):
        kg.validate(named.get(given, given))


def test_t10_recursive_shapes_are_refused_by_the_fast_engine(
    kg: KnowledgeGraph, write: Write
) -> None:
    text = SHAPE + "sh:property [ sh:path gov:asserts ; sh:node ex:T ] .\nex:T sh:node ex:S ."
    with pytest.raises(ShapesError, match="calls itself"):
        kg.validate(CLAIMS, shapes=[shapes(write, text)], engine="shacl-rust")


@pytest.mark.parametrize(
    "character", ["\u202e", "\u200b", "\x07", "\x85", "\u2066", "\\u202E", "\\U0000200B"]
)
def test_t12_invisible_characters_are_refused_with_their_line(
    character: str, tmp_path: Path
) -> None:
    text = f'{PREFIXES}ex:x rdfs:label "a{character}b"@en .\n'
    line = text[: text.index(character)].count("\n") + 1
    with pytest.raises(SourceError, match=rf"x\.ttl:{line}: has a control"):
        refuse_tricks(Path("x.ttl"), text)
    harmless = text.replace(character, "\\\\u202E" + "\t")
    refuse_tricks(tmp_path / "x.ttl", harmless)


def test_t12_half_characters_are_refused() -> None:
    with pytest.raises(SourceError, match="half a character"):
        refuse_tricks(Path("x.ttl"), 'ex:x ex:p "\\uD800" .')


def test_t17_wide_digits_are_refused_with_their_line() -> None:
    with pytest.raises(SourceError, match=r"x\.ttl:2: writes a number or date"):
        refuse_tricks(Path("x.ttl"), '\nex:x ex:p "２０２４"^^xsd:integer .')
    refuse_tricks(Path("x.ttl"), 'ex:x ex:p "２０２４" , "2024"^^xsd:integer .')


def test_t19_a_span_outside_the_document_is_found(tmp_path: Path) -> None:
    from govkg.documents.evidence import verify_evidence

    document = documents.document("usm2013")
    claims = tmp_path / "x.ttl"
    claims.write_text("claim:x gov:start 99999990 ; gov:end 99999999 .\n", encoding="utf-8")
    moved = type("Moved", (type(document),), {"turtle_files": lambda _: [claims]})
    found = verify_evidence(moved(document.key, document.folder), None)
    assert [problem.line for problem in found.problems] == [1]
    assert not found.digests_checked


@pytest.mark.parametrize(
    "text", ["a: 1\na: 2\n", "a: &x 1\nb: *x\n", "a: !!python/object:os.x {}", "? [a]\n: 1\n"]
)
def test_t20_yaml_tricks_are_refused(text: str) -> None:
    with pytest.raises(YamlError):
        load_mapping(text)


def test_the_lint_lets_our_own_shapes_through(home: Path) -> None:
    graph = validation.load_shapes()
    lint.lint(graph)
    assert lint.recursive(graph) == []
    assert current(home).triples > 0
