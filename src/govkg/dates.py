"""EDTF strings to the dates they are known to lie between.

Level 1 of EDTF (https://www.loc.gov/standards/datetime/, ISO 8601-2:2019) with years from 0001 to
9999, and of level 2 the set `[a..b]` for one moment somewhere within. `docs/reference/dates.md`
lists form by form what is taken, with its bounds, and what is refused, with the reason.
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache
from typing import NamedTuple

from govkg.errors import InputError

_DATE = re.compile(
    r"""(?P<digits>[0-9]{3}X|[0-9]{2}XX)
    |   (?P<year>[0-9]{4})
        (?:-XX(?:-XX)? | -(?P<month>0[1-9]|1[0-2]) (?:-XX | -(?P<day>[0-9]{2}))?)?
    """,
    re.VERBOSE,
)
_QUALIFIERS = "?~%"
_TIME = re.compile(
    r"T(?:[01][0-9]|2[0-3]):(?:[0-5][0-9]:[0-5][0-9]|59:60)"
    r"(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?"
)
_SET = re.compile(r"\[([0-9-]*)\.\.([0-9-]*)\]")
_LISTED = r"(?:\.\.)?[0-9Y-][0-9X?~%-]{3,}(?:(?:\.\.|, ?)[0-9Y-][0-9X?~%-]{3,})*(?:\.\.)?"
_OPEN = ("", "..")

# Valid EDTF from which no bounds are taken: how to know it, and what to write instead.
_REFUSED = tuple(
    (re.compile(pattern), reason)
    for pattern, reason in (
        (
            r"[0-9X]{4}-2[1-4][?~%]?",
            "EDTF gives a season no months: write them, [2001-03..2001-05]",
        ),
        (r"[0-9X]{4}-(?:2[5-9]|3[0-9]|4[01])[?~%]?", "it gives no months: write them"),
        (
            rf"\[{_LISTED}\]|\{{{_LISTED}\}}",
            "it lists dates: write [first..last], or a statement each",
        ),
        (
            r"Y-?[0-9]+(?:E[0-9]+)?(?:S[0-9]+)?|(?:-[0-9X]{4}|0000)(?:-[0-9X]{2}){0,2}[?~%]?|000X|00XX",
            "it is no year from 0001 to 9999: give a gov:period",
        ),
        (r"-?[0-9]{4}S[0-9]+", "it counts significant digits: write the digits known, 195X"),
        (
            r"(?=.*X)[0-9X]{4}(?:-[0-1X][0-9X](?:-[0-3X][0-9X])?)?[?~%]?",
            "X stands for digits that others follow: write the shorter date",
        ),
        (
            r"(?=.*[?~%])[?~%]?[0-9X]{4}[?~%]?(?:-[?~%]?[0-9X]{2}[?~%]?){0,2}",
            "a part is marked as uncertain: mark the whole, at its end",
        ),
    )
)


class Bounds(NamedTuple):
    """Four ISO dates (YYYY-MM-DD), each None where nothing is known."""

    begin_earliest: str | None = None
    begin_latest: str | None = None
    end_earliest: str | None = None
    end_latest: str | None = None


class UnusedForm(InputError):  # noqa: N818 - no fault of the date
    """A valid form of EDTF from which no bounds are taken."""


@lru_cache(maxsize=4096)
def bounds(edtf: str) -> Bounds:
    """Bound the beginning and the end of what an EDTF string dates.

    A moment of uncertain place (`2011-08`, `199X`, `[..2013]`) begins and ends within its span; an
    interval has its own bounds on each side, and an open or unknown side has none. What is marked
    as uncertain or approximate has the bounds of what is written.

    Raises InputError where the string is no EDTF, no date of the calendar, or ends before it
    begins; UnusedForm where it is EDTF of a form that is not taken.
    """
    if "/" in edtf:
        return _interval(edtf)
    if limits := _SET.fullmatch(edtf):
        first, last = (_side(edtf, limit) for limit in limits.groups())
        _forward(edtf, first[0], last[1])
        return Bounds(first[0], last[1], first[0], last[1])
    day, mark, time = edtf.partition("T")
    if mark and len(day) == len("2011-08-15") and _TIME.fullmatch(mark + time):
        return Bounds(*_span(edtf, day), *_span(edtf, day))
    return Bounds(*_span(edtf, edtf), *_span(edtf, edtf))


def _interval(edtf: str) -> Bounds:
    begin, _, end = edtf.partition("/")
    (earliest, begun), (unended, latest) = _side(edtf, begin), _side(edtf, end)
    _forward(edtf, earliest, latest)
    if earliest and begun and unended and latest:  # 2015/2015-11 had begun by November
        begun, unended = min(begun, latest), max(unended, earliest)
    return Bounds(earliest, begun, unended, latest)


def _forward(edtf: str, earliest: str | None, latest: str | None) -> None:
    """Refuse what ends before it begins, and what has no date at all."""
    if earliest is None and latest is None:
        raise UnusedForm(f"EDTF {edtf!r} dates nothing: leave it out.")
    if earliest and latest and latest < earliest:
        raise InputError(f"EDTF {edtf!r} ends before it begins: swap its two sides.")


def _side(edtf: str, text: str) -> tuple[str | None, str | None]:
    return (None, None) if text in _OPEN else _span(edtf, text)


def _span(edtf: str, text: str) -> tuple[str, str]:
    """Give the first and the last day of a date, which is `edtf` or a part of it."""
    bare = text[:-1] if text.endswith(tuple(_QUALIFIERS)) else text
    found = _DATE.fullmatch(bare)
    if not found or bare[:4] in ("0000", "000X", "00XX"):
        raise _refusal(edtf, text)
    year, month, day = found["year"] or found["digits"], found["month"], found["day"]
    first, last = year.replace("X", "0"), year.replace("X", "9")
    if not month:
        return f"{first}-01-01", f"{last}-12-31"
    length = monthrange(int(year), int(month))[1]
    if day and not 1 <= int(day) <= length:
        raise InputError(f"EDTF {edtf!r}: {year}-{month} has {length} days, and {day} is none.")
    return f"{year}-{month}-{day or '01'}", f"{year}-{month}-{day or length}"


def _refusal(edtf: str, text: str) -> InputError:
    for pattern, reason in _REFUSED:
        if pattern.fullmatch(text):
            return UnusedForm(f"EDTF {edtf!r} is not taken here: {reason}.")
    return InputError(
        f"{edtf!r} is not an EDTF date: write it as 2011, 2011-08, 199X, 2011/ or [2007..2013]."
    )
