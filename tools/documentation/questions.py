"""The pages of query files: questions with their parameters and text, networks, assessments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.documentation.markdown import cell, code, table

from govkg import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.documentation.markdown import Language

    from govkg.queries import Query

_WORDS = {
    "en": ("parameter", "type", "default"),
    "zh": ("参数", "类型", "默认值"),
}
_TITLES = {
    "competency": {"en": "Questions", "zh": "问题"},
    "networks": {"en": "Networks", "zh": "网络"},
    "checks": {"en": "Assessments", "zh": "核对"},
}
_NAMES = {"competency": "questions", "networks": "networks", "checks": "assessments"}


def pages(language: Language) -> Iterator[tuple[str, str]]:
    """Yield a page for each kind of query that people run."""
    for kind in ("competency", "networks", "checks"):
        found = [q for q in queries.catalog(kind).values() if not q.name.startswith("no-")]
        text = "".join(_section(query, language) for query in found)
        yield _NAMES[kind], f"# {_TITLES[kind][language]}\n{text}"


def _section(query: Query, language: Language) -> str:
    rows = [
        (code(name), about.type, code("" if about.default is None else about.default))
        for name, about in query.parameters.items()
    ]
    told = f"\n{table(_WORDS[language], rows)}" if rows else ""
    written = "\n".join(line for line in query.text.splitlines() if not line.startswith("#+"))
    return (
        f"\n## {query.name}\n\n{cell(query.title(language))}\n{told}\n"
        f'??? quote "SPARQL"\n\n    ```sparql\n{_indented(written.strip())}\n    ```\n'
    )


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())
