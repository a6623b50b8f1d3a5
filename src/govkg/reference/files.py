"""The mapped reference data as N-Triples files, one a graph."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from govkg.reference import mapping

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from govkg.reference.ntriples import Closure


@dataclass(frozen=True)
class Mapped:
    """N-Triples files: for each its graph and number of triples; and the tables they are from."""

    files: dict[Path, tuple[str, int]]
    sources: list[Path]

    def counts(self) -> dict[str, int]:
        """Count the triples of each graph."""
        return dict(self.files.values())

    def by_graph(self) -> Iterator[tuple[Path, str]]:
        """Give each file with its graph."""
        return ((path, graph) for path, (graph, _) in self.files.items())

    def append_to(self, dump: Path) -> None:
        """Append the triples to N-Quads, in the order of the mapping."""
        with dump.open("ab") as out:
            for path, graph in self.by_graph():
                with path.open("rb") as lines:
                    out.writelines(line[:-2] + f"<{graph}> .\n".encode() for line in lines)


def write(selection: mapping.Selection, closure: Closure, directory: Path) -> Mapped:
    """Write the reference data that was selected as one N-Triples file a graph."""
    files = {}
    for graph, texts in mapping.lines(selection, closure):
        path = directory / f"{graph.rpartition('/')[2]}.nt"
        files[path] = graph, _write_lines(path, texts)
    return Mapped(files, mapping.source_files())


def _write_lines(path: Path, texts: Iterable[str]) -> int:
    count = 0
    with path.open("wb") as file:
        for text in texts:
            content = text.encode()
            count += content.count(b"\n")
            file.write(content)
    return count
