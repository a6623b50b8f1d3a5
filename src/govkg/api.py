"""The Python API: open a build, ask it, validate it, draw networks from it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, overload

from govkg import assessment, build, documents, layout, lookups, queries, validation
from govkg.errors import InputError, ParameterError
from govkg.namespaces import shorten
from govkg.remote import DEFAULT, RemoteStore, Settings
from govkg.results import Result
from govkg.store import RESULT_FORMATS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import networkx as nx
    import polars as pl
    import rustworkx as rx

    from govkg.assessment import AssessmentLine, Fact
    from govkg.documents import Document
    from govkg.networks import Network
    from govkg.queries import Language
    from govkg.queryhelp import Advice
    from govkg.results import Engine, Labels
    from govkg.results.graph import GraphResult
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
# A place of a document and the division that it is listed as are one place.
_WITHIN = """
PREFIX gov: <https://w3id.org/govkg/ontology#>
SELECT DISTINCT ?place {
  ?top a gov:Territory .
  ?place (gov:within|gov:listedAs|^gov:listedAs)* ?top
} ORDER BY ?place
"""


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
    """One build of the graph, opened for reading, or a server that holds one."""

    def __init__(self, found: build.Build | RemoteStore, *, in_memory: bool = False) -> None:
        self._found = found
        self._in_memory = in_memory

    @property
    def build(self) -> build.Build:
        """Give the build; raise InputError where the graph is on a server."""
        if isinstance(self._found, build.Build):
            return self._found
        raise InputError(
            f"this takes a build on this machine, and {self._found.endpoint} is a server: "
            "run `govkg build`."
        )

    @cached_property
    def store(self) -> Store:
        """Open the store of the build on first use; raise InputError where there is none."""
        return self.build.open_store(in_memory=self._in_memory)

    @property
    def engine(self) -> Engine:
        """Give what answers queries: the store of the build, or the server."""
        return self.store if isinstance(self._found, build.Build) else self._found

    def query(
        self, query: str, *, lang: Language | None = None, **params: str
    ) -> Result | GraphResult | bool:
        """Answer a competency query by its name (`cq01`), a `.rq` file, or SPARQL itself.

        Parameters are bound as RDF terms. Gives rows of rdflib terms for a SELECT, an rdflib
        graph for a CONSTRUCT, a bool for an ASK. Raises InputError for what can't be run.
        """
        answer = self.engine.query(self._text(query, lang, params))
        if isinstance(answer, Result):
            return replace(answer, labels=self._labels(lang))
        if not isinstance(answer, bool):
            answer.labels = self._labels(lang)
        return answer

    def serialize(
        self, query: str, form: str, *, lang: Language | None = None, **params: str
    ) -> bytes:
        """Answer as `query` does, written in a W3C result format: csv, json, tsv or xml."""
        if form not in RESULT_FORMATS:
            raise ParameterError(f"no result format {form!r}: use {', '.join(RESULT_FORMATS)}.")
        return self.engine.serialize(self._text(query, lang, params), form)

    def describe(self, iri: str, *, lang: Language = "en") -> Result:
        """List what a node has (label, types, properties) and what it is the value of.

        Columns: way (has, of), property, propertyLabel, value, valueLabel. Takes an IRI or a
        prefixed name; raises InputError where nothing is known of it.
        """
        return replace(lookups.describe(self.engine, iri, lang), labels=self._labels(lang))

    def evidence(self, of: object, *, lang: Language = "en", source: Path | None = None) -> Result:
        """List the claims that prove a row of an answer, or an IRI: where, how, and in which words.

        Columns as in `lookups.Evidence`; `quote` is None where the text is not at hand: put it by
        with `govkg source add`, or name the file. Raises InputError where no claim is behind it.
        """
        found = lookups.evidence(
            self.engine, of, lang, lambda digest: documents.find_text(digest, source)
        )
        return replace(found, labels=self._labels(lang))

    def labels(self, iris: Collection[str], lang: Language = "en") -> dict[str, str]:
        """Find the labels of IRIs in a language; those without one are left out."""
        return lookups.labels(self.engine, iris, lang)

    def _labels(self, lang: Language | None) -> Labels:
        return lambda iris: self.labels(iris, lang or "en")

    def query_help(self, query: str) -> list[Advice]:
        """Say what is misspelt in a query, what is not SPARQL, or what would take for ever.

        The query is parsed, never run; nothing is said where all is well.
        """
        from govkg.queryhelp import advise

        return advise(query, self._terms)

    @cached_property
    def _terms(self) -> frozenset[str]:
        return lookups.terms(self.engine)

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
        a worker for at most `timeout` seconds; `unmet` names shapes that need meet no node.
        `engine` is pyshacl or shacl-rust, by size where not said. Raises InputError for what can't
        be read, ShapesError for shapes that are broken or check nothing, InternalError for a
        time-out.
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

    @overload
    def network(
        self,
        name: str,
        *,
        lang: Language | None = None,
        engine: Literal["networkx"] = "networkx",
        **asked: object,
    ) -> nx.MultiDiGraph[str]: ...

    @overload
    def network(
        self,
        name: str,
        *,
        lang: Language | None = None,
        engine: Literal["rustworkx"],
        **asked: object,
    ) -> rx.PyDiGraph[dict[str, Any], dict[str, Any]]: ...

    def network(
        self,
        name: str,
        *,
        lang: Language | None = None,
        engine: Literal["networkx", "rustworkx"] = "networkx",
        **asked: object,
    ) -> nx.MultiDiGraph[str] | rx.PyDiGraph[dict[str, Any], dict[str, Any]]:
        """Draw a network by the name of its query, or a `.rq` file of one's own.

        `asked` holds the query's own parameters and the filters of `govkg.networks.Filters`.
        """
        from govkg import networks

        frames = self.frames(name, lang=lang, **asked)
        if engine == "rustworkx":
            return networks.to_rustworkx(frames)
        return networks.to_networkx(frames)

    def frames(self, name: str, *, lang: Language | None = None, **asked: object) -> Network:
        """Draw a network as `network` does, as two polars frames: for large ones, and for files."""
        from govkg import networks

        query = queries.find("networks", name)
        filters, params = networks.sort_out(query, asked)
        text = query.bind(_with_language(query, lang, params))
        drawn = networks.read(query, self.engine.serialize(text, "tsv"), lang or "en")
        places = self._places(filters.within) if filters.within else ()
        about = {
            "query": {"name": query.name, "sha256": sha256(query.text.encode()).hexdigest()},
            "parameters": params,
            **self._origin(),
            "filters": filters.told(),
        }
        return replace(networks.apply(drawn, filters, places), about=about)

    def _origin(self) -> dict[str, str]:
        """Say which build or server answers, for whoever reads an export later."""
        if isinstance(self._found, RemoteStore):
            return {"endpoint": self._found.endpoint}
        return {"build": self.build.directory.name, "scope": self.build.manifest["scope"]}

    def _places(self, territory: str) -> list[str]:
        """List the territories within one, in documents and in reference data alike."""
        name = f"division:{territory}" if territory.isdigit() else territory
        query = queries.Query("within", Path(), _WITHIN, {"params": {"top": {"type": "iri"}}})
        rows = self.engine.select(query.bind({"top": name}))
        return [shorten(str(place)) for (place,) in rows]

    def table(self, name: str) -> pl.DataFrame:
        """Give a reference table by its name, as `divisions` or `mca-townships/divisions`.

        Raises UnknownName, with the names there are, where there is no such table.
        """
        from govkg.reference.datasets import named

        return named(name)

    def coverage(self, document: Document, section: str = "") -> list[tuple[int, str, int]]:
        """Count the claims of each text unit of a section: number, role, claims."""
        claims = Counter(claim.unit for claim in self.claims(document, section, "en"))
        units = document.section(section)
        return [(unit.number, unit.role, claims[unit.number]) for unit in units]

    def claims(self, document: Document, section: str, lang: Language) -> list[ClaimLine]:
        """List the claims of a section in the order of the text, with what each asserts."""
        wanted = {unit.number for unit in document.section(section)}
        rows = self.engine.select(_CLAIMS.format(document=document.key, lang=lang))
        found = (
            ClaimLine(shorten(str(row[0])), *(term.toPython() for term in row[1:])) for row in rows
        )
        return [claim for claim in found if claim.unit in wanted]

    def assessments(self, lang: Language, claim: str = "") -> list[AssessmentLine]:
        """List the assessments in the build, of one claim where it is named (`claim:...`)."""
        return assessment.listing(self.engine, lang, claim)

    def facts(self, name: str, lang: Language) -> list[Fact]:
        """List the facts that an assessment (`assess:...`) rests on: name, label, time, value."""
        return assessment.facts(self.engine, name, lang)

    def _text(self, query: str, lang: Language | None, params: dict[str, str]) -> str:
        if queries.is_sparql(query):
            return queries.Query("the query", Path(), query).bind(params)
        found = queries.find("competency", query)
        return found.bind(_with_language(found, lang, params))


def open_graph(
    place: str | Path | None = None,
    *,
    in_memory: bool = False,
    timeout: int = DEFAULT.timeout,
    tries: int = DEFAULT.tries,
    page: int = DEFAULT.page,
    auth: tuple[str, str] | None = None,
) -> KnowledgeGraph:
    """Open the current build of a build directory, or the graph that a SPARQL server holds.

    For a server (`https://.../sparql`) the rest says how it is asked: seconds to wait, tries, rows
    a page, name and password. `in_memory` copies the store of a build first: scans are then
    several times faster. Raises InputError where there is no build.
    """
    if isinstance(place, str) and place.lower().startswith(("http://", "https://")):
        return KnowledgeGraph(RemoteStore(place, Settings(timeout, tries, page, auth)))
    found = build.current(Path(place) if place else layout.default_build())
    return KnowledgeGraph(found, in_memory=in_memory)


def _with_language(
    query: queries.Query, lang: Language | None, params: dict[str, str]
) -> dict[str, str]:
    """Set the parameter `lang` of queries that have one."""
    return {"lang": lang, **params} if lang and "lang" in query.parameters else params
