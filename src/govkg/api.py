"""The Python API: open a build, ask it, validate it, draw networks from it."""

from __future__ import annotations

from collections import Counter
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from govkg import build, layout, networks, queries, validation
from govkg.errors import ParameterError
from govkg.namespaces import shorten
from govkg.store import RESULT_FORMATS, Result

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    from rdflib import Graph

    from govkg.documents import Document
    from govkg.queries import Language
    from govkg.store import Store
    from govkg.validation import EngineName, Report, Source

_CLAIMS = """
PREFIX doc: <https://w3id.org/govkg/id/document/>
PREFIX gov: <https://w3id.org/govkg/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?claim ?unit ?start ?end ?label ?modality ?voice ?statements
WHERE {{
  ?claim a gov:Claim ; gov:document doc:{document} ; gov:textUnit/gov:unitNumber ?unit ;
    gov:start ?start ; gov:end ?end ; rdfs:label ?label ;
    gov:modality/rdfs:label ?modality ; gov:voice/rdfs:label ?voice .
  FILTER(LANG(?label) = "{lang}" && LANG(?modality) = "{lang}" && LANG(?voice) = "{lang}")
  {{ SELECT ?claim (GROUP_CONCAT(?sign; separator=" ") AS ?statements) WHERE {{
      {{ ?claim gov:asserts ?yes . BIND(CONCAT("+", STRAFTER(STR(?yes), "/id/")) AS ?sign) }}
      UNION {{ ?claim gov:denies ?no . BIND(CONCAT("-", STRAFTER(STR(?no), "/id/")) AS ?sign) }}
    }} GROUP BY ?claim }}
}}
ORDER BY ?unit ?start ?claim
"""
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE", "#")


class ClaimLine(NamedTuple):
    """A claim as people read it: where, in our own words, how, and the statements it is about.

    `start` and `end` are code points of the document; `statements` are asserted (+) or denied (-).
    """

    claim: str
    unit: int
    start: int
    end: int
    label: str
    modality: str
    voice: str
    statements: str


class KnowledgeGraph:
    """One build of the graph, opened for reading."""

    def __init__(self, found: build.Build) -> None:
        self.build = found

    @cached_property
    def store(self) -> Store:
        """Open the store on first use."""
        return self.build.open_store()

    def query(
        self, query: str, *, lang: Language | None = None, **params: str
    ) -> Result | Graph | bool:
        """Answer a competency query by its name (`cq01`), a `.rq` file, or SPARQL itself.

        Parameters are bound as RDF terms. Gives rows of rdflib terms for a SELECT, an rdflib
        graph for a CONSTRUCT, a bool for an ASK. Raises InputError for what can't be run.
        """
        return self.store.query(self._text(query, lang, params))

    def serialize(
        self, query: str, form: str, *, lang: Language | None = None, **params: str
    ) -> bytes:
        """Answer as `query` does, written in a W3C result format: csv, json, tsv or xml."""
        if form not in RESULT_FORMATS:
            raise ParameterError(f"no result format {form!r}: use {', '.join(RESULT_FORMATS)}.")
        return self.store.serialize(self._text(query, lang, params), form)

    def validate(
        self,
        *paths: str | Path | Source,
        shapes: Sequence[str | Path] = (),
        engine: EngineName | None = None,
        timeout: float = 300.0,
        unmet: Sequence[str] = (),
    ) -> Report:
        """Validate files in the context of the graph, or without any the build itself.

        `paths` are files, folders and patterns; `shapes` adds SHACL files of one's own, run in
        a worker for at most `timeout` seconds and of which `unmet` need meet no node. `engine` is
        pyshacl or shacl-rust, by size where not said. Raises InputError for what can't be read,
        ShapesError for shapes that are broken or check nothing, InternalError for a time-out.
        """
        sources = [path for path in paths if isinstance(path, validation.Source)]
        named = [path for path in paths if not isinstance(path, validation.Source)]
        sources += validation.read_sources(named)
        options = validation.Options(
            tuple(map(Path, shapes)), engine, validation.Limits(timeout), tuple(unmet)
        )
        dump = self.build.directory / "govkg.nq"
        data = validation.Data(
            self.store, dump if dump.is_file() else None, self.build.manifest["graphs"]
        )
        if paths:
            return validation.validate_files(sources, data, options)
        return validation.validate(data, options)

    def network(
        self, name: str, *, lang: Language | None = None, **params: str
    ) -> nx.MultiDiGraph[str]:
        """Draw a network by the name of its query, or a `.rq` file of one's own."""
        query = queries.find("networks", name)
        rows = self.store.select(query.bind(_with_language(query, lang, params)))
        return networks.to_networkx(query, rows)

    def coverage(self, document: Document, section: str = "") -> list[tuple[int, str, int]]:
        """Count the claims of each text unit of a section: number, role, claims."""
        claims = Counter(claim.unit for claim in self.claims(document, section, "en"))
        units = document.section(section)
        return [(unit.number, unit.role, claims[unit.number]) for unit in units]

    def claims(self, document: Document, section: str, lang: Language) -> list[ClaimLine]:
        """List the claims of a section in the order of the text, with what each asserts."""
        wanted = {unit.number for unit in document.section(section)}
        rows = self.store.select(_CLAIMS.format(document=document.key, lang=lang))
        found = (
            ClaimLine(shorten(str(row[0])), *(term.toPython() for term in row[1:])) for row in rows
        )
        return [claim for claim in found if claim.unit in wanted]

    def _text(self, query: str, lang: Language | None, params: dict[str, str]) -> str:
        if query.lstrip().upper().startswith(_FORMS):
            return queries.Query("the query", Path(), query).bind(params)
        found = queries.find("competency", query)
        return found.bind(_with_language(found, lang, params))


def open_graph(home: str | Path | None = None) -> KnowledgeGraph:
    """Open the current build of a build directory; raise InputError where there is none."""
    return KnowledgeGraph(build.current(Path(home) if home else layout.default_build()))


def _with_language(
    query: queries.Query, lang: Language | None, params: dict[str, str]
) -> dict[str, str]:
    """Set the parameter `lang` of queries that have one."""
    return {"lang": lang, **params} if lang and "lang" in query.parameters else params
