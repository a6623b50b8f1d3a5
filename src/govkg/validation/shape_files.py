"""Files of shapes, read with what they import: given ones or neighbors, never the net."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg import sources, textfile
from govkg.errors import GovkgError, ShapesError
from govkg.layout import display
from govkg.namespaces import BASE, ONTOLOGY, PREFIXES, SHAPES_GRAPH
from govkg.store import RDF_SUFFIXES, Store
from govkg.validation.result import UNNAMED
from govkg.validation.shapes import shape_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rdflib import Graph
    from rdflib.term import Node

# What every run has: our own terms and shapes, and the vocabulary that the engines are made of.
_AT_HAND = {ONTOLOGY, PREFIXES["gov"], BASE + "shapes", PREFIXES["shape"], PREFIXES["sh"]}
_LARGEST = 10 << 20  # bytes of a neighbor that is looked into


def load_shapes(paths: Iterable[Path] | None = None) -> Graph:
    """Read SHACL files and what they import, ours where none is given.

    Raises SourceError where one is broken, ShapesError where an import is not at hand.
    """
    store = Store()
    for path in sources.shape_files() if paths is None else with_imports(paths):
        store.load(path, SHAPES_GRAPH, base_of(path))
    return with_names(store.to_rdflib())


def with_names(shapes: Graph) -> Graph:
    """Name the shapes that are blank nodes, so that every engine says which one it means.

    Lists and paths stay blank: an IRI as sh:path would be a property.
    """
    from rdflib import BNode, URIRef

    blank = sorted(node for node in shape_nodes(shapes) if isinstance(node, BNode))
    names: dict[Node, Node] = {
        node: URIRef(f"{UNNAMED}{number}") for number, node in enumerate(blank, 1)
    }
    return _mapped(shapes, names) if names else shapes


def _mapped(graph: Graph, names: Mapping[Node, Node]) -> Graph:
    from rdflib import Graph

    out = Graph(bind_namespaces="none")
    for triple in graph:
        s, p, o = (names.get(term, term) for term in triple)
        out.add((s, p, o))
    return out


def base_of(path: Path) -> str:
    """Give the IRI that relative ones in a file of shapes are relative to.

    It is that of its location below the current folder, so that a report is the same elsewhere.
    """
    from urllib.parse import quote

    return f"file:///{quote(display(path).lstrip('/'))}"


def with_imports(paths: Iterable[Path]) -> list[Path]:
    """List files of shapes and all that they import.

    An import is one of the files or beside the file that imports it, by its name or by the ontology
    that it declares. Raises ShapesError that names any other, SourceError for a broken file.
    """
    files = {path.resolve(): path for path in paths}
    todo = list(files.values())
    while todo:
        path = todo.pop(0)
        for imported in _imports(read_shapes(path)):
            found = _find(imported, path, files.values())
            if found and found.resolve() not in files:
                files[found.resolve()] = found
                todo.append(found)
    return list(files.values())


def read_shapes(path: Path) -> Graph:
    """Read a file as it stands."""
    store = Store()
    store.load(path, SHAPES_GRAPH, base_of(path))
    return store.to_rdflib()


def _imports(graph: Graph) -> Iterator[str]:
    from rdflib.namespace import OWL

    yield from sorted({str(named) for named in graph.objects(None, OWL.imports)})


def _find(imported: str, importing: Path, files: Iterable[Path]) -> Path | None:
    """Find the file of an import; None where it is at hand already."""
    if imported in _AT_HAND or any(_is(imported, path, read_shapes(path)) for path in files):
        return None
    beside = [
        path
        for path in sorted(importing.parent.iterdir())
        if path.suffix in RDF_SUFFIXES and path.resolve() != importing.resolve()
    ]
    for path in beside:
        if path.stat().st_size <= _LARGEST and _declares(imported, path):
            return path
    for path in beside:
        if _last(imported) in (path.name, path.stem):
            return path
    raise ShapesError(
        f"{display(importing)} imports <{imported}>, which is no file of --shapes and not beside "
        "it, and nothing is fetched: give its file with --shapes too, or take it out."
    )


def _declares(imported: str, path: Path) -> bool:
    try:
        return "Ontology" in textfile.read(path) and _is(imported, path, read_shapes(path))
    except GovkgError:  # a neighbor that is broken, which nobody has asked for
        return False


def _is(imported: str, path: Path, graph: Graph) -> bool:
    from rdflib import RDF, URIRef
    from rdflib.namespace import OWL

    node = URIRef(imported)
    declared = (node, RDF.type, OWL.Ontology) in graph or (None, OWL.versionIRI, node) in graph
    return declared or imported == base_of(path)


def _last(iri: str) -> str:
    from urllib.parse import unquote

    return unquote(iri.rstrip("#/").rpartition("/")[2].rpartition("#")[2])
