"""Validation as a whole: engines that agree, places that are right, nothing unchecked."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import shape_harness as harness
from govkg import layout, validation
from govkg.build import current
from govkg.errors import ShapesError
from govkg.namespaces import PREFIXES, document_graph, reference_graph, shorten
from govkg.store import Store
from govkg.validation.data import LARGE
from govkg.validation.result import as_finding

if TYPE_CHECKING:
    from rdflib import Graph

    from conftest import Run

SPARQL_SHAPES = {shape for shape in harness.node_shapes() if harness.found_in_sparql(shape)}
FILES = [path for path in harness.fixture_paths() if harness.fixture(path).shape in SPARQL_SHAPES]
# What a store finds besides, and why: it keeps 100.00 as 100.0, so sh:disjoint sees one term.
BESIDES = {
    "LostPointShape/invalid-other-value": {
        ("shape:CorrectedObservationShape-correctedValue", "obs:unchanged", "violation"): 1
    }
}
MISTAKES = """
rel:beijing-leads-itself-not a gov:Leadership ;
  rdfs:label "示例"@zh , "Example"@en ;
  gov:source inst:beijing-party-committee ;
  gov:target inst:beijing-social-office .

claim:usm2013-s076-9 a gov:Claim ;
  rdfs:label "示例主张"@zh , "An example"@en ;
  gov:document doc:usm2013 ; gov:textUnit doc:usm2013-u076 ;
  gov:start 4078 ; gov:end 4080 ;
  gov:quoteDigest "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" ;
  gov:modality modality:evaluation ; gov:voice voice:author ; gov:curationStatus status:accepted ;
  gov:asserts rel:beijing-leads-itself-not .
"""


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return validation.load_shapes()


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_the_store_finds_what_pyshacl_finds(path: Path, shapes: Graph) -> None:
    """SPARQL constraints run once in Oxigraph; pySHACL runs them for each node: the same rows."""
    assert len({file.parent.name for file in FILES}) == len(SPARQL_SHAPES)
    fixture = harness.fixture(path)
    store = Store()
    data = fixture.data.serialize(format="nt")
    store.load_text(data, Path("fixture.nt"), "https://example.org/fixture")
    rules = validation.run_rules(validation.Data(store), shapes, "pyshacl", ours=True)
    ours = [as_finding(row, shapes) for row in rules]
    nodes = {shorten(str(node)) for node in fixture.nodes}
    rows = Counter((f.rule, f.focus, f.severity) for f in ours if f.focus in nodes)
    exact = Counter(
        (shorten(found.rule), found.row.focus, found.row.severity.partition(":")[2].lower())
        for found in harness.findings(path)
    )
    assert rows == exact + Counter(BESIDES.get(f"{path.parent.name}/{path.stem}", {}))


@pytest.fixture
def own_sources(tmp_path: Path) -> Path:
    """A checkout of its own, with the code and a copy of the sources."""
    for name in ("ontology", "data", "queries", "src"):
        shutil.copytree(layout.ROOT / name, tmp_path / name)
    shutil.copy(layout.ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.long
def test_a_mistake_is_reported_with_file_and_line(program: Run, own_sources: Path) -> None:
    path = own_sources / "data/documents/usm2013/claims/mistakes.ttl"
    prefixes = (own_sources / "data/documents/usm2013/claims/3-2.ttl").read_text("utf-8")
    head = "\n".join(line for line in prefixes.splitlines() if line.startswith("@prefix"))
    more = "".join(f"@prefix {one}: <{PREFIXES[one]}> .\n" for one in ("inst", "rel"))
    path.write_text(f"{head}\n{more}{MISTAKES}", encoding="utf-8")
    line = path.read_text(encoding="utf-8").splitlines().index("claim:usm2013-s076-9 a gov:Claim ;")
    environment = {"PYTHONPATH": str(own_sources / "src")}
    assert program("build", **environment).returncode == 0
    found = program("validate", "--engine", "shacl-rust", "--lang", "en", **environment)
    assert found.returncode == 1, found.stdout + found.stderr
    _, _, under = found.stdout.partition("data/documents/usm2013/claims/mistakes.ttl\n")
    assert under.startswith(f"  {line + 1}:")
    assert "(claim:usm2013-s076-9)" in under
    assert "Error" not in found.stderr
    verified = program("evidence", "verify", **environment)
    if "digests checked" in verified.stdout:
        assert (
            f"mistakes.ttl:{line + 1}: claim:usm2013-s076-9: the digest is not" in verified.stdout
        )


def test_broken_shapes_are_exit_3(program: Run, home: Path, own_sources: Path) -> None:
    environment = {"PYTHONPATH": str(own_sources / "src")}
    broken = own_sources / "ontology/shapes/tier.ttl"
    broken.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "@prefix gov: <https://w3id.org/govkg/ontology#> .\n"
        "gov:BrokenShape a sh:NodeShape ; sh:targetClass gov:Claim ; sh:property gov:nothing .\n",
        encoding="utf-8",
    )
    claims = own_sources / "data/documents/usm2013/claims/3-2.ttl"
    found = program("validate", str(claims), "--build", str(home), **environment)
    assert found.returncode == 3
    assert "the shapes can't be used" in found.stderr


def test_nothing_to_validate_is_an_error() -> None:
    with pytest.raises(ShapesError, match="nothing was checked"):
        validation.validate(validation.Data(Store()))


def test_no_shapes_is_an_error(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    store = current(home).open_store()
    monkeypatch.setattr("govkg.sources.shape_files", list)
    with pytest.raises(ShapesError, match="there is no shape"):
        validation.validate(validation.Data(store))


def test_files_that_take_too_long_end_in_time(govkg: Run, home: Path, tmp_path: Path) -> None:
    """Exit 4 says that nobody looked to the end, not that nothing was found."""
    path = tmp_path / "a.ttl"
    path.write_text("<urn:a> a <urn:b> .\n", encoding="utf-8")
    done = govkg("validate", str(path), "--deadline", "0.001", "--build", str(home))
    assert (done.returncode, done.stdout) == (4, "")
    assert done.stderr.startswith("govkg: validation took longer than 0.001 s: cut the files up")
    time.sleep(1.1)  # the alarm that goes off each second is off


def test_a_large_file_is_looked_at_like_a_small_one() -> None:
    """The checks run over an excerpt, which once left out a given file of 200,000 triples."""
    given, listed = document_graph("given"), reference_graph("nbs-divisions")
    data = validation.Data(Store(), sizes={given: LARGE * 2, listed: LARGE * 2})
    assert data.large == [listed]
