"""Findings are placed at the line and column where they are written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import BNode, Graph, URIRef

from govkg import sources
from govkg.turtle import triples
from govkg.validation.finding import Finding
from govkg.validation.locations import Location, Locations

if TYPE_CHECKING:
    from pathlib import Path

BEFORE = (
    '# a comment with . ; and "quotes\n',
    'inst:a gov:note """several\nlines . with "quotes" ; and # no comment""" .\n',
    "inst:b gov:list ( 1 2.5 [ gov:x 'y' ] ( ) ) , <#c> ; a gov:Thing ; .\n",
    "[ gov:x inst:c ] gov:y [ ] .\n",
    "graph:one { inst:d gov:x true . inst:e a gov:Thing }\n",
    'GRAPH graph:two { inst:f gov:x "北京"@zh , "x"^^gov:kind }\n',
    "@base <https://example.org/> .\n<rel> <#p> <../q> .\n",
    "PREFIX other: <https://other.org/>\nother:a.b other:c\\,d 1.0e3 .\n",
    "_:b0 gov:x _:b1 .\n\n",
)
PREFIXES = """@prefix gov: <https://w3id.org/govkg/ontology#> .
@prefix inst: <https://w3id.org/govkg/id/institution/> .
@prefix i: <https://w3id.org/govkg/id/institution/bei> .
@prefix graph: <https://w3id.org/govkg/graph/> .
"""
FAULTS = {
    "inst:beijing gov:name «'x'@en» .": ("gov:name", "x"),
    "inst:beijing a gov:A ; gov:name 'y' , «\"x\"@zh» .": ("gov:name", "x"),
    "inst:beijing gov:name 'y' ; «gov:tier» 3 .": ("gov:tier", "4"),
    "«inst:beijing» gov:name 'y' .": ("gov:tier", ""),
    "inst:beijing «a» gov:A .": ("rdf:type", ""),
    "i:jing gov:x [ gov:y 1 ] , ( inst:q «inst:r» ) .": ("gov:x", "inst:r"),
    "<https://w3id.org/govkg/id/institution/beijing> gov:x «'''a\nb'''» .": ("gov:x", "a\nb"),
    "inst:beijing gov:x 'z' ; gov:y «inst:r» .": ("", "inst:r"),
    "graph:g { inst:b gov:x 1 . «inst:beijing» gov:x 2 }": ("", "inst:beijing"),
}


def _find(directory: Path, name: str, text: str, path: str, value: str) -> Location | None:
    file = directory / name
    file.write_text(text, encoding="utf-8", newline="")
    return Locations([file]).find(Finding("violation", "r", "inst:beijing", path, value, {}))


@given(
    st.lists(st.sampled_from(BEFORE), max_size=8),
    st.lists(st.sampled_from(BEFORE), max_size=3),
    st.sampled_from(sorted(FAULTS)),
)
def test_a_fault_is_found_where_it_was_put(
    tmp_path_factory: pytest.TempPathFactory, before: list[str], after: list[str], fault: str
) -> None:
    marked = PREFIXES + "".join(before) + fault
    upto = marked[: marked.index("«")]
    text = marked.replace("«", "").replace("»", "") + "\n" + "".join(after)
    location = _find(tmp_path_factory.getbasetemp(), "fault.trig", text, *FAULTS[fault])
    assert location is not None
    assert (location.line, location.column) == (
        upto.count("\n") + 1,
        len(upto) - (upto.rfind("\n") + 1) + 1,
    )


@given(st.text(alphabet="ab.;,#<>()[]{}@^:_'\" \n\\中", max_size=60))
def test_broken_text_never_hangs_nor_fails(text: str) -> None:
    assert isinstance(triples(text), list)


def test_nesting_beyond_reason_gives_what_was_read_before() -> None:
    assert len(triples("<a> <b> <c> . <d> <e> " + "(" * 100_000)) == 1


def test_nquads(tmp_path: Path) -> None:
    iri = "<https://w3id.org/govkg/id/institution/beijing>"
    text = f'<x:a> <x:p> "1" <x:g> .\n{iri} <x:p> "2"@en <x:g> .\n'
    location = _find(tmp_path, "a.nq", text, "x:p", "2")
    assert location is not None
    assert (location.line, location.column) == (2, len(iri) + 8)


def test_of_json_ld_the_file_is_known(tmp_path: Path) -> None:
    text = '{"@id": "https://w3id.org/govkg/id/institution/beijing"}'
    location = _find(tmp_path, "a.jsonld", text, "", "")
    assert location is not None
    assert (location.file.rpartition("/")[2], location.line) == ("a.jsonld", 0)
    assert ":" not in str(location)


def test_nothing_is_found_of_what_no_file_describes(tmp_path: Path) -> None:
    assert _find(tmp_path, "a.ttl", PREFIXES + "inst:b gov:x inst:beijing .", "", "") is None


@pytest.mark.parametrize("path", sources.shape_files(), ids=lambda path: path.name)
def test_the_same_triples_as_the_parser(path: Path) -> None:
    ours = {(t.subject.text, t.predicate.text, t.object.text) for t in triples(path.read_text())}
    theirs = [
        tuple(map(str, triple))
        for triple in Graph().parse(path)
        if isinstance(triple[0], URIRef) and not isinstance(triple[2], BNode)
    ]
    assert theirs
    assert set(theirs) <= ours
