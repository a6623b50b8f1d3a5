"""Sources to a build: load, derive, write, swap in.

The manifest of a build is written last, and `CURRENT` replaced in one step, so that whoever is
interrupted leaves the old build answering (`govkg.manifest` says what a build is on disk).
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from govkg import assessment, dates, documents, sources, textfile
from govkg._version import __version__
from govkg.errors import InputError, SourceError
from govkg.layout import ROOT, display
from govkg.manifest import DUMP, MANIFEST, POINTER, Build, FileFacts, Manifest, current
from govkg.namespaces import BASE, DERIVED_GRAPH, GOV, document_graph, reference_graph
from govkg.queries import lookup
from govkg.reference import Extent
from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable

    from govkg.ntriples import Closure
    from govkg.reference.selection import Selection

    Progress = Callable[[str], None]

__all__ = [
    "DUMP",
    "MANIFEST",
    "POINTER",
    "Build",
    "build",
    "current",
    "derive",
    "load_sources",
    "superclasses",
]

_TEMPORARY = "tmp-"
# What a manifest tells of: all that triples or verdicts are read from.
_READ: tuple[sources.Kind, ...] = ("terms", "description", "document", "reference", "check")


def build(home: Path, progress: Progress = lambda _: None, extent: Extent | None = None) -> Build:
    """Build the graph from its sources and make it the current one of `home`.

    `extent` says how much of the reference data to take: by default what the documents touch.
    Raises SourceError (file and line) where a source can't be read; `home` is then as it was.
    """
    from govkg.reference.selection import select

    store = Store()
    progress("load")
    load_sources(store)
    progress("derive")
    derived = derive(store)
    progress("select")
    extent = extent or Extent()
    linked, opened = _named(store, "listed-divisions"), _named(store, "opened-divisions")
    selection = select(extent, linked, opened)
    touched_by = selection if extent.scope == "document" else select(Extent(), linked, opened)
    closure = superclasses(store)
    try:
        home.mkdir(parents=True, exist_ok=True)
        _sweep(home)
        with tempfile.TemporaryDirectory(
            prefix=_TEMPORARY, dir=home, ignore_cleanup_errors=True
        ) as folder:
            made = Path(folder) / "graph"
            made.mkdir()
            progress("assess")
            touched = _with_touched(store, Path(folder), touched_by, closure)
            found = assessment.assess(touched)
            progress("map")
            if extent.scope == "document":
                assessment.record(touched, found)
                counts = _write_all(touched, made)
            else:
                assessment.record(touched, found, store)
                at = made if extent.dump else Path(folder)
                counts = _write_apart(store, made, at / DUMP, selection, closure)
            facts = {
                "assessments": assessment.tally(found),
                "derived": derived,
                "graphs": counts,
                "sources": _listed(sources.paths(*_READ)),
            }
            if extent.scope != "document":  # there `govkg find` makes it when first asked
                progress("index names")
                _index_names(home)
            return _finish(home, made, extent, facts)
    except OSError as error:
        raise InputError(
            f"{display(home)} can't be written: {error}. Free room or name another with --build."
        ) from error


def _index_names(home: Path) -> None:
    from govkg.reference.search import build_index, default_index

    if not (index := default_index(home)).is_file():
        build_index(index)


def _named(store: Store, name: str) -> list[str]:
    """List the codes of the divisions that a lookup finds."""
    rows = store.select(lookup(name).text)
    return sorted(str(division).rpartition("/")[2] for (division,) in rows)


def superclasses(store: Store) -> Closure:
    """Give each class of ours, by local name, with all its superclasses."""
    found: dict[str, list[str]] = {}
    for of, above in store.select(lookup("superclasses").text):
        found.setdefault(str(of).removeprefix(GOV), []).append(str(above))
    return {name: tuple(classes) for name, classes in found.items()}


def _with_touched(store: Store, folder: Path, selection: Selection, closure: Closure) -> Store:
    """Copy the store and add what its documents touch of the reference data.

    Claims are judged by these facts in every scope, so that a larger build changes no verdict.
    """
    from govkg.reference import rdf

    rdf.append(folder / "touched.nq", selection, closure)
    both = store.in_memory()
    both.load(folder / "touched.nq")
    return both


def _write_all(store: Store, made: Path) -> dict[str, int]:
    """Dump all that is in the store, and write it to disk."""
    store.dump_quads(made / DUMP)
    store.dump_trig(made / "govkg.trig")
    Store.write(made / "store", made / DUMP)
    return store.counts()


def _write_apart(
    store: Store, made: Path, quads: Path, selection: Selection, closure: Closure
) -> dict[str, int]:
    """Write what is in the store and, past it, the reference data to disk."""
    from govkg.reference import rdf

    store.dump_quads(quads)
    counts = store.counts() | rdf.append(quads, selection, closure)
    Store.write(made / "store", quads)
    return dict(sorted(counts.items()))


def _finish(home: Path, made: Path, extent: Extent, facts: dict[str, Any]) -> Build:
    manifest = Manifest(
        **facts,
        govkg=__version__,
        triples=sum(facts["graphs"].values()),
        scope=extent.scope,
        province=extent.province,
        dumps={path.name: _facts(path) for path in sorted(made.glob("govkg.*"))},
    )
    text = manifest.as_json()
    (made / MANIFEST).write_bytes(text)
    return _swap_in(home, made, f"graph-{_digest(text)[:16]}")


def _listed(paths: list[Path]) -> dict[str, FileFacts]:
    return {path.relative_to(ROOT).as_posix(): _facts(path) for path in paths}


def load_sources(store: Store) -> None:
    """Load ontology, documents and totals, each into its graph."""
    from govkg.reference import rdf
    from govkg.reference.datasets import dataset

    for source in sources.files("terms"):
        store.add_skolemized(source.path, source.graph)
    for document in documents.all_documents():
        graph, place = document_graph(document.key), document.description.with_suffix(".ttl")
        store.load_text(document.as_turtle(), place, graph)
    for source in sources.files("document"):
        store.load(source.path, source.graph)
    place = dataset(rdf.TOTALS).path("totals").with_suffix(".ttl")
    store.load_text(rdf.totals(), place, reference_graph(rdf.TOTALS))


def derive(store: Store) -> dict[str, int]:
    """Run the rules of `ontology/rules` in order; count the new triples by rule."""
    counts = {}
    for path, graph, _ in sources.files("rules"):
        try:
            counts[path.stem] = derive_by(store, textfile.read(path), graph)
        except InputError as error:
            raise SourceError(path, None, str(error)) from error
    return counts


def derive_by(store: Store, rule: str, graph: str = DERIVED_GRAPH) -> int:
    """Run one rule, a CONSTRUCT that may call `rule:dateBound`; count the triples new to a graph.

    Raises InputError where the rule is not valid SPARQL 1.1.
    """
    return store.derive(rule, {f"{BASE}rule/dateBound": _date_bound}, graph)


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


def _facts(path: Path) -> FileFacts:
    content = path.read_bytes()
    return FileFacts(len(content), _digest(content))


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
