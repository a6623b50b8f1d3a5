"""`govkg analyze timeline`: the reforms that documents tell of, by time."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from govkg.cli import output
from govkg.cli.analyze.common import FigurePath, Force, give, target
from govkg.cli.options import Form, Home, Lang
from govkg.cli.output import Format

if TYPE_CHECKING:
    from govkg.cli.analyze.questions import Reform
    from govkg.languages import Language

_EVENT = ("event", "label", "type", "extent", "place", "when", "earliest", "latest", "claims")


def timeline(
    dated: Annotated[bool, typer.Option("--dated", help="Only those with a date.")] = False,
    figure: FigurePath = None,
    force: Force = False,
    form: Form = Format.TABLE,
    home: Home = None,
    lang: Lang = None,
) -> None:
    """List the reforms that documents tell as facts, by time; the undated ones last."""
    from govkg.api import open_graph
    from govkg.cli.analyze.questions import reforms

    language = lang or output.default_language()
    file = target(figure, language, force=force)
    found = [one for one in reforms(open_graph(home), language) if one.earliest or not dated]
    rows = [
        (one.event, one.label, one.type, one.extent, one.place, one.when, *one.years, one.claims)
        for one in found
    ]
    give(_EVENT, rows, form, file, partial(_timeline, found))


def _timeline(found: list[Reform], form: str, language: Language) -> bytes:
    from govkg.analysis import figures

    events = [figures.Event(one.label, one.type_label, *one.span) for one in found]
    title = "Reforms that the documents tell of" if language == "en" else "文献所述的改革"
    return figures.timeline(events, title, form, language)
