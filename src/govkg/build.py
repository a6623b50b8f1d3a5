"""Sources to a build: load, derive, write, swap in.

A build is a directory that never changes: `store/` (Oxigraph), `govkg.nq` (sorted), `govkg.trig`
and `MANIFEST.json`, written last. `CURRENT` beside the builds names the one that answers; it is
replaced in one step, so that whoever is interrupted leaves the old build answering.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govkg import dates, documents, ontology, textfile
from govkg._version import __version__
from govkg.errors import InputError, SourceError
from govkg.layout import ROOT, display
from govkg.namespaces import BASE, DERIVED_GRAPH, ONTOLOGY_GRAPH, document_graph
from govkg.reference import totals
from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    Progress = Callable[[str], None]

POINTER = "CURRENT"
MANIFEST = "MANIFEST.json"
_TEMPORARY = "tmp-"


@dataclass(frozen=True)
class Build:
    """A complete build on disk: its directory and its manifest."""

    directory: Path
    manifest: dict[str, Any]

    @property
    def triples(self) -> int:
        """Count the triples of all graphs."""
        return int(self.manifest["triples"])

    def open_store(self) -> Store:
        """Open the store of this build for reading."""
        return Store.open(self.directory / "store")


def build(home: Path, progress: Progress = lambda _: None) -> Build:
    """Build the graph from its sources and make it the current one of `home`.

    Raises SourceError (file and line) where a source can't be read; `home` is then as it was.
    """
    store = Store()
    progress("load")
    sources = load_sources(store)
    progress("derive")
    derived = derive(store)
    progress("write")
    try:
        home.mkdir(parents=True, exist_ok=True)
        _sweep(home)
        with tempfile.TemporaryDirectory(
            prefix=_TEMPORARY, dir=home, ignore_cleanup_errors=True
        ) as made:
            return _write(store, home, Path(made) / "graph", sources, derived)
    except OSError as error:
        raise InputError(
            f"{display(home)} can't be written: {error}. Free room or name another with --build."
        ) from error


def _write(
    store: Store, home: Path, made: Path, sources: list[Path], derived: dict[str, int]
) -> Build:
    made.mkdir()
    store.write(made, "govkg")
    manifest = _manifest(store, made, sources, derived)
    text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
    (made / MANIFEST).write_text(text, encoding="utf-8", newline="\n")
    return _swap_in(home, made, f"graph-{_digest(text.encode())[:16]}")


def current(home: Path) -> Build:
    """Find the build that answers; raise InputError where there is none."""
    try:
        name = (home / POINTER).read_text(encoding="utf-8").strip()
        manifest = json.loads((home / name / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            f"{display(home)} holds no complete build: run `govkg build` first."
        ) from error
    return Build(home / name, manifest)


def load_sources(store: Store) -> list[Path]:
    """Load ontology, documents and totals, each into its graph; list the files read."""
    files = ontology.term_files()
    for path in files:
        store.add_skolemized(path, ONTOLOGY_GRAPH)
    for document in documents.all_documents():
        graph = document_graph(document.key)
        store.load_text(document.as_turtle(), document.description.with_suffix(".ttl"), graph)
        for path in document.turtle_files():
            store.load(path, graph)
        files += document.source_files()
    store.load_text(totals.as_turtle(), totals.files()[1].with_suffix(".ttl"), totals.GRAPH_IRI)
    return files + totals.files()


def derive(store: Store) -> dict[str, int]:
    """Run the rules of `ontology/rules` in order; count the new triples by rule."""
    functions = {f"{BASE}rule/dateBound": _date_bound}
    counts = {}
    for path in ontology.rule_files():
        try:
            counts[path.stem] = store.derive(textfile.read(path), functions, DERIVED_GRAPH)
        except InputError as error:
            raise SourceError(path, None, str(error)) from error
    return counts


def _date_bound(when: str, bound: str) -> str | None:
    """Give the bound that a property such as gov:beginEarliest names, None where unknown.

    A malformed date bounds nothing here: the shape of gov:when reports it, with its place.
    """
    field = re.sub(r"[A-Z]", lambda capital: "_" + capital[0].lower(), bound.rpartition("#")[2])
    try:
        found: str | None = getattr(dates.bounds(when), field)
    except InputError:
        return None
    return found


def _manifest(
    store: Store, made: Path, sources: list[Path], derived: dict[str, int]
) -> dict[str, Any]:
    return {
        "govkg": __version__,
        "triples": len(store),
        "graphs": store.counts(),
        "derived": derived,
        "dumps": {path.name: _facts(path) for path in sorted(made.glob("govkg.*"))},
        "sources": {path.relative_to(ROOT).as_posix(): _facts(path) for path in sources},
    }


def _facts(path: Path) -> dict[str, str | int]:
    content = path.read_bytes()
    return {"bytes": len(content), "sha256": _digest(content)}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _swap_in(home: Path, made: Path, name: str) -> Build:
    """Move a finished directory to its name and point at it; keep one older build for readers."""
    final = home / name
    if not (final / MANIFEST).is_file():
        shutil.rmtree(final, ignore_errors=True)
        made.rename(final)
    before = _pointed_at(home)
    pointer = home / f"{_TEMPORARY}{POINTER}"
    pointer.write_text(name + "\n", encoding="utf-8")
    pointer.replace(home / POINTER)
    for old in home.glob("graph-*"):
        if old.name not in {name, before}:
            shutil.rmtree(old, ignore_errors=True)
    return current(home)


def _pointed_at(home: Path) -> str | None:
    try:
        return (home / POINTER).read_text(encoding="utf-8").strip()
    except OSError:
        return None


def _sweep(home: Path) -> None:
    """Remove what a killed build left behind."""
    for left in home.glob(f"{_TEMPORARY}*"):
        if left.is_dir():
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)
