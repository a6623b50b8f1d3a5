"""What a client may spend: a bucket of worker seconds that fills up again."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from govkg.server.precheck import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from govkg.server.settings import Settings

_CLIENTS = 100_000


class OverBudgetError(Refused):
    """A client that has spent its worker seconds; `retry` says when to come back."""

    def __init__(self, retry: int) -> None:
        self.retry = retry
        super().__init__(429, f"your share of the server is spent: try again in {retry} s.")


class Budget:
    """Worker seconds by client; whoever has none left waits. Clients long unseen are forgotten."""

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


def payer(address: str) -> str:
    """Say who pays: an IPv4 address, or the /64 network of an IPv6 one, which one customer has."""
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
class Purse:
    """One client's part of the budget."""

    budget: Budget
    client: str

    def check(self) -> None:
        """Raise OverBudgetError (429) where nothing is left."""
        if retry := self.budget.wait(self.client):
            raise OverBudgetError(retry)

    def pay(self, seconds: float) -> None:
        """Pay for the time of a worker."""
        self.budget.spend(self.client, seconds)
