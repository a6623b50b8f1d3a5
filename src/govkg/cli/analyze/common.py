"""What the analyses share: options, rows with empty cells, and the figure beside the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from govkg.cli import output
from govkg.cli.output import Format
from govkg.errors import InputError
from govkg.languages import Language
from govkg.layout import display

FigurePath = Annotated[
    Path | None, typer.Option("--figure", help="Also draw: a .svg, .png or .pdf file.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the figure.")]
Year = Annotated[int | None, typer.Option(help="Year of the list, 2015 to 2023.")]

Draw = Callable[[str, Language], bytes]


@dataclass(frozen=True)
class Target:
    """Where a figure goes, and in which language."""

    path: Path
    language: Language
    force: bool


def target(path: Path | None, language: Language, *, force: bool) -> Target | None:
    """Check before the work begins that the figure can be written there."""
    if path is None:
        return None
    from govkg.analysis.figures.style import form_of

    form_of(path)
    if path.exists() and not force:
        raise InputError(f"{display(path)} exists: say --force to overwrite it.")
    return Target(path, language, force)


def give(
    columns: tuple[str, ...],
    rows: Iterable[tuple[Any, ...]],
    form: Format,
    figure: Target | None = None,
    draw: Draw | None = None,
) -> None:
    """Write the figure, then the rows; nothing is printed where the figure can't be written."""
    if figure and draw:
        _write(figure, draw)
    empty = None if form is Format.JSON else ""
    output.write_rows(columns, [[_cell(cell, empty) for cell in row] for row in rows], form)


def _write(figure: Target, draw: Draw) -> None:
    from govkg.analysis.figures.style import form_of

    content = draw(form_of(figure.path), figure.language)
    output.write_file(figure.path, content, force=figure.force)
    typer.echo(f"govkg: figure {display(figure.path)}", err=True)


def _cell(cell: object, empty: str | None) -> object:
    if cell is None:
        return empty
    if isinstance(cell, bool) and empty is not None:
        return "yes" if cell else "no"
    return round(cell, 4) if isinstance(cell, float) else cell
