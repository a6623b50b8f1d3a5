"""Validation of a build, or of files in its context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from govkg import validation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from govkg.build import Build
    from govkg.store import Store
    from govkg.validation import Options, Report, Source


def validate(
    build: Build, store: Store, paths: Sequence[str | Path | Source], options: Options
) -> Report:
    """Validate files, folders and patterns in the context of a build; without any, the build."""
    dump = build.directory / "govkg.nq"
    data = validation.Data(store, dump if dump.is_file() else None, build.manifest.graphs)
    if not paths:
        return validation.validate(data, options)
    sources = [path for path in paths if isinstance(path, validation.Source)]
    named = [path for path in paths if not isinstance(path, validation.Source)]
    return validation.validate_files([*sources, *validation.read_sources(named)], data, options)
