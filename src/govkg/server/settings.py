"""What a server allows: time, memory, sizes, budgets."""

from __future__ import annotations

import sys
from dataclasses import dataclass

MEBIBYTE = 2**20


@dataclass(frozen=True)
class Settings:
    """Limits of a server; times in seconds, sizes in bytes.

    A query that has run for `long` gives way to others and leaves one worker to short ones.
    `memory` is what a query may take beyond what its worker has at the start.
    A client may spend `burst` seconds of workers at once and gets `refill` seconds back a second.
    """

    workers: int = 4
    timeout: float = 10.0
    memory: int = 1024 * MEBIBYTE
    stack: int = 512 * MEBIBYTE
    answer: int = 64 * MEBIBYTE
    wait: float = 10.0
    long: float = 1.0
    burst: float = 60.0
    refill: float = 0.5


def has_limits() -> bool:
    """Say whether this system can limit the memory and the files of a worker."""
    return sys.platform == "linux"
