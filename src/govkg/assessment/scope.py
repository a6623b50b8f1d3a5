"""Which statements a check may judge: what its header lists, held against the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from govkg.errors import SourceError
from govkg.namespaces import SUPERSEDED, expand, local_name, shorten
from govkg.queries import lookup

if TYPE_CHECKING:
    from govkg.queries import Query
    from govkg.queryheader import Judged
    from govkg.store import Store


class Row(NamedTuple):
    """What a row of a check judges; IRIs in full, no statement where the claim itself is judged."""

    claim: str
    statement: str
    verdict: str


class Scope:
    """The traits of all accepted claims and of what they assert, read once."""

    def __init__(self, store: Store) -> None:
        self._traits: dict[tuple[str, str], set[str]] = {}
        for node, trait, value in store.select(lookup("judged-traits").text):
            self._traits.setdefault((str(node), str(trait)), set()).add(str(value))

    def hold(self, check: Query, row: Row) -> None:
        """Raise SourceError where a check judges what its header doesn't list."""
        fitting = [one for one in check.header.statements if self._fits(one, row)]
        if not fitting:
            judged = shorten(row.statement or row.claim)
            raise SourceError(
                check.path, None,
                f"{shorten(row.claim)} is judged by {judged}, which the header doesn't list under "
                "`statements`: list it there, or leave it out of the pattern.",
            )  # fmt: skip
        if row.verdict == local_name(SUPERSEDED) and not any(one.lasting for one in fitting):
            raise SourceError(
                check.path, None,
                f"{shorten(row.claim)} is {row.verdict}, which only a lasting state can be: "
                "say `lasting: true` in the header if it is one, or give another verdict.",
            )  # fmt: skip

    def _fits(self, judged: Judged, row: Row) -> bool:
        if row.statement and row.claim not in self._of(row.statement, "claim"):
            return False
        limits = {
            "class": judged.classes,
            "kind": judged.kind,
            "measure": judged.measure,
            "extent": judged.extent,
            "predicate": judged.predicate,
        }
        return self._has(row.claim, "modality", judged.modality) and all(
            self._has(row.statement, trait, names) for trait, names in limits.items()
        )

    def _has(self, node: str, trait: str, names: tuple[str, ...]) -> bool:
        return not names or not self._of(node, trait).isdisjoint(map(expand, names))

    def _of(self, node: str, trait: str) -> set[str]:
        return self._traits.get((node, trait), set())
