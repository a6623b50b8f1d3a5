"""The glossary of modules: what each is, in the first line of its docstring."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tools.documentation.markdown import cell, code, table

from govkg import layout

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tools.documentation.markdown import Language

_WORDS = {
    "en": ("Modules", "Where a line of code belongs.", "module", "what is in it"),
    "zh": ("模块", "每行代码属于哪个模块。", "模块", "内容"),
}
SOURCE = layout.ROOT / "src"


def glossary() -> dict[str, str]:
    """Give the first line of the docstring of each module, by its dotted name."""
    return {
        _name(path): (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[
            0
        ]
        for path in sorted((SOURCE / "govkg").rglob("*.py"))
    }


def pages(language: Language) -> Iterator[tuple[str, str]]:
    """Yield the page of all modules."""
    title, head, *columns = _WORDS[language]
    rows = [(code(name), cell(line)) for name, line in glossary().items() if line]
    yield "modules", f"# {title}\n\n{head}\n\n{table(columns, rows)}"


def _name(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
