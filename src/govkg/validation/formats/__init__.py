"""The formats in which a report is written, a module each with a `write`."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from govkg.errors import ParameterError

if TYPE_CHECKING:
    from pathlib import Path

    from govkg.languages import Language
    from govkg.validation.places import Places
    from govkg.validation.report import Report

_SUFFIXES = {"xml": "junit", "ttl": "turtle", "txt": "human"}
FORMATS = ("human", "csv", "json", "github", "sarif", "junit", "turtle")


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
    if form not in FORMATS:
        raise ParameterError(f"there is no format {form!r}: use one of {', '.join(FORMATS)}.")
    module = import_module(f"{__name__}.{form}")
    return str(module.write(report, language, places))
