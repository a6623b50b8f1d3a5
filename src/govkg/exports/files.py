"""Networks to files: all files of an export take their place together, or none does."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from polars.exceptions import ComputeError

from govkg._version import __version__
from govkg.errors import InputError, UnknownName
from govkg.exports import gexf, graphml, tables
from govkg.exports.presentation import Style, clean
from govkg.layout import display
from govkg.networks.model import Network, from_networkx
from govkg.textfile import refuse_overwriting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import BinaryIO

    import networkx as nx

    Writer = Callable[[Network, BinaryIO, Style], None]


_OLD = "old"  # folder for the files that are replaced, until all have their place
# By format: the files it consists of, told apart by a word in their names, and their writers.
WRITERS: dict[str, dict[str, Writer]] = {
    "csv": {"nodes": tables.nodes_csv, "edges": tables.edges_csv},
    "gexf": {"": gexf.write},
    "graphml": {"": graphml.write},
    "json": {"": tables.graphology},
    "parquet": {"nodes": tables.nodes_parquet, "edges": tables.edges_parquet},
}


def write(
    graph: Network | nx.Graph[Any], form: str, part: str | None = None, style: Style | None = None
) -> bytes:
    """Give a network, or a graph with whatever was added to it, in a format by its name.

    `part` is `nodes` or `edges` (the default) of the formats that are two files. Raises
    UnknownName where there is no such format.
    """
    writers = _writers(form)
    network = graph if isinstance(graph, Network) else from_networkx(graph)
    out = io.BytesIO()
    writer = writers[part] if part is not None else list(writers.values())[-1]
    writer(clean(network)[0], out, style or Style())
    return out.getvalue()


def _writers(form: str) -> dict[str, Writer]:
    if form not in WRITERS:
        raise UnknownName("export format", form, WRITERS, "govkg export --help")
    return WRITERS[form]


@dataclass(frozen=True)
class Saved:
    """What was written: the files, the manifest last, and how many characters were left out."""

    files: tuple[Path, ...]
    left_out: int


def save(
    network: Network, path: Path, form: str, *, force: bool = False, style: Style | None = None
) -> Saved:
    """Write a network and its manifest (`<path>.json`); `a.csv` is `a-nodes.csv`, `a-edges.csv`.

    Raises InputError, and leaves nothing behind, where the network is empty, a file exists and
    `force` is not set, or one can't be written.
    """
    writers = _writers(form)
    if network.nodes.is_empty():
        raise InputError(f"the network {network.name} is empty: loosen its filters.")
    manifest = path.with_name(f"{path.name}.json")
    targets = {part: path.with_stem(f"{path.stem}-{part}") if part else path for part in writers}
    _check((*targets.values(), manifest), force=force)
    network, left_out = clean(network)
    try:
        with tempfile.TemporaryDirectory(prefix=".govkg-", dir=path.parent) as folder:
            for part, target in targets.items():
                with (Path(folder) / target.name).open("wb") as out:
                    writers[part](network, out, style or Style())
            drafts = [Path(folder) / target.name for target in targets.values()]
            told = _manifest(network, form, style or Style(), drafts, left_out)
            (Path(folder) / manifest.name).write_text(told, encoding="utf-8", newline="\n")
            _place(Path(folder), (*targets.values(), manifest))
    except (OSError, ComputeError) as error:  # polars has its own words for a full disk
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{display(path)} can't be written: {reason}.") from error
    return Saved((*targets.values(), manifest), left_out)


def _check(targets: Iterable[Path], *, force: bool) -> None:
    for target in targets:
        if target.is_dir():
            raise InputError(f"{display(target)} is a folder: choose another name.")
        refuse_overwriting(target, force=force)


def _manifest(network: Network, form: str, style: Style, drafts: list[Path], left_out: int) -> str:
    files = {}
    for draft in drafts:
        with draft.open("rb") as content:
            digest = file_digest(content, "sha256").hexdigest()
        files[draft.name] = {"bytes": draft.stat().st_size, "sha256": digest}
    told = {
        **network.about,
        "counts": network.counts(),
        "dynamic": style.dynamic,
        "excel": style.excel,
        "files": files,
        "format": form,
        "govkg": __version__,
        "left_out": left_out,
        "network": network.name,
    }
    return json.dumps(told, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def _place(drafts: Path, targets: Sequence[Path]) -> None:
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
