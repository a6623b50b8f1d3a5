"""A verdict rests on what the claim says and on each fact that it names, and on nothing beside.

Shown in the fixtures of all checks: another value of a fact, or another statement of the claim,
gives another verdict or none. A fact decides where that holds with some of the other facts taken
away: two years that show the same change decide either alone.
"""

from __future__ import annotations

from itertools import chain, combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from govkg import assessment, queries
from govkg.errors import SourceError
from govkg.namespaces import PREFIXES, expand, shorten
from govkg.queryheader import Header, Judged, Outcome
from govkg.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from govkg.assessment import Assessment
    from govkg.queries import Query

    Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple

FIXTURES = Path(__file__).parent / "assess"
DECIDED = [p for p in sorted(FIXTURES.glob("*/*.trig")) if not p.stem.startswith("not-checkable")]
CHECKS = {check.name: check for check in assessment.checks()}
OTHER = ox.NamedNode("https://example.org/other")
# What a fact is of, not what it says.
OF = {"rdf:type", "rdfs:label", "gov:observes", "gov:measure", "gov:rawText"}
# What a statement says, not where or of whom.
SAYS = {
    "gov:statedValue", "rdf:type", "gov:affectsKind", "gov:kind", "gov:extent", "gov:predicate",
    "gov:object", "gov:countsAs", "gov:when", "gov:beginEarliest", "gov:beginLatest",
}  # fmt: skip


def quads_of(path: Path) -> list[ox.Quad]:
    return list(ox.parse(path=str(path)))


def judged(quads: Iterable[ox.Quad], check: Query) -> list[Assessment]:
    store = ox.Store()
    store.extend(quads)
    return assessment.assess(Store(store), [check])


def verdict(quads: Iterable[ox.Quad], check: Query, of: Assessment) -> str:
    """Give the verdict on the same claim by the same authority; empty where there is none.

    Where the runner refuses what the check finds, the check itself shows nothing: as it was.
    """
    try:
        found = judged(quads, check)
    except SourceError:
        return of.verdict
    same = [one for one in found if (one.claim, one.authority) == (of.claim, of.authority)]
    return same[0].verdict if same else ""


def others(value: Term) -> list[Term]:
    """Give other values of the same kind: numbers near and far, times before and after."""
    if not isinstance(value, ox.Literal):
        return [OTHER]
    try:
        number = float(value.value)
    except ValueError:
        return [ox.Literal(y + value.value[4:], datatype=value.datatype) for y in ("1900", "2100")]
    if value.datatype.value.endswith("EDTF"):
        return [ox.Literal(year, datatype=value.datatype) for year in ("1900", "2100")]
    found = {0.0, number + 1, number - 1, number * 10, number * 5, number / 10, 1e9} - {number}
    return [ox.Literal(str(n), datatype=value.datatype) for n in sorted(found)]


def name(quad: ox.Quad) -> str:
    return shorten(quad.predicate.value)


def variants(quads: list[ox.Quad], changed: Iterable[ox.Quad]) -> Iterator[list[ox.Quad]]:
    """Give the graph with each of these quads changed, one at a time."""
    for quad in changed:
        rest = [other for other in quads if other != quad]
        for value in others(quad.object):
            yield [*rest, ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)]


def about(quads: Iterable[ox.Quad], node: str) -> list[ox.Quad]:
    return [quad for quad in quads if quad.subject == ox.NamedNode(node)]


def subsets(of: list[str]) -> Iterator[tuple[str, ...]]:
    return chain.from_iterable(combinations(of, n) for n in range(len(of) + 1))


def decides(quads: list[ox.Quad], check: Query, one: Assessment, fact: str) -> bool:
    """Say whether another value of the fact would have changed the verdict."""
    for gone in subsets([other for other in one.facts if other != fact]):
        subjects = {ox.NamedNode(node) for node in gone}
        left = [quad for quad in quads if quad.subject not in subjects]
        if verdict(left, check, one) != one.verdict:
            continue
        values = [quad for quad in about(left, fact) if name(quad) not in OF]
        if any(verdict(v, check, one) != one.verdict for v in variants(left, values)):
            return True
    return False


