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


CHECKS = {"whole": "abolition", "main-urban-area": "abolition-urban"}


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


def judged(*of_units: list[tuple[int, int]]) -> str:
    """Judge by the years and counts of each unit that the claim is about."""
    begin = min(series[0][0] for series in of_units)
    if begin - TEXT_YEAR > NEAR:
        return "not-checkable"
    if any(series[0][1] == 0 and any(n for _, n in series) for series in of_units):
        return "superseded"
    none = all(n == 0 for series in of_units for _, n in series)
    return "corroborated" if none else "not-checkable"


def units_of(city: int, extent: str) -> list[int]:
    if extent == "whole":
        return [city]
    units = pl.read_parquet(DATA / "reference" / "nbs-divisions" / "divisions.parquet")
    districts = units.filter(pl.col("parent") == city, pl.col("kind") == "district")
    return sorted(districts["code"])


def in_force(streets: pl.DataFrame, code: int, extent: str) -> int:
    size = 10**8 if extent == "whole" else 10**6
    return streets.filter(pl.col("parent") // size == code // size).height


def test_abolitions_by_yearly_counts_and_by_the_civil_affairs_list(kg: KnowledgeGraph) -> None:
    counts = pl.read_parquet(DATA / "reference" / "nbs-series" / "counts.parquet")
    civil = pl.read_parquet(DATA / "reference" / "mca-townships" / "townships.parquet")
    streets = civil.filter(~pl.col("abolished"), pl.col("kind") == "street-area")
    codes, expected = listed(), {}
    for place, (claim, extent) in ABOLITIONS.items():
        units = units_of(int(codes[place]) * 10**6, extent)
        yearly = [
            counts.filter(pl.col("code") == code).sort("year").select("year", "street_areas").rows()
            for code in units
        ]
        later = [[(2025, in_force(streets, code, extent))] for code in units]
        name = f"{CHECKS[extent]}-usm2013-{claim}"
        expected[f"{name}-nbs-series"] = judged(*yearly)
        expected[f"{name}-mca-townships"] = judged(*later)
    found = verdicts(kg, "abolition") | verdicts(kg, "abolition-urban")
    assert found == expected


def test_the_counts_of_both_lists_are_those_of_the_graph(kg: KnowledgeGraph) -> None:
    told = {one.assessment: one.explanation for one in kg.assessments("en")}
    civil = pl.read_parquet(DATA / "reference" / "mca-townships" / "townships.parquet")
    streets = civil.filter(~pl.col("abolished"), pl.col("kind") == "street-area")
    for place, (claim, extent) in ABOLITIONS.items():
        explained = told[f"assess:{CHECKS[extent]}-usm2013-{claim}-mca-townships"]
        for code in units_of(int(listed()[place]) * 10**6, extent):
            count = in_force(streets, code, extent)
            assert f"counts {count} street" in explained or f" {count} in 2025" in explained


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
