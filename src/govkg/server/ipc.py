"""What the front and a worker say to each other: frames with their length in front."""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from govkg.languages import Language

HEAD = struct.Struct(">cQ")


class Outcome(StrEnum):
    """How a worker's work ended: one letter, the first of a frame."""

    READY = "r"
    ANSWER = "a"
    COMPRESSED = "z"
    SYNTAX = "s"
    TOO_LARGE = "l"
    UNWRITABLE = "u"
    FAILED = "f"


@dataclass(frozen=True)
class Job:
    """A checked query, the media type of its answer, and the graphs it is asked of.

    `volatile` says that the answer may differ from one time to the next, `compress` lets it be
    gzip, and `language` is what mistakes are explained in.
    """

    query: str
    media_type: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    names_graphs: bool = False
    volatile: bool = False
    compress: bool = False
    language: Language = "en"

    def encode(self) -> bytes:
        """Write the job as a frame."""
        return frame("q", json.dumps(vars(self)).encode())

    def asked(self) -> bytes:
        """Write what decides the content of the answer."""
        return replace(self, compress=False, language="en").encode()

    @classmethod
    def decode(cls, body: bytes) -> Job:
        """Read the body of a frame."""
        found = json.loads(body)
        for name in ("default_graphs", "named_graphs"):
            found[name] = tuple(found[name])
        return cls(**found)


def frame(kind: str, body: bytes) -> bytes:
    """Put kind and length before a body."""
    return head_of(kind, body) + body


def head_of(kind: str, body: bytes) -> bytes:
    """Give kind and length of a body."""
    return HEAD.pack(kind.encode(), len(body))
