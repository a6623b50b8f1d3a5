"""Text files: read as UTF-8, YAML as typed records; written whole or not at all; sorted.

Every failure is a SourceError that names the file, and the line or key where there is one.
"""

from __future__ import annotations

import heapq
import re
import tempfile
from collections.abc import Hashable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from govkg.errors import InputError, SourceError
from govkg.layout import display

T = TypeVar("T")
_RUN = 64 << 20  # bytes
_MISSING = re.compile(r"Object missing required field `([^`]+)`(?: - at `\$\.?(.*)`)?")


def read(path: Path) -> str:
    """Read a text file; raise SourceError where it is missing or not UTF-8."""
    return decode(read_bytes(path), path)


def decode(content: bytes, path: Path) -> str:
    """Read UTF-8, a byte order mark before it left out; raise SourceError where it is not that."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(path, line, "is not UTF-8: save it in that encoding.") from error


def read_bytes(path: Path) -> bytes:
    """Read a file; raise SourceError where it can't be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(path, None, f"can't be read: {error.strerror}.") from error


def sort_lines(source: Path, target: Path, run: int = _RUN) -> None:
    """Write the lines of a file in the order of their bytes, with memory for one run (bytes).

    Runs are sorted apart and merged (Knuth, TAOCP 3, 5.4). Every line ends with a newline, which
    counts. The order of UTF-8 is that of code points.
    """
    with (
        tempfile.TemporaryDirectory(prefix=".sort-", dir=target.parent) as folder,
        ExitStack() as opened,
    ):
        runs: list[Path] = []
        with source.open("rb") as lines:
            while part := lines.readlines(run):
                part.sort()
                runs.append(Path(folder) / str(len(runs)))
                with runs[-1].open("wb") as out:
                    out.writelines(part)
        files = [opened.enter_context(one.open("rb")) for one in runs]
        with target.open("wb") as out:
            out.writelines(heapq.merge(*files))


def write_file(path: Path, content: bytes, *, force: bool) -> None:
    """Write a file whole or not at all; raise InputError where it exists or can't be written."""
    refuse_overwriting(path, force=force)
    draft = path.with_name(f".{path.name}.tmp")
    try:
        draft.write_bytes(content)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise InputError(f"{display(path)} can't be written: {error.strerror}.") from error


def refuse_overwriting(path: Path, *, force: bool) -> None:
    """Raise InputError where a file exists; called before long work too, lest it be for nothing."""
    if path.exists() and not force:
        raise InputError(f"{display(path)} exists: say --force to overwrite it.")


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader that refuses what would hide or multiply data."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(problem="aliases are not allowed", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.MarkedYAMLError(
                    problem="a key must be a word or number", problem_mark=key_node.start_mark
                )
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the key {key!r} stands twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


class YamlError(ValueError):
    """What is wrong with a YAML text, and on which of its lines (1-based)."""

    def __init__(self, line: int, message: str) -> None:
        self.line = line
        super().__init__(message)


def load_mapping(text: str) -> dict[str, Any]:
    """Read a YAML mapping; raise YamlError where it is broken, no mapping or not plain."""
    try:
        found = yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise YamlError(line, error.problem or "not valid YAML") from error
    except yaml.YAMLError as error:
        raise YamlError(1, "not valid YAML") from error
    if not isinstance(found, dict):
        raise YamlError(1, "a mapping (key: value) is needed")
    return found


def read_yaml(path: Path, kind: type[T], advice: str = "mend it") -> T:
    """Read a YAML mapping as a record of a kind; keys that the record has not are left out.

    Raises SourceError, with the line where the YAML is broken, and with the key where one is
    missing or of another type; `advice` says what to do with broken YAML.
    """
    try:
        return convert(load_mapping(read(path)), kind)
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
