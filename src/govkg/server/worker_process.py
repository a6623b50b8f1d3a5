"""A worker process as the front holds it: started, asked, slowed down, ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from typing import TYPE_CHECKING

from govkg.errors import InputError
from govkg.server.ipc import HEAD, Outcome
from govkg.server.limits import has_limits

if TYPE_CHECKING:
    from govkg.api import Build
    from govkg.server.ipc import Job
    from govkg.server.limits import Settings

_LOWEST = 19
_ROOM = 2**20  # what a message may take beyond the largest answer; compressing can add a little


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
