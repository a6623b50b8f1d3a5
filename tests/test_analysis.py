"""Analysis: small graphs with answers known by hand, and the real lists where they are known."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import polars as pl
import pytest
import rustworkx as rx
from benchmarks import pagerank
from hypothesis import given
from hypothesis import strategies as st

from govkg import layout
from govkg.analysis import (
    compare,
    divisions,
    levels,
    network_roles,
    orphans,
    reform,
    span,
)
from govkg.analysis.hierarchy import Hierarchy
from govkg.api import analysis_data
from govkg.errors import InputError, ParameterError, UnknownName
from govkg.reference import kinds
from govkg.reference.codes import short
from govkg.reference.resolve import find

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from conftest import Run
    from govkg.api import KnowledgeGraph

ENGINES: tuple[pagerank.Engine, ...] = ("networkx", "numpy", "rustworkx")
# A city with two districts and a county: one street with two committees, one office-less district.
CITY = [
    ("city", None, "prefecture-level-city"),
    ("d1", "city", "district"),
    ("d2", "city", "district"),
    ("county", "city", "county"),
    ("s1", "d1", "street-area"),
    ("t1", "county", "town"),
    ("c1", "s1", "resident-committee"),
    ("c2", "s1", "resident-committee"),
    ("c3", "d2", "resident-committee"),
    ("c4", "t1", "resident-committee"),
]
FOUR = levels.Pattern(
    "three and four",
    tuple(
        levels.Level(kind, government, management=True)
        for kind, government in (
            ("CityGovernment", True),
            ("DistrictGovernment", True),
            ("StreetOffice", True),
            ("ResidentCommittee", False),
        )
    ),
)


@st.composite
def forests(draw: st.DrawFn) -> list[tuple[str, str | None, str]]:
    """Forests of up to 30 nodes: each hangs on one before it, or on none; rows in any order."""
    size = draw(st.integers(1, 30))
    rows: list[tuple[str, str | None, str]] = []
    for number in range(size):
        above = draw(st.integers(-1, number - 1))
        rows.append((f"n{number:02}", None if above < 0 else f"n{above:02}", "x"))
    return draw(st.permutations(rows))


def tree(rows: list[tuple[str, str | None, str]]) -> nx.DiGraph[Any]:
    graph: nx.DiGraph[Any] = nx.DiGraph()
    graph.add_nodes_from((node, {"kind": kind}) for node, _, kind in rows)
    graph.add_edges_from((above, node) for node, above, _ in rows if above)
    return graph


def by_id(hierarchy: Hierarchy, values: NDArray[Any]) -> dict[str, Any]:
    return dict(zip(hierarchy.ids.tolist(), values.tolist(), strict=True))


def without(*nodes: str) -> list[tuple[str, str | None, str]]:
    return [row for row in CITY if row[0] not in nodes]


# The hierarchy


def test_depths_children_and_descendants_of_a_known_tree() -> None:
    hierarchy = Hierarchy.of_rows(CITY)
    assert by_id(hierarchy, hierarchy.depths())["c4"] == 3
    assert by_id(hierarchy, hierarchy.children())["city"] == 3
    assert by_id(hierarchy, hierarchy.descendants())["city"] == 9
    committees = hierarchy.is_a(["resident-committee"])
    assert by_id(hierarchy, hierarchy.descendants(committees))["d1"] == 2
    assert by_id(hierarchy, hierarchy.children(committees))["d2"] == 1


@given(forests())
def test_numpy_networkx_and_rustworkx_count_the_same(
    rows: list[tuple[str, str | None, str]],
) -> None:
    hierarchy, graph = Hierarchy.of_rows(rows), tree(rows)
    below = by_id(hierarchy, hierarchy.descendants())
    assert below == {node: len(nx.descendants(graph, node)) for node in graph}
    depths = by_id(hierarchy, hierarchy.depths())
    assert depths == {node: len(nx.ancestors(graph, node)) for node in graph}
    source = hierarchy.parent[hierarchy.parent >= 0]
    target = np.flatnonzero(hierarchy.parent >= 0)
    other = pagerank.to_rustworkx(source, target, len(hierarchy))
    counted = [len(rx.descendants(other, node)) for node in range(len(hierarchy))]
    assert hierarchy.descendants().tolist() == counted


def test_a_graph_gives_the_same_forest_as_rows() -> None:
    one, other = Hierarchy.of_graph(tree(CITY)), Hierarchy.of_rows(CITY)
    assert by_id(one, one.descendants()) == by_id(other, other.descendants())
    assert by_id(one, one.kinds) == by_id(other, other.kinds)


def test_cycles_and_orphans_are_found_and_left_out() -> None:
    rows = [*CITY, ("x", "y", "k"), ("y", "z", "k"), ("z", "y", "k"), ("lost", "nobody", "k")]
    hierarchy = Hierarchy.of_rows(rows)
    assert hierarchy.cycles() == [["y", "z"]]
    assert hierarchy.orphans() == ["lost"]
    assert [by_id(hierarchy, hierarchy.depths())[node] for node in ("x", "y", "lost")] == [
        -1,
        -1,
        0,
    ]
    assert Hierarchy.of_rows(CITY).cycles() == []
    assert Hierarchy.of_rows(CITY).orphans() == []


def test_a_node_of_its_own_parent_is_a_cycle() -> None:
    assert Hierarchy.of_rows([("a", "a", "k")]).cycles() == [["a"]]


def test_a_node_twice_and_two_parents_are_refused() -> None:
    with pytest.raises(InputError, match="names a node twice"):
        Hierarchy.of_rows([("a", None, "k"), ("a", None, "k")])
    with pytest.raises(InputError, match="c has several parents, a and b"):
        Hierarchy.of_graph(nx.DiGraph([("a", "c"), ("b", "c")]))


# Levels


def of_city(rows: list[tuple[str, str | None, str]]) -> levels.CityLevels:
    [city] = levels.test(Hierarchy.of_rows(rows), FOUR, kinds.by_institution())
    return city


def test_a_city_with_every_level_holds_for_the_committees_that_are_under_all() -> None:
    city = of_city(CITY)
    assert city.holds
    assert (city.governments, city.managements) == (3, 4)
    assert (city.bottom, city.whole, city.share) == (4, 2, 0.5)


def test_without_street_offices_two_levels_of_government_and_three_of_management_are_left() -> None:
    city = of_city([*without("s1", "c1", "c2"), ("c5", "d1", "resident-committee")])
    assert city.missing == ("StreetOffice",)
    assert (city.governments, city.managements) == (2, 3)
    assert (city.bottom, city.whole) == (3, 0)


def test_levels_that_are_not_under_each_other_do_not_count() -> None:
    moved = [(node, "county" if node == "s1" else above, kind) for node, above, kind in CITY]
    city = of_city(moved)
    assert city.missing == ("StreetOffice",)
    assert city.whole == 0


def test_a_city_below_a_district_of_another_does_not_borrow_it() -> None:
    inner = [
        ("inner", "d1", "prefecture-level-city"),
        ("s9", "inner", "street-area"),
        ("c9", "s9", "resident-committee"),
    ]
    hierarchy = Hierarchy.of_rows([*CITY, *inner])
    found = {one.city: one for one in levels.test(hierarchy, FOUR, kinds.by_institution())}
    assert found["inner"].missing == ("DistrictGovernment",)
    assert (found["inner"].whole, found["city"].bottom) == (0, 4)


def test_a_city_without_anything_is_one_level_and_has_no_share() -> None:
    city = of_city(CITY[:1])
    assert city.present == ("CityGovernment",)
    assert city.share is None


def test_placeholders_are_passed_over_and_cities_do_not_mix() -> None:
    rows = [
        ("m", None, "municipality"),
        ("p", "m", "placeholder"),
        ("d", "p", "district"),
        ("s", "d", "street-area"),
        ("c", "s", "resident-committee"),
    ]
    found = levels.test(Hierarchy.of_rows([*rows, *without("s1")]), FOUR, kinds.by_institution())
    assert {city.city: city.holds for city in found} == {"m": True, "city": False}
    told = levels.summarize(2023, "x", found)
    assert (told.cities, told.holds, told.covered) == (2, 1, 1)


def test_the_patterns_come_from_the_graph(kg: KnowledgeGraph) -> None:
    found = analysis_data.patterns(kg.engine, "en")
    counts = {(one.governments, one.managements, len(one.levels)) for one in found}
    assert counts == {(3, 4, 4), (2, 3, 3)}
    assert {one.levels[0].kind for one in found} == {"CityGovernment", "CountyLevelCityGovernment"}
    assert len(analysis_data.patterns(kg.engine, "zh")) == 2


def test_guiyang_lacks_the_street_level_until_2019_and_has_it_since(kg: KnowledgeGraph) -> None:
    [pattern] = [one for one in analysis_data.patterns(kg.engine, "en") if one.governments == 3]
    found = {}
    for year in (2019, 2020):
        guiyang = divisions.within(divisions.listed(year), 520100 * 10**6)
        [city] = levels.test(Hierarchy.of_frame(guiyang), pattern, kinds.by_institution())
        found[year] = (city.governments, city.managements, city.missing)
    assert found == {2019: (2, 3, ("StreetOffice",)), 2020: (3, 4, ())}


# The yearly lists


def test_parents_of_2023_are_those_of_the_hierarchy() -> None:
    from govkg.reference.datasets import dataset

    ours = divisions.listed(2023).select("code", "parent")
    theirs = dataset("nbs-divisions").table("divisions").sort("code").select("code", "parent")
    assert ours.equals(theirs)


@pytest.mark.parametrize("year", [2016, 2023])
def test_what_is_below_each_county_is_what_the_yearly_counts_say(year: int) -> None:
    units = divisions.listed(year)
    hierarchy = Hierarchy.of_frame(units)
    counted = divisions.counts().filter(year=year, level=3)
    for column, kind in (
        ("resident_committees", "resident-committee"),
        ("villager_committees", "villager-committee"),
        ("street_areas", "street-area"),
    ):
        below = dict(zip(units["code"], hierarchy.descendants(hierarchy.is_a([kind])), strict=True))
        wrong = [
            code for code, said in counted.select("code", column).iter_rows() if below[code] != said
        ]
        assert wrong == [], column
    assert counted.height > 2800


def test_rows_that_stand_for_nothing_in_between_are_no_towns() -> None:
    units = divisions.listed(2016)
    named = dict(units.filter(pl.col("level") == 4).select("name", "kind").iter_rows())
    assert named["区直辖村模拟镇"] == divisions.DIRECT
    assert named["铜官区虚镇"] == divisions.DIRECT
    assert units.filter(kind=divisions.DIRECT).height == 16
    assert named["寿山镇"] == "town"


def test_a_place_is_found_by_code_and_name_or_refused() -> None:
    units = divisions.listed(2023)
    assert find(units, "520100")["name"] == "贵阳市"
    assert find(units, "贵阳市")["code"] == 520100 * 10**6
    with pytest.raises(UnknownName, match="did you mean 贵阳市"):
        find(units, "贵阳市市")
    with pytest.raises(InputError, match=r"are called '朝阳区': 110105 .* Give one"):
        find(units, "朝阳区")
    with pytest.raises(ParameterError, match="no list of 2014: use 2015 to 2023"):
        divisions.listed(2014)


def test_codes_are_written_short() -> None:
    written = [short(code) for code in (520100000000, 520102016000, 520102016001)]
    assert written == ["520100", "520102016", "520102016001"]


# Span of control


def test_a_distribution_and_its_outliers_by_hand() -> None:
    counts = np.array([1, 2, 3, 4, 100])
    told = span.distribution(2023, "x", counts)
    assert told is not None
    assert (told.units, told.below, told.min, told.max) == (5, 110, 1, 100)
    assert (told.first_quartile, told.median, told.third_quartile, told.mean) == (2, 3, 4, 22)
    assert (told.lower_fence, told.upper_fence, told.outliers) == (-1, 7, 1)
    ids = np.array(list("abcde"))
    assert span.outliers(ids, counts) == [("e", 100)]
    assert span.outliers(ids, counts, fence=50) == []
    both = np.array([-90, 2, 3, 4, 100])
    assert span.outliers(ids, both) == [("e", 100), ("a", -90)]
    wide = span.distribution(2023, "x", both)
    assert wide is not None
    assert wide.outliers == 2


def test_a_number_on_the_fence_is_no_outlier() -> None:
    assert span.outliers(np.array(list("abcde")), np.array([1, 2, 3, 4, 7])) == []


def test_nothing_has_no_distribution() -> None:
    assert span.distribution(2023, "x", np.array([], dtype=np.int64)) is None
    assert span.outliers(np.array([]), np.array([], dtype=np.int64)) == []


def test_only_what_stands_right_below_counts_and_none_is_zero() -> None:
    rows = [*CITY, ("s2", "d1", "street-area"), ("v", "s1", "villager-committee")]
    ids, counts = span.counted(Hierarchy.of_rows(rows), kinds.spans()[0])
    assert dict(zip(ids.tolist(), counts.tolist(), strict=True)) == {"s1": 3, "s2": 0}
    villages = span.counting(kinds.spans()[0], "villagers")
    assert span.counted(Hierarchy.of_rows(rows), villages)[1].sum() == 1
    assert span.counting(kinds.spans()[3], "villagers") == kinds.spans()[3]


# Direct administration


def test_the_districts_named_by_the_article_rule_their_committees_directly() -> None:
    found = {one[0] // 10**6: one for one in span.directly_administered(divisions.listed(2016))}
    assert found[420205][1] == 14  # 铁山区
    assert found[340705][1] == 23  # 铜官区, once 铜官山区
    assert {220402, 220403} <= found.keys()  # both districts of 辽源
    later = {county // 10**6 for county, *_ in span.directly_administered(divisions.listed(2020))}
    assert later.isdisjoint({420205, 340705, 220402, 220403})


def test_committees_right_under_a_county_count_with_and_without_a_stand_in() -> None:
    units = pl.DataFrame(
        [
            (1, 3, "district", None),
            (2, 4, divisions.DIRECT, 1),
            (3, 5, "resident-committee", 2),
            (4, 5, "villager-committee", 1),
            (5, 5, "like-resident-committee", 2),
            (6, 4, "street-area", 1),
            (7, 5, "resident-committee", 6),
        ],
        schema=["code", "level", "kind", "parent"],
        orient="row",
    )
    [found] = span.directly_administered(units)
    assert found == (1, 1, 1)


# Before and after


def test_levels_before_at_and_after() -> None:
    line = {2015: 10, 2016: 12, 2017: 20, 2018: 2, 2019: 4}
    told = reform.interrupt(line, 2017, 2017)
    assert (told.before, told.at, told.after, told.change) == (11, 20, 3, -8)
    assert told.standing == "interrupts"
    wide = reform.interrupt(line, 2016, 2018)
    assert (wide.before, wide.after) == (10, 4)
    assert wide.at == pytest.approx(34 / 3)


def test_a_reform_outside_the_series_has_no_change() -> None:
    line = {2015: 10, 2016: 12}
    early, late = reform.interrupt(line, None, 2013), reform.interrupt(line, 2017, None)
    assert (early.standing, early.before, early.after) == ("before-series", None, 11)
    assert (late.standing, late.before, late.after) == ("after-series", 11, None)
    assert early.change is late.change is None
    assert reform.interrupt(line, None, 2015).standing == "interrupts"
    assert reform.interrupt(line, 2016, None).standing == "interrupts"
    assert reform.interrupt(line, None, None).standing == "undated"
    assert reform.interrupt({}, 2015, 2015).standing == "undated"


def test_the_largest_jump_is_between_neighbors_and_the_earliest_of_equals() -> None:
    jump = reform.largest_jump({2015: 5, 2016: 1, 2017: 5, 2020: 90})
    assert jump == reform.Jump(2016, 5, 1)
    assert jump.change == -4
    assert reform.largest_jump({2015: 5, 2016: 5}) is None
    assert reform.largest_jump({2015: 5}) is None


def test_a_jump_is_ranked_among_peers_of_the_same_years() -> None:
    jump = reform.Jump(2016, 5, 1)
    peers = [{2015: 5, 2016: 1}, {2015: 0, 2016: 9}, {2015: 0, 2016: 4}, {2016: 1}]
    assert reform.rank(jump, peers) == (2, 3)


def test_the_reforms_of_the_graph_have_years_and_claims(kg: KnowledgeGraph) -> None:
    found = {one.event: one for one in analysis_data.reforms(kg.engine, "en")}
    guiyang = found["event:guiyang-street-offices-abolished"]
    assert (guiyang.code, guiyang.years, guiyang.abolishes) == ("520100", (None, 2013), True)
    assert guiyang.claims == "usm2013-s074-1"
    daqing = found["event:daqing-co-location-2011"]
    assert daqing.years == (2011, 2011)
    assert daqing.span[0] == 2011
    assert [one.earliest is None for one in found.values()] == sorted(
        one.earliest is None for one in found.values()
    )
    assert {one.event for one in analysis_data.reforms(kg.engine, "zh")} == found.keys()


# Two of a kind


def test_differences_keep_what_was_not_counted_apart_from_zero() -> None:
    found = {
        one.measure: one
        for one in compare.differences({"a": 2, "b": None, "c": 0}, {"a": 3, "b": 1, "d": 4})
    }
    assert list(found) == ["a", "b", "c", "d"]
    assert (found["a"].change, found["a"].ratio) == (1, 1.5)
    assert (found["b"].change, found["b"].ratio) == (None, None)
    assert found["c"].ratio is None
    assert found["d"].one is None


def test_turnover_counts_codes_by_kind() -> None:
    one = pl.DataFrame({"code": [1, 2, 3], "kind": ["a", "a", "b"]})
    other = pl.DataFrame({"code": [2, 3, 4], "kind": ["a", "a", "b"]})
    found = {row[0]: row[1:] for row in compare.turnover(one, other).iter_rows()}
    assert found == {"a": (1, 1, 1), "b": (1, 1, 0)}


# Two leaders

LEADING = ("Leadership", "leads", "Guidance", "guides")


def network(*edges: tuple[str, str, str, str]) -> nx.MultiDiGraph[Any]:
    graph: nx.MultiDiGraph[Any] = nx.MultiDiGraph()
    for source, target, kind, line in edges:
        graph.add_edge(source, target, kind=kind, **({"line": line} if line else {}))
    return graph


def test_two_leaders_on_two_lines_are_certain_two_without_are_possible() -> None:
    graph = network(
        ("party", "a", "Leadership", "line:kuai"),
        ("ministry", "a", "guides", "tiao"),
        ("party", "b", "Leadership", ""),
        ("mayor", "b", "Leadership", ""),
        ("party", "c", "Leadership", "line:kuai"),
        ("mayor", "c", "Leadership", "line:kuai"),
        ("party", "d", "Leadership", "line:kuai"),
        ("party", "d", "Guidance", "line:tiao"),
        ("mayor", "d", "Leadership", ""),
    )
    found = {one.node: one for one in network_roles.dual(graph, LEADING)}
    assert {node: one.standing for node, one in found.items()} == {
        "a": "certain",
        "b": "possible",
        "c": "possible",
        "d": "possible",
    }
    assert [(one.id, one.line) for one in found["a"].leaders] == [
        ("ministry", "tiao"),
        ("party", "kuai"),
    ]


def test_one_leader_twice_itself_and_other_ties_are_no_dual_leadership() -> None:
    graph = network(
        ("party", "a", "Leadership", "line:kuai"),
        ("party", "a", "Guidance", "line:tiao"),
        ("a", "a", "Leadership", ""),
        ("friend", "a", "ServicePurchase", ""),
    )
    assert network_roles.dual(graph, LEADING) == []
    more = ("Leadership", "ServicePurchase")
    assert [one.node for one in network_roles.dual(graph, more)] == ["a"]


# Who stands between


def test_the_middle_of_a_path_stands_between_all() -> None:
    graph = network(("a", "b", "k", ""), ("c", "b", "k", ""), ("b", "c", "k", ""))
    first, *rest = network_roles.brokers(graph)
    assert (first.node, first.size, first.ins, first.outs) == ("b", 3, 2, 1)
    assert (first.betweenness, first.constraint, first.cuts) == (1, 0.5, True)
    assert {one.betweenness for one in rest} == {0}
    assert {one.constraint for one in rest} == {1}


def test_in_a_ring_nobody_cuts_and_pairs_are_left_out() -> None:
    ring = [(a, b, "k", "") for a, b in ("ab", "bc", "cd", "da")]
    found = network_roles.brokers(network(*ring, ("x", "y", "k", ""), ("a", "a", "k", "")))
    assert [one.node for one in found] == list("abcd")
    assert {one.betweenness for one in found} == {round(1 / 6, 6)}
    assert not any(one.cuts for one in found)


def test_parts_are_numbered_from_the_largest() -> None:
    edges = [(a, b, "k", "") for a, b in ("ab", "bc", "wx", "xy", "yz", "zw", "pq")]
    found = network_roles.brokers(network(*edges))
    assert {one.node: (one.part, one.size) for one in found} == {
        **dict.fromkeys("wxyz", (1, 4)),
        **dict.fromkeys("abc", (2, 3)),
    }


def test_a_tree_is_refused_since_brokerage_says_nothing_there() -> None:
    tree = [("a", "b", "k", ""), ("a", "c", "k", "")]
    loops = [("a", "b", "other", ""), ("b", "b", "k", ""), ("a", "a", "k", "")]
    for edges in (tree, tree + loops):
        with pytest.raises(InputError, match=r"is a tree.*use `govkg analyze span`"):
            network_roles.brokers(network(*edges))


# What is out of order


def test_faults_of_a_list() -> None:
    units = pl.DataFrame(
        [
            (1, 1, None),
            (2, 2, 1),
            (3, 3, 1),
            (4, 3, 99),
            (5, 4, 3),
            (8, 5, 5),
            (6, 3, 7),
            (7, 3, 6),
        ],
        schema={"code": pl.Int64, "level": pl.UInt8, "parent": pl.Int64},
        orient="row",
    ).with_columns(kind=pl.lit("k"))
    assert set(orphans.faults(units)) == {
        ("orphan", 4),
        ("skips-level", 3),
        ("childless", 2),
        ("childless", 4),
        ("cycle", 6),
        ("cycle", 7),
    }


def test_isolated_nodes_and_rings_of_a_network() -> None:
    graph = network(
        ("a", "b", "leads", ""), ("b", "a", "leads", ""), ("c", "d", "k", ""), ("d", "c", "k", "")
    )
    graph.add_edge("e", "e", kind="leads")
    graph.add_node("f")
    assert orphans.isolated(graph) == ["e", "f"]
    assert orphans.rings(graph, LEADING) == [["a", "b"], ["e"]]


# PageRank


def solved(source: NDArray[np.intp], target: NDArray[np.intp], nodes: int) -> NDArray[np.float64]:
    """Solve for PageRank directly: a third way, without rounds and tolerance.

    (I - d P) x = 1 up to a factor, since what dangling nodes give goes to all alike.
    """
    import scipy.sparse as sparse
    from scipy.sparse.linalg import spsolve

    weight = 1 / np.bincount(source, minlength=nodes)[source]
    steps = sparse.csc_matrix((weight, (target, source)), shape=(nodes, nodes))
    found = spsolve(sparse.identity(nodes, format="csc") - 0.85 * steps, np.ones(nodes))
    return np.asarray(found / found.sum())


def random_edges(nodes: int, edges: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    dice = np.random.default_rng(6)
    return dice.integers(0, nodes // 2, edges), dice.integers(0, nodes, edges)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_dense_eigenvector(engine: pagerank.Engine) -> None:
    nodes = 40
    source, target = random_edges(nodes, 120)
    steps = np.zeros((nodes, nodes))
    np.add.at(steps, (target, source), 1)
    total = steps.sum(axis=0)
    steps = np.where(total > 0, steps / np.maximum(total, 1), 1 / nodes)
    values, vectors = np.linalg.eig(0.85 * steps + 0.15 / nodes)
    vector = np.abs(vectors[:, np.argmax(values.real)].real)
    found = pagerank.of_edges(source, target, nodes, engine)
    assert np.abs(found - vector / vector.sum()).max() < 1e-8


@pytest.mark.parametrize("engine", ENGINES)
def test_ours_is_right_at_a_size_where_the_default_tolerance_is_not(
    engine: pagerank.Engine,
) -> None:
    units = divisions.within(divisions.listed(2023), 370000 * 10**6)  # Shandong
    hierarchy = Hierarchy.of_frame(units)
    child = np.flatnonzero(hierarchy.parent >= 0)
    above, nodes = hierarchy.parent[child], len(hierarchy)
    truth = solved(child, above, nodes)
    ours = pagerank.of_edges(child, above, nodes, engine)
    assert np.abs(ours - truth).sum() < 1e-8
    if engine == "networkx":
        edges = zip(child.tolist(), above.tolist(), strict=True)
        default = nx.pagerank(nx.DiGraph(edges))
        wrong = sum(abs(default[node] - truth[node]) for node in range(nodes))
        assert nodes > 50_000
        assert wrong > 1e-2


def test_ranks_of_a_graph_by_node_and_an_unknown_engine() -> None:
    graph: nx.DiGraph[Any] = nx.DiGraph([("a", "c"), ("b", "c")])
    ranks = pagerank.of_graph(graph)
    assert max(ranks, key=lambda node: ranks[node]) == "c"
    assert sum(ranks.values()) == pytest.approx(1)
    with pytest.raises(ParameterError, match="no engine is called 'igraph'"):
        pagerank.of_graph(graph, "igraph")  # type: ignore[arg-type]


# The command line


def rows_of(answer: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer)))


def test_levels_lists_the_cities_where_the_pattern_fails(govkg: Run, home: Path) -> None:
    words = ("levels", "--year", "2018", "--failing", "--format", "csv", "--lang", "zh")
    done = govkg("analyze", *words, "--build", str(home))
    assert done.returncode == 0, done.stderr
    found = {row["city"]: row for row in rows_of(done.stdout)}
    assert found["贵阳市"]["missing"] == "StreetOffice"
    assert found["东莞市"]["missing"] == "DistrictGovernment"
    assert {row["holds"] for row in found.values()} == {"no"}


def test_reform_says_that_it_came_before_the_series(govkg: Run, home: Path) -> None:
    done = govkg("analyze", "reform", "--format", "json", "--build", str(home))
    assert done.returncode == 0, done.stderr
    found = {(row["code"], row["measure"]): row for row in json.loads(done.stdout)}
    assert {code for code, _ in found} == {"520100", "340700", "220400", "230600"}
    assert {row["standing"] for row in found.values()} == {"before-series"}
    guiyang = found["520100", "street_areas"]
    assert (guiyang["jump_year"], guiyang["jump_from"], guiyang["jump_to"]) == (2020, 0, 72)
    assert (guiyang["rank"], guiyang["before"], guiyang["change"]) == (1, None, None)


def test_reform_counts_the_towns_that_became_street_offices(govkg: Run, tmp_path: Path) -> None:
    figure = tmp_path / "kinds.svg"
    words = ("--kinds", "--format", "json", "--lang", "en", "--figure", str(figure))
    done = govkg("analyze", "reform", *words)
    assert done.returncode == 0, done.stderr
    assert b"became: street area" in figure.read_bytes()
    rows = json.loads(done.stdout)
    towns = [row for row in rows if (row["from"], row["to"]) == ("town", "street area")]
    years = {
        year: sum(row["went_on"] for row in towns if row["year"] == year)
        for year in range(2016, 2024)
    }
    assert list(years.values()) == [66, 90, 54, 83, 152, 66, 27, 3]
    assert all(row["from"] != row["to"] for row in rows)
    assert not {row["province"] for row in rows if not row["province"].strip()}
    [guizhou] = [row for row in towns if (row["year"], row["code"]) == (2016, "520000")]
    assert guizhou["went_on"] == 29
    page = (layout.ROOT / "docs" / "how-to" / "analysis.md").read_text(encoding="utf-8")
    to_towns = sum(r["went_on"] for r in rows if (r["from"], r["to"]) == ("township", "town"))
    assert f"{sum(years.values())} towns went on as street offices" in page
    assert f"{to_towns:,} townships as towns" in page


def test_kinds_are_counted_for_the_whole_nation_only(govkg: Run) -> None:
    done = govkg("analyze", "reform", "--kinds", "--place", "520100", "--year", "2020")
    assert done.returncode == 2
    assert "leave the other options out" in done.stderr


def test_a_reform_of_ones_own_has_before_and_after(govkg: Run) -> None:
    words = ("--place", "520100", "--year", "2020", "--measure", "street_areas", "--format", "json")
    [row] = json.loads(govkg("analyze", "reform", *words).stdout)
    assert (row["before"], row["at"], row["after"]) == (0, 72, pytest.approx(73.3333))


@pytest.mark.parametrize(
    ("words", "columns"),
    [
        ("span --year 2023 --within 520100", "year,span,units"),
        ("span --year 2023 --within 37 --of street --outliers", "year,span,code"),
        ("direct --year 2019", "year,code,county"),
        ("timeline --dated", "event,label,type"),
        ("compare 520100 --year 2019 --with-year 2023", "measure,one,other"),
        ("compare 520100 340700", "measure,one,other"),
        ("dual-leadership institutions --kind Headship", "node,label,standing"),
        ("brokerage argument", "node,label,part,size"),
        ("orphans --year 2023", "problem,id,name"),
        ("orphans argument", "problem,id,name"),
    ],
)
def test_every_analysis_writes_a_listing(govkg: Run, home: Path, words: str, columns: str) -> None:
    of_graph = {"timeline", "institutions", "argument"} & set(words.split())
    build = ("--build", str(home)) if of_graph else ()
    done = govkg("analyze", *words.split(), *build, "--format", "csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(columns)
    assert "None" not in done.stdout
    assert len(done.stdout.splitlines()) > 1 or words == "orphans argument"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("levels --year 2015", "levels need lists with committees: those of 2016 to 2023"),
        ("span --year 2014", "there is no list of 2014"),
        (
            "span --year 2023 --within 贵阳城",
            "no place is called '贵阳城'; did you mean 阳城县 or 贵阳市",
        ),
        ("reform --place 520100", "needs --place and --year, both"),
        ("reform --place 520100 --year 2020 --measure cats", "no measure 'cats': use street_areas"),
        ("reform --place 520102016 --year 2020", "has no yearly counts of street_areas"),
        ("compare 520100", "takes a second place or --with-year"),
        ("compare 520102016 340700", "it lies below county level"),
    ],
)
def test_bad_input_is_told_and_ends_with_two(govkg: Run, words: str, message: str) -> None:
    done = govkg("analyze", *words.split())
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""


# What docs/how-to/analysis.md says


def test_the_findings_are_what_the_data_give(kg: KnowledgeGraph) -> None:
    from pathlib import Path

    text = " ".join(
        (Path(__file__).parents[1] / "docs/how-to/analysis.md").read_text("utf-8").split()
    )
    hierarchy = Hierarchy.of_frame(divisions.listed(2023))
    three, two = sorted(analysis_data.patterns(kg.engine, "en"), key=lambda one: -one.governments)
    for pattern, said in (
        (three, "the pattern holds in {} of {} cities"),
        (two, "holds in {} of {} county-level cities"),
    ):
        told = levels.summarize(
            2023, pattern.name, levels.test(hierarchy, pattern, kinds.by_institution())
        )
        assert said.format(told.holds, told.cities) in text
        assert f"covers {told.share:.0%}".replace("%", " %") in text
    ids, counts = span.counted(hierarchy, kinds.spans()[0])
    villages = span.counted(hierarchy, span.counting(kinds.spans()[0], "villagers"))[1].sum()
    assert f"Of the {counts.sum():,} committees under street offices in 2023, {villages:,}" in text
    wide = [code // 10**10 for code, _ in span.outliers(ids, counts)]
    assert (
        f"the {len(wide)} street offices beyond the upper fence (31), {wide.count(37)} are" in text
    )
    assert f"which has {(ids // 10**10 == 37).sum()} of all {len(ids):,}" in text
    cities = divisions.counts().filter(kind="prefecture-level-city").sort("code", "year")
    rises = cities.with_columns(rise=pl.col("street_areas").cast(pl.Int64).diff().over("code"))
    assert rises.drop_nulls("rise").sort("rise")["code"][-1] == 520100 * 10**6
    found = list(span.directly_administered(divisions.listed(2016)))
    assert f"In 2016, {len(found)} districts and counties" in text


def test_a_place_of_a_list_is_the_same_cut_out_first_or_last() -> None:
    for place in ("贵阳市", "110000", "南明区"):
        of_all = divisions.below(divisions.listed(2021), place)
        assert divisions.listed(2021, place).equals(of_all)
        assert of_all.height > 1
