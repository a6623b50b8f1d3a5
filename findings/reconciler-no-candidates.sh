#!/usr/bin/env bash
# reconciler 0.2.2, a client of the Reconciliation API: a query without candidates (an empty `result`,
# which the schema of result batches allows) fails with numpy 2 or newer: reconciler/webutils.py,
# parse_raw_results, takes np.NaN, which numpy 2.0 took away. One name that a service does not know
# loses the answers of the whole column. With candidates the same call passes.
# Met at an endpoint of ours that answers nothing where it is not sure, as the specification asks.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet reconciler==0.2.2 "numpy>=2"
cat >"$folder/try.py" <<'PYTHON'
from importlib.metadata import version

import warnings

warnings.simplefilter("ignore")
from reconciler.webutils import parse_raw_results

known = {"id": "1", "name": "A", "score": 100, "match": True, "type": [{"id": "t", "name": "T"}], "features": []}
print("reconciler", version("reconciler"), "numpy", version("numpy"), "pandas", version("pandas"))
print("one candidate:", list(parse_raw_results(["A"], {"0": {"result": [known]}})["id"]))
try:
    parse_raw_results(["A", "B"], {"0": {"result": [known]}, "1": {"result": []}})
except AttributeError as error:
    print("one query without candidates:", type(error).__name__, str(error).splitlines()[0])
else:
    raise SystemExit("changed: a query without candidates passes")
PYTHON
"$folder/venv/bin/python" "$folder/try.py"
