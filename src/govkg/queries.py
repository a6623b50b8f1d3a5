"""Query files: SPARQL with a YAML header in `#+` lines; parameters bound as data, never as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from govkg import layout, sparqltext, textfile
from govkg.errors import ParameterError, SourceError, UnknownName
from govkg.languages import LANGUAGES
from govkg.namespaces import expand
from govkg.textfile import YamlError, convert, load_mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from govkg.languages import Language

    Value = str | Sequence[str]

Kind = Literal["analysis", "competency", "checks", "lookups", "networks"]
KINDS = ("date", "decimal", "integer", "iri", "label", "language", "string")

_HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_PLACE = re.compile(r"VALUES \?(\w+) \{ UNDEF \}")
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE", "#")
_TYPES = {
    "date": "http://www.w3.org/2001/XMLSchema#date",
    "decimal": "http://www.w3.org/2001/XMLSchema#decimal",
    "integer": "http://www.w3.org/2001/XMLSchema#integer",
}
_LEXICAL = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "decimal": re.compile(r"[+-]?[0-9]+(\.[0-9]+)?"),
    "integer": re.compile(r"[+-]?[0-9]+"),
}


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a header says of a parameter.

    `type` is one of `KINDS`; `enum` lists the only values, where there is a list; `default` is
    bound where no value is given, `optional` says that none need be. A `constant` stands in the
    pattern itself, for servers that ask for constants there.
    """

    type: str = "string"
    enum: tuple[str | int, ...] = ()
    optional: bool = False
    default: str | int | float | None = None
    constant: bool = False


@dataclass(frozen=True)
class Query:
    """A query file: `name` is its file name without ending, `header` the YAML in its `#+` lines."""

    name: str
    path: Path
    text: str
    header: dict[str, Any] = field(default_factory=dict)

    @cached_property
    def parameters(self) -> dict[str, Parameter]:
        """Give each parameter's description; raise SourceError where the header's is none."""
        try:
            return convert(self.header.get("params") or {}, dict[str, Parameter])
        except ValueError as error:
            raise SourceError(self.path, None, f"params: {error}.") from error

    @property
    def tags(self) -> list[str]:
        """Give the words the query is filed under."""
        return list(self.header.get("tags", []))

    def title(self, language: Language) -> str:
        """Say in one line what the query asks, checks or shows."""
        check_language(language)
        for key in ("question", "message", "judges", "network"):
            if key in self.header:
                return str(self.header[key][language])
        return self.name

    def needs(self, values: Mapping[str, str]) -> str:
        """Name the scope of a build that has the whole answer for these values of parameters.

        Empty where the header has no `needs`, that is where every build has all of it.
        """
        told = self.header.get("needs") or {}
        for name, by_value in told.items():
            default = self.parameters[name].default if name in self.parameters else None
            value = values.get(name, default)
            if name != "scope" and str(value) in map(str, by_value):
                return str({str(key): scope for key, scope in by_value.items()}[str(value)])
        return str(told.get("scope", ""))

    def check_names(self, names: Iterable[str]) -> None:
        """Raise ParameterError where a name is none of the query's parameters."""
        unknown = sorted(set(names) - self.parameters.keys())
        if unknown:
            known = ", ".join(self.parameters) or "none"
            raise ParameterError(f"{self.name} has no parameter {unknown[0]!r}; it has: {known}.")

    def bind(self, values: Mapping[str, Value], lang: Language | None = None) -> str:
        """Give the query's text with its parameters bound by a VALUES block after its pattern.

        A parameter may have several values. `lang` sets the parameter of this name where the query
        has one and `values` has none. Where the query itself says `VALUES ?x { UNDEF }`, the values
        of x stand there. The block stands inside the outermost group: what joins it comes out the
        same on every server, while Virtuoso loses variables of BIND that meet a VALUES behind the
        query. Raises ParameterError where a value is missing, unknown, not of its declared type or
        none of its enum, and where `lang` is no language of govkg.
        """
        if lang is not None:
            check_language(lang)
            values = {"lang": lang, **values} if "lang" in self.parameters else values
        self.check_names(values)
        bound: dict[str, list[str]] = {}
        for name, description in self.parameters.items():
            value = values.get(name, description.default)
            if value is not None:
                several = [value] if isinstance(value, str | int | float) else value
                bound[name] = [t for one in several for t in _terms(name, str(one), description)]
            elif not description.optional:
                raise ParameterError(f"{self.name} needs --param {name}=...")
        constants = {name for name, said in self.parameters.items() if said.constant}
        text = _with_constants(self.text, {name: bound.pop(name)[0] for name in constants})
        return _with_values(text, bound)


def check_language(lang: str) -> None:
    """Raise ParameterError where labels and messages are not in this language."""
    serialize("lang", lang, "language")


