"""Options that several commands take, each with one spelling and one help text."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, cast

import typer

from govkg.cli import output
from govkg.cli.output import Format
from govkg.errors import ParameterError
from govkg.languages import Language

Home = Annotated[Path | None, typer.Option("--build", help="Build directory (default: build/).")]
Lang = Annotated[Language | None, typer.Option("--lang", help="Default: by locale.")]
Form = Annotated[Format, typer.Option("--format", help="How to write the list.")]
Params = Annotated[list[str] | None, typer.Option("--param", help="name=value; may be repeated.")]
Key = Annotated[str | None, typer.Option("--document", help="Key (default: the only one).")]
Section = Annotated[str, typer.Option(help="A section as 3-1, or text units as 54-77.")]
Source = Annotated[Path | None, typer.Option("--source", help="The text (default: $GOVKG_SOURCE).")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite.")]
Endpoint = Annotated[
    str | None, typer.Option(help="A SPARQL server that holds the graph, instead of a build.")
]

_SIZE = re.compile(r"([1-9][0-9]*)(KiB|MiB|GiB)")
_UNITS = {"KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


def size(option: str, text: str, least: str = "1KiB") -> int:
    """Read a size with its unit, as `64MiB`, in bytes.

    Raises ParameterError where there is no unit, for a number alone would be a guess, and where it
    is less than `least`.
    """
    found = _SIZE.fullmatch(text)
    if not found:
        raise ParameterError(f"{option} {text!r} is no size: write KiB, MiB or GiB, as 64MiB.")
    count = int(found[1]) * _UNITS[found[2]]
    if text != least and count < size(option, least, least):
        raise ParameterError(f"{option} {text} is too little: give {least} or more.")
    return count


def language_of(values: dict[str, str], lang: Language | None) -> Language:
    """Take the language out of parameters that name one, else follow --lang, else the locale.

    What is no language is refused by the query that it is for.
    """
    return cast("Language | None", values.pop("lang", None)) or lang or output.default_language()


def pairs(params: list[str] | None) -> dict[str, str]:
    """Read name=value pairs; raise ParameterError where one is not."""
    found = {}
    for pair in params or []:
        name, equals, value = pair.partition("=")
        if not equals:
            raise ParameterError(f"--param takes name=value, not {pair!r}.")
        found[name] = value
    return found
