"""What answers for a graph: the store of a build here, a server, or whatever runs its queries."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, get_args

from govkg import sparqltext
from govkg.errors import InputError, PartialAnswer
from govkg.manifest import Build
from govkg.reference import Scope
from govkg.results import Result
from govkg.store import read_json

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from govkg.queries import Query
    from govkg.remote import RemoteStore
    from govkg.results import Engine
    from govkg.results.graph import GraphResult
    from govkg.store import Store

SCOPES = get_args(Scope)


class FunctionEngine:
    """An engine made of a function: SPARQL and a result format to the bytes of the answer.

    Formats are those of `serialize`; a graph is asked for as `turtle`.
    """

    def __init__(self, answer: Callable[[str, str], bytes]) -> None:
        self._answer = answer

    def select(self, sparql: str) -> Result:
        """Run a SELECT; raise InputError for any other form of query."""
        found = self.query(sparql)
        if not isinstance(found, Result):
            raise InputError("this takes a SELECT query; ASK and CONSTRUCT give no rows.")
        return found

    def query(self, sparql: str) -> Result | GraphResult | bool:
        """Run any query: rows of a SELECT, a graph of a CONSTRUCT, a bool of an ASK."""
        if sparqltext.form(sparql) in {"SELECT", "ASK"}:
            return read_json(self._answer(sparql, "json"))
        from govkg.results.graph import GraphResult

        graph = GraphResult()
        graph.parse(data=self._answer(sparql, "turtle"), format="turtle")
        return graph

    def serialize(self, sparql: str, form: str) -> bytes:
        """Run a query and write its answer in a W3C result format, a graph in Turtle."""
        rows = sparqltext.form(sparql) in {"SELECT", "ASK"}
        return self._answer(sparql, form if rows else "turtle")


class Backed:
    """A graph backed by a build, opened for reading, or by a server that holds one.

    Its queries are run by `engine` where one is given, as the workers of `govkg serve` are. Without
    `read_all` a name is only looked up: no query reads all names for one that merely reads alike.
    """

    def __init__(
        self,
        found: Build | RemoteStore,
        *,
        in_memory: bool = False,
        engine: Engine | None = None,
        read_all: bool = True,
    ) -> None:
        self._found = found
        self._in_memory = in_memory
        self._engine = engine
        self._read_all = read_all

    @property
    def build(self) -> Build:
        """Give the build; raise InputError where the graph is on a server."""
        if isinstance(self._found, Build):
            return self._found
        raise InputError(
            f"this takes a build on this machine, and {self._found.endpoint} is a server: "
            "run `govkg build`."
        )

    @cached_property
    def store(self) -> Store:
        """Open the store of the build on first use; raise InputError where there is none."""
        return self.build.open_store(in_memory=self._in_memory)

    @property
    def engine(self) -> Engine:
        """Give what answers queries: the store of the build, the server, or what is given."""
        if self._engine is not None:
            return self._engine
        return self.store if isinstance(self._found, Build) else self._found

    def partial(self, query: Query, params: Mapping[str, str]) -> str:
        """Say which build has the rest of an answer; empty where this has all, or is a server.

        A query's header names under `needs` the scope that has the whole of it.
        """
        needed = query.needs(params)
        if not needed or not isinstance(self._found, Build):
            return ""
        scope, only = self.build.manifest.scope, self.build.manifest.province
        province = params.get("province")
        if SCOPES.index(scope) >= SCOPES.index(needed) and only in (None, province):
            return ""
        holds = f"scope {scope}" + (f" and province {only} only" if only else "")
        more = f" --province {province}" if province else ""
        return (
            f"this build has {holds}, so the answer is a part: "
            f"`govkg build --scope {needed}{more}` has the rest."
        )

    def _warn(self, query: Query, params: Mapping[str, str]) -> None:
        if told := self.partial(query, params):
            warnings.warn(told, PartialAnswer, stacklevel=4)

    def _origin(self) -> dict[str, str]:
        """Say which build or server answers, for whoever reads an export later."""
        if isinstance(self._found, Build):
            return {"build": self.build.directory.name, "scope": self.build.manifest.scope}
        return {"endpoint": self._found.endpoint}
