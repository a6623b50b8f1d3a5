"""The hierarchy of statistical codes: one year of it in full, and what existed in which year."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import polars as pl
from tools.reference import kinds
from tools.reference.errors import UnusableError
from tools.reference.packages import fetch, tar_members

from govkg.reference import kinds as registered

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.reference.datasets import Dataset, Tell

YEARS = {
    2015: "1.0.4",
    2016: "2.0.0",
    2017: "2.1.0",
    2018: "2.2.0",
    2019: "2.3.1",
    2020: "2.4.0",
    2021: "2.5.0",
    2022: "2.6.1",
    2023: "2.7.0",
}
FIRST = min(YEARS)
MEASURES = {
    kind: kind.replace("-", "_") + "s"
    for kind in registered.of_levels([kinds.TOWNSHIP, kinds.VILLAGE])
}
# The list of 2015 has no village level and no like-townships (three strays apart).
NOT_COUNTED = {2015: ("like_townships", *(MEASURES[kind] for kind in kinds.VILLAGE_KINDS))}

# Named slips of the package, and what they must have been. 1.0.4 has one township with the digits
# of a village; every later list has it with zeros.
_MENDED = {"653130103001": "653130103000"}

_HEADERS = {
    "provinces": ["code", "name"],
    "cities": ["code", "name", "provinceCode"],
    "areas": ["code", "name", "cityCode", "provinceCode"],
    "streets": ["code", "name", "areaCode", "provinceCode", "cityCode"],
    "villages": ["code", "name", "streetCode", "provinceCode", "cityCode", "areaCode"],
}
_DIGITS = {"provinces": 2, "cities": 4, "areas": 6, "streets": 9, "villages": 12}
_JSON_KEYS = {
    "provinces": ["code", "name"],
    "cities": ["code", "name", "parent_code"],
    "areas": ["code", "name", "parent_code"],
    "streets": ["code", "name", "parent_code"],
}


def divisions(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the hierarchy of the last year, with level, parent and kind."""
    year = max(YEARS)
    tell(f"{dataset.name}: {dataset.packages[0].label}")
    units = read_year(fetch(dataset.packages[0], cache), year)
    units = units.with_columns(parent=kinds.parent(), kind=kinds.kind())
    orphans = units.filter(pl.col("parent").is_not_null()).join(
        units, left_on="parent", right_on="code", how="anti"
    )
    if orphans.height:
        message = f"{dataset.name}: {orphans.height} units without parent, first {orphans.row(0)}"
        raise UnusableError(message)
    units = _mark_doubles(units).with_columns(placeholder=pl.col("kind") == "placeholder")
    columns = list(dataset.tables["divisions"].columns)
    return {"divisions": units.select(columns).sort("code")}


