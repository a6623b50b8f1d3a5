"""A worker: one process, one store opened for reading, one query at a time, no way out.

Run as `python -m govkg.server.worker STORE MEMORY STACK ANSWER SECONDS`; frames come in on stdin
and go out on stdout. After the store is open, no file or socket can be opened any more.
"""

from __future__ import annotations

import gzip
import io
import signal
import sys
import threading
from pathlib import Path
from typing import BinaryIO

from govkg.errors import FormatError, InputError
from govkg.server.explain import explain
from govkg.server.frames import HEAD, Outcome, Request, frame, head_of
from govkg.server.settings import has_limits
from govkg.store import Dataset, Store, mend

_WORTH_COMPRESSING = 1000  # bytes


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


def answer(store: Store, request: Request, most: int) -> tuple[Outcome, bytes]:
    """Answer whole, or say why not; nothing in between."""
    out = Capped(most)
    dataset = Dataset((request.default_graphs, request.named_graphs), request.names_graphs)
    try:
        store.answer(request.query, request.media_type, out, dataset)
        body = mend(request.media_type, out.getvalue())
    except FormatError as error:
        return Outcome.UNWRITABLE, str(error).encode()
    except InputError as error:
        return Outcome.SYNTAX, explain(store, request, str(error)).encode()
    except Exception as error:
        too_large = out.tell() > most or isinstance(error, TooLargeError)
        return (Outcome.TOO_LARGE if too_large else Outcome.FAILED), str(error).encode()
    if request.compress and len(body) >= _WORTH_COMPRESSING:
        return Outcome.COMPRESSED, gzip.compress(body, compresslevel=1, mtime=0)
    return Outcome.ANSWER, body


def serve(store: Store, most: int, seconds: int, requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer request by request until the front hangs up."""
    while head := requests.read(HEAD.size):
        request = Request.decode(requests.read(HEAD.unpack(head)[1]))
        _alarm(seconds)
        outcome, body = answer(store, request, most)
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
        answer(store, Request(first, "text/csv"), most)
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
