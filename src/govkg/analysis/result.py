"""What an analysis gives: rows, data frames of them, and a figure that is drawn when asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from govkg.errors import ParameterError
from govkg.textfile import refuse_overwriting, write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pandas as pd
    import polars as pl

    from govkg.languages import Language
    from govkg.results.frames import Column, Type

    Draw = Callable[[str], bytes]

FIGURE_FORMATS = ("svg", "png", "pdf")
_TYPES: dict[type, Type] = {bool: "boolean", int: "integer", float: "double", str: "text"}


@dataclass(frozen=True)
class AnalysisResult:
    """Rows of an analysis: `rows` are named tuples of the class `row`, None where nothing is known.

    `language` is that of names; `draw` gives the figure in a format; `again` does the analysis in
    another language.
    """

    row: type[Any]
    rows: tuple[Any, ...]
    draw: Draw = field(repr=False, compare=False)
    language: Language = "en"
    again: Callable[[Language], AnalysisResult] | None = field(
        default=None, repr=False, compare=False
    )

    @property
    def columns(self) -> tuple[str, ...]:
        """Give the names of the columns: the fields, without the _ behind a word of Python."""
        return tuple(name.rstrip("_") for name in self.row._fields)

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Any]:
        return iter(self.rows)

    def figure(self, form: str = "svg", lang: Language | None = None) -> bytes:
        """Draw the figure as a file: svg, png or pdf; in the language of the rows, or another.

        Raises ParameterError for a format that figures don't have, InputError where there is
        nothing to draw, MissingLibrary without matplotlib.
        """
        if form not in FIGURE_FORMATS:
            raise ParameterError(f"no figure format {form!r}: use {', '.join(FIGURE_FORMATS)}.")
        other = lang is not None and lang != self.language
        result = self.again(lang) if lang and other and self.again else self
        return result.draw(form)

    def save(self, path: str | Path, lang: Language | None = None, *, force: bool = False) -> None:
        """Write the figure to a .svg, .png or .pdf file, whole or not at all.

        Raises InputError where the file exists, unless `force`, or can't be written.
        """
        path = Path(path)
        check_figure(path, force=force)
        write_file(path, self.figure(figure_format(path), lang), force=force)

    def to_polars(self) -> pl.DataFrame:
        """Give a polars data frame."""
        from govkg.results import frames

        return frames.to_polars(self._typed())

    def to_pandas(self) -> pd.DataFrame:
        """Give a pandas data frame; raises MissingLibrary where pandas is not installed."""
        from govkg.results import frames

        return frames.to_pandas(self._typed(), len(self.rows))

    def _typed(self) -> Iterator[Column]:
        """Give the columns, each of the type that the class of the rows says."""
        from govkg.results.frames import Column

        hints = get_type_hints(self.row)
        for place, (name, hint) in enumerate(zip(self.columns, hints.values(), strict=True)):
            [known] = {hint, *get_args(hint)} & _TYPES.keys()
            yield Column(name, _TYPES[known], [row[place] for row in self.rows])

    def _repr_html_(self) -> str:
        from govkg.results.html import table

        return table(self.columns, self.rows, None)


def figure_format(path: Path) -> str:
    """Tell the format by the ending; raise ParameterError for one that figures don't have."""
    form = path.suffix.lower().lstrip(".")
    if form not in FIGURE_FORMATS:
        ends = ", ".join(f".{known}" for known in FIGURE_FORMATS)
        raise ParameterError(f"{path.name}: a figure ends in one of {ends}.")
    return form


def check_figure(path: Path, *, force: bool) -> None:
    """Check before the work begins that a figure has an ending and overwrites nothing."""
    figure_format(path)
    refuse_overwriting(path, force=force)
