"""Three checks derived anew in polars from the tables themselves, past graph and SPARQL."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import polars as pl

from govkg import layout

if TYPE_CHECKING:
    from govkg.api import KnowledgeGraph

DATA = layout.DATA
DOCUMENT = DATA / "documents" / "usm2013"
TEXT_YEAR, NEAR = 2013, 3
# The cities whose street offices the text says are gone, with the claim and what it speaks of.
ABOLITIONS = {
    "guiyang": ("s074-1", "whole"),
    "tongling": ("s074-2", "whole"),
    "daqing": ("s074-3", "whole"),
    "liaoyuan": ("s074-4", "main-urban-area"),
}


def listed() -> dict[str, str]:
    """Read which code each place of the document has."""
    with (DOCUMENT / "places.csv").open(encoding="utf-8", newline="") as file:
        return {row["territory"]: row["division"] for row in csv.DictReader(file)}


def verdicts(kg: KnowledgeGraph, check: str) -> dict[str, str]:
    return {
        one.assessment.partition(":")[2]: one.verdict.partition(":")[2]
        for one in kg.assessments("en")
        if one.check == f"check:{check}"
    }


def judged(series: list[tuple[int, int]], extent: str) -> str:
    (begin, first), (_, last) = series[0], series[-1]
    if begin - TEXT_YEAR > NEAR:
        return "not-checkable"
    if first == 0:
        return "superseded" if last else "corroborated"
    if extent == "whole":
        return "contradicted"
    return "superseded" if last > 2 * first else "not-checkable"


def test_abolitions_by_yearly_counts_and_by_the_civil_affairs_list(kg: KnowledgeGraph) -> None:
    counts = pl.read_parquet(DATA / "reference" / "nbs-series" / "counts.parquet")
    civil = pl.read_parquet(DATA / "reference" / "mca-townships" / "townships.parquet")
    streets = civil.filter(~pl.col("abolished"), pl.col("kind") == "street-area")
    codes, expected = listed(), {}
    for place, (claim, extent) in ABOLITIONS.items():
        code = int(codes[place]) * 10**6
        rows = counts.filter(pl.col("code") == code).sort("year")
        series = rows.select("year", "street_areas").rows()
        in_force = streets.filter(pl.col("parent") // 10**8 == code // 10**8).height
        name = f"abolition-usm2013-{claim}"
        expected[f"{name}-nbs-series"] = judged(series, extent)
        expected[f"{name}-mca-townships"] = judged([(2025, in_force)], extent)
    assert verdicts(kg, "abolition") == expected


def test_the_counts_of_both_lists_are_those_of_the_graph(kg: KnowledgeGraph) -> None:
    told = {one.assessment: one.explanation for one in kg.assessments("en")}
    civil = pl.read_parquet(DATA / "reference" / "mca-townships" / "townships.parquet")
    for place, (claim, _) in ABOLITIONS.items():
        city = int(listed()[place]) // 100
        in_force = civil.filter(
            ~pl.col("abolished"),
            pl.col("kind") == "street-area",
            pl.col("code") // 10**8 == city,
        ).height
        assert (
            f"counts {in_force} street" in told[f"assess:abolition-usm2013-{claim}-mca-townships"]
        )


def test_places_whose_code_has_ended(kg: KnowledgeGraph) -> None:
    codes = pl.read_parquet(DATA / "reference" / "gb2260-history" / "codes.parquet")
    units = pl.read_parquet(DATA / "reference" / "nbs-series" / "units.parquet")
    latest = set(units.filter(pl.col("years") & (1 << 8) != 0)["code"].to_list())
    ended = {
        place
        for place, code in listed().items()
        if len(code) == 6
        and int(code) in set(codes["code"].to_list())
        and int(code) * 10**6 not in latest
    }
    superseded = {
        name for name, verdict in verdicts(kg, "place").items() if verdict == "superseded"
    }
    assert ended == {
        "guiyang-xiaohe-district",
        "nanjing-baixia-district",
        "nantong-chongchuan-district",
        "tongling-tongguanshan-district",
    }
    # No event or figure of the text is of Baixia itself: its pilot is of a street there.
    of_events = ended - {"nanjing-baixia-district"}
    assert {place for place in ended if any(place in name for name in superseded)} == of_events
    assert len(superseded) == len(of_events)


def test_official_totals(kg: KnowledgeGraph) -> None:
    totals = pl.read_csv(DATA / "reference" / "official-totals" / "totals.csv").filter(year=2012)
    official = dict(totals.select("measure", "value").iter_rows())
    printed = {
        "s128-2": ("social-organizations", 490_000),
        "s139-1": ("resident-committees", 910_000),
    }
    expected = {
        f"official-total-usm2013-{claim}-official-totals": (
            "corroborated"
            if abs(value - official[measure]) < official[measure] / 50
            else "contradicted"
        )
        for claim, (measure, value) in printed.items()
    }
    found = verdicts(kg, "official-total")
    assert {name: found[name] for name in expected} == expected
    assert set(expected.values()) == {"corroborated", "contradicted"}


def test_the_number_of_street_areas_and_towns_of_pudong(kg: KnowledgeGraph) -> None:
    counts = pl.read_parquet(DATA / "reference" / "nbs-series" / "counts.parquet")
    first = (
        counts.filter(pl.col("code") == int(listed()["shanghai-pudong-new-area"]) * 10**6)
        .sort("year")
        .select(pl.sum_horizontal("street_areas", "towns", "townships"))
        .item(0, 0)
    )
    assert 0 < abs(first - 37) < 37 / 20
    found = verdicts(kg, "yearly-count")
    assert found["yearly-count-usm2013-s101-3-nbs-series"] == "not-checkable"
