"""Build and export twice, with different hash seeds, and compare the bytes.

Exit code 0: dumps, manifest and every export are the same; 1: the ones named differ.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from govkg import exports, queries
from govkg.build import current

SEEDS = ("1", "2")


def govkg(seed: str, *words: str) -> None:
    """Run the command line in a process of its own."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-m", "govkg", *words]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)


def digests(seed: str, home: Path) -> dict[str, str]:
    """Build and export into `home`; give the sha256 of every file made, by name."""
    govkg(seed, "build", "--build", str(home), "--quiet")
    directory = current(home).directory
    files = [path for path in directory.iterdir() if path.is_file()]
    for network in queries.catalog("networks"):
        for form in exports.WRITERS:
            path = home / f"{network}.{form}"
            govkg(seed, "export", network, "--build", str(home), "-o", str(path))
            files += sorted(home.glob(f"{network}*.{form}*"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def main() -> int:
    """Compare two builds; say what is the same and what is not."""
    with tempfile.TemporaryDirectory() as folder:
        one, other = (digests(seed, Path(folder) / seed) for seed in SEEDS)
    different = sorted(name for name in one if one[name] != other.get(name))
    for name in sorted(one):
        print(f"{'DIFFERS' if name in different else 'same   '}  {name}")
    return 1 if different or one.keys() != other.keys() else 0


if __name__ == "__main__":
    sys.exit(main())
