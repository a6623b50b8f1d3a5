"""Each format is read back by those who read it."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from junitparser import JUnitXml
from rdflib import RDF, Graph
from rdflib.namespace import SH

from govkg import layout
from govkg.errors import ParameterError
from govkg.validation import COLUMNS, FORMATS, Finding, Locations, Report, write
from govkg.validation.rules import all_rules, anchor

if TYPE_CHECKING:
    from conftest import Run
    from govkg.languages import Language

DATA = """@prefix gov: <https://w3id.org/govkg/ontology#> .
@prefix inst: <https://w3id.org/govkg/id/institution/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .

inst:example rdfs:label "示例局"@zh , "Example Bureau"@en ;
  gov:level "first" .
"""
FINDING = Finding(
    "violation",
    "shape:LevelShape-number",
    "inst:example",
    "gov:level",
    "first",
    {"en": "A level is a number: write 1.", "zh": "层级应为数字：请写 1。"},
    "sh:DatatypeConstraintComponent",
)
EVIL = FINDING._replace(value="a%b\n::error::\u202egnp\x1b[31m", severity="warning")


@pytest.fixture
def locations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Locations:
    monkeypatch.chdir(tmp_path)
    Path("example.ttl").write_text(DATA, encoding="utf-8")
    return Locations([Path("example.ttl")])


def report(*findings: Finding) -> Report:
    return Report(findings, 1, 0)


@pytest.mark.parametrize("form", FORMATS)
def test_the_documentation_shows_what_is_written(form: str, locations: Locations) -> None:
    page = (layout.ROOT / "docs/how-to/validation.md").read_text(encoding="utf-8")
    shown = re.search(rf"### {form}\n\n```\w*\n(.*?)```\n", page, re.DOTALL)
    assert shown, form
    assert shown.group(1) == write(report(FINDING), form, "en", locations)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_in_a_value_fools_the_reader(
    form: str, language: Language, locations: Locations
) -> None:
    written = write(report(EVIL), form, language, locations)
    if form != "turtle":  # RDF keeps values as they are
        assert not set(written) & {"\u202e", "\x1b"}
        assert not any(line.startswith("::error") for line in written.splitlines())
        assert ("层级应为数字" in written) == (language == "zh")
    assert written == write(report(EVIL), form, language, locations)


def test_csv_and_json_hold_the_same(locations: Locations) -> None:
    rows = list(csv.DictReader(io.StringIO(write(report(FINDING, EVIL), "csv", "en", locations))))
    found = json.loads(write(report(FINDING, EVIL), "json", "en", locations))
    assert rows == [{column: item[column] for column in COLUMNS} for item in found]
    assert [(item["file"], item["line"], item["column"]) for item in found] == [
        ("example.ttl", 6, 13),
        ("example.ttl", 6, 3),
    ]
    assert found[0]["label"] == "Example Bureau"


def test_github_gets_ten_of_a_kind_and_a_count(locations: Locations) -> None:
    lines = write(report(*[FINDING] * 13, EVIL), "github", "en", locations).splitlines()
    assert sum(line.startswith("::error ") for line in lines) == 10
    assert sum(line.startswith("::warning ") for line in lines) == 1
    assert "3 more of severity violation: see the full report" in lines


def test_sarif_says_what_its_readers_need(locations: Locations) -> None:
    log = json.loads(write(report(FINDING, EVIL), "sarif", "en", locations))
    first, second = log["runs"][0]["results"]
    location = first["locations"][0]["physicalLocation"]
    assert location["region"] == {"startLine": 6, "startColumn": 13}
    assert (first["level"], second["level"]) == ("error", "warning")
    assert first["partialFingerprints"] != second["partialFingerprints"]


def test_sarif_names_the_rule_of_every_result(locations: Locations) -> None:
    """What no schema can say: SARIF 2.1.0, 3.13-3.30."""
    for findings in ((), (FINDING, EVIL), (FINDING._replace(focus="inst:no"),)):
        log = json.loads(write(report(*findings), "sarif", "en", locations))
        assert list(log) == ["$schema", "version", "runs"]
        assert log["version"] == "2.1.0"
        (run,) = log["runs"]
        rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
        assert {result["ruleId"] for result in run["results"]} == rules
        assert len(run["results"]) == len(findings)
        for result in run["results"]:
            assert result["level"] in {"error", "warning", "note"}
            assert result["message"]["text"]
            for location in result["locations"]:
                region = location["physicalLocation"]["region"]
                assert min(region.values()) >= 1
                assert not location["physicalLocation"]["artifactLocation"]["uri"].startswith("/")


SARIF = [(), (FINDING, EVIL), (FINDING._replace(focus="inst:no"),)]


@pytest.fixture(scope="session")
def multitool(readers: Path) -> Path:
    """The folder of the SARIF SDK's tool, with the schema it holds files to."""
    if sys.platform != "linux":
        pytest.skip("the SARIF Multitool is installed on Linux only")
    return readers / "node_modules" / "@microsoft" / "sarif-multitool-linux"


