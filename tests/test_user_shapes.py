"""Shapes as others write them: run, or refused with the shape and its reason, in every engine.

A file of `tests/user_shapes` holds data and a shape. Its first lines say each result (`# expect:
focus path value`), or why it is refused; `# pySHACL:` says where pySHACL alone finds otherwise.
"""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pyshacl
import pytest
from rdflib import RDF, SH, BNode, Graph, URIRef
from rdflib.extras.shacl import parse_shacl_path

from govkg import validation
from govkg.errors import InternalError, ShapesError, SourceError
from govkg.namespaces import GENID
from govkg.store import Store
from govkg.validation import lint
from govkg.validation.engines import child
from govkg.validation.result import as_finding, as_node, path_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rdflib.term import Node

    from govkg.validation.result import Row

FILES = sorted((Path(__file__).parent / "user_shapes").glob("*.ttl"))
RUN = [path for path in FILES if not path.name.startswith("refused-")]
EX = "http://example.org/ns#"


def header(path: Path, word: str) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    start = f"# {word}: "
    return [line.removeprefix(start).replace("\\n", "\n") for line in lines if start in line]


def plain(node: Node | None) -> str:
    if isinstance(node, BNode) or GENID in str(node):
        return "_:"
    return "-" if node is None else str(node).replace(EX, "ex:")


def found(path: Path, engine: str) -> set[str]:
    """Run a file as users' shapes are run, and write its results as its header does."""
    shapes = validation.load_shapes([path])
    lint.lint(shapes)
    store = Store()
    store.load(path, "https://example.org/data")
    rows = validation.run_rules(validation.Data(store), shapes, engine)
    return {
        f"{plain(as_node(row.focus))} {named(row.path)} {plain(as_node(row.value))}" for row in rows
    }


def named(path: str) -> str:
    return path.replace(f"<{EX}", "ex:").replace(">", "") or "-"


def by_pyshacl(path: Path) -> set[str]:
    graph = Graph().parse(path)
    _, report, _ = pyshacl.validate(graph, shacl_graph=graph)
    assert isinstance(report, Graph)
    return {
        f"{plain(report.value(result, SH.focusNode))} "
        f"{named(path_text(report, report.value(result, SH.resultPath)))} "
        f"{plain(report.value(result, SH.value))}"
        for result in report.subjects(RDF.type, SH.ValidationResult)
    }


def ids(paths: Iterable[Path]) -> list[str]:
    return [path.stem for path in paths]


@pytest.mark.parametrize("path", RUN, ids=ids(RUN))
@pytest.mark.usefixtures("in_process")
def test_what_stands_in_and_around_a_query_changes_nothing(path: Path) -> None:
    expected = set(header(path, "expect"))
    assert expected
    assert found(path, "pyshacl") == expected
    if path.stem == "called-shape":  # needs a query for each node that another shape calls it for
        with pytest.raises(ShapesError, match="use --engine pyshacl"):
            found(path, "shacl-rust")
    else:
        assert found(path, "shacl-rust") == expected


@pytest.mark.parametrize("path", RUN, ids=ids(RUN))
def test_pyshacl_finds_the_same(path: Path) -> None:
    try:
        differs = by_pyshacl(path) != set(header(path, "expect"))
    except Exception:
        differs = True
    assert differs == bool(header(path, "pySHACL")), "say why, or no longer"


@pytest.mark.parametrize("path", sorted(set(FILES) - set(RUN)), ids=lambda path: path.stem)
def test_what_shacl_rules_out_is_refused(path: Path) -> None:
    (reason,) = header(path, "refused")
    with pytest.raises(ShapesError) as refused:
        found(path, "pyshacl")
    assert reason in str(refused.value)
    assert f"{EX}S" in str(refused.value)


DATA = f"""@prefix ex: <{EX}> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:BureauA a ex:Bureau ; ex:leads ex:Team .
ex:BureauB a ex:Bureau ; ex:leads ex:Team .
ex:BureauC a ex:Bureau ; ex:leads ex:Team .
ex:Team a ex:Unit .
"""
PAIRS = """SELECT $this ?one ?two WHERE { ?one ex:leads $this . ?two ex:leads $this .
FILTER(STR(?one) < STR(?two)) }"""
DECLARED = f"""PREFIX ex: <{EX}>
"""


def findings(folder: Path, text: str, engine: str = "pyshacl") -> list[validation.Finding]:
    path = folder / "shapes.ttl"
    path.write_text(DATA + text, encoding="utf-8")
    shapes = validation.load_shapes([path])
    lint.lint(shapes)
    store = Store()
    store.load_text(DATA, Path("data.ttl"), "https://example.org/data")
    rows = validation.run_rules(validation.Data(store), shapes, engine)
    return [as_finding(row, shapes) for row in rows]


