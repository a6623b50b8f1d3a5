"""`govkg analyze`: the analyses of the API, each printed as a list, with its figure in a file."""

# Annotations are no strings here: `_command` hands them on to typer.
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from govkg.cli import common
from govkg.cli.common import Force, Form, Format, Home, Lang
from govkg.languages import Language
from govkg.layout import display

if TYPE_CHECKING:
    from govkg.analysis.result import AnalysisResult
    from govkg.api import Analyses

Command = Callable[..., "AnalysisResult"]

Figure = Annotated[
    Path | None, typer.Option("--figure", help="Also draw: a .svg, .png or .pdf file.")
]
Year = Annotated[int | None, typer.Option(help="Year of the list, 2015 to 2023.")]
Sets = Annotated[
    bool, typer.Option("--sets", help="Also nodes for several bodies that no text itemizes.")
]
Within = Annotated[str | None, typer.Option(help="Only below this place.")]
Network = Annotated[str, typer.Argument(help="A network's name or a .rq file.")]

app = typer.Typer(help="Measure hierarchies and networks, with figures.", no_args_is_help=True)


def _command(*, asks_graph: bool = False, no_rows: str = "") -> Callable[[Command], Command]:
    """Make a command of an analysis: it has its own options, and those that all of them share.

    Only an analysis that `asks_graph` takes --build; `no_rows` is said where there are none.
    """

    def register(analysis: Command) -> Command:
        def run(
            figure: Figure = None,
            force: Force = False,
            form: Form = Format.TABLE,
            home: Home = None,
            lang: Lang = None,
            **own: Any,  # noqa: ANN401 - as the analysis has them
        ) -> None:
            language = lang or common.default_language()
            _print(lambda: analysis(_analyses(home), language, **own), form, figure, force=force)

        shared = [*inspect.signature(run).parameters.values()][:-1]
        kept = [option for option in shared if asks_graph or option.name != "home"]
        options = [*[*inspect.signature(analysis).parameters.values()][2:], *kept]
        run.__signature__ = inspect.Signature(options)  # type: ignore[attr-defined]
        run.__annotations__ = {option.name: option.annotation for option in options}
        app.command(analysis.__name__.replace("_", "-"), help=inspect.getdoc(analysis))(run)
        return analysis

    def _print(
        analyze: Callable[[], "AnalysisResult"], form: Format, figure: Path | None, *, force: bool
    ) -> None:
        """Write the figure, then the rows: nothing is printed where the figure can't be written."""
        if figure:
            from govkg.analysis.result import check_figure

            check_figure(figure, force=force)
        found = analyze()
        if figure:
            found.save(figure, force=force)
            typer.echo(f"govkg: figure {display(figure)}", err=True)
        cells = [[_cell(cell, form) for cell in row] for row in found.rows]
        common.write_rows(found.columns, cells, form)
        if no_rows and not found.rows:
            typer.echo(f"govkg: {no_rows}", err=True)

    return register


def _analyses(home: Path | None) -> "Analyses":
    from govkg.api import Analyses, open_graph

    return Analyses(lambda: open_graph(home), common.progress)


def _cell(cell: object, form: Format) -> object:
    if form is not Format.JSON and cell is None:
        return ""
    if form is not Format.JSON and isinstance(cell, bool):
        return "yes" if cell else "no"
    return round(cell, 4) if isinstance(cell, float) else cell


@_command(asks_graph=True)
def levels(
    analyses: "Analyses",
    lang: Language,
    year: Year = None,
    place: Annotated[
        str | None, typer.Option(help="A city: its code (520100) or name (贵阳市).")
    ] = None,
    failing: Annotated[bool, typer.Option("--failing", help="Cities where it fails.")] = False,
) -> "AnalysisResult":
    """Test the documents' patterns of levels: all cities by year, or city by city.

    With --year, --place or --failing there is a row for each city. The figure shows the shares by
    year, or, of one --place, the hierarchy as an icicle.
    """
    return analyses.levels(place, year=year, failing=failing, lang=lang)


