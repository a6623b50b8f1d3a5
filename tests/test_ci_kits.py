"""The hook, the action and the snippet: against their schemas, and run with a `govkg` that records.

The real one is run once through each; what it does with files is tested elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

import needs
from govkg import layout
from govkg.validation import format_of

ACTION, HOOKS = layout.ROOT / "action.yml", layout.ROOT / ".pre-commit-hooks.yaml"
GITLAB, SCRIPT = layout.ROOT / "ci/gitlab.yml", layout.ROOT / "ci/validate.sh"
INSTITUTION = """@prefix gov: <https://w3id.org/govkg/ontology#> .
@prefix inst: <https://w3id.org/govkg/id/institution/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
inst:example a gov:Institution ;
  rdfs:label "示例"@zh , "Example"@{language} .
"""
RECORDER = """#!{python}
import json, os, sys
with open(os.environ["RECORD"], "a") as out:
    out.write(json.dumps(sys.argv[1:]) + "\\n")
print("written by", sys.argv[1])
sys.exit(int(os.environ["VERDICT"]) if sys.argv[1] == "validate" else 0)
"""


def _load(path: Path) -> Any:  # noqa: ANN401 - what YAML or JSON holds
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def _schema(name: str) -> Any:  # noqa: ANN401 - what YAML or JSON holds
    vendored = files("check_jsonschema") / "builtin_schemas/vendor"
    return json.loads((vendored / name).read_text(encoding="utf-8"))


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a `govkg` first on PATH that writes down its words; give the file it writes."""
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin/govkg"
    program.write_text(RECORDER.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("RECORD", str(tmp_path / "record"))
    monkeypatch.setenv("PREK_HOME", str(tmp_path / "prek"))
    return tmp_path / "record"


@pytest.fixture
def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the real `govkg` first on PATH, of sources without a build; give a folder to work in."""
    sources, work = tmp_path / "sources", tmp_path / "work"
    for name in ("ontology", "data", "queries", "src"):
        shutil.copytree(layout.ROOT / name, sources / name)
    shutil.copy(layout.ROOT / "pyproject.toml", sources)
    for folder in (tmp_path / "bin", work):
        folder.mkdir()
    program = tmp_path / "bin/govkg"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m govkg "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(sources / "src"))
    monkeypatch.setenv("PREK_HOME", str(tmp_path / "prek"))
    (work / "a.ttl").write_text(INSTITUTION.format(language="en"), encoding="utf-8")
    return work


def _recorded(path: Path) -> list[list[str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_the_action_fits_its_schema() -> None:
    schema, action = _schema("github-actions.json"), _load(ACTION)
    jsonschema.validate(action, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(action | {"runs": {"using": "composite"}}, schema)
    assert set(action["inputs"]) == {"paths", "shapes", "fail-on", "format", "lang", "version"}


def test_inputs_never_stand_in_a_script() -> None:
    steps = _load(ACTION)["runs"]["steps"]
    assert not any("${{" in step.get("run", "") for step in steps)


def test_the_gitlab_snippet_runs_a_script_and_reports_in_junit() -> None:
    job = _load(GITLAB)["govkg-validate"]
    written = job["artifacts"]["reports"]["junit"]
    assert f"govkg validate --output {written}" in job["script"][-1]
    assert format_of(Path(written)) == "junit"
    assert job["artifacts"]["when"] == "always"


def _prek(repository: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the hook, with what is installed here, over all files of a folder."""
    hook = _load(HOOKS)[0] | {"language": "system"}
    config = {"repos": [{"repo": "local", "hooks": [hook]}]}
    (repository / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), encoding="utf-8")
    needs.GIT.demand()
    for words in (["git", "init", "-q"], ["git", "add", "-A"]):
        subprocess.run(words, cwd=repository, check=True)
    prek = shutil.which("prek") or str(Path(sys.executable).with_name("prek"))
    return subprocess.run(
        [prek, "run", "--all-files"],
        cwd=repository,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.long
def test_the_hook_validates_in_a_repository_without_a_build(real: Path) -> None:
    passed = _prek(real)
    assert passed.returncode == 0, passed.stdout + passed.stderr
    (real / "a.ttl").write_text(INSTITUTION.format(language="fr"), encoding="utf-8")
    failed = _prek(real)
    assert failed.returncode == 1
    assert "made one for this run" in failed.stdout
    assert "shape:LabelShape-language" in failed.stdout
    assert sorted(path.name for path in real.iterdir() if path.name[0] != ".") == ["a.ttl"]


def test_the_action_validates_in_a_repository_without_a_build(real: Path) -> None:
    (real / "a.ttl").write_text(INSTITUTION.format(language="fr"), encoding="utf-8")
    summary, temporary = real / "summary", real / "temporary"
    temporary.mkdir()
    environment = {
        **os.environ,
        "RUNNER_TEMP": str(temporary),
        "GITHUB_STEP_SUMMARY": str(summary),
        "GOVKG_PATHS": "a.ttl",
    }
    done = subprocess.run(
        ["bash", str(SCRIPT)],
        cwd=real,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "::error file=a.ttl,line=5,col=24,title=shape%3ALabelShape-language::" in done.stdout
    log = json.loads((temporary / "govkg-report.sarif").read_text(encoding="utf-8"))
    assert "shape:LabelShape-language" in {one["ruleId"] for one in log["runs"][0]["results"]}
    assert "violation" in summary.read_text(encoding="utf-8")


@pytest.mark.parametrize("verdict", [0, 1])
def test_the_hook_hands_rdf_files_to_govkg(tmp_path: Path, recorder: Path, verdict: int) -> None:
    repository = tmp_path / "repository"
    repository.mkdir()
    for name in ("a.ttl", "b c.trig", "d.jsonld", "e.md"):
        (repository / name).write_text("", encoding="utf-8")
    done = _prek(repository, VERDICT=str(verdict))
    assert done.returncode == verdict, done.stdout + done.stderr
    (words,) = _recorded(recorder)
    assert words[0] == "validate"
    assert sorted(words[1:]) == ["a.ttl", "b c.trig", "d.jsonld"]


@pytest.mark.parametrize("verdict", [0, 1, 3])
def test_the_action_annotates_reports_and_sums_up(
    tmp_path: Path, recorder: Path, verdict: int
) -> None:
    outputs = {"GITHUB_OUTPUT": tmp_path / "out", "GITHUB_STEP_SUMMARY": tmp_path / "summary"}
    environment = {
        **os.environ,
        **{key: str(path) for key, path in outputs.items()},
        "RUNNER_TEMP": str(tmp_path),
        "VERDICT": str(verdict),
        "GOVKG_PATHS": "a b.ttl\n$(touch pwned)\n",
        "GOVKG_SHAPES": "own.ttl\n",
        "GOVKG_FAIL_ON": "warning",
        "GOVKG_FORMAT": "sarif",
        "GOVKG_LANG": "zh",
    }
    done = subprocess.run(
        ["bash", str(SCRIPT)], cwd=tmp_path, env=environment, capture_output=True, check=False
    )
    assert done.returncode == verdict
    options = ["--format", "github", "--output", str(tmp_path / "govkg-report.sarif"), "--force"]
    options += ["--lang", "zh", "--fail-on", "warning", "--shapes", "own.ttl"]
    assert _recorded(recorder) == [["validate", *options, "--", "a b.ttl", "$(touch pwned)"]]
    summary = outputs["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8")
    assert ("written by validate" in summary) == (verdict < 2)
    assert outputs["GITHUB_OUTPUT"].exists() == (verdict < 2)
    assert not (tmp_path / "pwned").exists()
