"""Running the checks `queries/checks/assess-*.rq`.

A check is a SELECT. Its header says which statements it judges and, by outcome, the verdict and
its explanation, filled from the row. Columns `claim`, `statement`, `outcome`, `accordingTo` and
`facts` (IRIs with spaces between) are read here; `about` tells apart assessments of one claim by
one authority.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from govkg import queries
from govkg.assessment.scope import Row, Scope
from govkg.errors import SourceError
from govkg.languages import LANGUAGES
from govkg.namespaces import PREFIXES, local, local_name
from govkg.namespaces import UNDECIDED as _UNDECIDED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from govkg.queries import Query
    from govkg.store import Store

UNDECIDED = local_name(_UNDECIDED)
_NUMBERS = {f"{PREFIXES['xsd']}{kind}" for kind in ("decimal", "integer", "double")}


@dataclass(frozen=True, order=True)
class Assessment:
    """One claim held against one authority; IRIs in full, explanations by language.

    `wanted` names what would decide, by local names, where nothing at hand does.
    """

    name: str
    check: str
    claim: str
    verdict: str
    outcome: str
    authority: str
    facts: tuple[str, ...]
    explanation: tuple[tuple[str, str], ...]
    wanted: tuple[str, ...] = ()


def checks() -> list[Query]:
    """Read the checks that judge claims, by name in order."""
    return [q for name, q in queries.catalog("checks").items() if name.startswith("assess-")]


def assess(store: Store, made_by: Iterable[Query] | None = None) -> list[Assessment]:
    """Run the checks (all, unless some are given) over a store; by name in order.

    A claim has one assessment a check and authority: rows about several of its statements are
    joined. Raises SourceError where a check judges what its header doesn't list, gives an outcome
    that it lacks, a name twice, or two verdicts to one claim.
    """
    found: dict[tuple[str, str, str], Assessment] = {}
    names: set[str] = set()
    scope = Scope(store)
    for check in checks() if made_by is None else made_by:
        for row in store.select(check.text):
            one = _assessment(check, row._asdict())
            scope.hold(check, Row(one.claim, _cell(row, "statement"), one.verdict))
            if one.name in names:
                raise SourceError(check.path, None, f"two rows make {one.name}: add ?about.")
            names.add(one.name)
            key = (one.check, one.claim, one.authority)
            found[key] = _joined(check, found[key], one) if key in found else one
    return sorted(found.values())


def _joined(check: Query, one: Assessment, other: Assessment) -> Assessment:
    if one.verdict != other.verdict:
        raise SourceError(
            check.path, None,
            f"{local(one.claim)} is {one.verdict} and {other.verdict}: encode it as two claims.",
        )  # fmt: skip
    first, second = sorted([one, other])
    said = tuple(
        (language, text if text == more else f"{text} {more}" if language == "en" else text + more)
        for (language, text), (_, more) in zip(first.explanation, second.explanation, strict=True)
    )
    facts = tuple(sorted({*one.facts, *other.facts}))
    wanted = tuple(sorted({*one.wanted, *other.wanted}))
    return replace(first, facts=facts, explanation=said, wanted=wanted)


def tally(found: Iterable[Assessment]) -> dict[str, dict[str, int]]:
    """Count the verdicts of each check."""
    counts: dict[str, Counter[str]] = {}
    for one in found:
        counts.setdefault(one.check, Counter())[one.verdict] += 1
    return {check: dict(sorted(of.items())) for check, of in sorted(counts.items())}


def _assessment(check: Query, row: dict[str, Any]) -> Assessment:
    outcome = str(row["outcome"])
    told = check.header.outcomes.get(outcome)
    if told is None:
        raise SourceError(check.path, None, f"the header has no outcome {outcome!r}: add it.")
    verdict = told.verdict
    wanted = _filled(check, told.wanted, row)
    if bool(wanted) != (verdict == UNDECIDED):
        raise SourceError(
            check.path, None,
            f"outcome {outcome!r}: `wanted` says what would decide, there and only there where "
            f"the verdict is {UNDECIDED}.",
        )  # fmt: skip
    facts = "" if verdict == UNDECIDED else str(row.get("facts") or "")
    claim, authority = str(row["claim"]), str(row["accordingTo"])
    short = check.name.removeprefix("assess-")
    of = [short, *(local(str(row[k])) for k in ("claim", "about") if row.get(k)), local(authority)]
    said = tuple((language, _filled(check, told.text(language), row)) for language in LANGUAGES)
    return Assessment(
        "-".join(of), short, claim, verdict, outcome, authority,
        tuple(sorted(set(facts.split()))), said, tuple(wanted.split()),
    )  # fmt: skip


def _cell(row: Any, column: str) -> str:  # noqa: ANN401 - a row of any query
    return str(getattr(row, column, None) or "")


def _filled(check: Query, template: str, row: dict[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        if row.get(match[1]) is None:
            raise SourceError(check.path, None, f"{{{match[1]}}} has no value: bind ?{match[1]}.")
        return _written(row[match[1]])

    return re.sub(r"{(\w+)}", value, template)


def _written(term: Any) -> str:  # noqa: ANN401 - an rdflib term
    """Write a figure with thousands apart; a year, which is no figure, comes as a string."""
    if str(getattr(term, "datatype", "")) not in _NUMBERS:
        return str(term)
    return f"{float(term):,.2f}".removesuffix("0").removesuffix("0").removesuffix(".")
