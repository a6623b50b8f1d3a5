r"""The terminals that Turtle and SPARQL share: strings, IRIs, comments and escapes of names.

What stands in them is no mark or keyword. After the grammars: Turtle 1.1, section 6.5; SPARQL 1.1,
section 19.8, but that IRIs may hold code point escapes, as in Turtle.
"""

from __future__ import annotations

import re

STRING = r"""(?:"{3}(?:[^"\\]|\\.|"(?!""))*"{3}|'{3}(?:[^'\\]|\\.|'(?!''))*'{3}
    |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*')"""
IRI = r"<[^<>\"{}|^`\\\x00-\x20]*(?:\\[uU][0-9A-Fa-f]+[^<>\"{}|^`\\\x00-\x20]*)*>"
COMMENT = r"\#[^\n\r]*"
CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")

# The first that fits wins, as in the grammar.
OPAQUE = re.compile(
    rf"(?P<string>{STRING})|(?P<iri>{IRI})|(?P<comment>{COMMENT})|(?P<escape>\\.)",
    re.VERBOSE | re.DOTALL,
)
