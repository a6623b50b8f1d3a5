"""What stops a run."""

from __future__ import annotations


class UnusableError(Exception):
    """An input is not what it must be: the message names it, what was expected, what was found."""
