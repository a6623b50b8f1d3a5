"""Which files are to be validated: paths, folders, patterns, stdin, or what git says changed.

Tricks in their text are refused, with the line, before anything parses it.
"""

from __future__ import annotations

import glob
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from govkg import layout, textfile
from govkg.errors import InputError, SourceError
from govkg.store import RDF_SUFFIXES, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# Controls (but tab and line ends), zero-width and bidirectional marks, as themselves or escaped.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ufff9-\ufffb]|(?<!^)\ufeff"
    r"|(?<!\\)(?:\\\\)*\\[uU](?:0000)?(?:00(?:0[0-8bBcCeEfF]|1[\da-fA-F]|7[fF]|[89][\da-fA-F]|[aA][dD])|061[cC]"
    r"|180[eE]|200[bB-fF]|202[89a-eA-E]|206[\da-fA-F]|[fF][eE][fF]{2}|[fF]{3}[9abAB])"
)
_SURROGATE = re.compile(r"(?<!\\)(?:\\\\)*\\[uU](?:0000)?[dD][89a-fA-F][\da-fA-F]{2}")
_WIDE_NUMBER = re.compile(
    r'"[^"\n]*[^\x00-\x7f\n"][^"\n]*"\^\^\s*(?:xsd:|edtf:|<http://www\.w3\.org/2001/XMLSchema#)'
    r"(?!string|anyURI|normalizedString|token|langString)(\w+)"
)
_MARKUP = re.compile(
    r"\^\^\s*(?:rdf:|<http://www\.w3\.org/1999/02/22-rdf-syntax-ns#)(XMLLiteral|HTML)"
)
_REMOTE = re.compile(r'"@(?:context|import)"\s*:\s*(?:\[[^\]]*?)?"(?!@)')
_WHOLE = ("document.yaml", ".csv", ".rq", ".parquet", "dataset.yaml")


class Source(NamedTuple):
    """A file to validate and its text, which need not be what is on disk."""

    path: Path
    text: str

    def parsed(self, graph: str | None = None) -> Store:
        """Read it as RDF; raise SourceError, with the line, where it is broken or says nothing."""
        store = Store()
        store.load_text(self.text, self.path, graph)
        if not len(store):
            raise SourceError(self.path, None, "holds no triple: nothing was checked.")
        return store


def read_sources(paths: Sequence[str | Path]) -> list[Source]:
    """Read files, the RDF files in folders, and what patterns such as `data/**/*.ttl` fit.

    Raises SourceError where one is missing, of no known format, or a folder or pattern is empty.
    """
    files = list(dict.fromkeys(file for path in paths for file in _files(str(path))))
    return [_checked(Source(file, textfile.read(file))) for file in files]


def from_text(text: str, path: Path) -> Source:
    """Take text that stands for a file, as from stdin."""
    return _checked(Source(path, text))


def _checked(source: Source) -> Source:
    if source.path.suffix not in RDF_SUFFIXES:
        raise SourceError(
            source.path,
            None,
            f"not an RDF file that is validated here: use one of {' '.join(RDF_SUFFIXES)} "
            "(RDF/XML is not taken, for its entities).",
        )
    refuse_tricks(source.path, source.text)
    return source


def refuse_tricks(path: Path, text: str) -> None:
    """Refuse text that reads otherwise than it is, or makes a reader expand or fetch something.

    Raises SourceError with the line of the first such location.
    """
    json = path.suffix == ".jsonld"
    tricks = [
        (_HIDDEN, "has a control, zero-width or bidirectional character: type the text anew."),
        (_WIDE_NUMBER, "writes a number or date in other than ASCII digits: use 0-9."),
        (_MARKUP, "holds XML or HTML, which readers expand: write plain text."),
    ]
    if json:
        tricks.append((_REMOTE, "names a context elsewhere, and nothing is fetched: write it out."))
    else:
        tricks.append((_SURROGATE, "escapes half a character (a surrogate): write it as itself."))
    for pattern, message in tricks:
        if found := pattern.search(text):
            raise SourceError(path, text.count("\n", 0, found.start()) + 1, message)


def _files(path: str) -> list[Path]:
    if Path(path).is_file():
        return [Path(path)]
    if Path(path).is_dir():
        found = [p for p in Path(path).rglob("*") if p.suffix in RDF_SUFFIXES and p.is_file()]
        missing = f"holds no RDF file ({' '.join(RDF_SUFFIXES)}): nothing was checked."
    else:
        names = glob.glob(path, recursive=True)  # noqa: PTH207 - Path.glob takes no absolute ones
        found = [Path(name) for name in names if Path(name).is_file()]
        missing = "no such file, and no file fits it as a pattern: nothing was checked."
    if not found:
        raise SourceError(Path(path), None, missing)
    return sorted(found)


def changed(base: str | None = None, folder: Path | None = None) -> list[Path] | None:
    """List the RDF files of a checkout that differ from a commit (HEAD), new ones included.

    None means that all is to be validated: a table, query, rule or shape changed, or any file of
    the sources is gone or has another name, which leaves nothing to look at but what it was used
    by. Raises InputError where git can't say.
    """
    folder = folder or layout.ROOT
    since = base or "HEAD"
    if since.startswith("-"):
        raise InputError(f"--changed takes a branch or commit, not {since!r}.")
    diff = ("diff", "--name-only", "--relative", "--no-renames", "-z")
    gone = _git(folder, *diff, "--diff-filter=D", since, "--")
    if any(name.partition("/")[0] in layout.FOLDERS for name in gone.split("\0")):
        return None
    tracked = _git(folder, *diff, "--diff-filter=d", since, "--")
    fresh = _git(folder, "ls-files", "--others", "--exclude-standard", "-z")
    names = sorted({name for name in (tracked + fresh).split("\0") if name})
    sources = [name for name in names if name.startswith(("data/", "ontology/", "queries/checks/"))]
    if any(name.endswith(_WHOLE) or "/shapes/" in name for name in sources):
        return None
    return [folder / name for name in sources if Path(name).suffix in RDF_SUFFIXES]


def _git(folder: Path, *words: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - words are ours, and the commit can't be an option
            ["git", *words],  # noqa: S607
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=True,
        )
    except FileNotFoundError as error:
        raise InputError("git is not installed: name the files instead of --changed.") from error
    except subprocess.CalledProcessError as error:
        said = (error.stderr.strip().splitlines() or ["no reason given"])[0]
        raise InputError(f"git can't say what changed ({said}): name a commit it has.") from error
    return done.stdout


def subjects(sources: Iterable[Source]) -> frozenset[str]:
    """List the subjects of the triples in files: IRIs, and blank nodes as `_:label`."""
    return frozenset().union(*(source.parsed().subjects() for source in sources))
