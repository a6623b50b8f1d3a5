"""Nodes by name: what people call a thing, to its IRI.

A name is what the graph has as label, alternative label, title, spelling of the text, notation or
code, in Chinese or English. Where nothing is called exactly so, a name may lack the suffix of its
place (贵阳), be pinyin (guiyang shi), or be written in other letters or cases. Several nodes of a
name are told, never chosen from; but a place of a document and the division that it is listed as
(`gov:listedAs`) are one place, and the document's node stands for it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

from govkg import queries, sparqltext
from govkg.errors import AmbiguousName, UnknownName
from govkg.namespaces import expand, shorten
from govkg.remote import RemoteStore

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from govkg.languages import Language
    from govkg.queries import Query
    from govkg.results import Selects

_SUFFIXES = (
    "省", "市", "区", "县", "旗", "盟", "地区", "新区", "林区", "特区", "自治区", "自治州",
    "自治县", "自治旗",
    "街道", "镇", "乡", "社区", "村",
)  # fmt: skip


class Node(NamedTuple):
    """A node that goes by a name: IRI, label, the label of what it lies in; empty where none."""

    iri: str
    label: str = ""
    above: str = ""

    def __str__(self) -> str:
        told = ", ".join(part for part in (self.label, self.above) if part)
        return f"{shorten(self.iri)} ({told})" if told else shorten(self.iri)


def resolve(
    engine: Selects,
    name: str,
    lang: Language = "en",
    among: Collection[str] | None = None,
    *,
    read_all: bool = True,
) -> str:
    """Give the IRI of a node by its IRI, its prefixed name or any name it goes by.

    `among` are the only IRIs that count; without `read_all` only names that the store looks up do,
    not what merely reads alike: what a server can afford. Raises UnknownName, with near names,
    where nothing is called so, AmbiguousName, with all of them, where several are.
    """
    queries.check_language(lang)
    if queries.is_iri(name):
        return expand(name)
    found = find(engine, name, lang, among, read_all=read_all)
    if not found and not read_all:
        raise UnknownName("node", name, (), f"govkg find '{name}'")
    if not found:
        known = {str(row.called) for row in _names(engine, among)}
        raise UnknownName("node", name, sorted(known), f"govkg find '{name}'")
    if len(found) > 1:
        raise AmbiguousName("node", name, list(map(str, found)))
    return found[0].iri


def find(
    engine: Selects,
    name: str,
    lang: Language = "en",
    among: Collection[str] | None = None,
    *,
    read_all: bool = True,
) -> list[Node]:
    """List the nodes that go by a name, in order of IRI, each place once; as in `resolve`."""
    queries.check_language(lang)
    text = unicodedata.normalize("NFKC", name).strip()
    for forms in ([name, text], _variants(text)):
        if found := _called(engine, forms, among):
            return _told(engine, found, lang)
    return _told(engine, _folded(engine, text, among), lang) if read_all else []


def given(
    engine: Selects,
    query: Query,
    params: Mapping[str, str],
    lang: Language | None,
    *,
    read_all: bool = True,
) -> dict[str, str]:
    """Put IRIs for the names that are given where a query's header says `type: iri`."""
    asked = {name for name, told in query.parameters.items() if told.type == "iri"}
    return {
        name: resolve(engine, value, lang or "en", read_all=read_all) if name in asked else value
        for name, value in params.items()
    }


def _variants(text: str) -> list[str]:
    """Write a name in other cases, and with the suffixes that it may lack."""
    if text.isascii():
        return [text.lower(), text.capitalize(), " ".join(map(str.capitalize, text.split()))]
    return [text + suffix for suffix in _SUFFIXES]


def _called(engine: Selects, forms: Iterable[str], among: Collection[str] | None) -> set[str]:
    """Find what is called exactly so: looked up in the index of the store, whatever its size."""
    query = queries.lookup("nodes-called").bind({"called": list(dict.fromkeys(forms))})
    rows = engine.select(query)
    return {str(row.node) for row in _of(rows, among)}


def _folded(engine: Selects, text: str, among: Collection[str] | None) -> set[str]:
    """Find what reads so: without regard to case, accents, blanks and marks, or in pinyin."""
    wanted = _fold(text)
    rows = _names(engine, among) if wanted else []
    found = {str(row.node) for row in rows if _fold(str(row.called)) == wanted}
    return found or (_read(rows, wanted) if rows and wanted.isascii() else set())


def _read(rows: list[Any], wanted: str) -> set[str]:
    """Find the nodes whose Chinese names, with or without the suffix of a place, read so."""
    import polars as pl

    from govkg.networks import with_pinyin
    from govkg.reference.kinds import suffix

    named = [(row.node, str(row.called)) for row in rows if row.called.language == "zh"]
    named += [(node, suffix("upper").sub(r"\1", name)) for node, name in named]
    read = with_pinyin(
        pl.DataFrame({"label_zh": pl.Series([n for _, n in named], dtype=pl.String)})
    )["pinyin"]
    pairs = zip(named, read, strict=True)
    return {str(node) for (node, _), reading in pairs if _fold(reading) == wanted}


def _fold(text: str) -> str:
    from govkg.languages import fold, fold_reading

    return fold(fold_reading(text), str)


def _names(engine: Selects, among: Collection[str] | None) -> list[Any]:
    query = queries.lookup("names").text
    if not isinstance(engine, RemoteStore):  # a server's answer may come in pages
        query = sparqltext.unordered(query)  # sorting all names would take long
    return _of(engine.select(query), among)


def _of(rows: Iterable[Any], among: Collection[str] | None) -> list[Any]:
    return [row for row in rows if among is None or str(row.node) in among]


def _told(engine: Selects, iris: set[str], lang: Language) -> list[Node]:
    """Label nodes; leave out a division that another of them is listed as."""
    if not iris:
        return []
    rows = engine.select(queries.lookup("nodes-told").bind({"node": sorted(iris)}))
    listed = {str(row.listed) for row in rows}
    return [_node(iri, rows, lang) for iri in sorted(iris) if iri not in listed]


def _node(iri: str, rows: Iterable[Any], lang: Language) -> Node:
    mine = [row for row in rows if str(row.node) == iri]
    labels, above = (
        [str(term) for term in terms if term is not None and term.language == lang]
        for terms in ((row.label for row in mine), (row.above for row in mine))
    )
    return Node(iri, *("".join(found[:1]) for found in (labels, above)))
