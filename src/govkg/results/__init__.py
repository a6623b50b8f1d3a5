"""Answers to queries: rows of terms, and their ways to data frames, networks and notebooks."""

from govkg.results.engine import Engine, Selects
from govkg.results.html import Labels
from govkg.results.result import Result

__all__ = ["Engine", "Labels", "Result", "Selects"]
