"""`govkg analyze`: a module a question, each a few lines on top of govkg.analysis."""

from __future__ import annotations

import typer

from govkg.cli.analyze import compare, direct, levels, orphans, reform, span, ties, timeline

app = typer.Typer(help="Measure hierarchies and networks, with figures.", no_args_is_help=True)
app.command()(levels.levels)
app.command()(span.span)
app.command()(direct.direct)
app.command()(reform.reform)
app.command()(timeline.timeline)
app.command()(compare.compare)
app.command("dual-leadership")(ties.dual_leadership)
app.command()(ties.brokerage)
app.command()(orphans.orphans)
