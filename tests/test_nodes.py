"""Nodes by name: in Chinese, English, pinyin or by code, from every place that asks for one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from govkg import queries, sparqltext
from govkg.analysis import divisions
from govkg.api import nodes
from govkg.errors import AmbiguousName, UnknownName
from govkg.namespaces import document_graph, expand, shorten
from govkg.reference.resolve import find
from govkg.results import Result
from govkg.store import Store

if TYPE_CHECKING:
    from conftest import Run
    from govkg.api import KnowledgeGraph

COMMITTEE = "inst:daqing-social-work-committee"
NAMES = {
    "贵阳市": "territory:guiyang",  # listed as division:520100, which is the same place
    "贵阳": "territory:guiyang",
    "Guiyang": "territory:guiyang",
    "guiyang": "territory:guiyang",
    "GUIYANG": "territory:guiyang",
    "Guìyáng": "territory:guiyang",
    "gui yang shi": "territory:guiyang",
    "guiyangshi": "territory:guiyang",
    " 贵阳市 ": "territory:guiyang",
    "520100": "division:520100",
    "division:520100": "division:520100",
    "https://w3id.org/govkg/id/division/520100": "division:520100",
    "石景山": "territory:beijing-shijingshan-district",
    "shijingshan district": "territory:beijing-shijingshan-district",
    "大庆市委社会工作委员会": COMMITTEE,
    "Daqing Shiwei shehui gongzuo weiyuanhui": COMMITTEE,
    "administrative village": "gov:VillageUnit",  # an alternative label
    "usm2013": "doc:usm2013",
}
NEW = """@prefix inst: <https://w3id.org/govkg/id/institution/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


@pytest.mark.parametrize(("name", "iri"), NAMES.items())
def test_a_node_is_found_by_any_name(kg: KnowledgeGraph, name: str, iri: str) -> None:
    assert shorten(kg.resolve(name)) == iri


def test_several_of_a_name_are_told_with_where_they_lie(kg: KnowledgeGraph) -> None:
    with pytest.raises(AmbiguousName, match="Give one of these") as refused:
        kg.resolve("崇川区", lang="zh")
    assert refused.value.exit_code == 2
    assert refused.value.found == (
        "division:320613 (崇川区, 南通市)",
        "territory:nantong-chongchuan-district (崇川区, 南通市)",
    )
    assert [shorten(node.iri) for node in kg.find("管理")] == [
        "concept:management",
        "predicate:manages",
    ]
    assert kg.find("Guiyyang") == []


def test_an_unknown_name_is_answered_with_near_ones(kg: KnowledgeGraph) -> None:
    with pytest.raises(UnknownName, match="no node is called 'Guiyyang'; did you mean Guiyang"):
        kg.describe("Guiyyang")
    with pytest.raises(UnknownName, match="no node is called 'a"):
        kg.describe('a"\\b ?x')


def test_many_of_a_name_are_counted() -> None:
    store = Store()
    for number in range(12):
        text = f'{NEW} inst:n{number:02} rdfs:label "办公室"@zh .'
        store.load_text(text, Path("new.ttl"), document_graph("new"))
    with pytest.raises(AmbiguousName, match=r"12 nodes .* inst:n09 \(办公室\); and 2 more\. Give"):
        nodes.resolve(store, "办公室", "zh")


def test_every_call_takes_names(kg: KnowledgeGraph) -> None:
    assert kg.describe("贵阳市").rows == kg.describe("territory:guiyang").rows
    assert kg.evidence("大庆市委社会工作委员会").rows == kg.evidence(COMMITTEE).rows
    asked = [kg.query("cq23", place=name) for name in ("大庆市", "territory:daqing")]
    assert all(isinstance(one, Result) for one in asked)
    assert asked[0] == asked[1]
    assert len(asked[0]) > 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("words", "iris"),
    [({"within": "daqing"}, {"within": "territory:daqing"}),
     ({"ego": "大庆市委社会工作委员会"}, {"ego": COMMITTEE}),
     ({"ego": "daqing shiwei shehui gongzuo weiyuanhui"}, {"ego": COMMITTEE})],
)  # fmt: skip
def test_filters_of_networks_take_names(
    kg: KnowledgeGraph, words: dict[str, Any], iris: dict[str, Any]
) -> None:
    drawn, wanted = kg.frames("institutions", **words), kg.frames("institutions", **iris)
    assert drawn.nodes.equals(wanted.nodes)
    assert drawn.nodes.height > 1
    assert drawn.about["filters"] == iris  # what is written beside the file names the node


def test_an_ego_is_looked_for_among_the_nodes_of_the_network(kg: KnowledgeGraph) -> None:
    assert kg.frames("hierarchy", ego="贵阳市").about["filters"] == {"ego": "division:520100"}
    with pytest.raises(UnknownName):
        kg.frames("institutions", ego="贵阳市")
    with pytest.raises(AmbiguousName, match="320613"):
        kg.frames("institutions", within="崇川区")


def test_names_on_the_command_line(govkg: Run, home: Path) -> None:
    at = ("--format", "csv", "--build", str(home))
    told, wanted = (govkg("describe", name, *at) for name in ("贵阳市", "territory:guiyang"))
    assert (told.returncode, told.stdout) == (0, wanted.stdout)
    assert (told.stderr, wanted.stderr) == ("govkg: 贵阳市 is territory:guiyang\n", "")
    told, wanted = (
        govkg("query", "cq23", "--param", f"place={name}", *at)
        for name in ("daqing", "territory:daqing")
    )
    assert told.stdout == wanted.stdout != ""
    for words in (
        ("describe", "崇川区"),
        ("evidence", "show", "崇川区"),
        ("query", "cq23", "--param", "place=崇川区"),
    ):
        refused = govkg(*words, *at)
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "2 nodes are called '崇川区'" in refused.stderr


def test_places_of_the_yearly_lists_by_name() -> None:
    units = divisions.listed(2023)
    for name in ("贵阳市", "520100", "Guiyang", "guiyang", "guiyang shi", "Guìyáng"):
        assert find(units, name)["code"] == 520100000000, name
    with pytest.raises(AmbiguousName) as refused:
        find(units, "通州区")
    assert refused.value.found == ("110112 北京市 市辖区 通州区", "320612 江苏省 南通市 通州区")
    with pytest.raises(UnknownName, match="did you mean Guiyang"):
        find(units, "Guiyyang")


def test_names_are_looked_up_by_index_not_by_reading_all() -> None:
    """No more may be read of a store of many labels than of one of few."""

    class Counting:
        def __init__(self, store: Store) -> None:
            self.store, self.asked = store, [""]

        def select(self, sparql: str) -> Result:
            self.asked.append(sparql)
            return self.store.select(sparql)

    store = Store()
    store.load_text(
        f'{NEW} inst:a rdfs:label "办公室"@zh .', Path("new.ttl"), document_graph("new")
    )
    engine = Counting(store)
    assert nodes.resolve(engine, "办公室") == expand("inst:a")
    unread = sparqltext.unordered(queries.lookup("names").text)
    assert not any(unread in text for text in engine.asked)


@pytest.mark.parametrize("name", ['" } #', "> ?p", "-", "guiyang"])
def test_a_graph_without_names_has_no_node_of_a_name(name: str) -> None:
    assert nodes.find(Store(), name) == []
