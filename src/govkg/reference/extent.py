"""How much of the reference data a build takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Scope = Literal["document", "township", "national"]


@dataclass(frozen=True)
class Extent:
    """The divisions that documents touch, or all to township or village level.

    `province` (a code) leaves the others out; `dump` asks for N-Quads of the larger scopes.
    """

    scope: Scope = "document"
    province: str | None = None
    dump: bool = False
