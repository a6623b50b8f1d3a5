"""Query files: SPARQL with a YAML header in `#+` lines; parameters bound as data, never as text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from govkg import layout, sparqltext, textfile
from govkg.errors import ParameterError, SourceError, UnknownName
from govkg.namespaces import expand
from govkg.yamlfile import YamlError, load_mapping

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Kind = Literal["analysis", "competency", "checks", "networks"]
Language = Literal["zh", "en"]

_HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
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


@dataclass(frozen=True)
class Query:
    """A query file: `name` is its file name without ending, `header` the YAML in its `#+` lines."""

    name: str
    path: Path
    text: str
    header: dict[str, Any] = field(default_factory=dict)

    @property
    def parameters(self) -> dict[str, dict[str, Any]]:
        """Give each parameter's description: type, optional, default."""
        found: dict[str, dict[str, Any]] = self.header.get("params") or {}
        return found

    @property
    def tags(self) -> list[str]:
        """Give the words the query is filed under."""
        return list(self.header.get("tags", []))

    def title(self, language: Language) -> str:
        """Say in one line what the query asks, checks or shows."""
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
            value = values.get(name, self.parameters.get(name, {}).get("default"))
            if name != "scope" and str(value) in map(str, by_value):
                return str({str(key): scope for key, scope in by_value.items()}[str(value)])
        return str(told.get("scope", ""))

    def bind(self, values: Mapping[str, str], lang: Language | None = None) -> str:
        """Give the query's text with its parameters bound by a VALUES block after its pattern.

        `lang` sets the parameter of this name where the query has one and `values` has none.
        The block stands inside the outermost group: what joins it comes out the same on every
        server, while Virtuoso loses variables of BIND that meet a VALUES behind the query.
        Raises ParameterError where a value is missing, unknown or not of its declared type.
        """
        if lang and "lang" in self.parameters:
            values = {"lang": lang, **values}
        unknown = sorted(values.keys() - self.parameters.keys())
        if unknown:
            known = ", ".join(self.parameters) or "none"
            raise ParameterError(f"{self.name} has no parameter {unknown[0]!r}; it has: {known}.")
        bound = {}
        for name, description in self.parameters.items():
            value = values.get(name, description.get("default"))
            if value is not None:
                bound[name] = serialize(name, str(value), str(description.get("type", "string")))
            elif not description.get("optional"):
                raise ParameterError(f"{self.name} needs --param {name}=...")
        if not bound:
            return self.text
        names = " ".join(f"?{name}" for name in bound)
        block = f"VALUES ({names}) {{ ({' '.join(bound.values())}) }}"
        return _joined(self.text.rstrip(), block)


def serialize(name: str, value: str, kind: str) -> str:
    """Write a parameter's value as an RDF term; raise ParameterError where it is not one."""
    if kind == "iri":
        iri = expand(value)
        if not _IRI.fullmatch(iri):
            raise ParameterError(f"{name}={value!r} is not an IRI or a prefixed name.")
        return f"<{iri}>"
    if kind in _TYPES:
        if not _LEXICAL[kind].fullmatch(value):
            raise ParameterError(f"{name}={value!r} is not of type {kind}.")
        return f'"{value}"^^<{_TYPES[kind]}>'
    return literal(value)


def is_iri(value: str) -> bool:
    """Say whether a text is an IRI or a prefixed name, not the name of something."""
    return bool(_IRI.fullmatch(expand(value)))


def literal(text: str, language: str = "") -> str:
    """Write a text as an RDF term, in a language where one is named."""
    return f'"{_escape(text)}"' + (f"@{language}" if language else "")


def joined(text: str, values: Mapping[str, Sequence[str]]) -> str:
    """Join a query's pattern with the terms, as `serialize` and `literal` write them, of variables.

    Several variables take every combination of theirs.
    """
    for name, terms in values.items():
        text = _joined(text.rstrip(), f"VALUES ?{name} {{ {' '.join(terms)} }}")
    return text


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
    return Query(path.stem, path, text, header)


def catalog(kind: Kind) -> dict[str, Query]:
    """Read all queries of a kind, by name in order."""
    return {path.stem: load(path) for path in sorted((layout.QUERIES / kind).glob("*.rq"))}


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
