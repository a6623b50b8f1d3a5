"""The manifest of a build: what is in it, and what it was made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from pathlib import Path


class FileFacts(msgspec.Struct, frozen=True):
    """The size of a file in bytes, and its sha256 in lower-case hex."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What MANIFEST.json says.

    `triples` counts those of all `graphs`, which count theirs by IRI; `derived` counts by rule,
    `assessments` verdicts by check; `sources` are paths from the root of the sources, `dumps` names
    in the folder of the build. `province` is a code where the build has one province only.
    """

    triples: int
    scope: str
    graphs: dict[str, int]
    dumps: dict[str, FileFacts]
    province: str | None = None
    govkg: str = ""
    assessments: dict[str, dict[str, int]] = {}
    derived: dict[str, int] = {}
    sources: dict[str, FileFacts] = {}

    def as_json(self) -> bytes:
        """Write it as JSON, keys in order: equal manifests have equal bytes."""
        text = msgspec.json.encode(self, order="sorted")
        return msgspec.json.format(text, indent=2) + b"\n"


def read(path: Path) -> Manifest:
    """Read a manifest; raise OSError or ValueError where there is none that is whole."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise ValueError(str(error)) from error
