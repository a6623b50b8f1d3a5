"""Opening: where a graph is, and how it is asked."""

from __future__ import annotations

from pathlib import Path

from govkg import layout
from govkg.api.graph import KnowledgeGraph
from govkg.build import current
from govkg.remote import DEFAULT, RemoteStore, Settings


def open_graph(
    place: str | Path | None = None,
    *,
    in_memory: bool = False,
    timeout: int = DEFAULT.timeout,
    tries: int = DEFAULT.tries,
    page: int = DEFAULT.page,
    auth: tuple[str, str] | None = None,
) -> KnowledgeGraph:
    """Open the current build of a build directory, or the graph that a SPARQL server holds.

    For a server (`https://.../sparql`) the rest says how it is asked: seconds to wait, tries, rows
    a page, name and password. `in_memory` copies the store of a build first: scans are then
    several times faster. Raises InputError where there is no build.
    """
    if isinstance(place, str) and place.lower().startswith(("http://", "https://")):
        return KnowledgeGraph(RemoteStore(place, Settings(timeout, tries, page, auth)))
    found = current(Path(place) if place else layout.default_build())
    return KnowledgeGraph(found, in_memory=in_memory)
