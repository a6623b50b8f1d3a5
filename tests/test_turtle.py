"""Blocks of Turtle, found where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govkg import sparqltext
from govkg.turtle import blocks, tokens, unquote

SAMPLE = '''@prefix gov: <https://w3id.org/govkg/ontology#> .
# a comment with a . and a "quote
claim:one a gov:Claim ;
  rdfs:label "两个词. 带点"@zh , "with \\"quotes\\" ; and , marks ."@en ;
  gov:start 3621 ; gov:end 3666 . # trailing
<https://example.org/a#b> gov:note """long
text . with "quotes" """ ; gov:list ( 1 2.5 [ gov:x "y" ] ) ;
  gov:when "2011/"^^edtf:EDTF .
claim:v1.2 a gov:Claim .
'''


def test_subjects_and_lines() -> None:
    assert [(b.subject, b.line) for b in blocks(SAMPLE)] == [
        ("claim:one", 3),
        ("<https://example.org/a#b>", 6),
        ("claim:v1.2", 9),
    ]


def test_objects_leave_out_tags_and_nested_nodes() -> None:
    one, iri, _ = blocks(SAMPLE)
    assert [t.text for t in one.objects["gov:start"]] == ["3621"]
    assert [unquote(t) for t in one.objects["rdfs:label"]] == [
        "两个词. 带点",
        'with "quotes" ; and , marks .',
    ]
    assert [t.text for t in iri.objects["gov:when"]] == ['"2011/"']
    assert "gov:x" not in iri.objects
    assert iri.first("gov:missing") is None


def test_offsets_point_into_the_text() -> None:
    for block in blocks(SAMPLE):
        for token in block.tokens:
            assert SAMPLE[token.offset : token.end] == token.text


@given(st.lists(st.text(alphabet="ab.;,#<>()[] \n中", max_size=12), max_size=6))
def test_a_block_stands_on_the_line_where_it_was_put(texts: list[str]) -> None:
    lines, expected = ["@prefix x: <http://x/> ."], []
    for number, text in enumerate(texts):
        lines += ["", f"# {text.split(chr(10))[0]}"]
        expected.append((f"x:n{number}", sum(line.count("\n") + 1 for line in lines) + 1))
        lines.append(f'x:n{number} x:p """{text}""" ;\n  x:q <http://x/#{number}> .')
    assert [(b.subject, b.line) for b in blocks("\n".join(lines))] == expected


@pytest.mark.parametrize(
    "opaque",
    ['"a # {"', "'a \\' . {'", '"""a\n"{". """', "<urn:a#b>", "<urn:\\u0023>", "# { <\n"],
)
def test_turtle_and_sparql_take_the_same_for_opaque(opaque: str) -> None:
    """Strings, IRIs and comments have one grammar."""
    assert [one.text for one in tokens(f"{opaque} .")][-1] == "."
    assert len(list(tokens(f"{opaque} ."))) == 2 - opaque.startswith("#")
    bare = sparqltext.blank(f"{opaque} {{}}")
    assert bare.split() == ["{}"]


@pytest.mark.parametrize(
    ("written", "characters"),
    [
        (r'"a\""', 'a"'),
        (r'"a\nb"', "a\nb"),
        (r'"\u4E2D"', "中"),
        ('""', ""),
        ('"""x"y"""', 'x"y'),
        ("'it'", "it"),
    ],
)
def test_the_characters_of_a_literal(written: str, characters: str) -> None:
    [token] = tokens(written)
    assert unquote(token) == characters
