"""Reference datasets: facts with a publisher, a licence and a valid time of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["document", "township", "national"]


@dataclass(frozen=True)
class Extent:
    """How much of the datasets a build takes: what documents touch, or all to a level.

    `province` (a code) leaves the others out; `dump` asks for N-Quads of the larger scopes.
    """

    scope: Scope = "document"
    province: str | None = None
    dump: bool = False
