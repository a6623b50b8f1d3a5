"""The formats in which a report is written, a function each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.errors import ParameterError
from govkg.validation.formats.ci import github, junit
from govkg.validation.formats.records import csv, json
from govkg.validation.formats.sarif import sarif
from govkg.validation.formats.shacl_report import turtle
from govkg.validation.formats.terminal import human

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from govkg.languages import Language
    from govkg.validation.places import Places
    from govkg.validation.report import Report

_SUFFIXES = {"xml": "junit", "ttl": "turtle", "txt": "human"}
_WRITERS: dict[str, Callable[[Report, Language, Places], str]] = {
    "human": human,
    "csv": csv,
    "json": json,
    "github": github,
    "sarif": sarif,
    "junit": junit,
    "turtle": turtle,
}
FORMATS = tuple(_WRITERS)


def of_file(path: Path) -> str:
    """Choose the format that a file's suffix names; raise ParameterError where none does."""
    suffix = path.suffix.removeprefix(".")
    form = _SUFFIXES.get(suffix, suffix)
    if form not in FORMATS:
        names = ", ".join(f".{one}" for one in (*FORMATS, *_SUFFIXES))
        raise ParameterError(f"{path.name} names no format of a report: let it end in {names}.")
    return form


def write(report: Report, form: str, language: Language, places: Places) -> str:
    """Write a report in one of FORMATS; raise ParameterError for any other."""
    if form not in _WRITERS:
        raise ParameterError(f"there is no format {form!r}: use one of {', '.join(FORMATS)}.")
    return _WRITERS[form](report, language, places)