@_command()
def span(
    analyses: "Analyses",
    lang: Language,
    year: Year = None,
    within: Within = None,
    of: Annotated[
        str | None, typer.Option(help="Whose span: street, town, township or district.")
    ] = None,
    only: Annotated[
        Literal["residents", "villagers"] | None,
        typer.Option(help="Count only one kind of committees (default: both)."),
    ] = None,
    outliers: Annotated[bool, typer.Option("--outliers", help="List the outliers.")] = False,
    fence: Annotated[
        float, typer.Option(min=0, help="Outliers lie so many quartile distances off.")
    ] = 1.5,
) -> "AnalysisResult":
    """Measure spans of control: committees per street office, town and township, streets per district.

    An outlier lies more than --fence times the distance of the quartiles beyond them (Tukey). The
    figure shows the three spans of one year, or, --of one of them, all years.
    """  # noqa: E501 - one line of help
    return analyses.span(
        year=year, within=within, of=of, only=only, outliers=outliers, fence=fence, lang=lang
    )


@_command()
def direct(
    analyses: "Analyses", lang: Language, year: Year = None, within: Within = None
) -> "AnalysisResult":
    """List districts and counties that have committees right under them, without street or town."""
    return analyses.direct(year=year, within=within, lang=lang)


@_command(asks_graph=True)
def reform(
    analyses: "Analyses",
    lang: Language,
    place: Annotated[
        list[str] | None, typer.Option(help="Places (default: those that the graph tells of).")
    ] = None,
    year: Annotated[int | None, typer.Option(help="Year of the reform, with --place.")] = None,
    measure: Annotated[
        list[str] | None,
        typer.Option(help="What is counted, as street_areas or towns; may be repeated."),
    ] = None,
    kinds: Annotated[
        bool, typer.Option("--kinds", help="What became another kind, by year and province.")
    ] = False,
) -> "AnalysisResult":
    """Describe yearly counts before, at and after a reform, and their largest jump among peers.

    By default: the cities of which a document says that street offices were abolished. No tests
    of significance: the counts are no sample. With --kinds: how many towns became street offices,
    and so on.
    """
    return analyses.reform(place, year=year, measures=measure, kinds=kinds, lang=lang)


@_command(asks_graph=True)
def timeline(
    analyses: "Analyses",
    lang: Language,
    dated: Annotated[bool, typer.Option("--dated", help="Only those with a date.")] = False,
) -> "AnalysisResult":
    """List the reforms that documents tell as facts, by time; the undated ones last."""
    return analyses.timeline(dated=dated, lang=lang)


@_command()
def compare(
    analyses: "Analyses",
    lang: Language,
    place: Annotated[str, typer.Argument(help="A province, city or county: code or name.")],
    other: Annotated[str | None, typer.Argument(help="Another place, of the same year.")] = None,
    year: Annotated[
        int | None, typer.Option(help="Year of the first (default: the last list).")
    ] = None,
    with_year: Annotated[int | None, typer.Option(help="Year of the second.")] = None,
) -> "AnalysisResult":
    """Compare the counts of two years or of two places; codes gone and new between two years.

    The figure has a bar for each difference, to the left or to the right.
    """
    return analyses.compare(place, other, year=year, with_year=with_year, lang=lang)


@_command(asks_graph=True, no_rows="no node of this network has two leaders.")
def dual_leadership(
    analyses: "Analyses",
    lang: Language,
    network: Network = "institutions",
    kind: Annotated[
        list[str] | None, typer.Option(help="Kinds of ties that count (default: all that lead).")
    ] = None,
    sets: Sets = False,
) -> "AnalysisResult":
    """List the nodes that two leaders stand above, a row for each tie: certain where 条 and 块."""
    return analyses.dual_leadership(network, kinds=kind, sets=sets, lang=lang)


@_command(asks_graph=True)
def brokerage(
    analyses: "Analyses",
    lang: Language,
    network: Network = "institutions",
    sets: Sets = False,
) -> "AnalysisResult":
    """Measure who stands between others: betweenness and constraint within each part."""
    return analyses.brokerage(network, sets=sets, lang=lang)


@_command(asks_graph=True)
def orphans(
    analyses: "Analyses",
    lang: Language,
    network: Annotated[
        str | None, typer.Argument(help="A network (default: the list of a year).")
    ] = None,
    year: Year = None,
) -> "AnalysisResult":
    """List orphans, cycles, skipped levels and units with nothing below them.

    Of a network: nodes without any tie, and rings of ties that lead. The figure counts by problem
    and kind, or, of the lists of all years (without --year), by problem, year and level.
    """
    return analyses.orphans(network, year=year, lang=lang)
