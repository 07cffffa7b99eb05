"""Periods: names, days, and the period a year before."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.periods import Period

NAMES = st.one_of(
    st.integers(1990, 2100).map(str),
    st.builds("{}-T{}".format, st.integers(1990, 2100), st.integers(1, 3)),
    st.builds("{}-Q{}".format, st.integers(1990, 2100), st.integers(1, 4)),
    st.builds("{}-{:02d}".format, st.integers(1990, 2100), st.integers(1, 12)),
    st.dates(date(1990, 1, 1), date(2100, 12, 31)).map(date.isoformat),
)


@given(NAMES)
def test_spanning_finds_the_name_again(name: str) -> None:
    period = Period(name)
    assert Period.spanning(period.start, period.end) == period


@given(NAMES)
def test_the_period_before_is_a_year_earlier_and_of_the_same_kind(name: str) -> None:
    period = Period(name)
    assert period.previous.kind == period.kind
    assert timedelta(363) < period.start - period.previous.start < timedelta(368)


@pytest.mark.parametrize(
    ("name", "before"),
    [("2024-02-29", "2023-02-28"), ("2025-02-28", "2024-02-28"), ("2024-03-01", "2023-03-01"), ("2024-02", "2023-02")],
)
def test_a_year_before_a_leap_day_is_the_last_of_february(name: str, before: str) -> None:
    assert Period(name).previous == Period(before)


@given(st.integers(1990, 2100))
def test_months_and_quarters_fill_the_year(year: int) -> None:
    whole = Period(str(year))
    months = whole.months()
    assert (months[0].start, months[-1].end) == (whole.start, whole.end)
    assert all(a.end + timedelta(1) == b.start for a, b in itertools.pairwise(months))
    quarters = [Period(f"{year}-Q{q}") for q in (1, 2, 3, 4)]
    assert [m for q in quarters for m in q.months()] == list(months)


def test_any_other_stretch_is_an_interval() -> None:
    odd = Period.spanning(date(2015, 1, 1), date(2015, 11, 30))
    assert (odd.name, odd.kind) == ("2015-01-01/2015-11-30", "range")


@pytest.mark.parametrize(
    "name", ["", "25", "2025-13", "2025-T4", "2025-Q5", "2025-02-30", "2025-3", "2025-05-01/2025-04-01"]
)
def test_what_is_no_period_is_refused(name: str) -> None:
    with pytest.raises(ValueError):
        Period(name)
