"""The page on architecture: its layers are those that import-linter holds, its modules exist."""

from __future__ import annotations

import re
import tomllib
from importlib.util import find_spec

import pytest
from tools.documentation.modules import glossary

from govkg import layout

PAGES = ["architecture.md", "architecture.zh.md"]


def page(name: str) -> str:
    return (layout.ROOT / "docs" / "explanation" / name).read_text(encoding="utf-8")


def contract() -> list[set[str]]:
    settings = tomllib.loads((layout.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    return [set(re.findall(r"\w+", layer)) for layer in layers]


@pytest.mark.parametrize("name", PAGES)
def test_the_layers_are_those_of_the_contract(name: str) -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", page(name), re.MULTILINE)
    assert [set(re.findall(r"`(\w+)`", row)) for row in rows] == contract()


@pytest.mark.parametrize("name", PAGES)
def test_the_calls_pass_through_modules_that_exist(name: str) -> None:
    calls = re.findall(r"^\| `[^|]+` \| (.*→.*) \|$", page(name), re.MULTILINE)
    assert len(calls) == 5
    for call in calls:
        for step in re.findall(r"[a-z_.]+", re.sub(r"\(.*?\)", "", call)):
            assert step == "networkx" or find_spec(f"govkg.{step}"), step


def test_every_module_says_in_a_line_what_it_is() -> None:
    found = glossary()
    assert len(found) > 100
    assert [name for name, line in found.items() if not line.endswith((".", ":"))] == []
    lines = list(found.values())
    assert len(set(lines)) == len(lines)
