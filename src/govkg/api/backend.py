"""What answers for a graph: the store of a build on this machine, or a server."""

from __future__ import annotations

import warnings
from functools import cached_property
from typing import TYPE_CHECKING, get_args

from govkg.build import Build
from govkg.errors import InputError, PartialAnswer
from govkg.reference import Scope

if TYPE_CHECKING:
    from collections.abc import Mapping

    from govkg.queries import Query
    from govkg.remote import RemoteStore
    from govkg.results import Engine
    from govkg.store import Store

SCOPES = get_args(Scope)


class Backed:
    """A graph backed by a build, opened for reading, or by a server that holds one."""

    def __init__(self, found: Build | RemoteStore, *, in_memory: bool = False) -> None:
        self._found = found
        self._in_memory = in_memory

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
        """Give what answers queries: the store of the build, or the server."""
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
