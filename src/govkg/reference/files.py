"""The mapped reference data as N-Quads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.reference import mapping

if TYPE_CHECKING:
    from pathlib import Path

    from govkg.reference.ntriples import Closure


def append(path: Path, selection: mapping.Selection, closure: Closure) -> dict[str, int]:
    """Append the reference data that was selected to N-Quads; count the triples by graph."""
    counts = {}
    with path.open("ab") as file:
        for graph, texts in mapping.lines(selection, closure):
            end = f" <{graph}> .\n".encode()
            counts[graph] = 0
            for text in texts:
                counts[graph] += text.count(b"\n")
                file.write(text.replace(b" .\n", end))
    return counts
