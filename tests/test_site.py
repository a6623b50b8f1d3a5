"""The documentation site: it builds without a warning, and what should be on it is on it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from lxml import html
from tools.documentation import commands, errors
from tools.documentation.markdown import LANGUAGES, cell, table

from govkg import layout, queries, sources
from govkg.validation.rules import all_rules, anchor

if TYPE_CHECKING:
    from pathlib import Path

    from tools.documentation.markdown import Language


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "tools.documentation", str(folder)]
    done = subprocess.run(command, cwd=layout.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr  # mkdocs is strict: a dead link ends in 1
    return folder


def headings(site: Path, page: str, language: Language) -> list[str]:
    folder = site if language == "en" else site / language
    parsed = html.parse(folder / f"{page}.html")
    return [str(one) for one in parsed.xpath("//h1/@id | //h2/@id")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_question_and_command_has_its_place(site: Path, language: Language) -> None:
    rules = [anchor(rule.id) for rule in all_rules()]
    assert headings(site, "reference/rules", language)[1:] == rules
    assert len(rules) > 100
    questions = list(queries.catalog("competency"))
    assert headings(site, "reference/questions", language)[1:] == questions
    ((_, page),) = commands.pages(language)
    assert page.count("\n## govkg ") == len(headings(site, "reference/commands", language)) - 1 > 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_and_error_has_its_place(site: Path, language: Language) -> None:
    terms = headings(site, "reference/ontology/cn-institution-module", language)
    assert {"StreetOffice", "PartyCommittee"} <= set(terms)
    made = [
        path for room in sources.ontology_folders() for path in (room / "modules").glob("*.ttl")
    ]
    folder = site / ("" if language == "en" else language) / "reference"
    assert len(list(folder.glob("ontology/*-module.html"))) == len(made) - 1  # reused has no terms
    assert {path.stem for path in folder.glob("errors/*.html")} == {
        "index",
        *(error.__name__ for error in errors.tree()),
    }


def test_nothing_is_fetched_from_other_hosts(site: Path) -> None:
    fetched = set()
    for page in site.rglob("*.html"):
        parsed = html.parse(page)
        fetched |= set(parsed.xpath("//script/@src | //img/@src | //link[@rel='stylesheet']/@href"))
    assert fetched
    assert not [address for address in fetched if str(address).startswith(("http", "//"))]


def test_cells_break_no_table_and_make_no_tag() -> None:
    assert cell("a | b\n<c> {d}") == "a \\| b &lt;c> &#123;d}"
    assert table(["a"], [["b"]]) == "| a |\n| --- |\n| b |\n"
