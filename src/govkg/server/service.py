"""The service: the pool of the current build, the rate limit, and sessions to ask in."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from starlette.concurrency import run_in_threadpool

from govkg.api import FunctionEngine, KnowledgeGraph, open_graph
from govkg.errors import InputError
from govkg.server import precheck
from govkg.server.fair_queue import SerialExecutor
from govkg.server.ipc import Job
from govkg.server.limits import Account, RateLimit, Refused
from govkg.server.pool import Pool
from govkg.server.protocol import GRAPHS, ROWS, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from govkg.server.limits import Settings
    from govkg.server.pool import Answer

T = TypeVar("T")
_POLL = 0.2  # seconds from one look for a new build to the next
# By result format of the API.
MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/sparql-results+json",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "xml": "application/sparql-results+xml",
}


@dataclass(frozen=True)
class Session:
    """What one request asks: all of it of one build, which stays so long, at one client's cost."""

    pool: Pool
    account: Account

    async def answer(self, job: Job) -> Answer:
        """Run a query; raise Refused where there is no whole answer."""
        return await self.pool.answer(job, self.account)

    def etag(self, job: Job) -> str | None:
        """Give the entity tag of an answer; None where it differs from one time to the next."""
        if job.volatile:
            return None
        content = self.pool.build.directory.name.encode() + job.asked()
        return f'W/"{hashlib.sha256(content).hexdigest()[:32]}"'

    async def call(self, ask: Callable[[KnowledgeGraph], T]) -> T:
        """Call the API in a thread; each query that it runs goes through a worker."""
        loop = asyncio.get_running_loop()

        def answer(sparql: str, form: str) -> bytes:
            found = self.answer(Job(sparql, MEDIA_TYPES[form]))
            return asyncio.run_coroutine_threadsafe(found, loop).result().body

        return await run_in_threadpool(ask, self.graph(answer))

    def graph(self, answer: Callable[[str, str], bytes]) -> KnowledgeGraph:
        """Give the graph of the build, its queries answered by a function; names are looked up."""
        engine = FunctionEngine(answer)
        return KnowledgeGraph(self.pool.build, engine=engine, read_all=False)


class Service:
    """Answers queries on the current build and moves on when a new one is there."""

    def __init__(self, home: Path, settings: Settings) -> None:
        self.home, self.settings = home, settings
        self.pool = Pool(open_graph(home).build, settings)
        self._retired: list[Pool] = []
        self.rate_limit = RateLimit(settings, time.monotonic)
        self.executor = SerialExecutor(self.rate_limit, settings.wait)

    async def start(self) -> None:
        """Start the workers; raise InputError where the build can't be opened."""
        await self.pool.start()

    async def follow(self) -> None:
        """Look for a new build time and again; a broken one leaves the old one answering."""
        while True:
            await asyncio.sleep(_POLL)
            try:
                await self.renew()
            except (InputError, OSError):
                continue

    async def renew(self) -> None:
        """Move to the build that is current now; requests under way stay on theirs."""
        found = open_graph(self.home).build
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
    def session(self, client: str) -> Iterator[Session]:
        """Let a client ask the build of now, also where another becomes current meanwhile."""
        with self.pool.held():
            yield Session(self.pool, Account(self.rate_limit, client))

    async def answer(self, client: str, job: Job) -> Answer:
        """Run one query at a client's cost; raise Refused where there is no whole answer."""
        with self.session(client) as session:
            return await session.answer(job)


def prepare(query: str, accepted: str, graphs: tuple[tuple[str, ...], ...] = ((), ())) -> Job:
    """Check a query and choose the media type of its answer; raise Refused (400, 403, 406)."""
    checked = precheck.check(query)
    offered = GRAPHS if checked.form in {"CONSTRUCT", "DESCRIBE"} else ROWS
    media_type = choose(accepted, offered)
    if media_type is None:
        raise Refused(406, f"this query can be answered as {', '.join(offered)}.")
    default, named = graphs
    return Job(query, media_type, default, named, checked.names_graphs, checked.volatile)
