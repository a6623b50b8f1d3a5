"""The pages of errors: one for each name of the tree, and the tree."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from tools.documentation.markdown import cell, table

from govkg import errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.documentation.markdown import Language

_WORDS = {
    "en": ("Errors", "error", "exit code", "when", "under", "Raised from govkg as"),
    "zh": ("错误", "错误", "退出码", "何时", "上级", "在 Python 中为"),
}


def tree() -> list[type[errors.GovkgError]]:
    """List every error of govkg, each after what it is a kind of."""
    found = [errors.GovkgError]
    for error in found:
        found += error.__subclasses__()
    ours = [error for error in found if error.__module__ == errors.__name__]
    return sorted(ours, key=lambda error: [one.__name__ for one in reversed(error.__mro__)])


def pages(language: Language) -> Iterator[tuple[str, str]]:
    """Yield the page of the tree, then a page for each error."""
    title, error, exit_code, when, under, name = _WORDS[language]
    rows = [(f"[{one.__name__}]({one.__name__}.md)", one.exit_code, _when(one)) for one in tree()]
    yield "errors/index", f"# {title}\n\n{table((error, exit_code, when), rows)}"
    for one in tree():
        above = one.__mro__[1]
        text = f"# {one.__name__}\n\n{_when(one)}\n\n- {exit_code}: {one.exit_code}\n"
        if issubclass(above, errors.GovkgError):
            text += f"- {under}: [{above.__name__}]({above.__name__}.md)\n"
        yield f"errors/{one.__name__}", f"{text}- {name}: `govkg.errors.{one.__name__}`\n"


def _when(error: type[errors.GovkgError]) -> str:
    return cell(inspect.getdoc(error) or "")
