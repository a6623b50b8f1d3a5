"""Put on the path by one test: makes answering a query fail as a fault of govkg's own would."""

from __future__ import annotations

from govkg.store import Store


def _fail(*_: object) -> None:
    raise ZeroDivisionError("a fault for the test")


Store.query = _fail  # type: ignore[method-assign, assignment]
