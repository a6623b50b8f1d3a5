"""Every check that judges gives each of its verdicts where it must, and no other.

`tests/assess/<check>/<verdict>-<outcome>.trig` opens with what the check must find, one line
`# expect: claim verdict outcome authority` an assessment.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from govkg import assessment, queries
from govkg.build import build
from govkg.errors import SourceError
from govkg.languages import LANGUAGES
from govkg.namespaces import ASSESSMENT_GRAPH, PREFIXES, local, shorten
from govkg.queryheader import Header, Outcome
from govkg.reference import Extent
from govkg.results import Result
from govkg.store import Store

if TYPE_CHECKING:
    from conftest import Run
    from govkg.api import KnowledgeGraph

FIXTURES = Path(__file__).parent / "assess"
CASES = sorted(FIXTURES.glob("*/*.trig"))
JILIN = "22"  # Liaoyuan lies there
# A condition is a line, or a MINUS block over several lines.
CONDITION = re.compile(
    r"^( *)(?:MINUS \{.*\}|FILTER\(.*\)|MINUS \{\n(?:\1 .*\n)+\1\})$", re.MULTILINE
)
CHECKS = {check.name: check for check in assessment.checks()}


def judged(path: Path, check: queries.Query) -> list[assessment.Assessment]:
    store = Store()
    store.load(path)
    return assessment.assess(store, [check])


def found_in(path: Path, check: queries.Query) -> list[str]:
    return sorted(
        f"{shorten(one.claim)} {one.verdict} {one.outcome} {local(one.authority)}"
        for one in judged(path, check)
    )


def expected(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return sorted(x.removeprefix("# expect: ") for x in lines if x.startswith("# expect: "))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_check_finds_exactly(path: Path) -> None:
    rows = expected(path)
    assert rows
    assert {"-".join(row.split(" ")[1:3]) for row in rows} == {path.stem}
    assert found_in(path, CHECKS[path.parent.name]) == rows


def test_every_outcome_has_a_fixture_and_every_file_is_a_case() -> None:
    files = [path for path in FIXTURES.rglob("*") if path.is_file()]
    assert sorted(files) == CASES
    assert len(CASES) > 0
    outcomes = {
        (name, f"{told.verdict}-{outcome}")
        for name, check in CHECKS.items()
        for outcome, told in check.header.outcomes.items()
    }
    assert {(path.parent.name, path.stem) for path in CASES} == outcomes


@pytest.mark.parametrize("name", CHECKS)
def test_the_header_is_complete(name: str) -> None:
    header = CHECKS[name].header
    assert set(re.findall(r"^#\+ (\w+):", CHECKS[name].text, re.MULTILINE)) == {
        "judges",
        "statements",
        "outcomes",
    }
    columns = set(Store().select(CHECKS[name].text).columns)
    assert {"claim", "outcome", "accordingTo"} <= columns
    for language in LANGUAGES:
        texts = [header.judges[language], *(o.text(language) for o in header.outcomes.values())]
        for text in texts:
            assert set(re.findall(r"{(\w+)}", text)) <= columns
    for told in header.outcomes.values():
        assert set(told.__struct_fields__) == {"verdict", "wanted", *LANGUAGES}
        assert bool(told.wanted) == (told.verdict == assessment.UNDECIDED)
        assert "facts" in columns or told.verdict == assessment.UNDECIDED


@pytest.mark.parametrize("name", CHECKS)
def test_every_condition_of_a_check_is_needed(name: str) -> None:
    """Without any one of its MINUS blocks or FILTER lines a check judges some fixture otherwise."""
    text = CHECKS[name].text
    paths = [path for path in CASES if path.parent.name == name]
    conditions = [found.group() for found in CONDITION.finditer(text)]
    assert len(conditions) == len(re.findall(r"\b(?:MINUS|FILTER)\b", text)) > 0
    for condition in conditions:
        without = text.replace(condition, "")
        mutant = queries.Query(name, CHECKS[name].path, without, CHECKS[name].header)
        assert any(differs(path, mutant) for path in paths), condition


def differs(path: Path, check: queries.Query) -> bool:
    try:
        return judged(path, check) != judged(path, CHECKS[path.parent.name])
    except SourceError:
        return True


def mutant_of(name: str, old: str, new: str) -> queries.Query:
    check = CHECKS[name]
    assert old in check.text
    return queries.Query(name, check.path, check.text.replace(old, new), check.header)


def test_an_outcome_that_the_header_lacks_is_named() -> None:
    check = mutant_of("assess-repair", '"lost-point"', '"odd"')
    path = FIXTURES / "assess-repair" / "inconsistent-lost-point.trig"
    with pytest.raises(SourceError, match="no outcome 'odd'"):
        found_in(path, check)


def test_two_rows_of_one_name_are_refused() -> None:
    path = FIXTURES / "assess-two-figures" / "inconsistent-far-apart.trig"
    store = Store()
    store.load(path)
    again = path.read_text(encoding="utf-8").replace(":b ", ":other ")
    store.load_text(again, path)
    with pytest.raises(SourceError, match="two rows make two-figures-a-d"):
        assessment.assess(
            store, [mutant_of("assess-two-figures", "?statement ?about ?out", "?statement ?out")]
        )


def test_a_claim_about_two_things_has_one_assessment_of_both() -> None:
    """Once two assessments of one claim stood beside each other by one check and authority."""
    path = FIXTURES / "assess-figure" / "not-checkable-uncounted.trig"
    check = CHECKS["assess-figure"]
    (one,) = judged(path, check)
    store = Store()
    store.load(path)
    text = path.read_text(encoding="utf-8").partition("<https://w3id.org/govkg/graph")[0]
    store.load_text(re.sub(r"\bobs:f\b", "obs:g", text).replace("若干", "几处"), path)
    (both,) = assessment.assess(store, [check])
    assert (both.name, both.verdict) == (one.name, one.verdict)
    for (_, single), (_, double) in zip(one.explanation, both.explanation, strict=True):
        assert double.startswith(single)
        assert "几处" in double.removeprefix(single)


# --- the real build ---------------------------------------------------------------------------


def test_the_build_holds_what_the_checks_find(kg: KnowledgeGraph) -> None:
    found = assessment.assess(kg.store)
    stored = {one.assessment: one.verdict for one in kg.assessments("en")}
    assert stored == {f"assess:{one.name}": f"verdict:{one.verdict}" for one in found}
    assert kg.build.manifest.assessments == assessment.tally(found)
    triples = kg.store.select(
        f"SELECT ?n {{ <{ASSESSMENT_GRAPH}> <{PREFIXES['void']}triples> ?n }}"
    )
    counted = [int(row.n) for row in triples]
    assert counted == [kg.build.manifest.graphs[ASSESSMENT_GRAPH]]


def test_assessments_have_the_facts_they_need(kg: KnowledgeGraph) -> None:
    found = assessment.assess(kg.store)
    assert {bool(one.facts) for one in found} == {True, False}
    for one in found:
        assert bool(one.facts) == (one.verdict != assessment.UNDECIDED)
        assert all(text and "{" not in text for _, text in one.explanation)


def test_known_verdicts(kg: KnowledgeGraph) -> None:
    verdicts = {one.assessment: one.verdict for one in kg.assessments("en")}
    known = {
        "abolition-usm2013-s074-1-nbs-series": "superseded",
        "abolition-usm2013-s074-3-nbs-series": "not-checkable",
        "abolition-urban-usm2013-s074-4-nbs-series": "superseded",
        "official-total-usm2013-s139-1-official-totals": "contradicted",
    }
    assert {name: verdicts[f"assess:{name}"].partition(":")[2] for name in known} == known


def test_what_would_decide_is_said_of_all_that_nothing_decides(kg: KnowledgeGraph) -> None:
    """The list is a plan for the next dataset: each claim has a source that is defined."""
    found = assessment.assess(kg.store)
    rows = kg.store.select(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?wanted { ?wanted "
        f"skos:inScheme <{PREFIXES['wanted'].rstrip('/')}> }}"
    )
    defined = {local(str(row.wanted)) for row in rows}
    for one in found:
        assert bool(one.wanted) == (one.verdict == assessment.UNDECIDED)
        assert set(one.wanted) <= defined
    listed = kg.query("cq61", lang="en")
    assert isinstance(listed, Result)
    undecided = {(one.check, one.claim) for one in found if one.wanted}
    assert sum(int(str(row.claims)) for row in listed.rows) >= len(undecided) > 0
    assert {w for one in found for w in one.wanted} >= {"text-of-decision", "population-count"}


@pytest.mark.parametrize("wanted", ["", "later-law"])
def test_what_would_decide_is_said_there_and_only_there(wanted: str) -> None:
    name = "not-checkable-undated" if not wanted else "inconsistent-after-text"
    check = CHECKS["assess-date"]
    outcomes = {
        outcome: Outcome(told.verdict, told.zh, told.en, wanted)
        for outcome, told in check.header.outcomes.items()
    }
    header = Header(outcomes=outcomes, statements=check.header.statements)
    mutant = queries.Query(check.name, check.path, check.text, header)
    with pytest.raises(SourceError, match="`wanted` says what would decide"):
        judged(FIXTURES / "assess-date" / f"{name}.trig", mutant)


def test_what_each_authority_counts_is_told(kg: KnowledgeGraph) -> None:
    told = {one.assessment: one.explanation for one in kg.assessments("en")}
    for authority in ("nbs-series", "mca-townships"):
        daqing = told[f"assess:abolition-usm2013-s074-3-{authority}"]
        assert "44 (2025)" in daqing
        assert "43 (2023)" in daqing


def test_every_claim_with_a_figure_is_judged_or_has_a_reason(kg: KnowledgeGraph) -> None:
    figures = kg.store.select(
        "PREFIX gov: <https://w3id.org/govkg/ontology#> SELECT DISTINCT ?claim "
        "{ ?claim gov:asserts ?figure . ?figure gov:rawText ?raw }"
    )
    claims = {shorten(str(row.claim)) for row in figures}
    judged_ones = {one.claim for one in kg.assessments("en") if one.check != "check:kind-of-claim"}
    assert len(claims) > 30
    assert claims <= judged_ones


def test_each_repaired_figure_is_judged(kg: KnowledgeGraph) -> None:
    repaired = kg.store.select(
        "PREFIX gov: <https://w3id.org/govkg/ontology#> SELECT ?claim "
        "{ ?claim gov:asserts ?figure . ?figure gov:correctedValue ?value }"
    )
    claims = {shorten(str(row.claim)) for row in repaired}
    against = {"verdict:inconsistent", "verdict:contradicted"}
    assert len(claims) == 8
    assert claims <= {one.claim for one in kg.assessments("en") if one.verdict in against}


def test_a_larger_build_changes_no_verdict(
    kg: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither what it records nor what the checks find when run over all that it holds."""
    monkeypatch.setattr("govkg.build._index_names", lambda _: None)  # slow, and no part of this
    larger = build(tmp_path / "build", extent=Extent("township", JILIN))
    assert larger.triples > 1.5 * kg.build.triples
    assert larger.manifest.assessments == kg.build.manifest.assessments
    assert assessment.assess(larger.open_store()) == assessment.assess(kg.store)


