"""Whose turn it is: clients take turns, however many requests each of them has waiting."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Generic, TypeVar

from starlette.concurrency import run_in_threadpool

from govkg.server.limits import Account, RateLimit, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")
_BUSY = "others are before you: try again in a while."


class FairQueue(Generic[T]):
    """What is free, and who waits for it: of all clients that wait, the next one in the round."""

    def __init__(self) -> None:
        self._free: list[T] = []
        self._waiting: OrderedDict[str, deque[asyncio.Future[T]]] = OrderedDict()

    def put(self, free: T) -> None:
        """Give something free to the client whose turn it is, or keep it."""
        while self._waiting:
            client, waiting = self._waiting.popitem(last=False)
            first = waiting.popleft()
            if waiting:
                self._waiting[client] = waiting
            if not first.done():
                first.set_result(free)
                return
        self._free.append(free)

    async def take(self, client: str, seconds: float) -> T:
        """Wait for one's turn; raise TimeoutError where it does not come in time."""
        if self._free:
            return self._free.pop()
        mine: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(client, deque()).append(mine)
        try:
            await asyncio.wait([mine], timeout=seconds)
        except asyncio.CancelledError:
            if not mine.cancel():
                self.put(mine.result())
            raise
        if mine.cancel():
            raise TimeoutError
        return mine.result()

    def drain(self) -> Iterator[T]:
        """Take out all that is free."""
        while self._free:
            yield self._free.pop()


class SerialExecutor:
    """What the front does itself, one piece of work at a time and at the client's cost.

    It looks names up and writes networks: never foreign queries, yet some 100 MiB at a time.
    """

    def __init__(self, limit: RateLimit, wait: float) -> None:
        self._limit, self._wait = limit, wait
        self._queue: FairQueue[None] = FairQueue()
        self._queue.put(None)

    async def run(self, client: str, work: Callable[[], T]) -> T:
        """Run work in a thread once it is the client's turn; raise Refused (429, 503) before."""
        account = Account(self._limit, client)
        account.check()
        try:
            await self._queue.take(client, self._wait)
        except TimeoutError as error:
            raise Refused(503, _BUSY) from error
        began = time.monotonic()
        try:
            return await run_in_threadpool(work)
        finally:
            account.charge(time.monotonic() - began)
            self._queue.put(None)
