"""Virtuoso (Debian: `apt-get install virtuoso-opensource`), loaded with an N-Quads dump.

It listens on loopback only, for its administrator has the password it came with.
"""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tools.remote import process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Rows of an answer and rows sorted for one: Virtuoso cuts the first at 10,000 unless told more, and
# says so in a header only; and it refuses pages that end past the second.
LIMITS = (1_000_000, 1_000_000)
_INI = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
CaseMode = 2
DirsAllowed = {dumps}
NumberOfBuffers = 80000
MaxDirtyBuffers = 60000
MaxQueryMem = 1G
MaxSortedTopRows = {sorted}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
Charset = UTF-8
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = 60
"""


def binary() -> str | None:
    """Find the program."""
    return shutil.which("virtuoso-t") if _isql() else None


@contextmanager
def serving(
    dump: Path, folder: Path, *, port: int = 0, limits: tuple[int, int] = LIMITS
) -> Iterator[str]:
    """Load the dump into a database in `folder`, serve it, give the address of its endpoint."""
    sql, port = process.free_port(), port or process.free_port()
    rows, in_order = limits
    settings = _INI.format(
        sql=sql, http=port, dumps=dump.resolve().parent, rows=rows, sorted=in_order
    )
    (folder / "virtuoso.ini").write_text(settings, encoding="utf-8")
    command = [binary() or "virtuoso-t", "+configfile", "virtuoso.ini", "+foreground"]
    endpoint = f"http://127.0.0.1:{port}/sparql"
    with process.running(command, folder / "server.log", lambda: process.answers(endpoint)):
        if not (folder / "loaded").exists():
            _load(sql, dump.resolve())
            (folder / "loaded").touch()
        process.check_whole(endpoint, dump)
        yield endpoint


def _load(sql: int, dump: Path) -> None:
    """Load by the bulk loader, which reads only from folders it is allowed to."""
    words = f"ld_dir('{dump.parent}', '{dump.name}', 'urn:unused'); rdf_loader_run(); checkpoint;"
    command = [_isql() or "isql-vt", f"127.0.0.1:{sql}", "dba", "dba", f"exec={words}"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    if found.returncode or "Error" in found.stdout + found.stderr:
        raise process.UnusableError(f"Virtuoso did not load {dump}: {found.stdout}{found.stderr}")


def _isql() -> str | None:
    return shutil.which("isql-vt") or shutil.which("isql")
