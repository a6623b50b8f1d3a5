"""What holds of the repository as a whole."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest

import needs
from govkg import layout

if TYPE_CHECKING:
    from pathlib import Path

    from govkg.documents import SourceText

RUN = 24  # as many characters in a row are a sentence, not a name
_LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
_PATH = re.compile(r"`((?:docs|ontology|data|queries|src|tests|tools)/[\w./-]*\w)`")


def files() -> list[Path]:
    """Every file of the checkout that git knows or would take."""
    needs.GIT.demand()
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    found = subprocess.run(words, cwd=layout.ROOT, capture_output=True, text=True, check=True)
    return [p for name in found.stdout.splitlines() if (p := layout.ROOT / name).is_file()]


def test_no_sentence_of_the_source_is_in_the_repository(source: SourceText) -> None:
    runs = {
        source.text[i : i + RUN]
        for i in range(len(source.text) - RUN)
        if "\n" not in source.text[i : i + RUN]
    }
    assert len(runs) > 1000
    found = files()
    assert len(found) > 500
    for path in found:
        text = path.read_bytes().decode("utf-8", errors="replace")
        hit = next((i for i in range(len(text) - RUN + 1) if text[i : i + RUN] in runs), None)
        assert hit is None, f"{path} repeats the source at character {hit}"


NOT_OURS = {"node_modules", ".venv", ".pytest_cache", "build"}
PAGES = [
    path
    for path in sorted(layout.ROOT.rglob("*.md"))
    if not NOT_OURS & {*path.relative_to(layout.ROOT).parts}
]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.name)
def test_documentation_names_files_that_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    inside = path.is_relative_to(layout.ROOT / "docs")  # there mkdocs follows them, in test_site
    for link in [] if inside else _LINK.findall(text):
        assert (path.parent / link).exists(), f"{path.name} links to {link}"
    for name in _PATH.findall(text):
        assert (layout.ROOT / name).exists() or "<" in name, f"{path.name} names {name}"


def test_there_are_pages_with_links_and_paths() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in PAGES)
    assert len(PAGES) > 20
    assert len(_LINK.findall(text)) > 30
    assert len(_PATH.findall(text)) > 20


def test_turtle_files_stay_reviewable() -> None:
    found = list((layout.DATA / "documents").rglob("*.ttl"))
    assert len(found) > 10
    for path in found:
        lines = len(path.read_text(encoding="utf-8").splitlines())
        assert lines <= 600, f"{path} has {lines} lines: split it"
