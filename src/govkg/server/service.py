"""The service: the pool of the current build, the budget, and one way to ask."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING

from govkg.build import current
from govkg.errors import InputError
from govkg.server import precheck
from govkg.server.accept import GRAPHS, ROWS, choose
from govkg.server.budget import Budget, Purse
from govkg.server.desk import Desk
from govkg.server.frames import Request
from govkg.server.pool import Pool
from govkg.server.precheck import Refused
from govkg.server.visit import Visit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from govkg.server.pool import Answer
    from govkg.server.settings import Settings

_LOOK = 0.2


class Service:
    """Answers queries on the current build and moves on when a new one is there."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self.home, self.settings = home, settings
        self.pool = Pool(current(home), settings)
        self._retired: list[Pool] = []
        self.budget = Budget(settings, time.monotonic)
        self.desk = Desk(self.budget, settings.wait)

    async def start(self) -> None:
        """Start the workers; raise InputError where the build can't be opened."""
        await self.pool.start()

    async def follow(self) -> None:
        """Look for a new build time and again; a broken one leaves the old one answering."""
        while True:
            await asyncio.sleep(_LOOK)
            try:
                await self.renew()
            except (InputError, OSError):
                continue

    async def renew(self) -> None:
        """Move to the build that is current now; requests under way stay on theirs."""
        found = current(self.home)
        if found.directory == self.pool.build.directory:
            return
        pool = Pool(found, self.settings)
        try:
            await pool.start()
        except BaseException:
            pool.close()
            raise
        self.pool, before = pool, self.pool
        before.close()
        self._retired = [one for one in self._retired if one.busy] + [before]

    async def end(self) -> None:
        """End all workers, those of earlier builds too."""
        self.pool.close()
        for pool in (*self._retired, self.pool):
            await pool.ended()

    @contextlib.contextmanager
    def visit(self, client: str) -> Iterator[Visit]:
        """Let a client ask the build of now, also where another becomes current meanwhile."""
        with self.pool.held():
            yield Visit(self.pool, Purse(self.budget, client))

    async def answer(self, client: str, request: Request) -> Answer:
        """Run one query at a client's cost; raise Refused where there is no whole answer."""
        with self.visit(client) as visit:
            return await visit.answer(request)


def prepare(query: str, accept: str, graphs: tuple[tuple[str, ...], ...] = ((), ())) -> Request:
    """Check a query and choose the media type of its answer; raise Refused (400, 403, 406)."""
    checked = precheck.check(query)
    offered = GRAPHS if checked.form in {"CONSTRUCT", "DESCRIBE"} else ROWS
    media_type = choose(accept, offered)
    if media_type is None:
        raise Refused(406, f"this query can be answered as {', '.join(offered)}.")
    default, named = graphs
    return Request(query, media_type, default, named, checked.names_graphs, checked.volatile)