def test_the_command_line_lists_and_explains(govkg: Run, home: Path) -> None:
    listed = govkg("assess", "--build", str(home), "--verdict", "superseded", "--format", "csv")
    assert listed.returncode == 0
    assert "claim:usm2013-s074-1,verdict:superseded" in listed.stdout
    assert "contradicted" not in listed.stdout
    shown = govkg("assess", "show", "usm2013-s074-1", "--build", str(home), "--lang", "en")
    assert "obs:nbs-520100-2015-street-areas  2015  0" in shown.stdout
    unknown = govkg("assess", "show", "usm2013-s999-1", "--build", str(home))
    assert unknown.returncode == 2
    assert "did you mean claim:usm2013-s" in unknown.stderr


@pytest.mark.parametrize("form", ["html", "md"])
def test_the_report_tells_every_decided_claim(
    govkg: Run, home: Path, tmp_path: Path, form: str, kg: KnowledgeGraph
) -> None:
    out = tmp_path / f"claims.{form}"
    assert govkg("assess", "report", "-o", str(out), "--build", str(home)).returncode == 0
    text = out.read_text(encoding="utf-8")
    decided = [a for a in kg.assessments("zh") if a.verdict != "verdict:not-checkable"]
    assert decided
    assert all(one.claim in text and one.label in text for one in decided)
    assert ("<svg" in text) == (form == "html")
    again = govkg("assess", "report", "-o", str(out), "--build", str(home))
    assert again.returncode == 2


def test_the_html_report_is_well_formed(kg: KnowledgeGraph) -> None:
    from lxml import etree

    from govkg.exports import assessment_report

    page = assessment_report.write(kg.store, "html").encode()
    parser = etree.HTMLParser(recover=False)
    root = etree.fromstring(page, parser)
    assert len(root.findall(".//article")) > 0


def test_a_series_is_drawn_as_bars() -> None:
    from govkg.exports import assessment_report

    svg = assessment_report.spark([("2015", 0.0), ("2016", 0.0), ("2017", 72.0)])
    assert svg.count("<rect") == 3
    assert ">72</text>" in svg
