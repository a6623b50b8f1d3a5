"""Graphs on other machines: any server of the SPARQL 1.1 protocol, asked as the store is."""

from __future__ import annotations

import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from govkg import sparqltext
from govkg.errors import InputError, RemoteError
from govkg.namespaces import GRAPH
from govkg.queries import lookup
from govkg.remote.client import DEFAULT, Client, Settings
from govkg.store import convert_json, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from govkg.results import Result
    from govkg.results.graph import GraphResult

__all__ = ["DEFAULT", "RemoteStore", "Settings"]

_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_ROUND = 100  # what servers cut answers at is a multiple of this


class RemoteStore:
    """A SPARQL server that holds the graph; it answers over the union of its graphs.

    Where the server's default graph is not the union, the graphs are named in each request.
    """

    def __init__(self, endpoint: str, settings: Settings = DEFAULT) -> None:
        self.endpoint = endpoint
        self._client = Client(endpoint, settings)
        self._page = settings.page

    def query(self, sparql: str) -> Result | GraphResult | bool:
        """Run any query but an update: rows of a SELECT, a graph of a CONSTRUCT, a bool of an ASK.

        Raises InputError where the server finds a fault in the query, RemoteError where it can't
        be reached, refuses, or cuts its answer.
        """
        if _form(sparql) in {"SELECT", "ASK"}:
            return self._read(self._answer(sparql))
        return self._graph(sparql)

    def select(self, sparql: str) -> Result:
        """Run a SELECT; raise InputError for any other form of query."""
        if _form(sparql) != "SELECT":
            raise InputError("this takes a SELECT query; ASK and CONSTRUCT give no rows.")
        found = self._read(self._answer(sparql))
        assert not isinstance(found, bool)  # noqa: S101 - the form says so
        return found

    def serialize(self, sparql: str, form: str) -> bytes:
        """Run a query and write the answer in a W3C result format, a graph in Turtle."""
        if _form(sparql) in {"SELECT", "ASK"}:
            return convert_json(self._answer(sparql), form)
        return self._graph(sparql).serialize(format="turtle", encoding="utf-8")

    @cached_property
    def _dataset(self) -> list[str]:
        """Name the graphs to ask, where the server would not ask all of them by itself."""
        if self._ask_once(lookup("has-ontology").text, "boolean"):
            return []
        rows = self._ask_once(lookup("graphs").text, "results")["bindings"]
        graphs = sorted(row["g"]["value"] for row in rows)
        ours = [graph for graph in graphs if graph.startswith(GRAPH)]
        if not ours:
            raise RemoteError(
                f"{self.endpoint} holds no graph of govkg: load govkg.nq (docs/how-to/remote.md)."
            )
        return ours

    def _ask_once(self, sparql: str, key: str) -> Any:  # noqa: ANN401 - a part of JSON
        answer = self._json(self._client.send(sparql, _form(sparql), []))
        return answer[key]

    def _answer(self, sparql: str) -> bytes:
        """Get the whole answer as SPARQL 1.1 JSON, of as many pages as it takes."""
        whole: dict[str, Any] = {}
        for page in self._pages(sparql):
            if whole:
                whole["results"]["bindings"] += page["results"]["bindings"]
            else:
                whole = page
        for row in whole.get("results", {}).get("bindings", []):
            for term in row.values():
                if term.get("datatype") == _BOOLEAN:  # Virtuoso writes 1 for true
                    term["value"] = {"1": "true", "0": "false"}.get(term["value"], term["value"])
        return json.dumps(whole).encode()

    def _graph(self, sparql: str) -> GraphResult:
        """Get the triples of a CONSTRUCT or DESCRIBE, of as many pages as it takes."""
        from govkg.results.graph import GraphResult

        graph = GraphResult()
        for page in self._graph_pages(sparql):
            turtle = self._client.send(page, _form(sparql), self._dataset)
            try:
                graph.parse(data=turtle, format="turtle")
            except Exception as error:  # rdflib's parsers raise what they like
                raise self._cut(error) from error
        return graph

    def _graph_pages(self, sparql: str) -> list[str]:
        """Cut a CONSTRUCT into pages, once its solutions are counted.

        Servers cut graphs as they cut rows, and a graph shows nothing of it.
        """
        counting = sparqltext.counting(sparql) if _form(sparql) == "CONSTRUCT" else None
        solutions = self.select(counting).rows[0].n.value if counting else 0
        if solutions <= self._page:
            return [sparql]
        if not _in_order(sparql):
            raise RemoteError(
                f"this would build a graph of {solutions:,} solutions: add ORDER BY, and it is "
                "fetched in pages, or LIMIT."
            )
        return [self._slice(sparql, start) for start in range(0, solutions, self._page)]

    def _pages(self, sparql: str) -> Iterator[dict[str, Any]]:
        if _form(sparql) == "ASK" or not _in_order(sparql):
            yield self._json(self._client.send(sparql, _form(sparql), self._dataset))
            return
        seen, rows = 0, self._page
        # A page that is not full is the last, unless the server itself may have cut it.
        while rows == self._page or (rows and rows % _ROUND == 0):
            body = self._client.send(self._slice(sparql, seen), "SELECT", self._dataset)
            page = self._json(body)
            yield page
            rows = len(page["results"]["bindings"])
            seen += rows

    def _slice(self, sparql: str, start: int) -> str:
        _, (_, end) = sparqltext.solution_modifiers(sparql)
        return f"{sparql[:end]}\nLIMIT {self._page} OFFSET {start}\n{sparql[end:]}"

    def _read(self, answer: bytes) -> Result | bool:
        try:
            return read_json(answer)
        except SyntaxError as error:
            raise self._cut(error) from error

    def _json(self, answer: bytes) -> dict[str, Any]:
        try:
            found = json.loads(answer)
        except ValueError as error:
            raise self._cut(error) from error
        if not isinstance(found, dict) or not {"boolean", "results"} & found.keys():
            raise self._cut("neither rows nor a boolean")
        return found

    def _cut(self, why: object) -> RemoteError:
        return RemoteError(
            f"{self.endpoint} gave an answer that is cut off or of no known format ({why}): "
            "ask for less with LIMIT, or see whether the address is the SPARQL endpoint."
        )


def _form(sparql: str) -> str:
    form = sparqltext.form(sparql)
    if form is None:
        raise InputError("a server is asked SELECT, ASK, CONSTRUCT or DESCRIBE, nothing else.")
    return form


def _in_order(sparql: str) -> bool:
    """Say whether an answer is in order and whole, so that it can be fetched in pages."""
    tail, _ = sparqltext.solution_modifiers(sparql)
    limited = re.search(r"\b(LIMIT|OFFSET)\b", tail, re.IGNORECASE)
    return bool(re.search(r"\bORDER\s+BY\b", tail, re.IGNORECASE)) and not limited
