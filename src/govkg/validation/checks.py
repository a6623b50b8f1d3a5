"""The checks of `queries/checks`: SELECTs that must return nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.validation.finding import Finding, name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from govkg.queries import Query
    from govkg.store import Store


def check_findings(checks: Iterable[Query], scopes: Mapping[str, Store]) -> Iterator[Finding]:
    """Run checks in the store that each names as its scope; a row is a finding."""
    for check in checks:
        rows = scopes[check.header["scope"]].select(check.text)
        for row in rows:
            said = dict(zip(rows.columns, map(name, row), strict=True))
            yield Finding(
                check.header["severity"],
                check.name,
                said["focus"],
                said.get("path", ""),
                said.get("value", ""),
                {lang: _fill(text, said) for lang, text in check.header["message"].items()},
            )


def _fill(message: str, said: Mapping[str, str]) -> str:
    for column, value in said.items():
        message = message.replace(f"{{{column}}}", value)
    return message
