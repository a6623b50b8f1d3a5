"""What is validated: files in every format, stdin, what git says changed; never nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import needs
from govkg import layout, validation
from govkg.errors import InputError, ShapesError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run
    from govkg.api import KnowledgeGraph

PREFIXES = """@prefix gov: <https://w3id.org/govkg/ontology#> .
@prefix inst: <https://w3id.org/govkg/id/institution/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
NODE = 'inst:example a gov:Institution ;\n  rdfs:label "示例"@zh , "Exemple"@fr .'
INST, GOV = "<https://w3id.org/govkg/id/institution/example>", "https://w3id.org/govkg/ontology#"
RDF, RDFS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://www.w3.org/2000/01/rdf-schema#"
GRAPH = "<https://w3id.org/govkg/graph/x>"


def lines(end: str) -> str:
    return (
        f"{INST} <{RDF}type> <{GOV}Institution> {end}\n"
        f'{INST} <{RDFS}label> "示例"@zh {end}\n{INST} <{RDFS}label> "Exemple"@fr {end}\n'
    )


FORMS = {
    "ttl": (PREFIXES + NODE, 5, 24),
    "trig": (f"{PREFIXES}{GRAPH} {{\n{NODE}\n}}\n", 6, 24),
    "nt": (lines("."), 3, len(f"{INST} <{RDFS}label> ") + 1),
    "nq": (lines(GRAPH + " ."), 3, len(f"{INST} <{RDFS}label> ") + 1),
    "jsonld": (
        f'{{"@id": "{INST[1:-1]}", "@type": "{GOV}Institution",\n"{RDFS}label": ['
        '{"@value": "示例", "@language": "zh"}, {"@value": "Exemple", "@language": "fr"}]}',
        0,
        0,
    ),
}


@pytest.mark.parametrize("suffix", FORMS)
def test_a_fault_is_found_and_placed_in_every_format(
    suffix: str, kg: KnowledgeGraph, tmp_path: Path
) -> None:
    text, line, column = FORMS[suffix]
    source = validation.from_text(text, tmp_path / f"x.{suffix}")
    report = kg.validate(source)
    (found,) = [one for one in report.findings if one.rule == "shape:LabelShape-language"]
    assert (found.focus, found.path, found.value) == ("inst:example", "rdfs:label", "Exemple")
    assert (found.component, found.term) == ("sh:LanguageInConstraintComponent", '"Exemple"@fr')
    place = validation.Locations.of_sources([source]).find(found)
    assert place
    assert place[1:] == (line, column)
    assert {one.focus for one in report.findings} == {"inst:example"}


def test_a_file_that_no_shape_is_about_is_an_error(kg: KnowledgeGraph, tmp_path: Path) -> None:
    path = tmp_path / "foreign.ttl"
    path.write_text("<https://example.org/a> <https://example.org/b> 1 .", encoding="utf-8")
    with pytest.raises(ShapesError, match="no shape is about a node of"):
        kg.validate(path)


def test_shapes_are_checked_as_what_they_are(kg: KnowledgeGraph, tmp_path: Path) -> None:
    report = kg.validate(layout.ONTOLOGY / "shapes/label.ttl")
    assert report.checks > kg.validate("data/documents/usm2013/claims/3-2.ttl").checks
    assert report.worst("violation") == []
    own = tmp_path / "own.ttl"
    shutil.copy(layout.ONTOLOGY / "shapes/label.ttl", own)
    with pytest.raises(ShapesError, match="shapes of your own are named with --shapes"):
        kg.validate(own)


def piped(text: str, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "govkg", "validate", "--stdin", "--lang", "en", *words],
        input=text,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_stdin_stands_for_a_file_that_may_be_otherwise_on_disk(home: Path) -> None:
    where = ("--build", str(home))
    path = layout.ROOT / "data/documents/usm2013/claims/3-2.ttl"
    text = path.read_text(encoding="utf-8")
    assert piped(text, str(path), *where).returncode == 0
    found = piped(f"{text}\n{PREFIXES}{NODE}\n", str(path), *where)
    assert found.returncode == 1, found.stderr
    assert f"\n  {text.count(chr(10)) + 6}:24 violation [shape:LabelShape-language]" in found.stdout
    assert "data/documents/usm2013/claims/3-2.ttl\n" in found.stdout
    alone = piped(lines("."), "--stdin-format", "nt", *where)
    assert "stdin.nt\n" in alone.stdout
    assert piped("", *where).returncode == 2
    assert "exclude each other" in piped("", "--changed", *where).stderr


def git(folder: Path, *words: str) -> None:
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    needs.GIT.demand()
    subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with three files, committed."""
    for name in ("data/a.ttl", "data/b.ttl", "docs/c.ttl", "ontology/shapes/s.ttl"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "first")
    return tmp_path


def test_changed_lists_what_git_says(checkout: Path) -> None:
    assert validation.changed(folder=checkout) == []
    (checkout / "data/a.ttl").write_text("# new\n", encoding="utf-8")
    (checkout / "data/new file.trig").write_text("", encoding="utf-8")
    (checkout / "docs/c.ttl").write_text("# no data\n", encoding="utf-8")
    changed = [checkout / "data/a.ttl", checkout / "data/new file.trig"]
    assert validation.changed(folder=checkout) == changed
    git(checkout, "add", "-A")
    git(checkout, "commit", "-qm", "second")
    assert validation.changed(folder=checkout) == []
    assert validation.changed("HEAD~1", checkout) == changed
    git(checkout, "mv", "docs/c.ttl", "docs/d.ttl")
    assert validation.changed(folder=checkout) == []
    git(checkout, "commit", "-qm", "third")
    git(checkout, "mv", "data/b.ttl", "data/c.ttl")
    assert validation.changed(folder=checkout) is None
    git(checkout, "reset", "-q", "--hard")
    (checkout / "data/b.ttl").unlink()
    assert validation.changed(folder=checkout) is None
    git(checkout, "reset", "-q", "--hard")
    (checkout / "ontology/shapes/s.ttl").write_text("# shape\n", encoding="utf-8")
    assert validation.changed(folder=checkout) is None
    for base in ("--output=x", "nowhere"):
        with pytest.raises(InputError):
            validation.changed(base, checkout)


def test_changed_from_the_command_line(program: Run, home: Path, tmp_path: Path) -> None:
    for name in ("ontology", "data", "queries", "src"):
        shutil.copytree(layout.ROOT / name, tmp_path / name)
    shutil.copy(layout.ROOT / "pyproject.toml", tmp_path)
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "all")

    def run() -> subprocess.CompletedProcess[str]:
        words = ("validate", "--changed", "--lang", "en", "--build", str(home))
        return program(*words, PYTHONPATH=str(tmp_path / "src"))

    assert run().stdout == "no RDF file changed: nothing was validated\n"
    claims = tmp_path / "data/documents/usm2013/claims/3-2.ttl"
    claims.write_text(f"{claims.read_text('utf-8')}\n{PREFIXES}{NODE}\n", encoding="utf-8")
    found = run()
    assert found.returncode == 1, found.stderr
    assert "violation [shape:LabelShape-language]" in found.stdout
    git(tmp_path, "checkout", "-q", ".")
    git(tmp_path, "rm", "-q", "data/documents/usm2013/posts.ttl")
    found = run()  # what dangles first, then the shape that met no node
    assert found.returncode == 1, found.stderr
    assert "violation [no-undescribed-node]" in found.stdout
    assert "shape:PostShape: no node of the data meets them" in found.stderr
