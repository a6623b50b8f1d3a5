"""What a server allows: time, memory and sizes to a query, worker seconds to a client."""

from __future__ import annotations

import math
import sys
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

MEBIBYTE = 2**20
_CLIENTS = 100_000


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


class Refused(Exception):  # noqa: N818 - reads as what it is
    """A request that is not served; `status` is the HTTP status that says why."""

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class RateLimitError(Refused):
    """A client that has spent its worker seconds; `retry` says when to come back."""

    def __init__(self, retry: int) -> None:
        self.retry = retry
        super().__init__(429, f"your share of the server is spent: try again in {retry} s.")


class RateLimit:
    """A bucket of worker seconds for each client, which fills up again; who has none left waits.

    Clients long unseen are forgotten.
    """

    def __init__(self, settings: Settings, clock: Callable[[], float]) -> None:
        self._burst, self._refill, self._clock = settings.burst, settings.refill, clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, client: str) -> int:
        """Give the whole seconds a client has to wait; 0 where it may ask."""
        left = self._now(client)
        return 0 if left > 0 else max(1, math.ceil((0.1 - left) / self._refill))

    def spend(self, client: str, seconds: float) -> None:
        """Take what a query has cost."""
        self._left[client] = (self._now(client) - seconds, self._clock())
        self._left.move_to_end(client)
        while len(self._left) > _CLIENTS:
            self._left.popitem(last=False)

    def _now(self, client: str) -> float:
        left, at = self._left.get(client, (self._burst, self._clock()))
        return min(self._burst, left + (self._clock() - at) * self._refill)


def client_key(address: str) -> str:
    """Name a client: an IPv4 address, or the /64 network of an IPv6 one, which one customer has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return address
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, 64), strict=False))


@dataclass(frozen=True)
class Account:
    """What one client may spend."""

    limit: RateLimit
    client: str

    def check(self) -> None:
        """Raise RateLimitError (429) where nothing is left."""
        if retry := self.limit.wait(self.client):
            raise RateLimitError(retry)

    def charge(self, seconds: float) -> None:
        """Charge the client for the time of a worker."""
        self.limit.spend(self.client, seconds)
