"""What the resolver answers, against an independent table that is not shipped."""

from __future__ import annotations

import sys

import polars as pl
import pytest

import needs
from govkg import layout

sys.path.insert(0, str(layout.ROOT))

from tools.reference.agreement import oracle_file
from tools.reference.answers import DIFFERENT, by_decade, cases, verdicts

pytestmark = pytest.mark.needs(needs.ORACLE)


PAGE = layout.ROOT / "docs" / "how-to" / "places.md"


@pytest.fixture(scope="module")
def every() -> pl.DataFrame:
    return verdicts(cases(oracle_file()))


@pytest.fixture(scope="module")
def told(every: pl.DataFrame) -> pl.DataFrame:
    return every.filter(pl.col("ended") >= 1985)


def test_the_documentation_has_the_table(every: pl.DataFrame) -> None:
    told = by_decade(every)
    rows = [
        f"| {of['level']} | {of['decade']}s | {of['asked']:,} | {of['right']:,} "
        f"| {of['without']} | {of['other']} |"
        for of in told.iter_rows(named=True)
    ]
    assert told["wrong"].sum() == 0
    assert "\n".join(rows) + "\n\n" in PAGE.read_text(encoding="utf-8")


def test_the_documentation_has_the_numbers(told: pl.DataFrame) -> None:
    page = PAGE.read_text(encoding="utf-8")
    counts = dict(told["verdict"].value_counts().iter_rows())
    found = sum(counts.get(verdict, 0) for verdict in ("right", "wrong", "without"))
    for number in (len(told), found, counts["right"]):
        assert f"{number:,}" in page
    assert f"{len(DIFFERENT)} of these" in page
    assert f"{counts['without']} have no successor" in page


def test_nothing_is_wrong_and_sure(told: pl.DataFrame) -> None:
    assert told.height > 2_100
    sure = told.filter(pl.col("verdict") == "wrong", pl.col("doubt").is_null())
    assert sure["name"].to_list() == []


def test_what_is_found_is_right(told: pl.DataFrame) -> None:
    found = told.filter(pl.col("verdict").is_in(["right", "wrong", "without"]))
    right = found.filter(pl.col("verdict") == "right")
    assert len(right) / len(found) >= 0.99
    # What is not right says so.
    assert found.filter(pl.col("verdict") != "right")["doubt"].null_count() == 0


def test_the_rest_is_mostly_names_that_a_province_has_twice(told: pl.DataFrame) -> None:
    rest = told.filter(~pl.col("verdict").is_in(["right", "wrong", "without"]))
    assert len(rest) / len(told) < 0.03
    assert set(rest["verdict"]) <= {"ambiguous", "other-years", "unknown"}
