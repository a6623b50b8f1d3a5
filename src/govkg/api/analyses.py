"""The analyses: measures of hierarchies and networks, each as rows with a figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, wraps
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, Protocol

from govkg.errors import ParameterError
from govkg.namespaces import expand
from govkg.queries import check_language

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    import networkx as nx

    from govkg.analysis.result import AnalysisResult
    from govkg.languages import Language
    from govkg.results import Engine

P = ParamSpec("P")
Analysis = Callable[Concatenate["Analyses", P], "AnalysisResult"]


def _in_any_language(analysis: Analysis[P]) -> Analysis[P]:
    """Let a result draw its figure in another language too: by doing the analysis in that one."""

    @wraps(analysis)
    def run(self: Analyses, /, *args: P.args, **kwargs: P.kwargs) -> AnalysisResult:
        def again(lang: Language) -> AnalysisResult:
            return run(self, *args, **{**kwargs, "lang": lang})  # type: ignore[arg-type]

        language: Any = kwargs.get("lang", "en")
        check_language(language)
        return replace(analysis(self, *args, **kwargs), language=language, again=again)

    return run


class Graph(Protocol):
    """What analyses ask of a graph, as `KnowledgeGraph` has it."""

    @property
    def engine(self) -> Engine:
        """Give what answers queries."""

    def network(
        self, name: str, *, lang: Language | None = None, sets: bool = True
    ) -> nx.MultiGraph[str]:
        """Draw a network by the name of its query, with or without nodes for sets."""

    def labels(self, iris: Collection[str], lang: Language = "en") -> dict[str, str]:
        """Find the labels of IRIs in a language."""


class Analyses:
    """What `govkg analyze` prints, as `AnalysisResult`: rows, data frames and a figure.

    `lang` is the language of names and figures. `span`, `direct`, `compare` and, without a
    network, `orphans` read the yearly lists of divisions, 2015 to 2023, and need no graph.
    A place is a code (520100) or a name; all raise UnknownName or AmbiguousName for a place that
    the lists don't have or have several of, ParameterError for a year without a list and for what
    is no language.
    """

    def __init__(
        self,
        open_graph: Callable[[], Graph],
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._open = open_graph
        self._progress = progress

    @cached_property
    def _graph(self) -> Graph:
        return self._open()

    def _network(self, name: str, lang: Language, *, sets: bool = True) -> nx.MultiDiGraph[str]:
        return self._graph.network(name, lang=lang, sets=sets).to_directed()

    @_in_any_language
    def levels(
        self,
        place: str | None = None,
        *,
        year: int | None = None,
        failing: bool = False,
        lang: Language = "en",
    ) -> AnalysisResult:
        """Test the documents' patterns of levels: all cities by year, or city by city.

        With a year, a place or `failing` (cities where a pattern fails) there is a row for each
        city. The figure shows the shares by year, or, of a place, the hierarchy as an icicle.
        Raises InputError where no document says which levels cities have.
        """
        from govkg.analysis import divisions, levels
        from govkg.api import analysis_data

        if year is not None and year not in divisions.VILLAGE_YEARS:
            first, last = divisions.VILLAGE_YEARS[0], divisions.VILLAGE_YEARS[-1]
            raise ParameterError(f"levels need lists with committees: those of {first} to {last}.")
        patterns = analysis_data.patterns(self._graph.engine, lang)
        lists = divisions.yearly(divisions.with_committees(year), place, self._progress)
        if year or place or failing:
            return levels.by_city(lists, patterns, place, lang, failing=failing)
        return levels.over_cities(lists, patterns, lang)

    @_in_any_language
    def span(
        self,
        *,
        year: int | None = None,
        within: str | None = None,
        of: str | None = None,
        only: Literal["residents", "villagers"] | None = None,
        outliers: bool = False,
        fence: float = 1.5,
        lang: Language = "en",
    ) -> AnalysisResult:
        """Measure spans of control: committees per street office, town and township, and so on.

        `of` is one of them, `only` one kind of committees. An outlier, listed by `outliers`, lies
        more than `fence` times the distance of the quartiles beyond them (Tukey). The figure shows
        the spans of the last year, or, `of` one of them, all years.
        """
        from govkg.analysis import divisions, span

        lists = divisions.yearly(divisions.with_committees(year), within, self._progress)
        return span.analyze(lists, of, only, fence, lang, listing=outliers)

    @_in_any_language
    def direct(
        self, *, year: int | None = None, within: str | None = None, lang: Language = "en"
    ) -> AnalysisResult:
        """List districts and counties that have committees right under them, year by year.

        The figure is a grid of their numbers.
        """
        from govkg.analysis import divisions, span

        lists = divisions.yearly(divisions.with_committees(year), None, self._progress)
        return span.directly_below(lists, within, lang)

    @_in_any_language
    def reform(
        self,
        places: Sequence[str] | None = None,
        *,
        year: int | None = None,
        measures: Sequence[str] | None = None,
        kinds: bool = False,
        lang: Language = "en",
    ) -> AnalysisResult:
        """Describe yearly counts before, at and after a reform, and their largest jump among peers.

        By default, of the cities of which a document says that street offices were abolished;
        else of `places`, with a reform in a `year`. `measures` are columns of the table
        `nbs-series/counts`. The figure has the series with the reform marked. With `kinds`: how
        many towns became street offices, and so on, by year and province. Raises InputError where
        no document tells of a reform, or the place was not counted.
        """
        from govkg.analysis import compare, reform
        from govkg.api import analysis_data

        if kinds:
            if places or year or measures:
                raise ParameterError(
                    "--kinds counts the whole nation: leave the other options out."
                )
            return compare.of_kinds(lang)
        reform.check(measures)
        if places is None and year is None:
            cases = reform.told(analysis_data.reforms(self._graph.engine, lang))
        elif places and year:
            cases = reform.named(places, year, lang)
        else:
            raise ParameterError("a reform of your own needs --place and --year, both.")
        return reform.analyze(cases, measures, lang)

    @_in_any_language
    def timeline(self, *, dated: bool = False, lang: Language = "en") -> AnalysisResult:
        """List the reforms that documents tell as facts, by time; the undated ones last, or not.

        The figure has a bar for each over the time in which it may have begun.
        """
        from govkg.analysis import timeline
        from govkg.api import analysis_data

        found = analysis_data.reforms(self._graph.engine, lang)
        return timeline.analyze([one for one in found if one.earliest or not dated], lang)

    @_in_any_language
    def compare(
        self,
        place: str,
        other: str | None = None,
        *,
        year: int | None = None,
        with_year: int | None = None,
        lang: Language = "en",
    ) -> AnalysisResult:
        """Compare the counts of two years or of two places; codes gone and new between two years.

        `year` is the last one where it is not said. The figure has a bar for each difference.
        Raises ParameterError for a place below county level, which has no counts.
        """
        from govkg.analysis import compare, divisions

        if (other is None) == (with_year is None):
            raise ParameterError("compare takes a second place or --with-year, one of the two.")
        first = year or divisions.LAST_YEAR
        return compare.analyze((place, first), (other or place, with_year or first), lang)

    @_in_any_language
    def dual_leadership(
        self,
        network: str = "institutions",
        *,
        kinds: Collection[str] | None = None,
        sets: bool = False,
        lang: Language = "en",
    ) -> AnalysisResult:
        """List the nodes that two leaders stand above, a row for each tie: certain where 条 and 块.

        `kinds` of ties count, by default all that lead, guide, supervise or coordinate. `network`
        is a name or a `.rq` file. Sets that a text doesn't itemize count only with `sets`. The
        figure ties leaders to the body, by line.
        """
        from govkg.analysis import network_roles
        from govkg.api import analysis_data

        graph = self._network(network, lang, sets=sets)
        counted = kinds or analysis_data.leading(self._graph.engine)
        return network_roles.dual_leadership(graph, counted, lang)

    @_in_any_language
    def brokerage(
        self, network: str = "institutions", *, sets: bool = False, lang: Language = "en"
    ) -> AnalysisResult:
        """Measure who stands between others: betweenness and constraint within each part.

        Sets that a text doesn't itemize are nodes only with `sets`. The figure has a dot for each,
        by part. Raises InputError for a tree.
        """
        from govkg.analysis import network_roles

        return network_roles.brokerage(self._network(network, lang, sets=sets), lang)

    @_in_any_language
    def orphans(
        self, network: str | None = None, *, year: int | None = None, lang: Language = "en"
    ) -> AnalysisResult:
        """List orphans, cycles, skipped levels and units with nothing below them.

        Of the list of a year (by default the last), or, of a network: nodes without any tie, and
        rings of ties that lead, both sets included. The figure counts by problem and kind, or, of
        the lists of all years (without `year`), by problem, year and level.
        """
        from govkg.analysis import orphans
        from govkg.api import analysis_data

        if network is None:
            return orphans.of_list(year, lang, self._progress)
        graph = self._network(network, lang)
        leading = [
            kind for kind, binds in analysis_data.leading(self._graph.engine).items() if binds
        ]

        def labels(kinds: Collection[str]) -> Mapping[str, str]:
            classes = {kind: expand(f"gov:{kind}") for kind in kinds}
            known = self._graph.labels(classes.values(), lang)
            return {kind: known.get(iri, kind) for kind, iri in classes.items()}

        return orphans.of_network(network, graph, leading, labels, lang)