@pytest.mark.parametrize("engine", ["pyshacl", "shacl-rust"])
@pytest.mark.parametrize("end", ["", " LIMIT 9"])
@pytest.mark.usefixtures("in_process")
def test_messages_are_filled_from_each_solution_in_each_language(
    engine: str, end: str, tmp_path: Path
) -> None:
    said = '"{$this}: {?one}, {?two}, {$shapesGraph} {?nobody}"@en , "{?this}归{?one}和{$two}"@zh'
    both = findings(
        tmp_path,
        "ex:S a sh:NodeShape ; sh:targetClass ex:Unit ; "
        f'sh:sparql [ sh:message {said} ; sh:select """{DECLARED}{PAIRS}{end}""" ] .',
        engine,
    )
    pairs = [("A", "B"), ("A", "C"), ("B", "C")]
    assert sorted(one.message["en"] for one in both) == [
        f"ex:Team: ex:Bureau{a}, ex:Bureau{b}, {{$shapesGraph}} {{?nobody}}" for a, b in pairs
    ]
    assert sorted(one.message["zh"] for one in both) == [
        f"ex:Team归ex:Bureau{a}和ex:Bureau{b}" for a, b in pairs
    ]
    assert len({one.identity for one in both}) == len(pairs)
    report = validation.Report(tuple(both), 1, 0)
    turtle = validation.write(report, "turtle", "en", validation.Locations([]))
    assert turtle.count("a sh:ValidationResult") == len(pairs)


def test_solutions_that_a_message_does_not_tell_apart_are_one_finding(tmp_path: Path) -> None:
    shape = "ex:S a sh:NodeShape ; sh:targetClass ex:Unit ; sh:message 'of the shape' ; "
    (one,) = findings(tmp_path, f'{shape} sh:sparql [ sh:select """{DECLARED}{PAIRS}""" ] .')
    assert one.message == {"en": "of the shape"}
    own = PAIRS.replace("SELECT", "SELECT ?message").replace(
        "FILTER", "BIND('of the query'@fr AS ?message) FILTER"
    )
    (one,) = findings(tmp_path, f'{shape} sh:sparql [ sh:select """{DECLARED}{own}""" ] .')
    assert one.message == {"fr": "of the query"}
    assert one.text("en") == "of the query"


@pytest.mark.parametrize("engine", ["pyshacl", "shacl-rust"])
@pytest.mark.usefixtures("in_process")
def test_a_severity_of_ones_own_counts_as_a_violation(engine: str, tmp_path: Path) -> None:
    shape = "ex:S a sh:NodeShape ; sh:targetClass ex:Unit ; sh:severity ex:Grave ;"
    core, query = "sh:property [ sh:path ex:code ; sh:minCount 1 ; sh:severity ex:Grave ]", PAIRS
    text = f'{shape} {core} ; sh:sparql [ sh:select """{DECLARED}{query}""" ] .'
    both = findings(tmp_path, text, engine)
    assert [(one.severity, one.stated) for one in both] == [("violation", f"{EX}Grave")] * 2
    turtle = validation.write(
        validation.Report(tuple(both), 2, 0), "turtle", "en", validation.Locations([])
    )
    assert turtle.count(f"sh:resultSeverity <{EX}Grave>") == len(both)


def test_imports_are_followed_beside_the_file_or_refused(tmp_path: Path) -> None:
    head = DATA.partition("ex:BureauA")[0]
    one = "ex:S a sh:NodeShape ; sh:targetClass ex:Unit ; sh:nodeKind sh:BlankNode ."
    other, away = tmp_path / "other.ttl", tmp_path / "away"
    away.mkdir()
    (tmp_path / "broken.ttl").write_text("a owl:Ontology", encoding="utf-8")

    def names(imported: str, *more: Path) -> set[str]:
        first = tmp_path / "shapes.ttl"
        first.write_text(f"{head}<> a owl:Ontology ; owl:imports {imported} .", encoding="utf-8")
        shapes = validation.load_shapes([first, *more])
        return {str(node) for node in shapes.subjects(RDF.type, SH.NodeShape)}

    with pytest.raises(ShapesError, match=r"imports <.*#declared>"):
        names("ex:declared")
    other.write_text(
        f"{head}ex:declared a owl:Ontology ; owl:imports <> .\n{one}", encoding="utf-8"
    )
    assert names("ex:declared") == names("<http://example.org/x/other>") == {f"{EX}S"}
    assert names("<other.ttl>") == names("<http://example.org/x/other.ttl>") == {f"{EX}S"}
    other.rename(away / "moved.ttl")
    with pytest.raises(ShapesError, match="nothing is fetched"):
        names("ex:declared")
    assert names("ex:declared", away / "moved.ttl") == {f"{EX}S"}
    with pytest.raises(ShapesError, match=r"imports <.*/shapes>"):
        names("<http://example.org/shapes>")  # the file's own name is no import of it
    assert names("sh: , <https://w3id.org/govkg/ontology>") == set()


