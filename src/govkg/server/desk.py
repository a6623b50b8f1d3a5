"""The desk: what the front does itself, one piece of work at a time and at the client's cost."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

from starlette.concurrency import run_in_threadpool

from govkg.server.budget import Budget, Purse
from govkg.server.line import Line
from govkg.server.precheck import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_BUSY = "others are before you: try again in a while."


class Desk:
    """Looks names up and writes networks: never foreign queries, yet some 100 MiB at a time."""

    def __init__(self, budget: Budget, wait: float) -> None:
        self._budget, self._wait = budget, wait
        self._line: Line[None] = Line()
        self._line.put(None)

    async def do(self, client: str, work: Callable[[], T]) -> T:
        """Run work in a thread once it is the client's turn; raise Refused (429, 503) before."""
        purse = Purse(self._budget, client)
        purse.check()
        try:
            await self._line.take(client, self._wait)
        except TimeoutError as error:
            raise Refused(503, _BUSY) from error
        began = time.monotonic()
        try:
            return await run_in_threadpool(work)
        finally:
            purse.pay(time.monotonic() - began)
            self._line.put(None)
