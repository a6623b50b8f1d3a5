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
from govkg.cli import app

SEEDS = ("1", "2")


def govkg(*words: str) -> None:
    """Run the command line in this process."""
    code = app(words, standalone_mode=False)
    if code:
        sys.exit(f"govkg {' '.join(words)}: exit code {code}")


def make(home: Path) -> None:
    """Build and export into `home`, every network in every format."""
    govkg("build", "--build", str(home), "--quiet")
    for network in queries.catalog("networks"):
        for form in exports.WRITERS:
            path = home / f"{network}.{form}"
            govkg("export", network, "--build", str(home), "-o", str(path))


def digests(seed: str, home: Path) -> dict[str, str]:
    """Do that in a process with this hash seed; give the sha256 of every file made, by name."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, __file__, str(home)]
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    files = [path for path in current(home).directory.iterdir() if path.is_file()]
    for network in queries.catalog("networks"):
        for form in exports.WRITERS:
            made = sorted(home.glob(f"{network}*.{form}*"))
            if not made:
                sys.exit(f"{network}.{form} was not written")
            files += made
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
    if sys.argv[1:]:
        make(Path(sys.argv[1]))
    else:
        sys.exit(main())
