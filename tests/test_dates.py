"""EDTF strings to bounds: what is known, and nothing that is not."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
import undate
from hypothesis import given, settings
from hypothesis import strategies as st

from govkg import layout, xsd
from govkg.dates import Bounds, UnusedForm, bounds
from govkg.errors import InputError
from govkg.validation import load_shapes

ROW = re.compile(r"^\| ([012-]) \| [^|]+ \| `([^`]+)` \| ([a-z ]+) \|(.*)\|$", re.MULTILINE)
TABLE = ROW.findall((layout.ROOT / "docs/reference/dates.md").read_text(encoding="utf-8"))


def verdict(edtf: str) -> tuple[str, Bounds]:
    try:
        return "taken", bounds(edtf)
    except UnusedForm:
        return "refused", Bounds()
    except InputError:
        return "no date", Bounds()


@pytest.mark.parametrize(("level", "edtf", "said", "cells"), TABLE, ids=[row[1] for row in TABLE])
def test_the_table_in_the_docs_is_so(level: str, edtf: str, said: str, cells: str) -> None:
    expected = Bounds(*(cell.strip() or None for cell in cells.split("|")))
    assert verdict(edtf) == (said, expected)
    assert (said == "no date") == (level == "-")


def test_the_table_has_every_verdict_at_every_level() -> None:
    told = {(level, said) for level, _, said, _ in TABLE}
    assert told == {("-", "no date"), *((n, s) for n in "012" for s in ("taken", "refused"))}
    text = (layout.ROOT / "docs/reference/dates.md").read_text(encoding="utf-8")
    assert len(TABLE) == text.count("\n| ") - 1


@pytest.mark.parametrize(
    "edtf",
    [
        "",
        "last year",
        "2011-13",
        "２０１１",
        "[2007..",
        "2011//2012",
        "2011\n",
        "[]",
        "..",
        "2011T10",
    ],
)
def test_what_is_no_date_is_refused(edtf: str) -> None:
    with pytest.raises(InputError, match="not an EDTF date") as told:
        bounds(edtf)
    assert not isinstance(told.value, UnusedForm)


@pytest.mark.parametrize(
    "edtf", ["2013/2011", "[2013..2007]", "2012-03-01/2012-02-29", "201X/200X"]
)
def test_an_end_before_the_beginning_is_refused(edtf: str) -> None:
    with pytest.raises(InputError, match="ends before it begins"):
        bounds(edtf)


years = st.integers(1, 9999).map("{:04d}".format)
days = st.dates(min_value=date(1, 1, 1)).map(date.isoformat)
months = days.map(lambda day: day[:7])
plain = st.one_of(years, months, days)
unspecified = st.one_of(
    st.integers(1, 999).map("{:03d}X".format),
    st.integers(1, 99).map("{:02d}XX".format),
    years.map("{}-XX".format),
    months.map("{}-XX".format),
    years.map("{}-XX-XX".format),
)
moments = st.builds("{}{}".format, st.one_of(plain, unspecified), st.sampled_from(["", *"?~%"]))
sides = st.one_of(moments, st.sampled_from(["", ".."]))
times = days.map("{}T08:00:00+08:00".format)
written = st.one_of(
    moments,
    times,
    st.builds("{}/{}".format, sides, sides),
    st.builds("[{}..{}]".format, plain | st.just(""), plain | st.just("")),
)
anything = st.one_of(
    written, st.text("0123456789-/.[]{}X?~%TZ:+SYE, ", max_size=22), st.text(max_size=8)
)


@given(written)
def test_bounds_are_dates_of_xsd_in_order(edtf: str) -> None:
    said, found = verdict(edtf)
    if said == "refused":
        assert re.fullmatch(r"(\.\.)?/(\.\.)?|\[\.\.\]", edtf)
        return
    if said == "no date":
        with pytest.raises(InputError, match="ends before it begins"):
            bounds(edtf)
        return
    known = [day for day in found if day]
    assert known
    assert all(xsd.is_valid(day, "date") for day in known)
    begin, end = found[:2], found[2:]
    # The earliest of each before the latest of each, the begin never after the end.
    for chain in ((*begin,), (*end,), (begin[0], end[0]), (begin[1], end[1])):
        days = [day for day in chain if day]
        assert all(date.fromisoformat(a) <= date.fromisoformat(b) for a, b in pairwise(days)), edtf


@given(st.one_of(moments, times))
def test_a_moment_is_the_set_of_its_days(edtf: str) -> None:
    found = bounds(edtf)
    assert found == bounds(f"[{found.begin_earliest}..{found.end_latest}]")
    assert found == bounds(f"{edtf}/{edtf}") if "T" not in edtf else True


@settings(deadline=None)  # undate takes its time to load
@given(moments)
def test_bounds_of_moments_are_undate_s(edtf: str) -> None:
    """undate, which reads no seasons, sets or times, is right about the rest of what is taken."""
    other = undate.Undate.parse(edtf, "EDTF")
    assert bounds(edtf)[:2] == (str(other.earliest), str(other.latest))


@given(anything)
def test_the_shape_takes_the_forms_that_have_bounds(edtf: str) -> None:
    """What the pattern of gov:when takes has bounds or is no date, and the other way round."""
    from rdflib import SH, URIRef

    from govkg.namespaces import PREFIXES

    shape = URIRef(PREFIXES["shape"] + "StatementShape-when")
    pattern, unwanted = SHAPES.value(shape, SH.pattern), SHAPES.value(shape, SH["not"])
    fits = bool(re.search(str(pattern), edtf)) and "\n" not in edtf
    fits = fits and not re.search(str(SHAPES.value(unwanted, SH.pattern)), edtf)
    assert {"taken": fits, "refused": not fits}.get(verdict(edtf)[0], True), edtf


SHAPES = load_shapes()
