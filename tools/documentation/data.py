"""The page of reference datasets, from each `dataset.yaml`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tools.documentation.markdown import cell, code, said, table

from govkg import layout
from govkg.textfile import load_mapping

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.documentation.markdown import Language

_WORDS = {
    "en": ("Datasets", "Publisher", "License", "Cut-off", "column", "type", "what"),
    "zh": ("数据集", "发布者", "许可", "截止日期", "列", "类型", "说明"),
}


def pages(language: Language) -> Iterator[tuple[str, str]]:
    """Yield the page of all datasets and their tables."""
    found = sorted((layout.DATA / "reference").glob("*/dataset.yaml"))
    sections = (
        _section(path.parent.name, load_mapping(path.read_text("utf-8")), language)
        for path in found
    )
    yield "datasets", f"# {_WORDS[language][0]}\n{''.join(sections)}"


def _section(name: str, about: dict[str, Any], language: Language) -> str:
    _, publisher, licensed, cutoff, *columns = _WORDS[language]
    text = f"\n## {name}\n\n{cell(said(about['title'], language))}\n\n"
    if "publisher" in about:
        text += f"- {publisher}: {cell(said(about['publisher'], language))}\n"
    text += f"- {licensed}: {cell(about['license']['id'])}\n"
    if "cutoff" in about:
        text += f"- {cutoff}: {about['cutoff']}\n"
    for table_name, described in about.get("tables", {}).items():
        rows = [
            (code(column), told["type"], told.get(language, ""))
            for column, told in described["columns"].items()
        ]
        text += f"\n### {name}/{table_name}\n\n{table(columns, rows)}"
    if notes := about.get("notes"):
        text += "\n" + "".join(f"- {cell(said(note, language))}\n" for note in notes)
    return text
