"""Workers of one build, from the front: asked, slowed, killed at the deadline and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govkg.errors import InputError
from govkg.server.fair_queue import FairQueue
from govkg.server.ipc import HEAD, Outcome
from govkg.server.limits import Refused, has_limits

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator

    from govkg.api import Build
    from govkg.server.ipc import Job
    from govkg.server.limits import Account, Settings

_LOWEST = 19
_ROOM = 2**20  # what a message may take beyond the largest answer; compressing can add a little
_REFUSALS = {
    Outcome.SYNTAX: (400, "{}"),
    Outcome.UNWRITABLE: (406, "{}"),
    Outcome.TOO_LARGE: (413, "the answer is too large: add LIMIT, or take the dump (/dumps)."),
    Outcome.FAILED: (500, "the query failed: {}"),
}
_LATE = "the query took longer than {:g} s: add LIMIT, ask for less, or take the dump (/dumps)."
_DIED = "the query was too much for its worker (memory or depth): ask for less."
_BUSY = "all workers are busy: try again in a while."
_CROWDED = "too many long queries run already: ask for less, or try again in a while."


@dataclass(frozen=True)
class Answer:
    """A whole answer, as gzip where it is `compressed`."""

    body: bytes
    compressed: bool = False


class WorkerProcess:
    """One worker process, seen from the front."""

    def __init__(self, process: asyncio.subprocess.Process, most: int) -> None:
        self.process, self.most = process, most
        self.slowed = self.crowded = False

    @classmethod
    async def start(cls, build: Build, settings: Settings) -> WorkerProcess:
        """Start a worker and wait until it is confined; raise InputError where it can't start."""
        alarm = int(settings.timeout) + 2
        numbers = (settings.memory, settings.stack, settings.answer, alarm)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "govkg.server.worker", str(build.directory / "store")),
            *map(str, numbers),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_ROOM,
            process_group=0,
        )
        worker = cls(process, settings.answer + _ROOM)
        try:
            await worker.read()
        except (EOFError, OSError) as error:
            await worker.end()
            raise InputError(
                f"no worker can open {build.directory}: run `govkg build` again."
            ) from error
        return worker

    async def ask(self, job: Job) -> tuple[Outcome, bytes]:
        """Send a job and read the whole answer; raise EOFError or OSError if it dies."""
        assert self.process.stdin is not None  # noqa: S101 - for the type checker; it is a pipe
        self.process.stdin.write(job.encode())
        await self.process.stdin.drain()
        return await self.read()

    async def read(self) -> tuple[Outcome, bytes]:
        """Read one whole frame."""
        assert self.process.stdout is not None  # noqa: S101 - see above
        kind, length = HEAD.unpack(await self.process.stdout.readexactly(HEAD.size))
        if length > self.most:
            raise OSError("a worker says more than it may")
        return Outcome(kind.decode()), await self.process.stdout.readexactly(length)

    def slow_down(self) -> None:
        """Let everything else go first, for good: only root could take that back.

        The query runs on a thread, and Linux reaches all threads of a process by its group only.
        """
        self.slowed = True
        if has_limits():
            with contextlib.suppress(ProcessLookupError):
                os.setpriority(os.PRIO_PGRP, self.process.pid, _LOWEST)

    def kill(self) -> None:
        """End the process at once.

        Not by `Process.kill`, which may wait for a process that died itself; asyncio would then
        miss it and warn (https://github.com/python/cpython/issues/87744).
        """
        if self.process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))

    async def end(self) -> None:
        """End the process and let go of its pipes."""
        self.kill()
        assert self.process.stdin is not None  # noqa: S101 - see above
        self.process.stdin.close()
        await self.process.wait()


class Pool:
    """Workers on one build. A request that began here ends here, whatever is built meanwhile."""

    def __init__(self, build: Build, settings: Settings) -> None:
        self.build, self.settings = build, settings
        self._queue: FairQueue[WorkerProcess] = FairQueue()
        self._long: set[WorkerProcess] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy, self._closed = 0, False

    async def start(self) -> None:
        """Start all workers; raise InputError where the build can't be opened."""
        for worker in await asyncio.gather(*(self._new() for _ in range(self.settings.workers))):
            self._queue.put(worker)

    async def answer(self, job: Job, account: Account) -> Answer:
        """Run a query in a worker; raise Refused (400 to 504) where it has no whole answer."""
        account.check()
        with self.held():
            worker = await self._free(account)
            began = time.monotonic()
            try:
                outcome, body = await self._ask(worker, job)
            finally:
                account.charge(time.monotonic() - began)
        if outcome in _REFUSALS:
            status, text = _REFUSALS[outcome]
            raise Refused(status, text.format(body.decode(errors="replace")))
        return Answer(body, outcome is Outcome.COMPRESSED)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Keep the workers although the pool may be closed meanwhile."""
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
            self._end_if_done()

    def close(self) -> None:
        """End the workers once the last request that began here has its answer."""
        self._closed = True
        self._end_if_done()

    async def ended(self) -> None:
        """Wait until the last worker of a closed pool is gone."""
        while self.busy:
            await asyncio.sleep(0.01)

    @property
    def busy(self) -> bool:
        """Say whether requests, starts or ends of workers are under way."""
        return bool(self._busy or self._tasks)

    async def _free(self, account: Account) -> WorkerProcess:
        try:
            worker = await self._queue.take(account.client, self.settings.wait)
        except TimeoutError as error:
            raise Refused(503, _BUSY) from error
        try:
            account.check()  # others of the same client may have spent it meanwhile
        except Refused:
            self._queue.put(worker)
            raise
        return worker

    async def _ask(self, worker: WorkerProcess, job: Job) -> tuple[Outcome, bytes]:
        loop, whole = asyncio.get_running_loop(), False
        becomes_long = loop.call_later(self.settings.long, self._on_long_query, worker)
        try:
            found = await asyncio.wait_for(worker.ask(job), self.settings.timeout)
            whole = True
        except TimeoutError as error:
            raise Refused(504, _LATE.format(self.settings.timeout)) from error
        except (EOFError, OSError) as error:
            raise Refused(503, _CROWDED if worker.crowded else _DIED) from error
        finally:
            becomes_long.cancel()
            self._long.discard(worker)
            if whole and not worker.slowed:
                self._queue.put(worker)
            else:
                self._replace(worker)
        return found

    def _on_long_query(self, worker: WorkerProcess) -> None:
        """Slow a long query down; end it where only one worker is left for short ones."""
        if len(self._long) < max(1, self.settings.workers - 1):
            self._long.add(worker)
            worker.slow_down()
        else:
            worker.crowded = True
            worker.kill()

    def _replace(self, worker: WorkerProcess) -> None:
        worker.kill()
        self._keep(self._respawn(worker))

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _respawn(self, dead: WorkerProcess) -> None:
        """Put a new worker in the place of a dead one, trying again while the machine is full."""
        await dead.end()
        while not self._closed:
            try:
                self._queue.put(await self._new())
            except (InputError, OSError) as error:
                sys.stderr.write(f"govkg: a worker can't be started: {error}; tries again.\n")
                await asyncio.sleep(1)
            else:
                self._end_if_done()
                return

    async def _new(self) -> WorkerProcess:
        return await WorkerProcess.start(self.build, self.settings)

    def _end_if_done(self) -> None:
        if self._closed and not self._busy:
            for worker in self._queue.drain():
                self._keep(worker.end())
