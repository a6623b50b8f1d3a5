"""Advice on a query, in both languages, with its place; and on its words: prefixes and terms."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, NamedTuple
from unicodedata import east_asian_width

from govkg import sparqltext
from govkg.namespaces import BASE, PREFIXES, shorten

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from govkg.languages import Language

Kind = Literal["syntax", "prefix", "term", "cartesian", "limit", "literal"]
# A local name ends before a full stop that ends the triple.
_NAME = re.compile(r"(?<![\w?$:@-])([A-Za-z][\w-]*):((?:[\w-]|\.(?=[\w-]))*)")


class Advice(NamedTuple):
    """What is wrong (error) or may be meant otherwise (warning); line and column count from 1.

    `shown` is the line of the query that it is about, with a caret under the place.
    """

    kind: Kind
    severity: Literal["error", "warning"]
    en: str
    zh: str
    line: int | None = None
    column: int | None = None
    shown: str = ""

    def text(self, language: Language) -> str:
        """Write the advice for people, with its place and the line shown."""
        message = self.zh if language == "zh" else self.en
        if self.line is None:
            return message
        place = (
            f"第{self.line}行第{self.column}列："
            if language == "zh"
            else f"line {self.line}, column {self.column}: "
        )
        return f"{place}{message}\n{self.shown}" if self.shown else place + message


def at(query: str, offset: int) -> tuple[int, int, str]:
    """Give line, column and the line with a caret under the place, for a code point of a query."""
    before = query[:offset]
    line, column = before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1
    text = query.splitlines()[line - 1] if line <= len(query.splitlines()) else ""
    lead = "".join("　" if _wide(c) else " " for c in text[: column - 1])
    return line, column, f"  {text}\n  {lead}^"


def _wide(character: str) -> bool:
    return east_asian_width(character) in "WF"


def undeclared(query: str) -> Iterator[Advice]:
    """Find prefixes that are used and not declared, each once."""
    bare, declared = _body(query)
    seen: set[str] = set()
    for name in _NAME.finditer(bare):
        prefix = name[1]
        if prefix in declared or prefix in seen:
            continue
        seen.add(prefix)
        near = get_close_matches(prefix, sorted({*declared, *PREFIXES}), n=1, cutoff=0.5)
        if prefix in PREFIXES:
            line = f"PREFIX {prefix}: <{PREFIXES[prefix]}>"
            en, zh = f"add `{line}`.", f"请在开头加上 `{line}`。"
        elif near:
            en, zh = f"did you mean {near[0]}:?", f"是否指 {near[0]}:？"
        else:
            en, zh = "declare it by PREFIX.", "请用 PREFIX 声明。"
        yield Advice(
            "prefix", "error", f"the prefix {prefix}: is not declared; {en}",
            f"前缀 {prefix}: 没有声明；{zh}", *at(query, name.start()),
        )  # fmt: skip


def unknown_terms(query: str, terms: Collection[str]) -> Iterator[Advice]:
    """Find properties, classes and concepts in our namespaces that `terms` has not, each once."""
    bare, declared = _body(query)
    names = [(n.start(), declared.get(n[1], "") + n[2]) for n in _NAME.finditer(bare) if n[2]]
    names += sparqltext.iris(query)
    seen: set[str] = set()
    for offset, iri in sorted(names):
        if iri in terms or iri in seen or not _checked(iri):
            continue
        seen.add(iri)
        near = [shorten(one) for one in _near(iri, terms)]
        en = f"did you mean {' or '.join(near)}?" if near else "`govkg queries` has examples."
        zh = f"是否指 {' 或 '.join(near)}？" if near else "可参看 `govkg queries` 的例子。"
        yield Advice(
            "term", "warning", f"the graph has no {shorten(iri)}; {en}",
            f"图中没有 {shorten(iri)}；{zh}", *at(query, offset),
        )  # fmt: skip


def _body(query: str) -> tuple[str, dict[str, str]]:
    """Blank what is not words, and the declarations; give the declared prefixes."""
    bare, declared = sparqltext.blank(query), {}
    for prefix, namespace, (start, end) in sparqltext.declarations(query):
        if namespace is not None:
            declared[prefix] = namespace
        bare = bare[:start] + " " * (end - start) + bare[end:]
    return bare, declared


def _checked(iri: str) -> bool:
    """Say whether an IRI is one of the vocabulary, not one of a node, a graph or a scheme."""
    return iri.startswith((PREFIXES["gov"], BASE + "code/")) and iri[-1] not in "#/" and (
        "#" in iri or iri.removeprefix(BASE + "code/").count("/") == 1
    )  # fmt: skip


def _near(iri: str, terms: Collection[str]) -> list[str]:
    """Find the terms of the same namespace that are spelt most like it, else of any of ours."""
    cut = max(iri.rfind("#"), iri.rfind("/")) + 1
    local = {one[cut:]: one for one in sorted(terms) if one.startswith(iri[:cut])}
    folded = {name.lower(): one for name, one in local.items()}
    near = get_close_matches(iri[cut:].lower(), folded, n=2, cutoff=0.6)
    return [folded[name] for name in near]
