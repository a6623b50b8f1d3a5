"""The pages of the ontology: one for each module and code scheme, with every term's definition."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, SKOS, Graph, URIRef
from tools.documentation.markdown import cell, code

from govkg import layout, sources
from govkg.namespaces import shorten

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from rdflib.term import Node
    from tools.documentation.markdown import Language

_FACTS = {
    RDF.type: {"en": "is a", "zh": "类型"},
    RDFS.subClassOf: {"en": "kind of", "zh": "上位类"},
    RDFS.subPropertyOf: {"en": "kind of", "zh": "上位属性"},
    RDFS.domain: {"en": "of", "zh": "主语"},
    RDFS.range: {"en": "to", "zh": "宾语"},
    SKOS.broader: {"en": "broader", "zh": "上位概念"},
}
_FOLDERS = ("modules", "codes")


def pages(language: Language) -> Iterator[tuple[str, str]]:
    """Yield a page for each file of modules and codes that has terms of ours."""
    for folder, room in product(sources.ontology_folders(), _FOLDERS):
        for path in sorted((folder / room).glob("*.ttl")):
            name = path.stem if folder == layout.ONTOLOGY else f"{folder.name}-{path.stem}"
            if text := _page(path, name, language):
                yield f"ontology/{name}-{room[:-1]}", text


def _page(path: Path, name: str, language: Language) -> str:
    graph = Graph().parse(path, format="turtle")
    terms = sorted({one for one in graph.subjects(SKOS.definition) if isinstance(one, URIRef)})
    if not terms:
        return ""
    sections = (_section(graph, term, language) for term in terms)
    return f"# {name}\n{''.join(sections)}"


def _section(graph: Graph, term: URIRef, language: Language) -> str:
    name = shorten(str(term))
    label = _text(graph, term, RDFS.label, language) or _text(graph, term, SKOS.prefLabel, language)
    text = f"\n## {name} {{ #{name.partition(':')[2]} }}\n\n**{cell(label)}**"
    text += f" {cell(_text(graph, term, SKOS.definition, language))}\n\n"
    for predicate, words in _FACTS.items():
        values = sorted(shorten(str(v)) for v in graph.objects(term, predicate) if _named(v))
        if values:
            text += f"- {words[language]}: {', '.join(map(code, values))}\n"
    return f"{text}- IRI: <{term}>\n"


def _text(graph: Graph, term: Node, predicate: URIRef, language: Language) -> str:
    found = [str(v) for v in graph.objects(term, predicate) if _language(v) == language]
    return " ".join(sorted(found))


def _language(value: Node) -> str | None:
    return getattr(value, "language", None)


def _named(value: Node) -> bool:
    return isinstance(value, URIRef)
