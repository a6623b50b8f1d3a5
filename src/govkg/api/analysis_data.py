"""What the analyses ask of the graph: the answers of `queries/analysis` as plain records."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from govkg.analysis.levels import Level, Pattern
from govkg.analysis.timeline import Reform
from govkg.errors import InputError
from govkg.namespaces import GOVERNMENT_LEVEL, MANAGEMENT_LEVEL, shorten
from govkg.queries import find

if TYPE_CHECKING:
    from govkg.languages import Language
    from govkg.results import Engine


def patterns(engine: Engine, language: Language) -> list[Pattern]:
    """Read which levels the documents say cities have; raise InputError where none says so."""
    rows = _ask(engine, "tiers", language)
    found = [
        Pattern(str(label), tuple(_level(list(tier)) for _, tier in groupby(tiers, _ordinal)))
        for label, tiers in groupby(rows, lambda row: row["patternLabel"])
    ]
    if not found:
        raise InputError("no document of this build says which levels cities have.")
    return found


def _ordinal(row: dict[str, Any]) -> int:
    return int(row["ordinal"])


def _level(rows: list[dict[str, Any]]) -> Level:
    counts = {row["countsAs"] for row in rows}
    kind = _local(rows[0]["kind"])
    return Level(kind, GOVERNMENT_LEVEL in counts, MANAGEMENT_LEVEL in counts)


def reforms(engine: Engine, language: Language) -> list[Reform]:
    """List the reforms that documents tell as facts, dated ones first, by date."""
    found = [
        Reform(
            row["event"], row["label"], _local(row["type"]), row["typeLabel"], row["extentLabel"],
            row["place"], row["code"], row["when"], row["earliest"], row["latest"],
            int(row["written"]), row["abolishes"] == "true", row["claims"],
        )
        for row in _ask(engine, "reforms", language)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.earliest or "9", one.latest or "9", one.event))


def leading(engine: Engine) -> dict[str, bool]:
    """Give the kinds of ties by which one stands above another, and whether they bind.

    Both the class of a tie and its shortcut are kinds.
    """
    rows = _ask(engine, "leading", None)
    return {_local(row["kind"]): row["binds"] == "true" for row in rows}


def _local(name: str) -> str:
    return name.partition(":")[2]


def _ask(engine: Engine, name: str, language: Language | None) -> list[dict[str, Any]]:
    answer = engine.select(find("analysis", name).bind({}, language))
    return [
        {
            column: None if term is None else shorten(str(term))
            for column, term in zip(answer.columns, row, strict=True)
        }
        for row in answer
    ]
