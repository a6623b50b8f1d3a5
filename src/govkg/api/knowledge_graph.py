"""The graph as people use it: asked, described, validated, drawn."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from govkg import layout, lookups, queries
from govkg.api import drawing, nodes
from govkg.api.analyses import Analyses
from govkg.api.backend import Backed
from govkg.errors import ParameterError
from govkg.manifest import DUMP, current
from govkg.remote import DEFAULT, RemoteStore, Settings
from govkg.results import Result
from govkg.store import RESULT_FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import networkx as nx
    import polars as pl
    import rustworkx as rx

    from govkg.api.nodes import Node
    from govkg.assessment import AssessmentLine, Fact
    from govkg.documents import Document
    from govkg.languages import Language
    from govkg.lookups import ClaimLine
    from govkg.networks import Network
    from govkg.queryhelp import Advice
    from govkg.results import Labels
    from govkg.results.graph import GraphResult
    from govkg.validation import EngineName, Report, Source

    Attributes = dict[str, Any]
    IndexedGraph = rx.PyDiGraph[Attributes, Attributes] | rx.PyGraph[Attributes, Attributes]


class KnowledgeGraph(Backed):
    """One build of the graph, opened for reading, or a server that holds one."""

    def query(
        self, query: str, *, lang: Language | None = None, **params: str
    ) -> Result | GraphResult | bool:
        """Answer a competency query by its name (`cq01`), a `.rq` file, or SPARQL itself.

        Parameters are bound as RDF terms; one of type `iri` takes a name as well. Gives rows of
        rdflib terms for a SELECT, an rdflib graph for a CONSTRUCT, a bool for an ASK. Warns
        (`PartialAnswer`) where the build has only a part of it. Raises InputError for what can't
        be run.
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

        Columns: way (has, of), property, propertyLabel, value, valueLabel. Takes an IRI, a
        prefixed name or a name; raises InputError where nothing is known of it.
        """
        iri = self.resolve(iri, lang=lang)
        return replace(lookups.describe(self.engine, iri, lang), labels=self._labels(lang))

    def find(self, name: str, *, lang: Language = "en") -> list[Node]:
        """List the nodes that go by a name, Chinese, English or pinyin: iri, label, above."""
        return nodes.find(self.engine, name, lang, read_all=self._read_all)

    def resolve(self, name: str, *, lang: Language = "en") -> str:
        """Give the IRI of a node by its IRI, its prefixed name or any name it goes by.

        Raises UnknownName, with near names, where nothing is called so, AmbiguousName, with all of
        them, where several are.
        """
        return nodes.resolve(self.engine, name, lang, read_all=self._read_all)

    def evidence(
        self,
        of: object,
        *,
        lang: Language = "en",
        source: Path | None = None,
        quotes: bool = True,
    ) -> Result:
        """List the claims that prove a row of an answer, or a node: where, how, in which words.

        `of` is a row, or an IRI, a prefixed name or a name.

        Columns as in `lookups.Evidence`; `quote` is None where the text is not at hand (put it by
        with `govkg source add`, or name the file) and without `quotes`, for whoever hands the rows
        on: a text is not ours to publish. Raises InputError where no claim is behind it.
        """
        from govkg import documents

        of = self.resolve(of, lang=lang) if isinstance(of, str) else of
        found = lookups.evidence(
            self.engine,
            of,
            lang,
            lambda digest: documents.find_text(digest, source) if quotes else None,
        )
        return replace(found, labels=self._labels(lang))

    def labels(self, iris: Collection[str], lang: Language = "en") -> dict[str, str]:
        """Find the labels of IRIs in a language; those without one are left out."""
        return lookups.labels(self.engine, iris, lang)

    def _labels(self, lang: Language | None) -> Labels:
        return lambda iris: self.labels(iris, lang or "en")

    def query_help(self, query: str) -> list[Advice]:
        """Say what is misspelt in a query, is not SPARQL, can match nothing or would take for ever.

        The query is parsed, never run; nothing is said where all is well.
        """
        from govkg.queryhelp import advise

        return advise(query, self._terms, self.engine)

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
        progress: Callable[[str], None] = lambda _: None,
    ) -> Report:
        """Validate files in the context of the graph, or without any the build itself.

        `paths` are files, folders and patterns; `shapes` adds SHACL files of one's own, run in
        a worker for at most `timeout` seconds; `unmet` names shapes that need meet no node;
        `progress` hears which step begins.
        `engine` is pyshacl, shacl-rust or topbraid, by size where not said. Raises InputError for
        what can't be read, ShapesError for shapes that are broken or check nothing, InternalError
        for a time-out.
        """
        from govkg import validation

        options = validation.Options(
            tuple(map(Path, shapes)), engine, validation.Limits(timeout), tuple(unmet), progress
        )
        dump = self.build.directory / DUMP
        data = validation.Data(
            self.store, dump if dump.is_file() else None, self.build.manifest.graphs
        )
        if not paths:
            return validation.validate(data, options)
        sources = [path for path in paths if isinstance(path, validation.Source)]
        named = [path for path in paths if not isinstance(path, validation.Source)]
        return validation.validate_files([*sources, *validation.read_sources(named)], data, options)

    @overload
    def network(
        self,
        name: str,
        *,
        lang: Language | None = None,
        engine: Literal["networkx"] = "networkx",
        **asked: object,
    ) -> nx.MultiGraph[str]: ...

    @overload
    def network(
        self,
        name: str,
        *,
        lang: Language | None = None,
        engine: Literal["rustworkx"],
        **asked: object,
    ) -> IndexedGraph: ...

    def network(
        self,
        name: str,
        *,
        lang: Language | None = None,
        engine: Literal["networkx", "rustworkx"] = "networkx",
        **asked: object,
    ) -> nx.MultiGraph[str] | IndexedGraph:
        """Draw a network by the name of its query, or a `.rq` file of one's own.

        `asked` holds the query's own parameters and the filters of `govkg.networks.Filters`.
        """
        from govkg import networks

        frames = self.frames(name, lang=lang, **asked)
        if engine == "rustworkx":
            return networks.to_rustworkx(frames)
        return networks.to_networkx(frames)

    def frames(self, name: str, *, lang: Language | None = None, **asked: object) -> Network:
        """Draw a network as `network` does, as two polars frames: for large ones, and for files.

        Warns (`PartialAnswer`) where the build holds only a part of what the network shows.
        """
        found = queries.find("networks", name)
        self._warn(found, {name: str(value) for name, value in asked.items() if value is not None})
        return drawing.draw(self.engine, self._origin(), found, lang, asked)

    def export(
        self, name: str, form: str, *, lang: Language | None = None, **asked: object
    ) -> bytes:
        """Draw a network as `network` does and write it in a format of `govkg export`.

        Of formats that are two files (csv, parquet) it gives the edges. Raises UnknownName where
        there is no such format.
        """
        from govkg import exports

        return exports.write(self.frames(name, lang=lang, **asked), form)

    def table(self, name: str) -> pl.DataFrame:
        """Give a reference table by its name, as `divisions` or `mca-townships/divisions`.

        Raises UnknownName, with the names there are, where there is no such table.
        """
        from govkg.reference.datasets import named

        return named(name)

    @property
    def analyze(self) -> Analyses:
        """Give the analyses of hierarchies and networks: `kg.analyze.span(year=2023)`."""
        return Analyses(lambda: self)

    def coverage(self, document: Document, section: str = "") -> list[tuple[int, str, int]]:
        """Count the claims of each text unit of a section: number, role, claims."""
        return lookups.coverage(self.engine, document, section)

    def claims(self, document: Document, section: str, lang: Language) -> list[ClaimLine]:
        """List the claims of a section in the order of the text, with what each asserts."""
        return lookups.claims(self.engine, document, section, lang)

    def assessments(self, lang: Language, claim: str = "") -> list[AssessmentLine]:
        """List the assessments in the build, of one claim where it is named (`claim:...`)."""
        from govkg import assessment

        return assessment.listing(self.engine, lang, claim)

    def facts(self, name: str, lang: Language) -> list[Fact]:
        """List the facts that an assessment (`assess:...`) rests on: name, label, time, value."""
        from govkg import assessment

        return assessment.facts(self.engine, name, lang)

    def _text(self, query: str, lang: Language | None, params: dict[str, str]) -> str:
        if queries.is_sparql(query):
            return queries.Query("the query", Path(), query).bind(params, lang)
        found = queries.find("competency", query)
        values = nodes.given(self.engine, found, params, lang, read_all=self._read_all)
        self._warn(found, values)
        return found.bind(values, lang)


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
    found = current(Path(place) if place else layout.default_build())
    return KnowledgeGraph(found, in_memory=in_memory)
