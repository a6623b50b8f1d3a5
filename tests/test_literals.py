"""Lexical forms of XSD: judged by its own grammar, alike in every engine and without noise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lxml import etree
from rdflib import Graph

from govkg import validation, xsd
from govkg.namespaces import COUNTS_GRAPH, PREFIXES
from govkg.store import Store
from govkg.validation.data import LARGE, Data, unchecked
from govkg.validation.formats import write
from govkg.validation.ill_typed import is_ill_typed
from govkg.validation.report import Report

if TYPE_CHECKING:
    from conftest import Run

# Datatype: forms of it, and forms that are none.
FORMS: dict[str, tuple[list[str], list[str]]] = {
    "boolean": (["true", "0"], ["TRUE", "t", " true", "yes"]),
    "byte": (["127", "-128", "+1"], ["128", "1.0"]),
    "date": (
        ["2013-02-28", "2013-02-28Z", "2012-02-29", "-0044-01-01", "0000-02-29", "12013-01-01"],
        ["2013-02-30", "2013-2-8", "20130228", "012013-01-01", "2013-02-28+14:01", "2013-W08-1"],
    ),
    "dateTime": (
        ["2013-01-01T24:00:00", "2013-01-01T00:00:00.5Z", "-0044-01-01T00:00:00"],
        ["2013-01-01", "2013-01-01T25:00:00", "2013-01-01 00:00:00", "20130101T000000"],
    ),
    "decimal": (
        ["+1", "-0", "1.", ".5", "007"],
        ["1_000", "1e3", "INF", "NaN", "1,000", "", ".", " 1 ", "１", "\u0661"],
    ),
    "double": (["1e3", "INF", "-INF", "NaN", "1."], ["1_0", "0x1", "１"]),
    "duration": (["P1Y", "-P1D", "PT1.5S"], ["P", "P1S", "P1.5Y", "PT"]),
    "gMonth": (["--01"], ["--13", "01"]),
    "gYear": (["2013", "-0044", "2013Z"], ["13", "02013", "２０１３"]),
    "gYearMonth": (["2013-12"], ["2013-13", "201312"]),
    "hexBinary": (["0aFF", ""], ["0", "zz"]),
    "base64Binary": (["YQ==", "Y Q = ="], ["YQ=", "YR=="]),
    "integer": (["+1", "-0", "007"], ["1.0", "1e3", "1_0", " 1", "１", ""]),
    "language": (["zh-Hans"], ["zh_Hans"]),
    "NCName": (["名", "a-1"], ["1a", "a:b", "a b"]),
    "nonNegativeInteger": (["0", "-0"], ["-1", "1_0"]),
    "string": (["", " a\n\t\\"], []),
    "time": (["23:59:59Z", "24:00:00"], ["12:00", "12:00:60"]),
    "yearMonthDuration": (["P1Y2M"], ["P1D"]),
}
CASES = [
    (datatype, text, valid)
    for datatype, sides in FORMS.items()
    for valid, texts in zip((True, False), sides, strict=True)
    for text in texts
]
# What libxml2 says otherwise, by XML Schema 1.0, with whitespace, or by mistake.
ELSEWHERE = {(" true", "boolean"), (" 1 ", "decimal"), (" 1", "integer"), ("0000-02-29", "date")}


@pytest.mark.parametrize(("datatype", "text", "valid"), CASES)
def test_the_grammar_is_xsd_s(datatype: str, text: str, valid: bool) -> None:
    assert xsd.is_valid(text, datatype) is valid
    assert is_ill_typed(text, xsd.NAMESPACE + datatype) is not valid
    if datatype != "yearMonthDuration":  # of XML Schema 1.1
        assert _libxml2(datatype, text) is (valid ^ ((text, datatype) in ELSEWHERE))


def _libxml2(datatype: str, text: str) -> bool:
    xs = "http://www.w3.org/2001/XMLSchema"
    schema = f'<s:schema xmlns:s="{xs}"><s:element name="r" type="s:{datatype}"/></s:schema>'
    element = etree.Element("r")
    element.text = text
    return bool(etree.XMLSchema(etree.fromstring(schema)).validate(element))


def test_every_datatype_of_our_shapes_has_a_grammar() -> None:
    from rdflib import SH

    named = set(map(str, validation.load_shapes().objects(None, SH.datatype)))
    assert named == {
        PREFIXES["edtf"] + "EDTF",
        PREFIXES["rdf"] + "langString",  # which has no grammar: any text with a language
        *(xsd.NAMESPACE + one for one in ("boolean", "date", "decimal", "integer", "string")),
    }


@pytest.mark.parametrize("engine", ["pyshacl", "shacl-rust", "topbraid"])
def test_every_engine_says_the_same(engine: str, capfd: pytest.CaptureFixture[str]) -> None:
    data, shapes = _each_in_its_shape()
    rows = validation.run_rules(data, shapes, engine)
    bad = {json.loads(row.value.rpartition("^^")[0]) for row in rows}
    assert {row.focus for row in rows} == {
        f"<urn:n{number}>" for number, (_, _, valid) in enumerate(CASES) if not valid
    }
    assert {row.component for row in rows} == {"DatatypeConstraintComponent"}
    assert bad == {text for _, text, valid in CASES if not valid}
    assert not any("ill-typed" in row.value for row in rows)
    assert "Traceback" not in capfd.readouterr().err


def _each_in_its_shape() -> tuple[Data, Graph]:
    sh = PREFIXES["sh"]
    shapes = [
        f"<urn:s:{datatype}> a <{sh}NodeShape> ; <{sh}targetSubjectsOf> <urn:p:{datatype}> ; "
        f"<{sh}property> <urn:q:{datatype}> . <urn:q:{datatype}> <{sh}path> "
        f"<urn:p:{datatype}> ; <{sh}datatype> <{xsd.NAMESPACE}{datatype}> ."
        for datatype in FORMS
    ]
    lines = [
        f"<urn:n{number}> <urn:p:{datatype}> {json.dumps(text, ensure_ascii=False)}"
        f"^^<{xsd.NAMESPACE}{datatype}> ."
        for number, (datatype, text, _) in enumerate(CASES)
    ]
    store = Store()
    store.load_text("\n".join(lines), Path("x.nt"), "urn:g")
    return Data(store), Graph().parse(data="\n".join(shapes), format="turtle")


def test_a_file_is_judged_without_noise(program: Run, home: Path, tmp_path: Path) -> None:
    """What the value is, where it stands, and no word of a library on stderr."""
    names = ("edtf", "event", "gov", "inst", "measure", "obs", "quality", "rdfs", "territory")
    head = "".join(f"@prefix {n}: <{PREFIXES[n]}> .\n" for n in (*names, "unit", "xsd"))
    label = 'rdfs:label "例"@zh , "Example"@en'
    written = ["1_000", "1e3", "INF", "1,000"]
    figures = "".join(
        f"obs:x-{n} a gov:Observation ; {label} ; gov:observes territory:guiyang ; "
        f'gov:measure measure:resident-committees ; gov:rawText "1000个" ; '
        f'gov:statedValue "{text}"^^xsd:decimal ; gov:unit unit:one ; gov:quality quality:ok .\n'
        for n, text in enumerate(written)
    )
    times = ["2013-02-30", "2013/2010", "[2013..2007]"]
    events = "".join(
        f"event:x-{n} a gov:Pilot ; {label} ; gov:territory territory:guiyang ; "
        f'gov:when "{text}"^^edtf:EDTF .\n'
        for n, text in enumerate(times)
    )
    path = tmp_path / "x.ttl"
    path.write_text(head + figures + events, encoding="utf-8")
    words = ("validate", str(path), "--format", "json", "--build", str(home))
    for engine in ("pyshacl", "shacl-rust"):
        found = program(*words, "--engine", engine)
        assert (found.returncode, found.stderr) == (1, "")
        told = [one for one in json.loads(found.stdout) if one["rule"].startswith("shape:")]
        by_rule = {(one["rule"], one["value"]) for one in told}
        assert by_rule == {
            *(("shape:ObservationShape-decimal", text) for text in written),
            *(("shape:StatementShape-date", text) for text in times),
        }
        lines = path.read_text(encoding="utf-8").splitlines()
        for one in told:
            assert lines[one["line"] - 1][one["column"] - 1 :].startswith(f'"{one["value"]}"^^')


def test_what_was_not_looked_at_is_told(tmp_path: Path) -> None:
    gov, claim = PREFIXES["gov"], PREFIXES["claim"]
    lines = [
        *(f"<urn:count-{n}> <{gov}observes> <urn:place> <{COUNTS_GRAPH}>" for n in range(3)),
        f'<{claim}a-s1-1> <{gov}quoteDigest> "00" <urn:document>',
        "<urn:check> <urn:uses> <urn:count-1> <urn:document>",
    ]
    quads = tmp_path / "data.nq"
    quads.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
    store = Store()
    store.load(quads)
    digests = "1 quote digests (`govkg evidence verify` does, where the text is at hand)"
    assert unchecked(Data(store), None) == (digests,)
    assert unchecked(Data(store), frozenset()) == ()
    large = Data(store, sizes={"urn:document": LARGE, COUNTS_GRAPH: 3})
    told = unchecked(large, None)
    assert told == ("2 of 3 counts of units", digests)
    report = Report((), 1, 0, unchecked=told)
    assert report.summary.endswith(f"; not checked: 2 of 3 counts of units, {digests}")
    run = json.loads(write(report, "sarif", "en", validation.Locations([])))["runs"][0]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == report.not_checked
