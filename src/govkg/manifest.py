"""A build on disk: where it is, what is in it, and what it was made of.

A build is a directory that never changes: `store/` (Oxigraph), `govkg.nq` (sorted), `govkg.trig`
and `MANIFEST.json`. A build of more of the reference data than the documents touch has no dump
unless one is asked for. `CURRENT` beside the builds names the one that answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from govkg.errors import InputError
from govkg.layout import display
from govkg.store import Store

if TYPE_CHECKING:
    from pathlib import Path

POINTER = "CURRENT"
MANIFEST = "MANIFEST.json"
DUMP = "govkg.nq"


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


@dataclass(frozen=True)
class Build:
    """A complete build on disk: its directory and its manifest."""

    directory: Path
    manifest: Manifest

    @property
    def triples(self) -> int:
        """Count the triples of all graphs."""
        return self.manifest.triples

    def open_store(self, *, in_memory: bool = False) -> Store:
        """Open the store of this build for reading, or copy it into memory (0.25 kB a triple)."""
        if not in_memory:
            return Store.open(self.directory / "store")
        dump = self.directory / DUMP
        return Store.of_dump(dump) if dump.is_file() else self.open_store().in_memory()


def current(home: Path) -> Build:
    """Find the build that answers; raise InputError where there is none."""
    try:
        name = (home / POINTER).read_text(encoding="utf-8").strip()
        manifest = read(home / name / MANIFEST)
    except (OSError, ValueError) as error:
        raise InputError(
            f"{display(home)} holds no complete build: run `govkg build` first."
        ) from error
    return Build(home / name, manifest)
