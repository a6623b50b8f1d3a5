"""Descriptions in YAML and JSON as typed records: what is missing or of another type is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

import msgspec

from govkg import textfile
from govkg.errors import SourceError
from govkg.yamlfile import YamlError, load_mapping

if TYPE_CHECKING:
    from pathlib import Path

T = TypeVar("T")
_MISSING = re.compile(r"Object missing required field `([^`]+)`(?: - at `\$\.?(.*)`)?")


def read_yaml(path: Path, kind: type[T], advice: str = "mend it") -> T:
    """Read a YAML mapping as a record of a kind; keys that the record has not are left out.

    Raises SourceError, with the line where the YAML is broken, and with the key where one is
    missing or of another type; `advice` says what to do with broken YAML.
    """
    try:
        return convert(load_mapping(textfile.read(path)), kind)
    except YamlError as error:
        raise SourceError(path, error.line, f"{error}: {advice}.") from error
    except ValueError as error:
        raise SourceError(path, None, f"{error}.") from error


def convert(found: object, kind: type[T]) -> T:
    """Make a record of plain data; raise ValueError where a key is missing or of another type."""
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        if missing := _MISSING.fullmatch(str(error)):
            under = f" under {missing[2]}" if missing[2] else ""
            raise ValueError(f"add the key {missing[1]}{under}") from error
        raise ValueError(str(error).replace(" - at `$.", " at `")) from error
