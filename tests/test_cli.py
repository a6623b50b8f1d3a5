"""The command line as people meet it: every command, every bad input, every exit code."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from govkg import layout
from govkg.cli import app, pipeline
from govkg.cli.common import size
from govkg.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from conftest import Run


def test_every_command_has_help(govkg: Run) -> None:
    first = govkg("--help")
    commands = re.findall(r"^  ([a-z]+) ", first.stdout.partition("Commands:")[2], re.MULTILINE)
    assert len(commands) >= 9
    for command in commands:
        found = govkg(command, "--help")
        assert found.returncode == 0
        assert len(found.stdout.splitlines()) > 3


def test_version(program: Run) -> None:
    from govkg import __version__

    assert program("--version").stdout == f"govkg {__version__}\n"


def test_a_program_is_called_by_its_name_only_where_that_finds_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = Path(sys.executable).parent
    monkeypatch.chdir(layout.ROOT)
    monkeypatch.setenv("PATH", str(folder))
    assert layout.command("govkg") == "govkg"
    assert layout.installing("server") == "pip install -e '.[server]'"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert layout.command("govkg") == layout.display(folder / "govkg")
    (tmp_path / "govkg").touch(0o755)  # another of the same name
    assert layout.command("govkg") == layout.display(folder / "govkg")
    assert layout.command("nothing") == "python -m nothing"
    monkeypatch.chdir(tmp_path)
    assert layout.installing("server") == f"{folder}/pip install -e '{layout.ROOT}[server]'"


def test_every_extra_that_a_message_names_exists() -> None:
    metadata = tomllib.loads((layout.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    sources = [path.read_text(encoding="utf-8") for path in (layout.ROOT / "src").rglob("*.py")]
    named = {
        extra
        for text in sources
        for extra in re.findall(r"MissingLibrary\(\s*f?\"[^\"]*\", \"(\w+)\"", text)
    }
    assert named == {"analysis", "excel", "frames", "server", "shapes", "topbraid"}
    assert named <= set(metadata["project"]["optional-dependencies"])
    assert not [text for text in sources if re.search(r"pip install.*(?<!')govkg\[\w", text)]


@pytest.mark.parametrize("module", ["govkg", "govkg.cli"])
def test_importing_pulls_in_nothing_heavy(module: str) -> None:
    heavy = (
        "matplotlib",
        "networkx",
        "numpy",
        "polars",
        "pyoxigraph",
        "pyshacl",
        "rdflib",
        "undate",
    )
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_a_question_loads_only_what_answers_it(home: Path) -> None:
    rest = {"analysis.divisions", "assessment", "build", "documents", "exports", "validation"}
    rest |= {"networks", "reference.datasets", "server"}
    code = (
        f"import sys, govkg; govkg.open({str(home)!r}).query('cq01'); "
        f"print([name for name in {sorted(rest)} if f'govkg.{{name}}' in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


@pytest.mark.parametrize("well", [True, False])
def test_run_goes_where_it_is_told(
    well: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The whole way itself is gone from the wheel, in test_package."""
    went: list[tuple[Path, str]] = []

    def run_all(home: Path, language: str) -> bool:
        went.append((home, language))
        return well

    monkeypatch.setattr("govkg.cli.pipeline.run_all", run_all)
    done = CliRunner().invoke(app, ["run", "--build", str(tmp_path), "--lang", "zh"])
    assert done.exit_code == (0 if well else 1)
    assert went == [(tmp_path, "zh")]


