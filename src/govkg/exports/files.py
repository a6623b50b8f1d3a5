"""Several files as one: all of them take their place, or none does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_OLD = "old"


def place(drafts: Path, targets: Sequence[Path]) -> None:
    """Move the drafts of a folder to the targets of their names, over files that are there.

    The folder keeps these until all are moved: where one can't be, raises OSError, and everything
    is as it was.
    """
    (drafts / _OLD).mkdir()
    moved: list[Path] = []
    try:
        for target in targets:
            if target.exists():
                _keep(target, drafts / _OLD / target.name)
            (drafts / target.name).replace(target)
            moved.append(target)
    except BaseException:
        for target in moved:
            _restore(target, drafts / _OLD / target.name)
        raise


def _keep(target: Path, old: Path) -> None:
    """Have the content under a second name, so that the first always has a whole file."""
    try:
        old.hardlink_to(target)
    except OSError:  # a file system without links
        shutil.copy2(target, old)


def _restore(target: Path, old: Path) -> None:
    if old.exists():
        old.replace(target)
    else:
        target.unlink()
