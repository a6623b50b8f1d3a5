"""The page of rules that validation goes by: what each is about and says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.documentation.markdown import cell, said

from govkg.validation.rules import all_rules, anchor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.documentation.markdown import Language

_WORDS = {
    "en": ("Rules of validation", "Severity", "About"),
    "zh": ("校验规则", "严重程度", "对象"),
}


def pages(language: Language) -> Iterator[tuple[str, str]]:
    """Yield the page of all shapes and checks that say a message."""
    title, severity, about = _WORDS[language]
    text = f"# {title}\n"
    for rule in all_rules():
        text += f"\n## {rule.id} {{ #{anchor(rule.id)} }}\n\n{cell(rule.title[language])}\n\n"
        text += f"- {severity}: {rule.severity}\n- {about}: {cell(rule.about) or '-'}\n\n"
        text += f"> {cell(said(rule.message, language))}\n"
    yield "rules", text