def test_relative_names_of_shapes_do_not_depend_on_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = []
    for folder in (tmp_path / "a", tmp_path / "b"):
        folder.mkdir()
        monkeypatch.chdir(folder)
        text = "<#S> a sh:NodeShape ; sh:targetClass ex:Unit ; sh:nodeKind sh:BlankNode ."
        named += [one.rule for one in findings(folder, text)]
    assert named == ["file:///shapes.ttl#S"] * 2


def test_a_relative_iri_in_data_is_named(tmp_path: Path) -> None:
    path = tmp_path / "data.ttl"
    path.write_text("<urn:a> <urn:b> 1 .\n<urn:a> <urn:b> <here> .", encoding="utf-8")
    with pytest.raises(SourceError, match=r"data\.ttl:2: <here> is a relative IRI: .*@base"):
        validation.read_sources([path])[0].parsed()


@pytest.mark.parametrize("suffix", ["ttl", "nt", "nq", "trig", "jsonld"])
def test_a_byte_order_mark_is_skipped(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"data.{suffix}"
    text = '{"@id": "urn:a", "urn:b": 1}' if suffix == "jsonld" else "<urn:a> <urn:b> <urn:c> ."
    path.write_bytes(b"\xef\xbb\xbf" + text.encode())
    (source,) = validation.read_sources([path])
    assert source.text == text
    assert len(source.parsed()) == 1


@pytest.mark.parametrize(
    "path",
    [
        "ex:p",
        "( ex:p ex:q )",
        "[ sh:inversePath ex:p ]",
        "[ sh:inversePath ( ex:p ex:q ) ]",
        "[ sh:inversePath [ sh:alternativePath ( ex:p ( ex:q ex:p ) ) ] ]",
        "[ sh:inversePath [ sh:zeroOrMorePath ( ex:p ex:q ) ] ]",
        "[ sh:zeroOrMorePath [ sh:inversePath ex:p ] ]",
        "( [ sh:inversePath ( ex:q ex:p ) ] ex:q )",
        "[ sh:oneOrMorePath [ sh:zeroOrOnePath ( ex:p ex:q ) ] ]",
        "[ sh:alternativePath ( ( ex:p ex:q ) [ sh:zeroOrOnePath ex:q ] ) ]",
    ],
)
def test_a_path_is_written_as_it_is_walked(path: str) -> None:
    """In SPARQL it leads from every node to where rdflib's reading of it leads."""
    text = f"@prefix ex: <{EX}> . @prefix sh: <{SH}> . "
    text += "ex:a ex:p ex:b . ex:b ex:q ex:c . ex:c ex:p ex:d . ex:d ex:q ex:a . ex:b ex:p ex:e ."
    graph = Graph().parse(data=f"{text} ex:S sh:path {path} .", format="turtle")
    node = graph.value(URIRef(EX + "S"), SH.path)
    assert node is not None
    store = Store()
    store.load_text(text, Path("data.ttl"))
    for start in (URIRef(EX + name) for name in "abcde"):
        asked = f"SELECT DISTINCT ?to {{ {start.n3()} {path_text(graph, node)} ?to }}"
        found = {row[0] for row in store.select(asked)}
        assert found == set(graph.objects(start, parse_shacl_path(graph, node)))


@pytest.mark.parametrize(
    ("raised", "said"),
    [(MemoryError(), "needs more than the 64 MB"), (RuntimeError("odd"), "RuntimeError: odd")],
)
def test_only_want_of_memory_is_said_to_be_that(
    raised: Exception,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fails(_: object) -> list[Row]:
        raise raised

    monkeypatch.setattr(child, "_rules", fails)
    monkeypatch.setattr(child, "_limit", lambda _: None)
    job = json.dumps({"run": "rules", "memory": 64 << 20})
    monkeypatch.setattr("sys.stdin", io.StringIO(job))
    child.main()
    answer = json.loads(capsys.readouterr().out)
    assert answer["error"] == "InternalError"
    assert said in answer["message"]
    assert ("memory" in answer["message"] or "MB" in answer["message"]) == isinstance(
        raised, MemoryError
    )


def test_a_failure_of_the_engine_names_the_shape(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("odd")

    component = "pyshacl.constraints.core.cardinality_constraints.MinCountConstraintComponent"
    monkeypatch.setattr(f"{component}.evaluate", fails)
    text = "ex:S a sh:NodeShape ; sh:targetClass ex:Unit ; sh:nodeKind sh:IRI .\n"
    text += "ex:T a sh:NodeShape ; sh:targetClass ex:Unit ; sh:property ex:P .\n"
    text += "ex:P sh:path ex:x ; sh:minCount 1 ."
    with pytest.raises(InternalError, match=rf"pySHACL failed on {EX}T \(RuntimeError: odd\)"):
        findings(tmp_path, text)


def test_every_file_is_a_case() -> None:
    assert len(FILES) == len(list((Path(__file__).parent / "user_shapes").iterdir())) == 54
    assert len(RUN) == 34
