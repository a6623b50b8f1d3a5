"""Counts of the civil-affairs list: street areas, towns and townships of each unit above them."""

from __future__ import annotations

import polars as pl

from govkg.reference.datasets import dataset

NAME = "mca-townships"
_MEASURES = {"street-area": "street-areas", "town": "towns", "township": "townships"}
_LEVELS = (10**6, 10**8, 10**10)


def counts() -> pl.DataFrame:
    """Give a row for each count: code, year, measure, value, as the yearly counts have them.

    A unit of which the list has no row has none here either; one that has rows and no street area
    counts 0. What the list remarks as abolished is left out.
    """
    source = dataset(NAME)
    listed = source.table("townships").filter(~pl.col("abolished"))
    units = pl.concat(
        listed.select(pl.col("parent") // size * size, "kind", year=_year()) for size in _LEVELS
    ).rename({"parent": "code"})
    # A municipality's counties have the code of a placeholder above them: only its own is kept.
    columns = [(pl.col("kind") == kind).sum().alias(measure) for kind, measure in _MEASURES.items()]
    return (
        units.group_by("code", "year")
        .agg(columns)
        .unpivot(index=["code", "year"], variable_name="measure", value_name="value")
        .with_columns(pl.col("value").cast(pl.UInt32))
        .sort("code", "year", "measure")
    )


def _year() -> pl.Expr:
    return pl.lit(int(str(dataset(NAME).about["cutoff"])[:4]), dtype=pl.Int16)
