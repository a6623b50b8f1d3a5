"""The engine for whole countries: shacl-rust, in a process of its own, with pySHACL beside it.

Rules that shacl-rust is wrong about (`partition`) run in pySHACL. It passes over ill-typed literals
in comparisons: a node that it complains of is looked at again by pySHACL, whose rows count, unless
there are more such nodes than that could bear.
"""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, BinaryIO

from govkg.errors import MissingLibrary, ShapesError
from govkg.namespaces import COUNTS_GRAPH
from govkg.validation import lint
from govkg.validation import shapes as shapes_of
from govkg.validation.engines import process
from govkg.validation.engines.partition import CORES, Parts, divide, shared_out
from govkg.validation.engines.pyshacl import on_nodes
from govkg.validation.ill_typed import set_apart_lines
from govkg.validation.result import Row, as_node, as_term, local, path_text
from govkg.validation.shapes import focus_nodes

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph

    from govkg.store import Store
    from govkg.validation.data import Data, Focus
    from govkg.validation.engines.process import Limits

_BLOCK = 1 << 20
CONFIRMED = 1_000


def begin(data: Data, shapes: Graph, _: Focus, limits: Limits) -> Callable[[], list[Row]]:
    """Start core shapes over all graphs but the counts; what is returned waits for the rows.

    Raises ShapesError for shapes that it can't run (recursive ones crash it), MissingLibrary where
    it is not installed; the call, InternalError past the limits.
    """
    _refuse_queries(shapes)
    if find_spec("shacl_rust") is None:
        raise MissingLibrary("the fast engine, shacl-rust", "shapes")
    if calling := lint.recursive(shapes):
        raise ShapesError(
            f"{calling[0]} calls itself, which the fast engine can't bear: use --engine pyshacl."
        )
    parts = divide(shapes)
    return partial(_finish, data, parts, _start(data, parts.fast, limits))


def _refuse_queries(shapes: Graph) -> None:
    from rdflib.namespace import RDF, SH

    by_query = (SH.sparql, SH.validator, SH.nodeValidator, SH.propertyValidator, SH.ask)
    left = [node for predicate in by_query for node in shapes.subjects(predicate)]
    left += shapes.subjects(RDF.type, SH.ConstraintComponent)
    if left:
        raise ShapesError(
            f"{left[0]} needs a query for each node, which the fast engine has not: "
            "use --engine pyshacl."
        )


def _start(data: Data, shapes: Graph, limits: Limits) -> Callable[[], list[Row]]:
    if data.quads is None:
        return partial(_written_out, data, shapes, limits)
    run = partial(run_file, data.quads, left_out=COUNTS_GRAPH, limits=limits)
    pool = ThreadPoolExecutor(CORES)
    running = [pool.submit(run, share) for share in shared_out(data, shapes)]
    pool.shutdown(wait=False)
    return lambda: [row for one in running for row in one.result()]


def _written_out(data: Data, shapes: Graph, limits: Limits) -> list[Row]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "data.nq"
        data.store.write_quads(path, without=data.left_out)
        return run_file(path, shapes, "", limits)


def _finish(data: Data, parts: Parts, rows: Callable[[], list[Row]]) -> list[Row]:
    found = confirmed(data.store, parts.fast, rows())
    for shape in shapes_of.targeted(parts.exact):
        store = data.store_of(parts.exact, shape)
        nodes = focus_nodes(store, parts.exact)[shape]
        found += on_nodes(store, parts.exact, {shape: nodes})
    return found


def confirmed(store: Store, shapes: Graph, found: list[Row]) -> list[Row]:
    """Put pySHACL's rows for those of the nodes that were complained of, unless they are many.

    Rows of shapes within shapes are about nodes that no target has: they are kept as they are.
    """
    from rdflib.namespace import SH

    outer = set(shapes_of.targeted(shapes))
    outer |= {rule for shape in outer for rule in shapes.objects(shape, SH.property)}
    names = {as_term(shape) for shape in outer}
    nodes = {node for row in found if row.shape in names and (node := as_node(row.focus))}
    if not nodes or len(nodes) > CONFIRMED:
        return found
    exact = on_nodes(store, shapes, focus_nodes(store, shapes, nodes))
    inner = [row for row in found if row.shape not in names]
    return [*inner, *(row for row in exact if row.shape in names)]


def run_file(quads: Path, shapes: Graph, left_out: str, limits: Limits) -> list[Row]:
    """Run core shapes over an N-Quads file, but for one graph, in shacl-rust."""
    from rdflib.namespace import SH

    written = shapes.serialize(format="nt")
    job = {"run": "shacl-rust", "quads": str(quads), "shapes": written, "left_out": left_out}
    paths = {f"<{s}>": path_text(shapes, p) for s, p in shapes.subject_objects(SH.path)}
    rows = (Row(*row) for row in process.call(job, limits))
    return [row._replace(path=paths.get(row.shape, "")) for row in rows]


class _Quads(io.RawIOBase):
    """N-Quads as a stream, without the lines of one graph, ill-typed literals set apart.

    shacl-rust asks again, for ever, where reading fails: the stream ends then, and keeps why.
    """

    def __init__(self, file: BinaryIO, left_out: str) -> None:
        self._file, self._end = file, f"<{left_out}> .\n".encode()
        self._held = memoryview(b"")
        self.failure: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """Give at most `size` bytes; a block where none is said, nothing from a failure on."""
        try:
            return b"" if self.failure else self._read(size)
        except Exception as error:
            self.failure = error
            return b""

    def _read(self, size: int) -> bytes:
        while not self._held:
            block = self._file.read(_BLOCK) + self._file.readline()
            if not block:
                return b""
            if self._end in block:  # most blocks hold no such line, and need no look at each
                lines = block.splitlines(keepends=True)
                block = b"".join(line for line in lines if not line.endswith(self._end))
            block = set_apart_lines(block)
            self._held = memoryview(block)
        end = len(self._held) if size < 0 else size
        out, self._held = self._held[:end], self._held[end:]
        return bytes(out)


def run_job(job: dict[str, Any]) -> list[Row]:
    """Do a job of `run_file` in this very process."""
    import shacl_rust

    with Path(job["quads"]).open("rb") as file:
        quads = _Quads(file, job["left_out"])
        report = shacl_rust.validate_file(
            quads,
            io.BytesIO(job["shapes"].encode()),
            data_format="nq",
            shapes_format="nt",
            experimental_index=True,
        )
    if quads.failure:
        raise quads.failure
    return [
        Row(
            result["focusNode"],
            "",
            result.get("value") or "",
            local(result["sourceConstraintComponent"]),
            local(result["severity"]),
            result["sourceShape"],
        )
        for result in report["results"]
    ]