def series(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the years of every (code, name), and the yearly counts of every county and above."""
    seen: pl.DataFrame | None = None
    counts = []
    for package in dataset.packages:
        year = next(y for y, version in YEARS.items() if version == package.version)
        tell(f"{dataset.name}: {package.label}, {year}")
        units = read_year(fetch(package, cache), year)
        units = _mark_doubles(units.with_columns(parent=kinds.parent(), kind=kinds.kind()))
        counts.append(count(units, year))
        now = units.select(
            "code", "name", "level", "kind", years=pl.lit(1 << (year - FIRST), dtype=pl.UInt16)
        )
        seen = now if seen is None else pl.concat([seen, now])
        # One row per (code, name) after each year keeps the memory to about two years' worth.
        seen = seen.group_by("code", "name", "level", "kind").agg(
            pl.col("years").sum().cast(pl.UInt16)
        )
    if seen is None:
        message = f"{dataset.name}: no package is named in dataset.yaml"
        raise UnusableError(message)
    return {
        "units": seen.select("code", "name", "level", "kind", "years").sort("code", "name"),
        "counts": pl.concat(counts).sort("code", "year"),
    }


def count(units: pl.DataFrame, year: int) -> pl.DataFrame:
    """Count the units of each measure in each county, prefecture and province of one year.

    A territory has no row where the list has nothing below it (金门县; 香港 in 2015): that is not
    the same as having none.
    """
    territories = units.filter(pl.col("level") <= kinds.COUNTY).select("code", "level", "kind")
    low = units.filter(pl.col("level") > kinds.COUNTY).select("code", "kind")
    sums = []
    for of in (kinds.PROVINCE, kinds.PREFECTURE, kinds.COUNTY):
        step = kinds.STEP[of]
        tally = low.group_by((pl.col("code") // step * step).alias("code")).agg(
            (pl.col("kind") == kind).sum().cast(pl.UInt32).alias(measure)
            for kind, measure in MEASURES.items()
        )
        sums.append(territories.filter(pl.col("level") == of).join(tally, on="code"))
    found = pl.concat(sums).with_columns(
        pl.lit(None, dtype=pl.UInt32).alias(measure) for measure in NOT_COUNTED.get(year, ())
    )
    return found.select(
        "code", pl.lit(year, dtype=pl.Int16).alias("year"), "level", "kind", *MEASURES.values()
    )


def read_year(path: Path, year: int) -> pl.DataFrame:
    """Read one version of the package: code, name, level, in the order of the levels."""
    tables = dict(_read_json(path) if YEARS[year] == "1.0.4" else _read_csv(path))
    units = pl.concat([tables[name] for name in _DIGITS if name in tables])
    broken = ~pl.col("code").str.contains(r"^\d{12}$") | (pl.col("name").fill_null("") == "")
    # 2.1.0 has one row whose code is a piece of HTML; more of that would be another file.
    bad = units.filter(broken)
    if bad.height > 1:
        message = f"{path}: expected one broken row at most, found {bad.height}: {bad.row(1)}"
        raise UnusableError(message)
    units = units.filter(~broken).with_columns(pl.col("code").cast(pl.Int64))
    # 东莞, 中山 and 儋州 stand at two levels under one code, 金门县 at three: the first is kept.
    units = units.unique("code", keep="first", maintain_order=True)
    strays = units.filter(pl.col("level") != kinds.level())
    if strays.height:
        message = f"{path}: the code of {strays.row(0)} is not of its level"
        raise UnusableError(message)
    return units


def _mark_doubles(units: pl.DataFrame) -> pl.DataFrame:
    """Mark as placeholder a county that only repeats its city (嘉峪关市 620201)."""
    above = units.filter(pl.col("level") == kinds.PREFECTURE).select(parent="code", above="name")
    doubles = (pl.col("level") == kinds.COUNTY) & (pl.col("name") == pl.col("above"))
    return (
        units.join(above, on="parent", how="left", maintain_order="left")
        .with_columns(
            kind=pl.when(doubles.fill_null(value=False))
            .then(pl.lit("placeholder"))
            .otherwise(pl.col("kind"))
        )
        .drop("above")
    )


def _read_csv(path: Path) -> Iterator[tuple[str, pl.DataFrame]]:
    members = {f"package/dist/{name}.csv": name for name in _HEADERS}
    for member, content in tar_members(path, set(members)):
        name = members[member]
        table = pl.read_csv(io.BytesIO(content), infer_schema=False)
        if table.columns != _HEADERS[name]:
            message = (
                f"{path}, {member}: expected the columns {_HEADERS[name]}, found {table.columns}"
            )
            raise UnusableError(message)
        yield name, _padded(table, name, _DIGITS[name], f"{path}, {member}")


def _read_json(path: Path) -> Iterator[tuple[str, pl.DataFrame]]:
    members = {f"package/dist/{name}.json": name for name in _JSON_KEYS}
    for member, content in tar_members(path, set(members)):
        name = members[member]
        rows = json.loads(content)
        keys = sorted({key for row in rows for key in row})
        if keys != _JSON_KEYS[name]:
            message = f"{path}, {member}: expected the keys {_JSON_KEYS[name]}, found {keys}"
            raise UnusableError(message)
        digits = 12 if name == "streets" else 6
        yield name, _padded(pl.DataFrame(rows), name, digits, f"{path}, {member}")


def _padded(table: pl.DataFrame, name: str, digits: int, place: str) -> pl.DataFrame:
    """Pad codes to twelve digits with zeros; note the level that the table is for."""
    lengths = pl.col("code").str.len_chars() != digits
    wrong = table.filter(pl.col("code").str.contains(r"^\d+$") & lengths)
    if wrong.height:
        message = f"{place}: expected codes of {digits} digits, found {wrong['code'][0]!r}"
        raise UnusableError(message)
    code = pl.col("code").str.pad_end(12, "0")
    if name == "streets":
        code = code.replace(_MENDED)
    level = pl.lit(list(_HEADERS).index(name) + 1, dtype=pl.UInt8)
    return table.select(code, "name", level=level)