@pytest.mark.parametrize("findings", SARIF)
def test_sarif_fits_the_schema(
    findings: tuple[Finding, ...], locations: Locations, multitool: Path
) -> None:
    schema = json.loads((multitool / "sarif-2.1.0.json").read_text(encoding="utf-8-sig"))
    log = json.loads(write(report(*findings), "sarif", "en", locations))
    jsonschema.validate(log, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(log | {"version": "2"}, schema)


@pytest.mark.usefixtures("locations")
@pytest.mark.parametrize("where", [".", "elsewhere"])
def test_sarifs_own_validator_has_nothing_to_say(
    where: str, multitool: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files below the working directory, and files elsewhere, whose paths are absolute."""
    (tmp_path / where).mkdir(exist_ok=True)
    monkeypatch.chdir(tmp_path / where)
    written = write(report(FINDING, EVIL), "sarif", "en", Locations([tmp_path / "example.ttl"]))
    assert said_by(multitool, written) == []
    spoilt = written.replace('"uri": "', '"uri": "/').replace("/file://", "")
    assert "SARIF1004" in said_by(multitool, spoilt)


def said_by(multitool: Path, written: str) -> list[str]:
    """Give the rules that the Multitool finds broken, all but the notes on style."""
    Path("log.sarif").write_text(written, encoding="utf-8")
    program = multitool / "Sarif.Multitool"
    program.chmod(0o755)
    invariant = {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    ran = subprocess.run(
        [program, "validate", "log.sarif"],
        env=os.environ | invariant,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "1 files scanned" in ran.stdout
    return re.findall(r"(?:error|warning) (\w+)", ran.stdout)


def test_junit_is_read_by_its_reader(locations: Locations) -> None:
    read = JUnitXml.fromstring(write(report(FINDING, EVIL), "junit", "en", locations).encode())
    assert (read.tests, read.failures) == (2, 2)
    none = JUnitXml.fromstring(write(report(), "junit", "en", locations).encode())
    assert (none.tests, none.failures) == (1, 0)


def test_turtle_is_the_report_of_shacl(locations: Locations) -> None:
    written = write(report(FINDING, EVIL), "turtle", "en", locations)
    graph = Graph().parse(data=written, format="turtle")
    node = graph.value(predicate=RDF.type, object=SH.ValidationReport)
    assert str(graph.value(node, SH.conforms)) == "false"
    assert len(list(graph.objects(node, SH.result))) == 2
    assert EVIL.value in {str(value) for value in graph.objects(None, SH.value)}
    assert written == write(report(EVIL, FINDING), "turtle", "zh", locations)
    assert "conforms true" in write(report(), "turtle", "en", locations)


def test_another_format_is_refused(locations: Locations) -> None:
    with pytest.raises(ParameterError, match="no format 'pdf'"):
        write(report(), "pdf", "en", locations)


def test_each_rule_has_a_place_of_its_own() -> None:
    rules = all_rules()
    assert len(rules) > 100
    assert len({anchor(rule.id) for rule in rules}) == len(rules)


def test_rules_are_listed_and_shown(govkg: Run) -> None:
    listed = json.loads(govkg("rules", "--format", "json", "--lang", "zh").stdout)
    assert {"id", "severity", "about", "rule"} == set(listed[0])
    shown = govkg("rules", "show", "shape:ClaimShape-voice")
    assert "About: gov:Claim gov:voice." in shown.stdout
    missing = govkg("rules", "show", "shape:No")
    assert missing.returncode == 2
    assert "there is no rule 'shape:No'" in missing.stderr