def test_run_says_what_to_try_next_of_its_own_build(
    govkg: Run, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my build").symlink_to(home)
    monkeypatch.chdir(tmp_path)
    _, *lines = pipeline.next_steps(Path("my build"), "en").splitlines()
    typed = [shlex.split(line, comments=True)[1:] for line in lines]
    assert [words[0] for words in typed] == ["queries", "query", "validate", "export", "evidence"]
    for words in typed:
        assert words[-2:] == ["--build", "my build"] or words == ["queries"]
        if words[0] != "validate":  # slow, and the same option
            assert govkg(*words).returncode == 0
    assert (tmp_path / "a.gexf").is_file()
    assert "--build" not in pipeline.next_steps(layout.default_build(), "zh")


def test_validate_speaks_chinese_writes_for_machines_and_fails_on_what_it_is_told(
    govkg: Run, home: Path, tmp_path: Path
) -> None:
    file = str(layout.DATA / "documents/usm2013/observations/1.ttl")
    words = ("--build", str(home), "--fail-on", "info", "-o", str(tmp_path / "report.json"))
    found = govkg("validate", file, *words, LC_ALL="zh_CN.UTF-8")
    assert found.returncode == 1, found.stdout
    assert re.search(
        r"\d+ shape constraints \(pyshacl\) and \d+ checks ran: 0 violations", found.stdout
    )
    assert "文献" in found.stdout, "the article's own faults are told, and fail nothing"
    findings = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert {finding["severity"] for finding in findings} == {"info"}
    assert all(finding["place"].endswith(tuple("0123456789")) for finding in findings)


@pytest.mark.parametrize("command", ["queries", "networks"])
def test_listings_have_three_formats(govkg: Run, command: str) -> None:
    tables = {form: govkg(command, "--format", form).stdout for form in ("table", "csv", "json")}
    rows = list(csv.reader(io.StringIO(tables["csv"])))
    records = json.loads(tables["json"])
    assert len(records) == len(rows) - 1 > 0
    assert list(records[0]) == rows[0]
    for row in rows[1:]:
        assert row[0] in tables["table"]


@pytest.mark.parametrize(
    ("form", "start"),
    [("csv", "cityLabel,"), ("tsv", "?cityLabel\t"), ("json", '{"head"'), ("xml", "<?xml")],
)
def test_query_writes_the_w3c_formats(program: Run, home: Path, form: str, start: str) -> None:
    found = program("query", "cq01", "--build", str(home), "--format", form)
    assert found.returncode == 0
    assert found.stdout.startswith(start)


def test_query_takes_sparql_and_parameters(govkg: Run, home: Path) -> None:
    where = ("--build", str(home))
    assert govkg("query", "ASK { ?s ?p ?o }", *where).stdout == "True\n"
    construct = "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 1"
    assert " a " in govkg("query", construct, *where).stdout
    found = govkg("query", "cq10", "--param", "year=2009", "--lang", "zh", *where)
    assert "大庆" in found.stdout
    assert "2011" not in found.stdout


def test_coverage_counts_the_claims(govkg: Run, home: Path) -> None:
    found = govkg("document", "coverage", "--build", str(home), "--section", "54-77")
    assert found.returncode == 0
    assert "21 of 21 body units carry a claim" in found.stdout


def test_show_prints_the_claims_as_an_outline(govkg: Run, home: Path) -> None:
    where = ("--build", str(home), "--section", "74")
    found = govkg("document", "show", *where, "--lang", "en", GOVKG_SOURCE="")
    lines = found.stdout.splitlines()
    assert lines[:2] == ["[74]", "  claim:usm2013-s074-1  fact · author"]
    assert sum(line.startswith("  claim:") for line in lines) == 4
    assert "+event/guiyang-street-offices-abolished" in found.stdout
    assert "事实" in govkg("document", "show", *where, "--lang", "zh").stdout
    section = govkg("document", "show", "--build", str(home), "--section", "3-2")
    assert "[71]" in section.stdout
    assert "[69]" not in section.stdout


@pytest.mark.usefixtures("source")
def test_show_quotes_the_text_where_it_is_at_hand(govkg: Run, home: Path) -> None:
    found = govkg("document", "show", "--build", str(home), "--section", "74")
    assert "「" in found.stdout


def test_export_asks_before_it_overwrites(govkg: Run, home: Path, tmp_path: Path) -> None:
    path = tmp_path / "网络.gexf"
    words = ("export", "institutions", "--build", str(home), "-o", str(path))
    assert govkg(*words).returncode == 0
    before = path.read_bytes()
    refused = govkg(*words, "--format", "graphml")
    assert refused.returncode == 2
    assert "say --force" in refused.stderr
    assert path.read_bytes() == before
    assert govkg(*words, "--format", "graphml", "--force").returncode == 0
    assert path.read_bytes() != before
    assert sorted(one.name for one in tmp_path.iterdir()) == ["网络.gexf", "网络.gexf.json"]


BAD = [
    (("query", "cq99"), "no query is called 'cq99'"),
    (("query", "cq10", "--param", "yeer=2011"), "no parameter 'yeer'; it has: year, lang"),
    (("query", "cq10", "--param", "year=last"), "year='last' is not of type integer"),
    (("query", "cq10", "--param", "year"), "--param takes name=value"),
    (("query", "nowhere/mine.rq"), "nowhere/mine.rq: can't be read"),
    (("query", "SELECT ?x WHER {}"), "not valid SPARQL 1.1: error at 1:"),
    (("query", "cq01", "--format", "yaml"), "yaml"),
    (("query", "cq01", "--lang", "fr"), "fr"),
    (("export", "instituions", "-o", "x.gexf"), "did you mean institutions"),
    (("export", "institutions", "-o", "no/such/folder/x.gexf"), "can't be written"),
    (("document", "coverage", "--section", "a-b"), "or units as 54-77, not 'a-b'"),
    (("document", "show", "--section", "77-54"), "or units as 54-77, not '77-54'"),
    (("document", "coverage", "--document", "usm2012"), "did you mean usm2013?"),
    (("validate", "--fail-on", "typo"), "typo"),
    (("frobnicate",), "frobnicate"),
]


@pytest.mark.parametrize(("words", "message"), BAD, ids=lambda value: str(value)[:50])
def test_bad_input_is_one_clear_line(
    govkg: Run, home: Path, words: tuple[str, ...], message: str
) -> None:
    where = () if words[0] == "frobnicate" else ("--build", str(home))
    found = govkg(*words, *where)
    assert found.returncode == 2, found.stdout + found.stderr
    assert message in found.stderr
    assert "Traceback" not in found.stderr
    assert found.stdout == ""


def test_without_a_build_it_says_what_to_do(program: Run, tmp_path: Path) -> None:
    found = program("query", "cq01", "--build", str(tmp_path / "none"))
    assert found.returncode == 2
    assert "run `govkg build` first" in found.stderr


def test_a_fault_of_our_own_is_exit_4(program: Run, home: Path) -> None:
    found = program("query", "cq01", "--build", str(home), PYTHONPATH="tests/faults")
    assert (found.returncode, found.stdout) == (4, "")
    assert "internal error, ZeroDivisionError: a fault for the test" in found.stderr


def test_evidence_from_the_command_line(govkg: Run, tmp_path: Path, source: object) -> None:
    assert source is not None
    verified = govkg("evidence", "verify")
    assert verified.returncode == 0
    assert re.search(r"\d+ spans, 0 problems; digests checked", verified.stdout)
    path = tmp_path / "draft.ttl"
    path.write_text(
        'claim:usm2013-s074-9 gov:textUnit doc:usm2013-u074 ; gov:quote "辽源市" .\n', "utf-8"
    )
    assert govkg("evidence", "digest", str(path)).stdout.endswith("draft.ttl: 1 spans filled\n")
    assert "gov:quoteDigest" in path.read_text(encoding="utf-8")


def test_evidence_without_the_text_says_skipped(govkg: Run, tmp_path: Path) -> None:
    nothing = tmp_path / "nothing"
    nothing.mkdir()
    found = govkg("evidence", "verify", "--source", str(nothing))
    assert found.returncode == 2
    assert "is not the text of usm2013" in found.stderr


@pytest.mark.parametrize(
    ("module", "extra"), [("numpy.linalg", "analysis"), ("pandas", "frames"), ("zzz", None)]
)
def test_without_a_library_it_says_which_extra(
    govkg: Run, monkeypatch: pytest.MonkeyPatch, module: str, extra: str | None
) -> None:
    def gone() -> None:
        raise ModuleNotFoundError(f"No module named {module!r}", name=module)

    monkeypatch.setattr("govkg.cli.app", gone)
    found = govkg("queries")
    if extra:
        library = module.partition(".")[0]
        told = f"govkg: this takes {library}: {layout.installing(extra)}\n"
        assert (found.returncode, found.stderr) == (2, told)
    else:
        assert found.returncode == 4
        assert "internal error, ModuleNotFoundError: No module named 'zzz'." in found.stderr


@pytest.mark.parametrize("words", [("levels", "--year", "2023"), ("timeline",)])
def test_analyze_without_numpy(words: tuple[str, ...]) -> None:
    code = "import sys; sys.modules['numpy'] = None; from govkg.cli import main; main()"
    command = [sys.executable, "-c", code, "analyze", *words]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert found.stderr == f"govkg: this takes numpy: {layout.installing('analysis')}\n"


def test_every_command_that_writes_a_file_takes_force() -> None:
    """The walk is over the commands themselves, so that one that is added is held to it too."""
    options = dict(_options(get_command(app), "govkg"))
    writing = {name for name, of in options.items() if of & {"--output", "--figure"}}
    assert {"govkg validate", "govkg export", "govkg crosswalk"} < writing
    assert {name for name, of in options.items() if "--force" in of} == writing


# typer ships a click of its own without types, hence Any.
def _options(command: Any, name: str) -> Iterator[tuple[str, set[str]]]:  # noqa: ANN401
    yield name, {option for one in command.params for option in one.opts}
    for word, below in getattr(command, "commands", {}).items():
        yield from _options(below, f"{name} {word}")


def test_validate_keeps_a_file_that_is_there(govkg: Run, tmp_path: Path) -> None:
    report = tmp_path / "report.json"
    report.write_text("mine", encoding="utf-8")
    refused = govkg("validate", "-o", str(report))
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "report.json exists: say --force to overwrite it" in refused.stderr
    assert report.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(("text", "count"), [("1KiB", 1024), ("64MiB", 2**26), ("2GiB", 2**31)])
def test_a_size_has_its_unit(text: str, count: int) -> None:
    assert size("--answer", text) == count


@pytest.mark.parametrize("text", ["64", "65536", "64MB", "64 MiB", "0MiB", "-1MiB", "１MiB", ""])
def test_a_size_without_a_unit_is_no_guess(text: str) -> None:
    with pytest.raises(ParameterError, match=r"--answer .* is no size: write KiB, MiB or GiB"):
        size("--answer", text)


def test_serve_takes_no_memory_that_no_query_runs_in(govkg: Run) -> None:
    refused = govkg("serve", "--memory", "512KiB")
    assert refused.returncode == 2
    assert "--memory 512KiB is too little: give 64MiB or more" in refused.stderr
