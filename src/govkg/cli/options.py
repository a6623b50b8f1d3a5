"""Options that several commands take, each with one spelling and one help text."""

from __future__ import annotations

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
Endpoint = Annotated[
    str | None, typer.Option(help="A SPARQL server that holds the graph, instead of a build.")
]


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
