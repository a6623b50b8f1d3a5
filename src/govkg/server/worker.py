"""A worker: one process, one store opened for reading, one query at a time, no way out.

Run as `python -m govkg.server.worker STORE MEMORY STACK ANSWER SECONDS`; frames come in on stdin
and go out on stdout. After the store is open, no file or socket can be opened any more. Mistakes in
a query are explained here too: the front parses no foreign query.
"""

from __future__ import annotations

import gzip
import io
import re
import signal
import sys
import textwrap
import threading
from functools import lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from govkg.errors import FormatError, InputError
from govkg.queries import lookup
from govkg.queryhelp import LONGEST, Advice
from govkg.queryhelp.advice import at, undeclared, unknown_terms
from govkg.server.ipc import HEAD, Job, Outcome, frame, head_of
from govkg.server.limits import has_limits
from govkg.store import Dataset, Store, mend

_WORTH_COMPRESSING = 1000  # bytes
_MOST = 5  # hints: each compares a word with all terms
_PLACE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)


class TooLargeError(Exception):
    """An answer that outgrows what the server gives."""


class Capped(io.BytesIO):
    """A buffer that takes so many bytes and not one more."""

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__()

    def write(self, content: object, /) -> int:
        """Take more bytes; raise TooLargeError past the limit."""
        taken = super().write(content)  # type: ignore[arg-type]
        if self.tell() > self.most:
            raise TooLargeError
        return taken


def answer(store: Store, job: Job, most: int) -> tuple[Outcome, bytes]:
    """Answer whole, or say why not; nothing in between."""
    out = Capped(most)
    dataset = Dataset((job.default_graphs, job.named_graphs), job.names_graphs)
    try:
        store.answer(job.query, job.media_type, out, dataset)
        body = mend(job.media_type, out.getvalue())
    except FormatError as error:
        return Outcome.UNWRITABLE, str(error).encode()
    except InputError as error:
        return Outcome.SYNTAX, explain(store, job, str(error)).encode()
    except Exception as error:
        too_large = out.tell() > most or isinstance(error, TooLargeError)
        return (Outcome.TOO_LARGE if too_large else Outcome.FAILED), str(error).encode()
    if job.compress and len(body) >= _WORTH_COMPRESSING:
        return Outcome.COMPRESSED, gzip.compress(body, compresslevel=1, mtime=0)
    return Outcome.ANSWER, body


def explain(store: Store, job: Job, message: str) -> str:
    """Say what is wrong, where, and what may be meant: words first, then the engine's message."""
    if len(job.query) > LONGEST:
        return message
    words = chain(undeclared(job.query), unknown_terms(job.query, terms(store)))
    told = [*islice(words, _MOST), *_syntax(job.query, message)]
    return "\n".join(one.text(job.language) for one in told) or message


@lru_cache(maxsize=1)
def terms(store: Store) -> frozenset[str]:
    """List the terms of a store without anything that would have to be imported."""
    out = io.BytesIO()
    store.answer(lookup("terms").text, "text/csv", out, Dataset())
    return frozenset(out.getvalue().decode().split()[1:])


def _syntax(query: str, message: str) -> list[Advice]:
    found = _PLACE.search(message)
    if not found:
        return []
    line, column = int(found[1]), int(found[2])
    offset = sum(map(len, query.splitlines(keepends=True)[: line - 1])) + column - 1
    expected = textwrap.shorten(re.sub(r"\[.*", "", found[3], flags=re.DOTALL).rstrip(", "), 160)
    return [
        Advice(
            "syntax", "error", f"from here on this is not SPARQL 1.1: {expected}",
            f"从这里起不合 SPARQL 1.1 语法：{expected}", *at(query, offset),
        )
    ]  # fmt: skip


def serve(store: Store, most: int, seconds: int, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer request by request until the front hangs up."""
    while head := requests.read(HEAD.size):
        job = Job.decode(requests.read(HEAD.unpack(head)[1]))
        _alarm(seconds)
        outcome, body = answer(store, job, most)
        _alarm(0)
        answers.write(head_of(outcome, body))
        answers.write(body)
        answers.flush()


def confine(memory: int) -> None:
    """Give up for good new files, new sockets, and `memory` bytes beyond what is taken now."""
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    most = pages * resource.getpagesize() + memory
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _alarm(seconds: int) -> None:
    """End this process in so many seconds, even where the front is gone."""
    if has_limits():
        signal.alarm(seconds)


def main(words: list[str]) -> None:
    """Open the store, give up what a query must not have, and serve."""
    directory, (memory, stack, most, seconds) = Path(words[0]), map(int, words[1:])
    store = Store.open(directory)
    # Whatever a first query, or a first mistake, would import is there before the limits.
    for first in ("ASK {}", "ASK { gov:x"):
        answer(store, Job(first, "text/csv"), most)
    confined = threading.Event()

    def work() -> None:
        confined.wait()
        serve(store, most, seconds, sys.stdin.buffer, sys.stdout.buffer)

    # The thread's stack is taken before the limit counts.
    threading.stack_size(stack)
    thread = threading.Thread(target=work)
    thread.start()
    if has_limits():
        confine(memory)
    sys.stdout.buffer.write(frame(Outcome.READY, b""))
    sys.stdout.buffer.flush()
    confined.set()
    thread.join()


if __name__ == "__main__":
    main(sys.argv[1:])
