"""Graphs on other machines, asked over the SPARQL 1.1 protocol."""

from govkg.remote.client import DEFAULT, Settings
from govkg.remote.store import RemoteStore

__all__ = ["DEFAULT", "RemoteStore", "Settings"]