def rests_on_the_claim(quads: list[ox.Quad], check: Query, one: Assessment) -> bool:
    """Say whether the verdict would have been another had the claim said something else."""
    claim = [q.object for q in about(quads, one.claim) if name(q) == "gov:asserts"]
    said = [q for node in claim for q in about(quads, str(node)[1:-1]) if name(q) in SAYS]
    return any(verdict(v, check, one) != one.verdict for v in variants(quads, said))


@pytest.mark.parametrize("path", DECIDED, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_each_fact_decides_and_so_does_what_the_claim_says(path: Path) -> None:
    quads, check = quads_of(path), CHECKS[path.parent.name]
    found = [one for one in judged(quads, check) if one.verdict != assessment.UNDECIDED]
    assert found
    for one in found:
        assert one.facts
        idle = [shorten(fact) for fact in one.facts if not decides(quads, check, one, fact)]
        assert idle == []
        assert rests_on_the_claim(quads, check, one)


PLACE = """PREFIX gov: <https://w3id.org/govkg/ontology#>
SELECT ?claim ?statement ("listed" AS ?outcome) (<https://example.org/list> AS ?accordingTo)
  (STR(?division) AS ?facts)
WHERE { ?claim gov:asserts ?statement . ?statement gov:observes/gov:listedAs ?division .
  ?division gov:divisionCode ?code }
"""


def of_places(**limits: tuple[str, ...]) -> Query:
    header = Header(
        outcomes={"listed": Outcome("corroborated", "在列", "listed")},
        statements=(Judged(**limits),),  # type: ignore[arg-type]
    )
    return queries.Query("assess-place", Path("assess-place.rq"), PLACE, header)


def quads_about_a_place() -> list[ox.Quad]:
    quads = quads_of(FIXTURES / "assess-yearly-count" / "corroborated-agrees.trig")
    division, code = (ox.NamedNode(expand(name)) for name in ("division:1", "gov:divisionCode"))
    return [*quads, ox.Quad(division, code, ox.Literal("1"))]


def test_that_a_place_is_listed_bears_out_no_figure() -> None:
    """Once a population was corroborated by the place's standing in a list: this would show it."""
    check, quads = of_places(), quads_about_a_place()
    (one,) = judged(quads, check)
    assert one.verdict == "corroborated"
    assert not rests_on_the_claim(quads, check, one)
    assert not decides(quads, check, one, one.facts[0])


@pytest.mark.parametrize(
    "limits",
    [
        {"classes": ("gov:Abolition",)},
        {"measure": ("measure:area",)},
        {"classes": ("gov:Observation",), "extent": ("extent:whole",)},
        {"modality": ("modality:norm",)},
    ],
)
def test_a_check_judges_nothing_that_its_header_does_not_list(
    limits: dict[str, tuple[str, ...]],
) -> None:
    with pytest.raises(SourceError, match="claim:c is judged by obs:f, which the header"):
        judged(quads_about_a_place(), of_places(**limits))


def test_a_check_whose_header_lists_nothing_judges_nothing() -> None:
    header = Header(outcomes=of_places().header.outcomes)
    check = queries.Query("assess-place", Path("assess-place.rq"), PLACE, header)
    with pytest.raises(SourceError, match="list it there, or leave it out"):
        judged(quads_about_a_place(), check)


def test_only_a_lasting_state_is_superseded() -> None:
    path = FIXTURES / "assess-abolition" / "superseded-reversed.trig"
    check = CHECKS["assess-abolition"]
    scope = (Judged(classes=("gov:Abolition",)),)
    header = Header(outcomes=check.header.outcomes, statements=scope)
    with pytest.raises(SourceError, match="only a lasting state can be"):
        judged(quads_of(path), queries.Query(check.name, check.path, check.text, header))


def test_what_the_headers_name_is_there() -> None:
    known = set(PREFIXES)
    for check in CHECKS.values():
        assert check.header.statements
        for one in check.header.statements:
            names = [n for field in one.__struct_fields__ if field != "lasting"
                     for n in getattr(one, field)]  # fmt: skip
            assert names
            assert {n.partition(":")[0] for n in names} <= known


def test_several_units_and_no_stated_extent_are_no_abolition_of_a_city() -> None:
    """The counts of a whole city once judged an abolition of one unit, or of no stated extent."""
    found = judged(
        quads_of(FIXTURES / "assess-abolition" / "superseded-reversed.trig"),
        CHECKS["assess-abolition"],
    )
    assert [shorten(one.claim) for one in found] == ["claim:c"]
