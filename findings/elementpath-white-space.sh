#!/usr/bin/env bash
# elementpath translates the regular expressions of XPath, in which \s is tab, line feed, carriage
# return and space only (XSD 1.1 part 2, appendix G.4.2.5). It does so within brackets, and leaves
# \s outside of them to Python's re, where it is also U+3000, the space of Chinese text.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q --disable-pip-version-check elementpath==5.1.4
"$folder/venv/bin/python" - <<'PYTHON'
import re
from importlib.metadata import version
from xml.etree.ElementTree import Element

from elementpath import XPath2Parser, select
from elementpath.regex import translate_pattern

print("elementpath", version("elementpath"))
outside, within = translate_pattern(r"^\s$"), translate_pattern(r"^[\s]$")
print(ascii(outside), bool(re.search(outside, "\u3000")))
print(ascii(within), bool(re.search(within, "\u3000")))
assert re.search(outside, "\u3000")
assert not re.search(within, "\u3000")
found = select(Element("text"), r"matches($text, '^\s$')", parser=XPath2Parser, variables={"text": "\u3000"})
print(r"matches(U+3000, '^\s$') =", found)
assert found is True
PYTHON
