"""Claims as a readable outline: unit, claim, modality, evidence."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from govkg.api import ClaimLine
    from govkg.documents import SourceText


def outline(claims: Iterable[ClaimLine], source: SourceText | None) -> Iterator[str]:
    """Write a heading for each text unit and two or three lines for each claim under it."""
    for unit, found in groupby(claims, key=lambda claim: claim.unit):
        yield f"[{unit}]"
        for claim in found:
            yield f"  {claim.claim}  {claim.modality} · {claim.voice}"
            yield f"    {claim.label}"
            yield f"    {claim.start}-{claim.end}  {claim.statements}"
            if source:
                yield f"    「{source.text[claim.start : claim.end]}」"
