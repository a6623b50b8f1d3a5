"""Graphs on other machines: the same answers from servers that nobody here wrote."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pytest

from govkg import layout, queries
from govkg.api import KnowledgeGraph, open_graph

sys.path.insert(0, str(layout.ROOT))

from tools.remote import oxigraph, virtuoso

from test_competency import CASES, expected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from govkg.queries import Language

REQUIRED = bool(os.environ.get("GOVKG_REQUIRE_SERVERS"))
SERVERS: dict[str, ModuleType] = {"oxigraph": oxigraph, "virtuoso": virtuoso}
# Rows that tie in the query's order, which SPARQL leaves to the server: the same rows, any order.
TIES = {"cq55-what-the-author-demands"}
NAMES = [("competency", name) for name in queries.catalog("competency")] + [
    ("networks", name) for name in queries.catalog("networks")
]


@pytest.fixture(scope="module", params=[*SERVERS, "oxigraph without union"])
def remote(
    request: pytest.FixtureRequest, kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeGraph]:
    """The graph on a server; skipped where it is not installed and not required."""
    name = str(request.param).partition(" ")[0]
    if SERVERS[name].binary() is None and not REQUIRED:
        pytest.skip(f"{name} is not installed: docs/remote.md says how")
    told = {"union": False} if "without" in request.param else {}
    folder = tmp_path_factory.mktemp(name)
    with SERVERS[name].serving(kg.build.directory / "govkg.nq", folder, **told) as endpoint:
        yield open_graph(endpoint)


def same_rows(
    kg: KnowledgeGraph, remote: KnowledgeGraph, kind: queries.Kind, name: str, words: dict[str, str]
) -> int:
    """Ask both; compare rows and their order, where the query leaves no ties; count the rows."""
    text = queries.find(kind, name).bind(words)
    mine, theirs = kg.engine.select(text), remote.engine.select(text)
    assert theirs.columns == mine.columns
    key = repr if name in TIES else None
    assert (
        sorted(theirs.rows, key=key) == sorted(mine.rows, key=key)
        if key
        else (theirs.rows == mine.rows)
    )
    return len(mine)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("kind", "name"), NAMES, ids=str)
def test_every_question_has_the_same_rows(
    kg: KnowledgeGraph, remote: KnowledgeGraph, kind: queries.Kind, name: str, lang: Language
) -> None:
    assert same_rows(kg, remote, kind, name, {"lang": lang}) > 0


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_parameter_is_bound_alike(
    kg: KnowledgeGraph, remote: KnowledgeGraph, path: Path
) -> None:
    words, rows = expected(path)
    assert same_rows(kg, remote, "competency", path.name.partition(".")[0], words) == len(rows) - 1


@pytest.mark.parametrize("name", queries.catalog("networks"))
def test_networks_are_the_same(kg: KnowledgeGraph, remote: KnowledgeGraph, name: str) -> None:
    mine, theirs = kg.network(name), remote.network(name)
    assert list(theirs.nodes.data()) == list(mine.nodes.data())
    assert list(theirs.edges(data=True, keys=True)) == list(mine.edges(data=True, keys=True))
