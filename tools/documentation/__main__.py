"""Build the documentation site: `python -m tools.documentation [FOLDER]`, which is `make site`.

The pages of `docs` and those made from code, ontology and data are laid together in `build/docs`, a
pair `<name>.md` (English) and `<name>.zh.md` (Chinese) each, and mkdocs turns them into the site.
"""

from __future__ import annotations

import logging
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.documentation import commands, data, errors, modules, questions, rules, terms
from tools.documentation.markdown import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tools.documentation.markdown import Language

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "build" / "docs"
_SECTIONS: tuple[Callable[[Language], Iterator[tuple[str, str]]], ...] = (
    commands.pages,
    data.pages,
    errors.pages,
    modules.pages,
    questions.pages,
    rules.pages,
    terms.pages,
)


def lay_out() -> None:
    """Lay the pages of `docs` and the generated ones together, anew."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(ROOT / "docs", PAGES)
    for language in LANGUAGES:
        ending = "md" if language == "en" else f"{language}.md"
        for section in _SECTIONS:
            for name, text in section(language):
                page = PAGES / "reference" / f"{name}.{ending}"
                page.parent.mkdir(parents=True, exist_ok=True)
                page.write_text(text, encoding="utf-8")


def unfold(entry: Any) -> Any:  # noqa: ANN401 - a tree of YAML
    """Replace each folder of the navigation (`reference/errors/`) by the pages in it."""
    if isinstance(entry, list):
        return [unfold(one) for one in entry]
    if isinstance(entry, dict):
        return {title: unfold(below) for title, below in entry.items()}
    if not str(entry).endswith("/"):
        return entry
    pages = sorted((PAGES / entry).glob("*.md"), key=lambda page: (page.stem != "index", page.name))
    return [f"{entry}{page.name}" for page in pages if not page.name.endswith(".zh.md")]


def main() -> None:
    """Build the site into the folder named, or into `build/site`."""
    os.environ["DISABLE_MKDOCS_2_WARNING"] = "true"  # a note of the theme's about another project
    from mkdocs.commands.build import build
    from mkdocs.config import load_config

    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    lay_out()
    places = {"site_dir": str(Path(sys.argv[1]).resolve())} if len(sys.argv) > 1 else {}
    config = load_config(str(ROOT / "mkdocs.yml"), **places)
    config.nav = unfold(config.nav)
    config.plugins.on_startup(command="build", dirty=False)
    try:
        build(config)
    finally:
        config.plugins.on_shutdown()


if __name__ == "__main__":
    main()
