"""A set of quads: read, copied, matched, written."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self

import pyoxigraph as ox

from govkg import textfile
from govkg.errors import InputError, SourceError
from govkg.namespaces import GENID, PREFIXES
from govkg.store.media_types import rdf_format
from govkg.store.rdflib_terms import as_rdflib, each_once, to_ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rdflib import Graph
    from rdflib.term import Node

    from govkg.store.rdflib_terms import OxTerm, ShownDatatype

_RELATIVE = re.compile(r"<(?![A-Za-z][\w+.-]*:)[^<>\s]*>")


class Quads:
    """A set of quads, in memory or on disk."""

    def __init__(self, inner: ox.Store | None = None) -> None:
        self._inner = inner or ox.Store()

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open a store on disk for reading only."""
        try:
            return cls(ox.Store.read_only(str(directory)))
        except OSError as error:
            raise InputError(
                f"{directory} holds no readable store ({error}): run `govkg build` again."
            ) from error

    def in_memory(self, *, without: Iterable[str] = ()) -> Self:
        """Copy the store, or all but some graphs, into memory, where scans are faster."""
        copy, left_out = ox.Store(), set(map(ox.NamedNode, without))
        for graph in self._inner.named_graphs():
            if graph not in left_out:
                copy.bulk_extend(self._inner.quads_for_pattern(None, None, None, graph))
        copy.bulk_extend(self._inner.quads_for_pattern(None, None, None, ox.DefaultGraph()))
        return type(self)(copy)

    @classmethod
    def of_dump(cls, quads: Path) -> Self:
        """Load an N-Quads file of ours into memory, three times as fast as copying a store."""
        store = cls()
        store._inner.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
        return store

    def excerpt(self, large: Iterable[str]) -> Self:
        """Copy all graphs into memory but some large ones; of these, what the others lead to."""
        left_out = list(large)
        copy = self.in_memory(without=left_out)
        copy.follow(self, left_out)
        return copy

    def follow(self, other: Quads, graphs: Iterable[str]) -> None:
        """Add what the objects here lead to, step by step, in some graphs of another store."""
        among = list(map(ox.NamedNode, graphs))
        todo = {quad.object for quad in self._inner if isinstance(quad.object, ox.NamedNode)}
        done: set[OxTerm] = set()
        while todo:
            node = todo.pop()
            done.add(node)
            for graph in among:
                for quad in other._inner.quads_for_pattern(node, None, None, graph):
                    self._inner.add(quad)
                    if isinstance(quad.object, ox.NamedNode) and quad.object not in done:
                        todo.add(quad.object)

    def add(self, other: Quads) -> None:
        """Add all quads of another store."""
        self._inner.bulk_extend(other._inner)

    def subjects(self) -> set[str]:
        """List the subjects of all graphs: IRIs, and blank nodes as `_:label`."""
        return {str(quad.subject).strip("<>") for quad in self._inner}

    def match(
        self, s: Node | None, p: Node | None, o: Node | None, shown: ShownDatatype | None = None
    ) -> Iterator[tuple[Any, ...]]:
        """Find the triples of all graphs, each once, that fit a pattern of rdflib terms."""
        try:
            pattern = [None if term is None else to_ox(term) for term in (s, p, o)]
            quads = self._inner.quads_for_pattern(pattern[0], pattern[1], pattern[2], None)
        except (TypeError, ValueError):  # no such term can stand here
            return iter(())
        return (tuple(as_rdflib(term, shown) for term in one) for one in each_once(quads))

    def __len__(self) -> int:
        return len(self._inner)

    def load(self, path: Path, graph: str | None = None, base: str | None = None) -> None:
        """Add a file (Turtle, TriG, N-Triples, N-Quads, JSON-LD); triples go to `graph`.

        Raises SourceError, with the line, where the file is missing, of no known format or broken.
        """
        self.load_text(textfile.read(path), path, graph, base)

    def load_text(
        self, text: str, path: Path, graph: str | None = None, base: str | None = None
    ) -> None:
        """Add RDF in the format of the file that it comes from or would be written to.

        Without a `base`, relative IRIs want one in the text: what a graph says must not depend on
        where its file lies.
        """
        target = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        try:
            self._inner.load(text.encode(), rdf_format(path), base_iri=base, to_graph=target)
        except SyntaxError as error:
            message = re.sub(r"^Parser error (at|between) line .*?: ", "", error.msg)
            line = text.splitlines()[(error.lineno or 1) - 1 :][:1]
            relative = _RELATIVE.search(line[0]) if line and "No scheme" in message else None
            if relative:
                raise SourceError(
                    path,
                    error.lineno,
                    f"{relative[0]} is a relative IRI: write it in full, or begin with @base.",
                ) from error
            raise SourceError(path, error.lineno, f"{message}: mend the syntax here.") from error

    def add_skolemized(self, path: Path, graph: str) -> None:
        """Add an RDF file, its blank nodes named by RDFC-1.0 canonicalization and file name."""
        staging = Quads()
        staging.load(path)
        quads = ox.Dataset(staging._inner)
        quads.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
        name = f"{GENID}{path.parent.name}-{path.stem}-"
        target = ox.NamedNode(graph)

        def named(term: Any) -> Any:  # noqa: ANN401 - whatever stands there, kept
            return ox.NamedNode(name + term.value) if isinstance(term, ox.BlankNode) else term

        self._inner.extend(
            ox.Quad(named(quad.subject), quad.predicate, named(quad.object), target)
            for quad in quads
        )

    def dump_quads(self, path: Path) -> None:
        """Write sorted N-Quads, with little memory, whatever the size."""
        with tempfile.TemporaryDirectory(prefix=".dump-", dir=path.parent) as folder:
            unsorted = Path(folder) / path.name
            self._inner.dump(str(unsorted), ox.RdfFormat.N_QUADS)
            textfile.sort_lines(unsorted, path)

    def write_quads(self, path: Path, *, without: Iterable[str] = ()) -> None:
        """Write N-Quads in no order, without the quads of some graphs."""
        ox.serialize(self._without(without), path, ox.RdfFormat.N_QUADS)

    def write_triples(self, out: IO[bytes], *, without: Iterable[str] = ()) -> None:
        """Write N-Triples in no order, without the triples of some graphs."""
        kept = (quad.triple for quad in self._without(without))
        ox.serialize(kept, out, ox.RdfFormat.N_TRIPLES)

    def _without(self, graphs: Iterable[str]) -> Iterator[ox.Quad]:
        left_out = set(map(ox.NamedNode, graphs))
        return (quad for quad in self._inner if quad.graph_name not in left_out)

    def dump_trig(self, path: Path) -> None:
        """Write TriG, in the order of the N-Quads."""
        in_order = sorted((str(quad.graph_name), str(quad), quad) for quad in self._inner)
        with path.open("wb") as trig:
            quads = (quad for *_, quad in in_order)
            ox.serialize(quads, trig, ox.RdfFormat.TRIG, prefixes=PREFIXES)

    @staticmethod
    def write(directory: Path, quads: Path) -> None:
        """Make a store on disk of an N-Quads file, in one load.

        A second load, or optimizing after it, would leave files twice as large: RocksDB keeps what
        it merges uncompressed, while one load gives sorted, compressed files.
        """
        on_disk = ox.Store(str(directory))
        on_disk.bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
        on_disk.flush()

    def to_rdflib(self, *graphs: str, shown: ShownDatatype | None = None) -> Graph:
        """Copy the union of the named graphs (all, where none is named) for rdflib."""
        from rdflib import Graph

        union = Graph(bind_namespaces="none")
        for prefix, namespace in PREFIXES.items():
            union.bind(prefix, namespace)
        named = map(ox.NamedNode, graphs) if graphs else self._inner.named_graphs()
        for graph in named:
            for quad in self._inner.quads_for_pattern(None, None, None, graph):
                s, p, o = quad.triple
                union.add((as_rdflib(s), as_rdflib(p), as_rdflib(o, shown)))
        return union
