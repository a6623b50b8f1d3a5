r"""`sh:pattern`: regular expressions of XPath (SHACL, section 4.4.3), as Python's `re` reads them.

The two differ in `\p{L}`, `\i`, `\c`, `[a-z-[aeiou]]`, in what `\s`, `\w` and `.` stand for, and in
`$`, which in `re` also matches before a last line break. A pattern in which they do not differ but
for `.` and `$` is plain: engines in Rust read it as XPath does. `\uXXXX`, which XPath has not, is
a character here as in all engines.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from govkg.errors import ShapesError
from govkg.validation.result import shape_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rdflib import Graph
    from rdflib.term import Node


_ESCAPE = r"\\(?:[dnrt\-\[\]\\^.$?*+(){}|]|u[0-9A-Fa-f]{4})"
_CLASS = rf"\[\^?(?:[^\[\]\\]|{_ESCAPE})+\]"
_ODD = r"\\|\[|\]|\(\?|[*+?}]\+"
_PART = re.compile(rf"(?P<class>{_CLASS})|{_ESCAPE}|\(\?:|(?P<odd>{_ODD})|.", re.DOTALL)
_SPACE = re.compile(r"(\[(?:[^\]\\]|\\.)*\]|\\[^sS])|\\([sS])")
_CODE = re.compile(r"\\u([0-9A-Fa-f]{4})")
_SET = re.compile("&&|--|~~")  # operators of sets in Rust, letters elsewhere
_OTHERWISE = {"$": r"\Z", ".": r"[^\n\r]"}


def is_plain(pattern: str, flags: str = "") -> bool:
    """Say whether XPath, Python and Rust take a pattern for the same, but for `.` and `$`."""
    parts = list(_PART.finditer(pattern))
    return not flags and not any(
        part["odd"] or (part["class"] and _SET.search(part["class"])) for part in parts
    )


@lru_cache(maxsize=1024)
def in_python(pattern: str, flags: str = "") -> str:
    """Translate a pattern of XPath with its flags; raise ValueError where it is none."""
    if unknown := set(flags) - set("ismxq"):
        raise ValueError(f"no flag of XPath is called {min(unknown)}")
    if "q" in flags:
        written = re.escape(pattern)
    elif is_plain(pattern, flags):
        written = _PART.sub(lambda part: _OTHERWISE.get(part[0], part[0]), pattern)
    else:
        written = _translated(_without_space(pattern) if "x" in flags else pattern, flags)
    mode = "".join(flag for flag in "ims" if flag in flags)
    written = f"(?{mode}){written}" if mode else written
    try:
        re.compile(written)
    except re.error as error:
        raise ValueError(str(error)) from error
    return written


def _translated(pattern: str, flags: str) -> str:
    from elementpath.regex import RegexError, translate_pattern

    modes = {"m": re.MULTILINE, "s": re.DOTALL}
    mode = sum(modes[flag] for flag in modes if flag in flags)
    # elementpath 5.1 leaves \s outside of brackets to `re`, where it is also U+3000.
    text = _SPACE.sub(lambda found: found[1] or f"[\\{found[2]}]", pattern)
    text = _CODE.sub(lambda found: re.escape(chr(int(found[1], 16))), text)
    try:
        return translate_pattern(text, mode)
    except RegexError as error:
        raise ValueError(str(error)) from error


def _without_space(pattern: str) -> str:
    return re.sub(rf"({_CLASS}|\\.)|[ \t\n\r]", lambda part: part[1] or "", pattern)


def lint_patterns(shapes: Graph) -> None:
    """Refuse what is no pattern; raise ShapesError with the shape and the pattern."""
    for shape, _, pattern, flags in _patterns(shapes):
        try:
            in_python(str(pattern), flags)
        except ValueError as error:
            raise ShapesError(
                f"{shape_name(shapes, shape)}: sh:pattern {str(pattern)!r} is no "
                f"regular expression of XPath ({error}): "
                r"\b, (?i) and (?=...) are not in it, and sh:flags says how to compare."
            ) from error


@contextmanager
def for_python(shapes: Graph) -> Iterator[None]:
    """Have patterns in shapes as Python reads them, and no flags, for a while.

    A copy would take longer than most runs: pySHACL is called for each of many few nodes.
    """
    from rdflib import Literal
    from rdflib.namespace import SH

    found = [(s, p, o, Literal(in_python(str(o), flags))) for s, p, o, flags in _patterns(shapes)]
    changed = [one for one in found if one[2] != one[3]]
    flags = [(s, p, o) for s, *_ in found for s, p, o in shapes.triples((s, SH.flags, None))]
    for triple in flags:
        shapes.remove(triple)
    for s, p, old, new in changed:
        shapes.remove((s, p, old))
        shapes.add((s, p, new))
    try:
        yield
    finally:
        for s, p, old, new in changed:
            shapes.remove((s, p, new))
            shapes.add((s, p, old))
        for triple in flags:
            shapes.add(triple)


def _patterns(shapes: Graph) -> Iterator[tuple[Node, Node, Node, str]]:
    from rdflib.namespace import SH

    for shape, pattern in sorted(shapes.subject_objects(SH.pattern), key=str):
        yield shape, SH.pattern, pattern, str(shapes.value(shape, SH.flags) or "")
