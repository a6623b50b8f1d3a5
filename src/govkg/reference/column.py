"""Columns of old names, as scholars have them in spreadsheets."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from govkg.reference import names as naming
from govkg.reference.matching import ask, candidates, decided_level
from govkg.reference.succession import history

if TYPE_CHECKING:
    from govkg.reference.matching import At, Column


def resolve_column(
    names: Column,
    *,
    year: int | Column | None = None,
    within: str | Column | None = None,
    level: int | None = None,
    at: At = "end",
) -> Any:  # noqa: ANN401 - a frame of the library that the names came in
    """Resolve a column of names; give a frame with a row for each, in their order.

    Names, years and `within` may be polars or pandas columns or lists. The frame is of pandas
    where the names are, else of polars: name, year, within, status, code, division, level, kind,
    began, ended, event_year, document, today_code, today_name, doubt (why not to trust these),
    datasets, candidates (their codes, where there are several or of other years only), near
    (similar names, of what is unknown). What is ambiguous or unknown has
    no code. Raises as `resolve` does, but for empty names, which are unknown.
    """
    asked = ask(names, year, within, level)
    sound = asked.filter(pl.col("problem").is_null())
    found = decided_level(sound, candidates(sound, at=at))
    counted = found.group_by("row").agg(
        pl.len().alias("count"),
        pl.col("tier", "place", "code", "name", "level", "kind", "began", "ended", "datasets")
        .first(),
        _shown_code().sort().str.join(" ").alias("candidates"),
    )  # fmt: skip
    frame = _with_status(asked, counted, at).join(
        _outcomes(), on=["tier", "place"], how="left", maintain_order="left"
    )
    # Of townships and villages it is known only that the newest list has them.
    lives = (pl.col("tier") != "upper") & pl.col("ended").is_null()
    frame = frame.with_columns(
        pl.when(lives).then("code").otherwise("today_code").alias("today_code"),
        pl.when(lives).then("division").otherwise("today_name").alias("today_name"),
    )
    single = pl.col("status") == "found"
    shown = (
        "code", "division", "level", "kind", "began", "ended",
        "event_year", "document", "today_code", "today_name", "doubt", "datasets",
    )  # fmt: skip
    answer = frame.select(
        "name", "year", "within", "status",
        *(pl.when(single).then(column).alias(column) for column in shown),
        pl.when(pl.col("status").is_in(["ambiguous", "other-years"]))
        .then("candidates")
        .alias("candidates"),
    )  # fmt: skip
    unknown = answer.filter(pl.col("status") == "unknown")["name"].unique()
    near = {name: " ".join(naming.near("".join(name.split()))) or None for name in unknown}
    offered = pl.col("name").replace_strict(near, default=None, return_dtype=pl.String)
    answer = answer.with_columns(
        near=pl.when(pl.col("status") == "unknown").then(offered) if near else None
    )
    return _like(names, answer)


def _with_status(asked: pl.DataFrame, counted: pl.DataFrame, at: At) -> pl.DataFrame:
    frame = asked.rename({"level": "wanted"}).join(
        counted.rename({"name": "division"}), on="row", how="left", maintain_order="left"
    )
    lost = pl.col("count").is_null() & pl.col("problem").is_null() & pl.col("year").is_not_null()
    missing = frame.filter(lost)
    other = candidates(missing.drop("level").rename({"wanted": "level"}), at=at, ever=True)
    elsewhen = other["row"].unique()
    listed = other.group_by("row").agg(_shown_code().unique().sort().str.join(" ").alias("others"))
    frame = frame.join(listed, on="row", how="left", maintain_order="left").with_columns(
        pl.coalesce("candidates", "others").alias("candidates")
    )
    status = (
        pl.when(pl.col("problem").is_not_null()).then("problem")
        .when(pl.col("count") == 1).then(pl.lit("found"))
        .when(pl.col("count") > 1).then(pl.lit("ambiguous"))
        .when(pl.col("row").is_in(elsewhen.implode())).then(pl.lit("other-years"))
        .otherwise(pl.lit("unknown"))
    )  # fmt: skip
    return frame.with_columns(status.alias("status"), _shown_code().alias("code"))


def _shown_code() -> pl.Expr:
    """Write codes as people know them: of six digits down to counties."""
    upper = pl.col("level") <= 3
    return pl.when(upper).then(pl.col("code") // 10**6).otherwise("code").cast(pl.String)


@lru_cache
def _outcomes() -> pl.DataFrame:
    """Say of every division of the upper tier which event ended it and what stands today."""
    rows = []
    for place, life in enumerate(history().lives.values()):
        first = next(iter(life.ended_with), None)
        today = history().today(life)
        codes = " ".join(str(code) for code, _ in today) or None
        names = " ".join(name for _, name in today) or None
        year = first.year if first else None
        doubt = history().doubt(life)
        rows.append(("upper", place, year, life.ending_document, codes, names, doubt))
    schema = {
        "tier": pl.String, "place": pl.Int64, "event_year": pl.Int32, "document": pl.String,
        "today_code": pl.String, "today_name": pl.String, "doubt": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _like(names: Any, answer: pl.DataFrame) -> Any:  # noqa: ANN401
    """Give a frame of the library that the names are of, with their index."""
    if type(names).__module__.partition(".")[0] != "pandas":
        return answer
    import importlib

    pandas = importlib.import_module("pandas")
    return pandas.DataFrame(answer.to_dict(as_series=False), index=names.index)
