"""The pool: workers of one build, killed at the deadline and replaced."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from govkg.errors import InputError
from govkg.server.frames import HEAD, Outcome
from govkg.server.precheck import Refused

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from govkg.build import Build
    from govkg.server.frames import Request
    from govkg.server.settings import Settings

_REFUSALS = {
    Outcome.SYNTAX: (400, "{}"),
    Outcome.TOO_LARGE: (413, "the answer is too large: add LIMIT, or take the dump (/dumps)."),
    Outcome.FAILED: (500, "the query failed: {}"),
}
_LATE = "the query took longer than {:g} s: add LIMIT, ask for less, or take the dump (/dumps)."
_DIED = "the query was too much for its worker (memory or depth): ask for less."
_BUSY = "all workers are busy: try again in a while."


@dataclass(frozen=True)
class Answer:
    """A whole answer and the seconds a worker spent on it."""

    body: bytes
    seconds: float


class Worker:
    """One worker process, seen from the front."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, build: Build, settings: Settings) -> Worker:
        """Start a worker and wait until it is confined; raise InputError where it can't start."""
        alarm = int(settings.timeout) + 2
        numbers = (settings.memory, settings.stack, settings.answer, alarm)
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "govkg.server.worker", str(build.directory / "store")),
            *map(str, numbers),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        worker = cls(process)
        try:
            await worker.read()
        except (EOFError, OSError) as error:
            raise InputError(
                f"no worker can open {build.directory}: run `govkg build` again."
            ) from error
        return worker

    async def ask(self, request: Request) -> tuple[Outcome, bytes]:
        """Send a request and read the whole answer; raise EOFError or OSError if it dies."""
        assert self.process.stdin is not None  # noqa: S101 - for the type checker; it is a pipe
        self.process.stdin.write(request.encode())
        await self.process.stdin.drain()
        return await self.read()

    async def read(self) -> tuple[Outcome, bytes]:
        """Read one whole frame."""
        assert self.process.stdout is not None  # noqa: S101 - see above
        kind, length = HEAD.unpack(await self.process.stdout.readexactly(HEAD.size))
        return Outcome(kind.decode()), await self.process.stdout.readexactly(length)

    def kill(self) -> None:
        """End the process at once."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()

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
        self._idle: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy, self._closed = 0, False

    async def start(self) -> None:
        """Start all workers; raise InputError where the build can't be opened."""
        for worker in await asyncio.gather(*(self._new() for _ in range(self.settings.workers))):
            self._idle.put_nowait(worker)

    async def answer(self, request: Request) -> Answer:
        """Run a query in a worker; raise Refused (400 to 504) where it has no whole answer."""
        self._busy += 1
        try:
            worker = await self._free()
            began = time.monotonic()
            outcome, body = await self._ask(worker, request)
        finally:
            self._busy -= 1
            self._end_if_done()
        if outcome is not Outcome.ANSWER:
            status, text = _REFUSALS[outcome]
            raise Refused(status, text.format(body.decode(errors="replace")))
        return Answer(body, time.monotonic() - began)

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

    async def _free(self) -> Worker:
        try:
            return await asyncio.wait_for(self._idle.get(), self.settings.wait)
        except TimeoutError as error:
            raise Refused(503, _BUSY) from error

    async def _ask(self, worker: Worker, request: Request) -> tuple[Outcome, bytes]:
        whole = False
        try:
            found = await asyncio.wait_for(worker.ask(request), self.settings.timeout)
            whole = True
        except TimeoutError as error:
            raise Refused(504, _LATE.format(self.settings.timeout)) from error
        except (EOFError, OSError) as error:
            raise Refused(503, _DIED) from error
        finally:
            if whole:
                self._idle.put_nowait(worker)
            else:
                self._replace(worker)
        return found

    def _replace(self, worker: Worker) -> None:
        worker.kill()
        self._keep(self._respawn(worker))

    def _keep(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _respawn(self, dead: Worker) -> None:
        """Put a new worker in the place of a dead one, trying again while the machine is full."""
        await dead.end()
        while not self._closed:
            try:
                self._idle.put_nowait(await self._new())
            except (InputError, OSError) as error:
                sys.stderr.write(f"govkg: a worker can't be started: {error}; tries again.\n")
                await asyncio.sleep(1)
            else:
                self._end_if_done()
                return

    async def _new(self) -> Worker:
        return await Worker.start(self.build, self.settings)

    def _end_if_done(self) -> None:
        while self._closed and not self._busy and not self._idle.empty():
            self._keep(self._idle.get_nowait().end())
