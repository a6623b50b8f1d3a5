"""Load a dump into Oxigraph's server or Virtuoso and serve it on loopback until interrupted.

    python tools/remote/serve.py oxigraph build/graph-*/govkg.nq --folder /tmp/oxigraph --port 7878
    python tools/remote/serve.py virtuoso build/graph-*/govkg.nq --folder /tmp/virtuoso --port 8890

A folder that is loaded already is served as it is. `govkg build --dump` writes the dump of scopes
larger than the document.
"""

from __future__ import annotations

import argparse
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tools.remote import oxigraph, process, virtuoso

SERVERS = {"oxigraph": oxigraph, "virtuoso": virtuoso}


def main() -> int:
    """Serve until interrupted; exit code 2 where the server is missing or does not start."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("server", choices=SERVERS)
    words.add_argument("dump", type=Path)
    words.add_argument("--folder", type=Path, required=True)
    words.add_argument("--port", type=int, default=0)
    told = words.parse_args()
    if SERVERS[told.server].binary() is None:
        print(f"{told.server} is not installed, see docs/how-to/remote.md", file=sys.stderr)
        return 2
    told.folder.mkdir(parents=True, exist_ok=True)
    folder = told.folder.resolve()
    try:
        with SERVERS[told.server].serving(told.dump, folder, port=told.port) as endpoint:
            print(f"{endpoint} answers, Ctrl-C stops it", flush=True)
            threading.Event().wait()
    except process.UnusableError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        pass
    return 0


if __name__ == "__main__":
    sys.exit(main())
