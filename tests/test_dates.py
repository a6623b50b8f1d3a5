"""EDTF strings to bounds: what is known, and nothing that is not."""

from __future__ import annotations

import pytest

from govkg.dates import Bounds, bounds
from govkg.errors import InputError


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2011-08-15", ("2011-08-15",) * 4),
        ("2011-08", ("2011-08-01", "2011-08-31", "2011-08-01", "2011-08-31")),
        ("2012-02", ("2012-02-01", "2012-02-29", "2012-02-01", "2012-02-29")),
        ("2011", ("2011-01-01", "2011-12-31", "2011-01-01", "2011-12-31")),
        ("199X", ("1990-01-01", "1999-12-31", "1990-01-01", "1999-12-31")),
        ("2013~", ("2013-01-01", "2013-12-31", "2013-01-01", "2013-12-31")),
        ("2011/", ("2011-01-01", "2011-12-31", None, None)),
        ("2011/..", ("2011-01-01", "2011-12-31", None, None)),
        ("198X/..", ("1980-01-01", "1989-12-31", None, None)),
        ("../2011", (None, None, "2011-01-01", "2011-12-31")),
        ("/2011", (None, None, "2011-01-01", "2011-12-31")),
        ("1978/2010", ("1978-01-01", "1978-12-31", "2010-01-01", "2010-12-31")),
        ("[2007-10..2013]", ("2007-10-01", "2013-12-31", "2007-10-01", "2013-12-31")),
        ("[2007..2013]", ("2007-01-01", "2013-12-31", "2007-01-01", "2013-12-31")),
    ],
)
def test_bounds(edtf: str, expected: tuple[str | None, ...]) -> None:
    assert bounds(edtf) == Bounds(*expected)


@pytest.mark.parametrize("edtf", ["", "last year", "2011-13", "２０１１", "[2007..]", "2011//2012"])
def test_what_is_no_date_is_refused(edtf: str) -> None:
    with pytest.raises(InputError, match="not an EDTF date"):
        bounds(edtf)


@pytest.mark.parametrize("edtf", ["2013/2011", "[2013..2007]"])
def test_an_end_before_the_beginning_is_refused(edtf: str) -> None:
    with pytest.raises(InputError, match="ends before it begins"):
        bounds(edtf)
