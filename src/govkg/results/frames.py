"""Columns of RDF terms as columns of plain values, each of one type, and as data frames.

A column is of integers, decimals, doubles, booleans, dates or moments where every term in it is a
literal of such a datatype, well-formed and within what frames hold (integers of 64 bits, decimals
of 38 digits); else it is text as it was written: IRIs in full, literals without datatype or
language. A column whose texts are in several languages gets a column `<name>_lang` beside it.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from govkg.errors import MissingLibrary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pandas as pd
    import polars as pl

Type = Literal["boolean", "date", "datetime", "decimal", "double", "integer", "text"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGERS = """
integer int long short byte nonNegativeInteger positiveInteger nonPositiveInteger negativeInteger
unsignedByte unsignedInt unsignedLong unsignedShort
""".split()  # noqa: SIM905 - a list of words, as words
_TYPES: dict[str, Type] = {
    **{_XSD + name: "integer" for name in _INTEGERS},
    _XSD + "boolean": "boolean",
    _XSD + "date": "date",
    _XSD + "dateTime": "datetime",
    _XSD + "decimal": "decimal",
    _XSD + "double": "double",
    _XSD + "float": "double",
}
NUMBERS = frozenset(
    datatype for datatype, kind in _TYPES.items() if kind in {"integer", "decimal", "double"}
)
_PYTHON: dict[Type, type] = {
    "boolean": bool,
    "date": dt.date,
    "datetime": dt.datetime,
    "decimal": Decimal,
    "double": float,
    "integer": int,
}

_PANDAS: dict[Type, str] = {
    "boolean": "boolean",
    "date": "datetime64[s]",
    "datetime": "object",  # with zones and without, as they stand
    "decimal": "Float64",
    "double": "Float64",
    "integer": "Int64",
    "text": "string",
}


class Column(NamedTuple):
    """A column: plain Python values of one type, None where unbound."""

    name: str
    type: Type
    values: list[Any]


def typed(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[Column]:
    """Give the columns of rows of terms, and a column of languages beside texts of several."""
    for position, name in enumerate(names):
        terms = [row[position] for row in rows]
        kind = _type(terms)
        yield Column(name, kind, [_value(term, kind) for term in terms])
        languages = [getattr(term, "language", None) for term in terms]
        if len({language for language in languages if language}) > 1:
            yield Column(f"{name}_lang", "text", languages)


def to_polars(columns: Iterable[Column]) -> pl.DataFrame:
    """Make a polars data frame; decimals stay exact."""
    import polars as pl

    return pl.DataFrame([_series(column) for column in columns])


def to_pandas(columns: Iterable[Column], height: int) -> pd.DataFrame:
    """Make a pandas data frame of nullable columns and so many rows; decimals become floats.

    Raises MissingLibrary where pandas is not installed.
    """
    try:
        import pandas as pd
    except ImportError as error:
        raise MissingLibrary("pandas", "frames") from error
    series = {
        column.name: pd.Series(_floats(column), dtype=_PANDAS[column.type]) for column in columns
    }
    return pd.DataFrame(series, index=range(height))


def _type(terms: list[Any]) -> Type:
    kinds: set[Type] = {_type_of(term) for term in terms if term is not None}
    kind: Type = "text"
    if len(kinds) == 1:
        kind = kinds.pop()
    elif kinds == {"integer", "decimal"}:
        kind = "decimal"
    return kind if kind not in _FITS or _FITS[kind](_bound(terms)) else "text"


def _bound(terms: list[Any]) -> list[Any]:
    return [term.value for term in terms if term is not None]


def _in_64_bits(numbers: list[int]) -> bool:
    return all(-(2**63) <= number < 2**63 for number in numbers)


def _in_38_digits(numbers: list[Decimal | int]) -> bool:
    """Say whether all have room in one column, before the point and behind it."""
    shown = [Decimal(number).as_tuple() for number in numbers]
    exponents = [one.exponent for one in shown if isinstance(one.exponent, int)]
    before = (len(one.digits) + e for one, e in zip(shown, exponents, strict=True))
    return max(before, default=0) + max(0, *(-e for e in exponents)) <= 38


_FITS: dict[Type, Callable[[list[Any]], bool]] = {
    "integer": _in_64_bits,
    "decimal": _in_38_digits,
}


def _type_of(term: Any) -> Type:  # noqa: ANN401 - an rdflib term
    kind = _TYPES.get(str(getattr(term, "datatype", None)), "text")
    if kind == "text" or (isinstance(term.value, _PYTHON[kind]) and str(term).isascii()):
        return kind
    return "text"


def _value(term: Any, kind: Type) -> Any:  # noqa: ANN401 - an rdflib term to its plain value
    if term is None:
        return None
    if kind == "text":
        return str(term)
    return Decimal(term.value) if kind == "decimal" else term.value


def _series(column: Column) -> pl.Series:
    import polars as pl

    types: dict[str, Any] = {
        "boolean": pl.Boolean,
        "date": pl.Date,
        "datetime": pl.Object,
        "double": pl.Float64,
        "integer": pl.Int64,
        "text": pl.String,
    }
    if column.type == "decimal":
        return pl.Series(column.name, column.values, dtype=pl.Decimal(38, _scale(column.values)))
    return pl.Series(column.name, column.values, dtype=types[column.type])


def _scale(values: list[Decimal | None]) -> int:
    """Count the digits behind the point that the longest of the decimals has."""
    exponents = (value.as_tuple().exponent for value in values if value is not None)
    return max((-e for e in exponents if isinstance(e, int) and e < 0), default=0)


def _floats(column: Column) -> list[Any]:
    if column.type != "decimal":
        return column.values
    return [None if value is None else float(value) for value in column.values]