def serialize(name: str, value: str, kind: str) -> str:
    """Write a parameter's value as an RDF term; raise ParameterError where it is not one."""
    if kind == "language":
        return _term(name, value, Parameter(enum=LANGUAGES))
    if kind == "iri":
        iri = expand(value)
        if not _IRI.fullmatch(iri):
            raise ParameterError(f"{name}={value!r} is not an IRI or a prefixed name.")
        return f"<{iri}>"
    if kind in _TYPES:
        if not _LEXICAL[kind].fullmatch(value):
            raise ParameterError(f"{name}={value!r} is not of type {kind}.")
        return f'"{value}"^^<{_TYPES[kind]}>'
    return _literal(value)


def is_iri(value: str) -> bool:
    """Say whether a text is an IRI or a prefixed name, not the name of something."""
    return bool(_IRI.fullmatch(expand(value)))


def _literal(text: str, language: str = "") -> str:
    """Write a text as an RDF term, in a language where one is named."""
    return f'"{_escape(text)}"' + (f"@{language}" if language else "")


def _terms(name: str, value: str, description: Parameter) -> list[str]:
    """Write a value as RDF terms: a label stands in no language, and in each of them."""
    if description.type == "label":
        return [_literal(value, language) for language in ("", *LANGUAGES)]
    return [_term(name, value, description)]


def _term(name: str, value: str, description: Parameter) -> str:
    allowed = [str(one) for one in description.enum]
    if allowed and value not in allowed:
        raise ParameterError(f"{name}={value!r} is not one of {', '.join(allowed)}.")
    return serialize(name, value, description.type)


def _with_constants(text: str, terms: Mapping[str, str]) -> str:
    """Put a term, as `serialize` writes it, in the place of each variable of a name."""
    for name, term in terms.items():
        text = re.sub(rf"[?$]{name}\b", lambda _, term=term: term, text)  # type: ignore[misc]
    return text


def _with_values(text: str, bound: Mapping[str, Sequence[str]]) -> str:
    """Bind variables to terms, as `_terms` writes them, in every combination.

    They are bound where the text has places for them (`VALUES ?x { UNDEF }`), the others behind
    its pattern.
    """
    placed = set(_PLACE.findall(text))

    def block(found: re.Match[str]) -> str:
        terms = bound.get(found[1])
        return f"VALUES ?{found[1]} {{ {' '.join(terms)} }}" if terms else ""

    text = _PLACE.sub(block, text)
    rest = {name: terms for name, terms in bound.items() if name not in placed}
    if not rest:
        return text
    names = " ".join(f"?{name}" for name in rest)
    rows = " ".join(f"({' '.join(row)})" for row in product(*rest.values()))
    return _joined(text.rstrip(), f"VALUES ({names}) {{ {rows} }}")


def _joined(text: str, block: str) -> str:
    """Join a VALUES block with the pattern of a query, behind the query where there is no room."""
    place = sparqltext.pattern(text)
    if place is None:
        return f"{text}\n{block}\n"
    start, end = place
    return f"{text[:start]}{{ {text[start:end]}\n{block} }}{text[end:]}\n"


def _escape(text: str) -> str:
    escapes = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return "".join(escapes.get(character, character) for character in text)


def is_sparql(text: str) -> bool:
    """Say whether a text is a query itself, not the name of one."""
    return text.lstrip().upper().startswith(_FORMS)


def load(path: Path) -> Query:
    """Read a query file; raise SourceError where it is missing or its header is broken."""
    text = textfile.read(path)
    written = "\n".join(match[1] for match in _HEADER.finditer(text))
    try:
        header = load_mapping(written) if written.strip() else {}
    except YamlError as error:
        raise SourceError(path, error.line, f"the #+ header: {error}.") from error
    query = Query(path.stem, path, text, header)
    for name, said in query.parameters.items():
        if said.type not in KINDS:
            message = f"the parameter {name} has the type {said.type!r}: use {', '.join(KINDS)}."
            raise SourceError(path, None, message)
    return query


def catalog(kind: Kind) -> dict[str, Query]:
    """Read all queries of a kind, by name in order."""
    return {path.stem: load(path) for path in sorted((layout.QUERIES / kind).glob("*.rq"))}


def lookup(name: str) -> Query:
    """Read a query of `queries/lookups` that govkg itself asks, once."""
    return _read_once(layout.QUERIES / "lookups" / f"{name}.rq")


_read_once = cache(load)


def find(kind: Kind, name: str) -> Query:
    """Find a query by name, by the number it begins with (`cq07`), or by the path of a file.

    Raises UnknownName, with the nearest names, where there is none.
    """
    if name.endswith(".rq"):
        return load(Path(name))
    paths = {path.stem: path for path in sorted((layout.QUERIES / kind).glob("*.rq"))}
    fitting = [name] if name in paths else [s for s in paths if s.startswith(f"{name}-")]
    if len(fitting) != 1:
        singular = {"checks": "check", "networks": "network"}.get(kind, "query")
        listing = {"competency": "govkg queries", "checks": "govkg queries --kind checks"}
        raise UnknownName(singular, name, paths, listing.get(kind, "govkg networks"))
    return load(paths[fitting[0]])
