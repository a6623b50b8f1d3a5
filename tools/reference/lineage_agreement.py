"""Measure the lineage against changes of townships as civil affairs published them.

    python tools/reference/lineage_agreement.py [CHANGES.csv]

The table is not shipped. A row is compared where a list has the old unit, a later one has the new
unit, and the old one's last list is within two years of the row's: statistical codes may follow
later. A unit is known by county, stem and kind; its code decides where the county has two such.
Recall: the new unit is what we say the old one became, wholly or in part. Precision: of the rows
where we say so for sure, the unit that took most of the old one is a new unit of it in some row.
Exit code 2 where the table is not at hand.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.reference import agreement, datasets, kinds, lineage, succession, yearly

from govkg.reference.crosswalk import compose, units

LAG = 2
_KINDS = (("街道|办事处$", "street-area"), ("镇$", "town"), ("乡$|苏木$", "township"))
_COUNTY, _PREFECTURE = kinds.STEP[kinds.COUNTY], kinds.STEP[kinds.PREFECTURE]
_REASONS = (
    ("代码|归属|隶属|划归|整建制", "code or parent"),
    ("名称|更名", "renamed"),
    ("(撤|合并).*街道$|新.*街道$", "to street office"),
    ("设镇|建镇|建新镇", "to town"),
    ("并|撤|合", "merged or abolished"),
)


def changes_file() -> Path:
    """Say where the table is, on a machine that has it."""
    shared = Path(os.environ.get("GOVKG_SHARED", datasets.ROOT.parent / "shared"))
    return shared / "oracles" / "township-changes.csv"


def read_changes(path: Path) -> pl.DataFrame:
    """Read the rows that name an old and a new unit with codes: row, year, reason, and both.

    `crossed` marks rows whose two columns were sorted apart before they were published: another
    row of the same county has the old name as its new one.
    """
    table = pl.read_csv(path, infer_schema=False).with_row_index("row")
    code = pl.col("old_code", "new_code")
    both = table.filter(
        pl.col("old_code").str.contains(r"^\d{9}$"), pl.col("new_code").str.contains(r"^\d{9}$")
    ).with_columns(pl.col("year").cast(pl.Int16), code.cast(pl.Int64) * kinds.STEP[kinds.TOWNSHIP])
    both = both.with_columns(
        old_stem=yearly.stem_of(pl.col("old_name"), kinds.TOWNSHIP),
        new_stem=yearly.stem_of(pl.col("new_name"), kinds.TOWNSHIP),
        county=pl.col("new_code") // _COUNTY,
    )
    other = both.select("year", "county", old_stem="new_stem", other="old_name")
    crossed = both.filter(pl.col("old_stem") != pl.col("new_stem")).join(
        other, on=["year", "county", "old_stem"]
    )
    crossed = crossed.filter(pl.col("other") != pl.col("old_name"))
    return both.with_columns(
        crossed=pl.col("row").is_in(crossed["row"].implode()), reason=_reason()
    )


def _reason() -> pl.Expr:
    found: pl.Expr = pl.lit("other")
    for pattern, name in reversed(_REASONS):
        found = pl.when(pl.col("reason").str.contains(pattern)).then(pl.lit(name)).otherwise(found)
    return found


def found_in(lists: pl.DataFrame, changes: pl.DataFrame, side: str) -> pl.DataFrame:
    """Find the units of one side in the lists: row, unit, year for each list that has it."""
    name, code = pl.col(f"{side}_name"), pl.col(f"{side}_code")
    kind: pl.Expr = pl.lit("like-township")
    for pattern, said in reversed(_KINDS):
        kind = pl.when(name.str.contains(pattern)).then(pl.lit(said)).otherwise(kind)
    asked = changes.select(
        "row",
        code=code,
        stem=f"{side}_stem",
        kind=kind,
        county=code // _COUNTY * _COUNTY,
        prefecture=code // _PREFECTURE * _PREFECTURE,
    )
    unit = pl.col("code").alias("unit")
    near = asked.join(
        lists.select("county", "stem", "kind", "year", unit), on=["county", "stem", "kind"]
    )
    far = asked.join(near, on="row", how="anti").join(
        lists.select("prefecture", "stem", "kind", "year", unit), on=["prefecture", "stem", "kind"]
    )
    far = far.filter(pl.col("unit").n_unique().over("row") == 1)
    both = pl.concat([part.select("row", "code", "unit", "year") for part in (near, far)])
    own = pl.col("unit") == pl.col("code")
    return both.filter(own | ~own.any().over("row")).drop("code")


def comparable(lists: pl.DataFrame, changes: pl.DataFrame) -> pl.DataFrame:
    """Give row, old, first, new, last: the old unit's last list and the new one's next."""
    old = found_in(lists, changes, "old").join(changes.select("row", said="year"), on="row")
    ended = old.group_by("row", "said", old="unit").agg(first=pl.col("year").max())
    ended = ended.filter((pl.col("first") - pl.col("said")).abs() <= LAG)
    new = found_in(lists, changes, "new").rename({"unit": "new", "year": "last"})
    both = new.join(ended, on="row").filter(
        pl.col("last") > pl.col("first"), pl.col("last") <= pl.col("said") + LAG + 1
    )
    both = both.group_by("row", "old", "first", "new").agg(pl.col("last").min())
    return both.filter(pl.col("last") == pl.col("last").min().over("row"))


def told(pairs: pl.DataFrame) -> pl.DataFrame:
    """Add to each pair whether we say so: `hit`, `sure` (of anything), `right` (for most of it).

    `listed` has what is told for sure and what is listed as all that it may be.
    """
    ours = [
        compose(first, last, "township")
        .drop_nulls("old")
        .with_columns(first=pl.lit(first, pl.Int32), last=pl.lit(last, pl.Int32))
        for first, last in pairs.select("first", "last").unique().sort("first", "last").iter_rows()
    ]
    sure = pl.col("new").is_not_null() & (pl.col("change") != "ambiguous")
    everything = pl.concat(ours)
    said = everything.filter(sure)
    most = said.sort("weight", descending=True).unique(
        ["old", "first", "last"], keep="first", maintain_order=True
    )
    key = ["old", "first", "last"]
    allowed = pairs.select(*key, top="new", allowed=pl.lit(value=True)).unique()
    return (
        pairs.join(said.select(*key, "new", hit=pl.lit(value=True)), on=[*key, "new"], how="left")
        .join(
            everything.drop_nulls("new").select(*key, "new", listed=pl.lit(value=True)).unique(),
            on=[*key, "new"],
            how="left",
        )
        .join(most.select(*key, top="new"), on=key, how="left")
        .join(allowed, on=[*key, "top"], how="left")
        .group_by("row", "first")
        .agg(
            hit=pl.col("hit").any(ignore_nulls=True),
            listed=pl.col("listed").any(ignore_nulls=True),
            sure=pl.col("top").is_not_null().any(),
            right=pl.col("allowed").any(ignore_nulls=True),
        )
        .with_columns(pl.col("hit", "listed", "right").fill_null(value=False))
    )


def measure(path: Path) -> pl.DataFrame:
    """Compare the committed lineage with the table: a row for each row of it that can be."""
    source = datasets.load("nbs-series")
    units = source.tables["units"].read(source.folder)
    low = units.filter(pl.col("level") <= kinds.TOWNSHIP)
    years = range(yearly.FIRST, yearly.LAST + 1)
    lists = pl.concat(
        yearly.read(low, year).townships.with_columns(year=pl.lit(year, pl.Int32)) for year in years
    )
    changes = read_changes(path)
    return told(comparable(lists, changes)).join(changes, on="row").sort("row")


def counties(path: Path) -> pl.DataFrame:
    """Compare counties that ended from 2016 on with an independent table, read by `agreement`.

    Gives code, name, ended, successors, became and right: whether what we say of the code's end,
    in the lists within a year before and two after, is one of the successors.
    """
    ended = agreement.read_oracle(path).filter(
        pl.col("ended").is_between(yearly.FIRST + 1, yearly.LAST - 1),
        pl.col("successors").list.len() > 0,
        pl.col("code") % 100 > 0,
    )
    ours = units("county").filter(pl.col("change").is_not_null(), pl.col("change") != "same")
    ours = ours.select(
        pl.col("code").cast(pl.Int32), "last", became=pl.col("became").str.split(" ")
    )
    near = (pl.col("last") - pl.col("ended")).is_between(-1, 2)
    both = ended.join(ours, on="code", how="left").filter(near)
    both = both.sort("last").unique("code", keep="last", maintain_order=True)
    codes = pl.col("became").cast(pl.List(pl.Int32), strict=False).list.drop_nulls()
    return both.with_columns(became=codes).with_columns(
        right=pl.col("became").list.set_intersection("successors").list.len() > 0
    )


def summary(rows: pl.DataFrame, *by: str) -> pl.DataFrame:
    """Give rows, recall, how many we are sure of, precision of these, and what is listed."""
    return (
        rows.group_by(*by)
        .agg(
            rows=pl.len(),
            recall=pl.col("hit").mean(),
            sure=pl.col("sure").sum(),
            precision=pl.col("right").filter(pl.col("sure")).mean(),
            listed=pl.col("listed").mean(),
        )
        .sort(*by)
    )


def hidden(first: int, last: int, province: int | None = None) -> pl.DataFrame:
    """Measure how good names alone are: link lists with the villages of the earlier one hidden.

    What is right is where most villages stood, of at least three found. Gives method, asserted
    (not only one of several that it may be), units and the share of them that is right.
    """
    source = datasets.load("nbs-series")
    units = source.tables["units"].read(source.folder)
    if province is not None:
        units = units.filter(pl.col("code") // kinds.STEP[kinds.PROVINCE] == province)
    old, found = yearly.read(units, first), []
    for year in range(first + 1, last + 1):
        new = yearly.read(units, year)
        found.append(_hidden(old, new))
        old = new
    right = (pl.col("new") == pl.col("truth")).mean()
    key = ["method", "asserted"]
    return pl.concat(found).group_by(key).agg(units=pl.len(), right=right).sort(key)


def _hidden(old: yearly.Lists, new: yearly.Lists) -> pl.DataFrame:
    blind, _ = lineage.pair(old._replace(villages=old.villages.clear()), new)
    seen, _ = lineage.pair(old, new)
    low = pl.col("level") == kinds.TOWNSHIP
    most = (pl.col("moved") * 2 > pl.col("left")) & (pl.col("left") >= succession.ENOUGH)
    truth = seen.filter(low, most, pl.col("method") == succession.COUNTED)
    both = truth.select("old", truth="new").join(blind.filter(low).drop_nulls("method"), on="old")
    return both.with_columns(asserted=pl.col("change") != "ambiguous")


def main() -> int:
    """Print the tables."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else changes_file()
    if not path.is_file():
        print(f"lineage_agreement.py: {path} is missing", file=sys.stderr)
        return 2
    rows = measure(path).with_columns(villages=pl.col("first") > yearly.FIRST)
    with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=120, float_precision=3):
        print(f"{rows.height} rows compared, {rows['crossed'].sum()} of them crossed")
        print(summary(rows, "villages"))
        rows = rows.filter(~pl.col("crossed"))
        print("without crossed rows:")
        print(summary(rows, "villages"))
        print(summary(rows, "villages", "reason"))
        print(summary(rows, "year"))
        print("names alone, of the lists from 2016 on:")
        print(hidden(yearly.FIRST + 1, yearly.LAST))
    return 0


if __name__ == "__main__":
    sys.exit(main())
