"""Text files read as UTF-8, every failure a SourceError that names the file; sorting large ones."""

from __future__ import annotations

import heapq
import tempfile
from contextlib import ExitStack
from pathlib import Path

from govkg.errors import InputError, SourceError
from govkg.layout import display

_RUN = 64 << 20  # bytes


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
