"""The lexical spaces of XML Schema's datatypes: which texts are literals of which.

By the grammars of W3C XML Schema 1.1 part 2 (https://www.w3.org/TR/xmlschema11-2/), before any
whitespace is collapsed: RDF allows none around a literal's form. Python's constructors take more
(1_000, 1e3 for a decimal, digits of any script), xmlschema 4.3 hands integers to them, elementpath
5.1 refuses "1" as a float, and libxml2 keeps to XML Schema 1.0, which knows no year 0000.
"""

from __future__ import annotations

import re
from calendar import monthrange
from decimal import Decimal
from functools import lru_cache

NAMESPACE = "http://www.w3.org/2001/XMLSchema#"

_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_YEAR = r"-?(?P<year>[1-9][0-9]{3,}|0[0-9]{3})"
_MONTH, _DAY = r"(?P<month>0[1-9]|1[0-2])", r"(?P<day>0[1-9]|[12][0-9]|3[01])"
_TIME = r"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)"
_INTEGER = r"[+-]?[0-9]+"
_FLOAT = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN"
_MONTHS = r"-?P(?=.)(?:[0-9]+Y)?(?:[0-9]+M)?"
_CLOCK = r"(?:T(?=.)(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?"
_START = (
    r"A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d"
    r"\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_PART = _START + r"\-.0-9\u00b7\u0300-\u036f\u203f\u2040"
_PATTERNS = {
    "anyURI": r"(?s:.*)",
    "base64Binary": r"(?:(?:[A-Za-z0-9+/] ?){4})*(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]"
    r"|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?",
    "boolean": "true|false|1|0",
    "date": f"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "dateTime": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": f"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE[:-1]}",
    "dayTimeDuration": f"-?P(?=.)(?:[0-9]+D)?{_CLOCK}",
    "decimal": r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)",
    "double": _FLOAT,
    "duration": f"{_MONTHS}(?:[0-9]+D)?{_CLOCK}",
    "float": _FLOAT,
    "gDay": f"---{_DAY}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    "integer": _INTEGER,
    "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "Name": f"[:{_START}][:{_PART}]*",
    "NCName": f"[{_START}][{_PART}]*",
    "NMTOKEN": f"[:{_PART}]+",
    "normalizedString": r"[^\t\n\r]*",
    "string": r"(?s:.*)",
    "time": _TIME + _ZONE,
    "token": r"(?:[^ \t\n\r]+(?: [^ \t\n\r]+)*)?",
    "yearMonthDuration": _MONTHS,
}
_RANGES: dict[str, tuple[int | None, int | None]] = {
    "byte": (-(2**7), 2**7 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "nonPositiveInteger": (None, 0),
    "positiveInteger": (1, None),
    "short": (-(2**15), 2**15 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedShort": (0, 2**16 - 1),
}
DERIVED_INTEGERS = frozenset(_RANGES)


@lru_cache(maxsize=4096)
def is_valid(text: str, datatype: str) -> bool:
    """Say whether a text is in the lexical space of a datatype, given by its local name.

    Datatypes that have no lexical space of their own here (QName, NOTATION, ENTITY...) take any.
    """
    if datatype in _RANGES:
        return re.fullmatch(_INTEGER, text) is not None and _is_within(text, *_RANGES[datatype])
    if datatype not in _PATTERNS:
        return True
    found = re.fullmatch(_PATTERNS[datatype], text)
    return found is not None and _is_day(found.groupdict())


def _is_within(text: str, low: int | None, high: int | None) -> bool:
    number = Decimal(text)  # int() refuses more than 4300 digits
    return (low is None or low <= number) and (high is None or number <= high)


def _is_day(parts: dict[str, str | None]) -> bool:
    """Say whether a day is one of its month's; 29 February is where no year is given."""
    day, month, year = (parts.get(name) for name in ("day", "month", "year"))
    if not day or not month:
        return True
    # Leap years repeat every 400 years; the calendar module knows years from 1 on.
    length = monthrange(2000 + int((year or "0")[-4:]) % 400, int(month))[1]
    return int(day) <= length
