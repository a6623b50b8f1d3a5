"""The headers of query files as records: what the YAML in their `#+` lines says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from govkg.errors import SourceError
from govkg.textfile import convert

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from govkg.languages import Language


class Parameter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a header says of a parameter.

    `type` is one of `KINDS`; `enum` lists the only values, where there is a list; `default` is
    bound where no value is given, `optional` says that none need be. A `constant` stands in the
    pattern itself, for servers that ask for constants there.
    """

    type: str = "string"
    enum: tuple[str | int, ...] = ()
    optional: bool = False
    default: str | int | float | None = None
    constant: bool = False


class Outcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a check of claims says where a row has this outcome: the verdict, and why.

    `wanted` is the local name of what would decide instead (`wanted:`), where nothing does.
    """

    verdict: str
    zh: str
    en: str
    wanted: str = ""

    def text(self, language: Language) -> str:
        """Give the explanation, with placeholders for columns, in a language."""
        return self.zh if language == "zh" else self.en


class Judged(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Statements that a check of claims may judge, by prefixed names; no names are no limit.

    `measure` takes in the narrower ones. `lasting`: the statement is of a state that is held to
    last, so that a change since can supersede it; a past event stays past.
    """

    classes: tuple[str, ...] = msgspec.field(name="class", default=())
    kind: tuple[str, ...] = ()
    measure: tuple[str, ...] = ()
    extent: tuple[str, ...] = ()
    predicate: tuple[str, ...] = ()
    modality: tuple[str, ...] = ()
    lasting: bool = False


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """The YAML in the `#+` lines of a query file; texts by language, other keys left alone.

    By its kind a query says `question`, `message`, `judges` or `network`. Checks of the graph have
    a `severity` and a `scope` (the graph they look into), checks of claims their `outcomes` and
    the `statements` that they may judge; `needs` names the scope of a build, also by the value of
    a parameter; `lists` are the columns of a network that have several values.
    """

    question: dict[str, str] = {}
    message: dict[str, str] = {}
    judges: dict[str, str] = {}
    network: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    params: dict[str, Parameter] = {}
    needs: dict[str, str | dict[str | int, str]] = {}
    severity: Literal["", "violation", "warning", "info"] = ""
    scope: Literal["", "data", "ontology"] = ""
    outcomes: dict[str, Outcome] = {}
    statements: tuple[Judged, ...] = ()
    lists: tuple[str, ...] | None = None
    directed: bool = True


def read_header(path: Path, found: Mapping[str, object]) -> Header:
    """Take what a header says; raise SourceError that names the key whose value is of no use."""
    values = {}
    for key in msgspec.structs.fields(Header):
        if found.get(key.name) is not None:
            try:
                values[key.name] = convert(found[key.name], key.type)
            except ValueError as error:
                raise SourceError(path, None, f"{key.name}: {error}.") from error
    return Header(**values)
