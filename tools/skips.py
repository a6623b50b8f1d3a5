"""Compare the tests that were skipped with those that may be.

    python tools/skips.py REPORT [LIST] [--all]

REPORT is what pytest writes for --junitxml; LIST has a line for each module and reason,
`test_proxy: nginx is not on the path: ...`, and without it nothing may be skipped. With --all, what
is listed must have been skipped, too. Exit code 1 names every difference.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET


def skipped(report: Path) -> Counter[str]:
    """Count the skips of a report by module and reason; expected failures are none."""
    found: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 - our own report
        module = (case.get("classname") or case.get("name") or "").removeprefix("tests.")
        for skip in case.iter("skipped"):
            if skip.get("type") == "pytest.skip":
                found[f"{module}: {skip.get('message')}"] += 1
    return found


def listed(path: Path) -> set[str]:
    """Read a list; lines that begin with # are comments."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line for line in lines if line and not line.startswith("#")}


def main(words: list[str]) -> int:
    """Print what was skipped and what should not have been, or should."""
    report, *lists = [Path(word) for word in words if word != "--all"]
    found = skipped(report)
    allowed = set().union(*map(listed, lists))
    for line, count in sorted(found.items()):
        print(f"{count:>5}  {line}" + ("" if line in allowed else "   NOT LISTED"))
    missed = sorted(allowed - set(found)) if "--all" in words else []
    for line in missed:
        print(f"    0  {line}   LISTED, NOT SKIPPED")
    total = sum(1 for _ in ET.parse(report).iter("testcase"))  # noqa: S314
    print(f"{found.total()} of {total} tests skipped")
    return 0 if total and found.keys() <= allowed and not missed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
