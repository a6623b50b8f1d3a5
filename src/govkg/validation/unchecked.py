"""What a validation does not look at, in words for its summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg.namespaces import COUNTS_GRAPH, GOV

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.store import Store
    from govkg.validation.data import Data, Focus

_COUNTS = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{COUNTS_GRAPH}> {{ ?count <{GOV}observes> ?unit }} }}"
_DIGESTS = f"SELECT DISTINCT ?claim {{ ?claim <{GOV}quoteDigest> ?digest }}"


def unchecked(data: Data, focus: Focus) -> tuple[str, ...]:
    """List what was not looked at, each with its number."""
    return (*_counts(data, focus), *_digests(data.excerpt, focus))


def _counts(data: Data, focus: Focus) -> Iterator[str]:
    """Tell the counts of units that are left out where they are not a few."""
    if focus is None and data.left_out:
        total, looked = (_number(store) for store in (data.store, data.excerpt))
        if total > looked:
            yield f"{total - looked:,} of {total:,} counts of units"


def _number(store: Store) -> int:
    ((found,),) = store.select(_COUNTS)
    return int(found)


def _digests(store: Store, focus: Focus) -> Iterator[str]:
    """Tell the digests of quotes: whether they fit can only be seen beside the text."""
    claims = [str(claim) for (claim,) in store.select(_DIGESTS)]
    if found := sum(focus is None or claim in focus for claim in claims):
        yield f"{found:,} quote digests (`govkg evidence verify` does, where the text is at hand)"
