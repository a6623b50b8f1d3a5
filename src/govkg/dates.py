"""EDTF strings to the dates they are known to lie between.

Level 1 of EDTF (ISO 8601-2:2019, https://www.loc.gov/standards/datetime/) and the set
`[a..b]` for one moment somewhere within.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from govkg.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SET = re.compile(r"\[([^,\[\]]+)\.\.([^,\[\]]+)\]")
_OPEN = ("", "..")


class Bounds(NamedTuple):
    """Four ISO dates (YYYY-MM-DD), each None where nothing is known."""

    begin_earliest: str | None = None
    begin_latest: str | None = None
    end_earliest: str | None = None
    end_latest: str | None = None


@lru_cache(maxsize=4096)
def bounds(edtf: str) -> Bounds:
    """Bound the beginning and the end of what an EDTF string dates.

    A moment of uncertain place (`2011-08`, `199X`) begins and ends within its span; an interval
    has its own bounds on each side, and an open or unknown side has none.

    Raises InputError where the string is not EDTF level 1 or a set of one moment.
    """
    if inside := _SET.fullmatch(edtf):
        first, last = _span(inside[1])[0], _span(inside[2])[1]
        found = Bounds(first, last, first, last)
    elif "/" in edtf:
        begin, _, end = edtf.partition("/")
        found = Bounds(*_side(begin), *_side(end))
    else:
        found = Bounds(*_span(edtf), *_span(edtf))
    _check_order(edtf, found)
    return found


def _check_order(edtf: str, found: Bounds) -> None:
    if found.begin_earliest and found.end_latest and found.end_latest < found.begin_earliest:
        raise InputError(f"EDTF {edtf!r} ends before it begins: swap its two sides.")


def _side(text: str) -> tuple[str | None, str | None]:
    return (None, None) if text in _OPEN else _span(text)


def _span(text: str) -> tuple[str, str]:
    from undate import Undate

    try:
        moment = Undate.parse(text, "EDTF") if text.isascii() else None
    except (ValueError, TypeError) as error:
        raise InputError(_not_edtf(text)) from error
    if not isinstance(moment, Undate):
        raise InputError(_not_edtf(text))
    first, last = _days(moment)
    return first, last


def _days(moment: object) -> Iterator[str]:
    for side in ("earliest", "latest"):
        date = getattr(moment, side)
        yield f"{int(date.year):04d}-{int(date.month):02d}-{int(date.day):02d}"


def _not_edtf(text: str) -> str:
    return f"{text!r} is not an EDTF date: write it as 2011, 2011-08, 199X, 2011/ or [2007..2013]."
