"""The line for workers: clients take turns, however many requests each of them has waiting."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator

T = TypeVar("T")


class Line(Generic[T]):
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
