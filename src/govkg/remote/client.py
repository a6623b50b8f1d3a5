"""A client of the SPARQL 1.1 protocol: SPARQLWrapper, tried again where that may help."""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from govkg._version import __version__
from govkg.errors import GovkgError, InputError, RemoteError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from http.client import HTTPResponse
    from urllib.error import HTTPError

_BUSY = {429, 502, 503}
_LONGEST_WAIT = 30.0
_ADVICE = {
    400: "mend the query",
    401: "give auth=(user, password)",
    403: "it does not allow this query",
    404: "see whether the address is the SPARQL endpoint",
    413: "ask for less with LIMIT",
    504: "narrow the query, or raise the server's time limit",
}


class Settings(NamedTuple):
    """How a server is asked: seconds to wait, tries, rows a page, name and password."""

    timeout: int = 60
    tries: int = 4
    page: int = 5_000
    auth: tuple[str, str] | None = None


DEFAULT = Settings()


class Client:
    """Sends queries to one endpoint."""

    def __init__(
        self, endpoint: str, settings: Settings, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._endpoint = endpoint
        self._settings = settings
        self._sleep = sleep

    def send(self, sparql: str, form: str, dataset: Sequence[str]) -> bytes:
        """Send a query by POST and give the body: JSON of a SELECT or ASK, Turtle of a graph.

        `dataset` names the graphs to ask, none for the server's own choice. A server that is busy
        (429, 502, 503) or can't be reached is tried again, after as long as it says or twice as
        long each time. Raises InputError for a query that it can't read, RemoteError for the rest.
        """
        for attempt in range(1, self._settings.tries + 1):
            try:
                return self._once(sparql, form, dataset)
            except _Again as busy:
                if attempt == self._settings.tries:
                    raise RemoteError(f"{self._endpoint} {busy} ({attempt} tries).") from busy
                self._sleep(min(busy.wait or 2 ** (attempt - 2), _LONGEST_WAIT))
        raise RemoteError("a server is tried at least once: set tries to 1 or more.")

    def _once(self, sparql: str, form: str, dataset: Sequence[str]) -> bytes:
        # As in all of this module: a graph on this machine needs no HTTP.
        from http.client import HTTPException
        from urllib.error import HTTPError, URLError

        try:
            response = self._wrapper(sparql, form, dataset).query().response
            if response.headers.get("X-SPARQL-MaxRows"):  # Virtuoso's word for a cut answer
                raise RemoteError(
                    f"{self._endpoint} cut its answer at {response.headers['X-SPARQL-MaxRows']} "
                    "rows: add ORDER BY, and it is fetched in pages, or LIMIT."
                )
            body: bytes = response.read()
        except HTTPError as error:
            raise self._refused(error) from error
        except TimeoutError as error:
            raise self._late() from error
        except (URLError, ConnectionError, HTTPException) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise self._late() from error
            raise _Again(f"can't be reached ({getattr(error, 'reason', error)})") from error
        return body

    def _wrapper(self, sparql: str, form: str, dataset: Sequence[str]):  # type: ignore[no-untyped-def] # noqa: ANN202 - SPARQLWrapper has no types
        from urllib.request import urlopen

        from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper

        class Wrapper(SPARQLWrapper):
            """Raises HTTPError for every refusal.

            SPARQLWrapper reads the body of 400, 401, 404, 414 and 500, and keeps it only as a part
            of a message; what the server says of a query would have to be parsed out of that.
            """

            def _query(self) -> tuple[HTTPResponse, str]:
                request = self._createRequest()
                return urlopen(request, timeout=self.timeout or None), self.returnFormat  # noqa: S310

        wrapper = Wrapper(self._endpoint, agent=f"govkg/{__version__}")
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        wrapper.setTimeout(self._settings.timeout)
        wrapper.setReturnFormat(JSON if form in {"SELECT", "ASK"} else TURTLE)
        if self._settings.auth:
            wrapper.setCredentials(*self._settings.auth)
        for graph in dataset:
            wrapper.addParameter("default-graph-uri", graph)
            wrapper.addParameter("named-graph-uri", graph)
        wrapper.setQuery(sparql)
        wrapper.queryType = form
        return wrapper

    def _refused(self, error: HTTPError) -> GovkgError:
        code = error.code
        lines = _body(error).decode("utf-8", errors="replace").strip().splitlines() or [""]
        if code in _BUSY:
            after = error.headers.get("Retry-After", "")
            return _Again(f"is busy ({code})", float(after) if after.isdecimal() else None)
        kind = InputError if code == HTTPStatus.BAD_REQUEST else RemoteError
        advice = _ADVICE.get(code, "ask whoever runs it")
        return kind(f"{self._endpoint} answers {code}, {lines[0][:300]!r}: {advice}.")

    def _late(self) -> RemoteError:
        return RemoteError(
            f"{self._endpoint} gave no answer in {self._settings.timeout} s: narrow the query, "
            "or open it with a longer timeout."
        )


class _Again(GovkgError):  # noqa: N818 - reads as what it is
    """What may pass: to be tried again after `wait` seconds."""

    def __init__(self, message: str, wait: float | None = None) -> None:
        super().__init__(message)
        self.wait = wait


def _body(error: HTTPError) -> bytes:
    """Read what a refusal says; the status holds where its body is cut off."""
    from http.client import HTTPException

    try:
        return error.read()
    except (OSError, HTTPException):
        return b""
