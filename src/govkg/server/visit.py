"""A visit: what one request asks, all of it of one build and at one client's cost."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from govkg.errors import InputError
from govkg.results import Result
from govkg.server.frames import Request
from govkg.store import read_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from govkg.results import Selects
    from govkg.server.budget import Purse
    from govkg.server.pool import Answer, Pool

JSON = "application/sparql-results+json"
T = TypeVar("T")


@dataclass(frozen=True)
class Visit:
    """Asks one pool, which stays as long as the visit, whatever is built meanwhile."""

    pool: Pool
    purse: Purse

    async def answer(self, request: Request) -> Answer:
        """Run a query; raise Refused where there is no whole answer."""
        return await self.pool.answer(request, self.purse)

    def tag(self, request: Request) -> str | None:
        """Give the entity tag of an answer; None where it differs from one time to the next."""
        if request.volatile:
            return None
        content = self.pool.build.directory.name.encode() + request.asked()
        return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'

    async def look_up(self, ask: Callable[[Selects], T]) -> T:
        """Run in a thread what asks an engine; each of its queries goes through a worker."""
        from starlette.concurrency import run_in_threadpool

        return await run_in_threadpool(ask, _Engine(self, asyncio.get_running_loop()))


@dataclass(frozen=True)
class _Engine:
    """The workers as an engine, for use outside the loop's thread."""

    visit: Visit
    loop: asyncio.AbstractEventLoop

    def select(self, sparql: str) -> Result:
        asked = self.visit.answer(Request(sparql, JSON))
        found = read_json(asyncio.run_coroutine_threadsafe(asked, self.loop).result().body)
        if not isinstance(found, Result):
            raise InputError("this takes a SELECT query; ASK and CONSTRUCT give no rows.")
        return found
