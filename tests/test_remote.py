"""Graphs on other machines: the same answers from servers that nobody here wrote."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from tools.remote import oxigraph, virtuoso

import needs
from govkg import queries
from govkg.api import KnowledgeGraph, open_graph
from govkg.documents import document
from govkg.errors import RemoteError
from govkg.networks.model import LISTS
from govkg.remote import RemoteStore
from govkg.results.graph import GraphResult
from server_harness import serving
from test_competency import CASES, expected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from types import ModuleType

    from conftest import Run
    from govkg.languages import Language
    from govkg.results import Result

SERVERS: dict[str, ModuleType] = {"oxigraph": oxigraph, "virtuoso": virtuoso}
COMMITTEE = "inst:daqing-social-work-committee"
# A network has no order: the same rows, in any.
UNORDERED = set(queries.catalog("networks"))
NAMES: list[tuple[queries.Kind, str]] = [
    ("competency", name) for name in queries.catalog("competency")
] + [("networks", name) for name in queries.catalog("networks")]


@pytest.fixture(scope="module", params=SERVERS)
def remote(
    request: pytest.FixtureRequest, kg: KnowledgeGraph, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[KnowledgeGraph]:
    """The graph on a server."""
    with served(str(request.param), kg, tmp_path_factory.mktemp("server")) as endpoint:
        yield open_graph(endpoint)


def served(
    name: str, kg: KnowledgeGraph, folder: Path, **told: object
) -> AbstractContextManager[str]:
    """Serve the graph by a server that is installed."""
    needs.SERVERS[name].demand()
    found: AbstractContextManager[str] = SERVERS[name].serving(
        kg.build.directory / "govkg.nq", folder, **told
    )
    return found


def endpoint_of(kg: KnowledgeGraph) -> str:
    assert isinstance(kg.engine, RemoteStore)
    return kg.engine.endpoint


@cache
def local(kg: KnowledgeGraph, text: str) -> Result:
    """Ask the embedded store, once for all servers."""
    return kg.engine.select(text)


def same_rows(
    kg: KnowledgeGraph, remote: KnowledgeGraph, kind: queries.Kind, name: str, words: dict[str, str]
) -> int:
    """Ask both; compare rows, and their order where they have one; count the rows."""
    query = queries.find(kind, name)
    text = query.bind({key: word for key, word in words.items() if key in query.parameters})
    mine, theirs = local(kg, text), remote.engine.select(text)
    assert theirs.columns == mine.columns
    if name in UNORDERED:
        assert sorted(map(in_order, theirs.rows)) == sorted(map(in_order, mine.rows))
    else:
        assert theirs.rows == mine.rows
    return len(mine)


def in_order(row: Any) -> str:  # noqa: ANN401 - a row of any columns
    """Sort what GROUP_CONCAT lists, whose order SPARQL leaves open too."""
    lists = {name: " ".join(sorted(str(told).split())) for name, told in row._asdict().items()
             if name in LISTS and told is not None}  # fmt: skip
    return repr(row._replace(**lists))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(("kind", "name"), NAMES, ids=str)
def test_every_question_has_the_same_rows(
    kg: KnowledgeGraph,
    remote: KnowledgeGraph,
    kind: queries.Kind,
    name: str,
    lang: Language,
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
    mine, theirs = kg.frames(name), remote.frames(name)
    assert theirs.nodes.equals(mine.nodes)
    assert theirs.edges.equals(mine.edges)
    assert mine.edges.height > 0


def test_the_command_line_asks_a_server(remote: KnowledgeGraph, govkg: Run) -> None:
    at = ("--endpoint", endpoint_of(remote))
    assert "claim:usm2013-s074-1" in govkg("query", "cq01", *at).stdout
    assert govkg("query", "cq01", "--format", "csv", *at).stdout.startswith("cityLabel,city,")
    assert "gov:coLocatedWith" in govkg("describe", COMMITTEE, *at).stdout
    assert "usm2013-s074-1" in govkg("evidence", "show", "claim:usm2013-s074-1", *at).stdout


@pytest.mark.parametrize(
    "words",
    [
        ("institutions",),
        ("institutions", "--ego", "大庆市委社会工作委员会", "--lang", "zh"),
        ("reforms", "--within", "Guiyang"),
        ("hierarchy", "--param", "province=52"),
    ],
    ids=" ".join,
)
def test_networks_are_exported_from_a_server(
    remote: KnowledgeGraph,
    govkg: Run,
    home: Path,
    tmp_path: Path,
    words: tuple[str, ...],
) -> None:
    same_file(words, ("--build", str(home)), endpoint_of(remote), govkg, tmp_path)


def same_file(
    words: tuple[str, ...], here: tuple[str, str], endpoint: str, govkg: Run, folder: Path
) -> None:
    """Export from a build and from a server: the same bytes, and beside them where from."""
    mine, theirs = folder / "mine.gexf", folder / "theirs.gexf"
    assert govkg("export", *words, "-o", str(mine), *here).returncode == 0
    done = govkg("export", *words, "-o", str(theirs), "--endpoint", endpoint)
    assert done.stderr == ""
    assert done.returncode == 0
    assert theirs.read_bytes() == mine.read_bytes()
    assert "<edge " in mine.read_text(encoding="utf-8")
    told = json.loads((folder / "theirs.gexf.json").read_text(encoding="utf-8"))
    assert told["endpoint"] == endpoint
    assert "build" not in told


def test_a_network_is_exported_from_our_own_server(govkg: Run, home: Path, tmp_path: Path) -> None:
    words = ("institutions", "--ego", "大庆市委社会工作委员会")
    with serving(home, "--workers", "1") as client:
        endpoint = f"{client.base_url}/sparql".replace("//sparql", "/sparql")
        same_file(words, ("--build", str(home)), endpoint, govkg, tmp_path)
    late = govkg(
        "export", *words, "-o", str(tmp_path / "x.gexf"), "--endpoint", "http://127.0.0.1:9/"
    )
    assert (late.returncode, (tmp_path / "x.gexf").exists()) == (4, False)


def test_looking_up_and_helping_are_the_same(kg: KnowledgeGraph, remote: KnowledgeGraph) -> None:
    assert remote.describe(COMMITTEE, lang="zh").rows == kg.describe(COMMITTEE, lang="zh").rows
    assert remote.evidence(COMMITTEE).rows == kg.evidence(COMMITTEE).rows
    wrong = "PREFIX gov: <https://w3id.org/govkg/ontology#> ASK { ?x gov:dispatchdBy ?y }"
    assert remote.query_help(wrong) == kg.query_help(wrong) != []
    claims = kg.claims(document("usm2013"), "74", "zh")
    assert remote.claims(document("usm2013"), "74", "zh") == claims != []


def test_a_default_graph_that_is_no_union_is_made_one(kg: KnowledgeGraph, tmp_path: Path) -> None:
    with served("oxigraph", kg, tmp_path, union=False) as endpoint:
        remote = open_graph(endpoint)
        for kind, name in NAMES:
            assert same_rows(kg, remote, kind, name, {"lang": "zh"}) > 0


def test_a_server_without_the_graph_says_so(tmp_path: Path) -> None:
    other = tmp_path / "other.nq"
    other.write_text("<urn:a> <urn:b> <urn:c> <urn:g> .\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    needs.SERVERS["oxigraph"].demand()
    with (
        oxigraph.serving(other, tmp_path / "folder", whole=False) as endpoint,
        pytest.raises(RemoteError, match=r"holds no graph of govkg: load govkg\.nq"),
    ):
        open_graph(endpoint).query("cq01")


# --- answers that are large: never a part that looks whole ---------------------------------------

EVERYTHING = "SELECT ?s ?p ?o { ?s ?p ?o FILTER(ISIRI(?o)) }"
TYPES = """PREFIX gov: <https://w3id.org/govkg/ontology#>
CONSTRUCT { ?s a ?c } WHERE { ?s a ?c , gov:Claim }"""


def test_a_large_answer_comes_in_pages(kg: KnowledgeGraph, remote: KnowledgeGraph) -> None:
    text = "PREFIX gov: <https://w3id.org/govkg/ontology#> SELECT ?c { ?c a gov:Claim } ORDER BY ?c"
    paged = open_graph(endpoint_of(remote), page=100)
    assert paged.engine.select(text).rows == kg.engine.select(text).rows
    assert len(kg.engine.select(text)) > 300
    assert paged.serialize(text, "csv") == kg.serialize(text, "csv")
    mine, theirs = kg.query(TYPES), paged.query(TYPES + " ORDER BY ?s ?c")
    assert isinstance(mine, GraphResult)
    assert isinstance(theirs, GraphResult)
    assert set(theirs) == set(mine)
    with pytest.raises(RemoteError, match="add ORDER BY, and it is fetched in pages"):
        paged.query(TYPES)


def test_virtuoso_never_cuts_unseen(kg: KnowledgeGraph, tmp_path: Path) -> None:
    with served("virtuoso", kg, tmp_path, limits=(1_000, 2_000)) as endpoint:
        remote = open_graph(endpoint, page=800)
        with pytest.raises(RemoteError, match="cut its answer at 1000 rows: add ORDER BY"):
            remote.query(EVERYTHING)
        with pytest.raises(RemoteError, match="Sorted TOP clause specifies more"):
            remote.query(EVERYTHING + " ORDER BY ?s ?p ?o")
        claims = "SELECT ?c { ?c a <https://w3id.org/govkg/ontology#Claim> } ORDER BY ?c"
        assert remote.engine.select(claims).rows == kg.engine.select(claims).rows
