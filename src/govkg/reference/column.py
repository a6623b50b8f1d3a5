"""Columns of old names, years and units above, as scholars have them in spreadsheets."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from govkg.errors import ParameterError
from govkg.reference import matching
from govkg.reference.codes import PER_LEVEL, first_year, last_year
from govkg.reference.kinds import COUNTY
from govkg.reference.lineage import outcomes
from govkg.reference.lives import FOREVER
from govkg.reference.matching import candidates, decided_level
from govkg.reference.names import paths
from govkg.reference.succession import history

if TYPE_CHECKING:
    from collections.abc import Sequence

    from govkg.reference.kinds import Level
    from govkg.reference.matching import At

    Column = pl.Series | Sequence[Any] | Any

_LEVEL = re.compile(r"\s*(\d)(?:\.0*)?\s*")
_YEAR = re.compile(r"^\s*(\d{4})(?:\.0*|年.*|[-/]\d{1,2}.*|\.\d{1,2}\..*)?\s*$")


def resolve_column(
    names: Column,
    *,
    year: int | Column | None = None,
    within: str | Column | None = None,
    level: int | Column | None = None,
    at: At = "end",
) -> Any:  # noqa: ANN401 - a frame of the library that the names came in
    """Resolve a column of names; give a frame with a row for each, in their order.

    Names, years, `within` and `level` (1 province to 5 village) may be polars or pandas columns or
    lists. The frame is of pandas where the names are, else of polars: name, year, within, status,
    code, division, path, level, kind, began, ended (EDTF), first, last (years; no last where the
    newest list has it), change, event_year, document (what ended it), today_code, today_name,
    doubt (why not to trust these), datasets, candidates (their codes, where there are several or of
    other years only), near (similar names, of what is unknown). What is ambiguous or unknown has no
    code. Raises ParameterError as `ask` does; a cell that can't be read is a status of its row.
    """
    asked = ask(names, year, within, level)
    sound = asked.filter(pl.col("problem").is_null())
    found = decided_level(sound, candidates(sound, at=at))
    counted = found.group_by("row").agg(
        pl.len().alias("count"),
        pl.col(
            "tier", "place", "code", "name", "level", "kind", "began", "ended", "begin", "end",
            "datasets",
        ).first(),
        _shown_code().sort().str.join(" ").alias("candidates"),
    )  # fmt: skip
    frame = _with_status(asked, counted, at)
    single = pl.col("status") == "found"
    frame = frame.join(
        _outcomes(frame.filter(single)), on=["tier", "place"], how="left", maintain_order="left"
    )
    frame = frame.with_columns(
        first="begin", last=pl.when(pl.col("ended").is_not_null()).then("end"), path=_paths(frame)
    )
    shown = (
        "code", "division", "path", "level", "kind", "began", "ended", "first", "last",
        "change", "event_year", "document", "today_code", "today_name", "doubt", "datasets",
    )  # fmt: skip
    answer = frame.select(
        "name", "year", "within", "status",
        *(pl.when(single).then(column).alias(column) for column in shown),
        pl.when(pl.col("status").is_in(["ambiguous", "other-years"]))
        .then("candidates")
        .alias("candidates"),
    )  # fmt: skip
    unknown = answer.filter(pl.col("status") == "unknown")["name"].unique()
    near = {name: " ".join(matching.near("".join(name.split()))) or None for name in unknown}
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


def _paths(frame: pl.DataFrame) -> pl.Series:
    number = pl.col("code").cast(pl.Int64)
    code = pl.when(pl.col("level") <= COUNTY).then(number * PER_LEVEL[COUNTY]).otherwise(number)
    when = pl.min_horizontal("year", "end").fill_null(FOREVER)
    told = paths(frame.select(code=code, name="division", when=when))
    return told.list.join(" ", ignore_nulls=True)


def _outcomes(found: pl.DataFrame) -> pl.DataFrame:
    """Say of the divisions found which event ended them, and what stands today."""
    places = found.select(
        "tier", "place", "end", "ended", name="division", code=pl.col("code").cast(pl.Int64)
    ).unique(["tier", "place"])
    levels: tuple[Level, ...] = ("township", "village")
    below = [
        outcomes(level, here).with_columns(tier=pl.lit(level))
        for level in levels
        if len(here := places.filter(pl.col("tier") == level))
    ]
    rest = places.filter(pl.col("tier") == "stand-in", pl.col("ended").is_null())
    still = rest.select(
        "tier", "place", today_code=pl.col("code").cast(pl.String), today_name="name"
    )
    return pl.concat([_upper_outcomes(), *below, still], how="diagonal_relaxed")


@lru_cache
def _upper_outcomes() -> pl.DataFrame:
    rows = []
    for place, life in enumerate(history().lives.values()):
        first = next(iter(life.ended_with), None)
        today = history().today(life)
        codes = " ".join(str(code) for code, _ in today) or None
        names = " ".join(name for _, name in today) or None
        year, change = (first.year, first.type) if first else (None, None)
        doubt = history().doubt(life)
        rows.append(("upper", place, year, change, life.ending_document, codes, names, doubt))
    schema = {
        "tier": pl.String, "place": pl.Int64, "event_year": pl.Int32, "change": pl.String,
        "document": pl.String, "today_code": pl.String, "today_name": pl.String,
        "doubt": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _like(names: Any, answer: pl.DataFrame) -> Any:  # noqa: ANN401
    """Give a frame of the library that the names are of, with their index."""
    if type(names).__module__.partition(".")[0] != "pandas":
        return answer
    import importlib

    pandas = importlib.import_module("pandas")
    return pandas.DataFrame(answer.to_dict(as_series=False), index=names.index)


def ask(
    names: Column,
    year: int | Column | None,
    within: str | Column | None,
    level: int | Column | None = None,
) -> pl.DataFrame:
    """Lay out what is asked: row, name, key (without spaces), year, within, level, problem.

    A cell that can't be read is a problem of its row: empty, bad-year, year-out-of-range, bad-level
    or unknown-parent. Raises ParameterError where the columns differ in length, or the one level
    of all rows is none.
    """
    if isinstance(level, (int, float, str)) and read_level(str(level)) is None:
        raise ParameterError(f"a level is a number from 1 (province) to 5 (village), not {level}.")
    given = _texts(names)
    years, levels = _spread(year, len(given)), _spread(level, len(given))
    asked = pl.DataFrame(
        {
            "name": given,
            "year": [read_year(text) for text in years],
            "within": _spread(within, len(given)),
            "level": [read_level(text) for text in levels],
            "said": years,
            "tier": levels,
        },
        schema={
            "name": pl.String, "year": pl.Int32, "within": pl.String, "level": pl.UInt8,
            "said": pl.String, "tier": pl.String,
        },
    ).with_row_index("row")  # fmt: skip
    key = pl.col("name").str.replace_all(r"\s+", "").fill_null("")
    asked = asked.with_columns(key.alias("key"))
    above = [one for one in asked["within"].drop_nulls().unique() if not matching.prefixes(one)]
    return asked.with_columns(
        pl.when(pl.col("key") == "").then(pl.lit("empty"))
        .when(pl.col("year").is_null() & pl.col("said").is_not_null()).then(pl.lit("bad-year"))
        .when(~pl.col("year").is_between(first_year(), last_year()))
        .then(pl.lit("year-out-of-range"))
        .when(pl.col("level").is_null() & pl.col("tier").is_not_null()).then(pl.lit("bad-level"))
        .when(pl.col("within").is_in(above)).then(pl.lit("unknown-parent"))
        .alias("problem")
    ).drop("said", "tier")  # fmt: skip


def _texts(values: Column) -> list[str | None]:
    """Read a column as texts; what pandas has for a missing value (NaN, NaT, NA) is None."""
    if isinstance(values, (str, bytes)):
        raise ParameterError("a column of names is needed, as a list or a series.")
    try:
        return [None if _missing(value) else str(value) for value in values]
    except TypeError as error:
        raise ParameterError("a column of names is needed, as a list or a series.") from error


def _missing(value: Any) -> bool:  # noqa: ANN401
    return value is None or type(value).__name__ in {"NAType", "NaTType"} or value != value


def _spread(value: Any, size: int) -> list[str | None]:  # noqa: ANN401
    if value is None or isinstance(value, (int, float, str)):
        return _texts([value]) * size
    texts = _texts(value)
    if len(texts) != size:
        raise ParameterError(f"a column of {size} values is needed, not of {len(texts)}.")
    return texts


def read_year(text: str | None) -> int | None:
    """Read a year as spreadsheets have it: 2010, 2010.0, 2010年, 2010-12-31; too large is -1."""
    if text is None:
        return None
    if found := _YEAR.match(text):
        return int(found.group(1))
    return -1 if re.fullmatch(r"-?\d+(?:\.0*)?", text.strip()) else None


def read_level(text: str | None) -> int | None:
    """Read a level as spreadsheets have it: 2, 2.0; None for what is no number from 1 to 5."""
    found = _LEVEL.fullmatch(text) if text else None
    number = int(found.group(1)) if found else 0
    return number if number in PER_LEVEL else None
