"""Ask the resolver what an independent table of 1981-2024, which is not shipped, has the answer to.

    python tools/reference/answers.py [ORACLE.csv]

Asked are the names under a code that ended and that one chain of successors leads from to a code
of today, each with the year before the end and the province. Prints by level and decade how many
answers are right, wrong, without a code of today, or not found. Exit code 2 without the oracle.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.reference.agreement import oracle_file

from govkg import resolve_column

_STANDS = "在用"
_ENDED = "变更/弃用时间"
# What the oracle and the lists see differently, with nothing wrong in either answer.
DIFFERENT = {
    (130107, "井陉矿区"): "stands today; the oracle has it joined to 井陉县 for a while",
    (469031, "西沙群岛"): "a row of the statistical lists, which go on with it below 三沙市",
    (469032, "南沙群岛"): "a row of the statistical lists, which go on with it below 三沙市",
    (469033, "中沙群岛的岛礁及其海域"): "a row of the lists, which go on with it below 三沙市",
    (510211, "江北区"): "abolished in 2025, after the oracle ends",
}


@dataclass(frozen=True)
class Case:
    """A name that ended, and the code that stands for it today."""

    code: int
    name: str
    ended: int
    province: str
    today: str


def cases(path: Path) -> list[Case]:
    """Read the names whose code ended with one chain of successors to a code of today."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    by_code: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        by_code[row["代码"]].append(row)
    found = []
    for row in rows:
        if row["状态"] == _STANDS or (today := _today(row, by_code)) is None:
            continue
        code, ended = int(row["代码"]), int(row[_ENDED])
        found.append(Case(code, row["名称"], ended, row["一级行政区"], today))
    return found


def _today(row: dict[str, str], by_code: dict[str, list[dict[str, str]]]) -> str | None:
    seen = 0
    while row["状态"] != _STANDS:
        ended, seen = int(row[_ENDED]), seen + 1
        # A list of codes is a division or a part that went elsewhere: no chain.
        if not re.fullmatch(r"\d{6}", row["新代码"]) or seen > 20:
            return None
        after = [
            one
            for one in by_code[row["新代码"]]
            if one is not row and (not one[_ENDED] or int(one[_ENDED]) >= ended)
        ]
        begun = [one for one in after if int(one["启用时间"]) <= ended + 1] or after
        if not begun:
            return None
        row = min(begun, key=lambda one: int(one["启用时间"]))
    return row["代码"]


def verdicts(asked: list[Case]) -> pl.DataFrame:
    """Ask for each; give code, name, ended, verdict and doubt."""
    answers = resolve_column(
        [case.name for case in asked],
        year=[max(case.ended - 1, 1980) for case in asked],
        within=[case.province for case in asked],
    )
    rows = [
        (case.code, case.name, case.ended, _verdict(case, answer), answer["doubt"])
        for case, answer in zip(asked, answers.iter_rows(named=True), strict=True)
    ]
    schema = {"code": pl.Int32, "name": pl.String, "ended": pl.Int32, "verdict": pl.String}
    return pl.DataFrame(rows, schema={**schema, "doubt": pl.String}, orient="row")


def _verdict(case: Case, answer: dict[str, str | None]) -> str:
    if answer["status"] != "found":
        return str(answer["status"])
    if answer["today_code"] is None:
        return "without"
    same = answer["today_code"] == case.today or (case.code, case.name) in DIFFERENT
    return "right" if same else "wrong"


def by_decade(told: pl.DataFrame) -> pl.DataFrame:
    """Count by level and decade: asked, right, wrong, without (a successor), other.

    Of a name that is asked without its code, `other` is mostly one that its province has twice.
    """
    level = (
        pl.when(pl.col("code") % 100 == 0).then(pl.lit("prefecture")).otherwise(pl.lit("county"))
    )
    found = ("right", "wrong", "without")
    counted = {verdict: (pl.col("verdict") == verdict).sum() for verdict in found}
    return (
        told.group_by(level.alias("level"), (pl.col("ended") // 10 * 10).alias("decade"))
        .agg(asked=pl.len(), **counted, other=(~pl.col("verdict").is_in(found)).sum())
        .sort("level", "decade", descending=[True, False])
    )


def main() -> int:
    """Print the table."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else oracle_file()
    if not path.is_file():
        print(f"answers.py: {path} is missing", file=sys.stderr)
        return 2
    with pl.Config(tbl_rows=-1):
        print(by_decade(verdicts(cases(path))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
