"""Projections: by hand, for a queue whose law is known, and tried on earlier years without knowing what came after."""

import random
from fractions import Fraction
from math import exp, isclose, log, sqrt
from statistics import stdev

import pytest

from report_builder.methods.projection import (
    Course,
    stock_ahead,
    straying,
    time_ahead,
    tried_stocks,
    tried_times,
)

STEADY = tuple(1000 - 10 * month for month in range(25))
"""A backlog that shrinks by ten cases a month for two years."""


def test_a_steady_backlog_goes_on_as_it_did():
    ahead = stock_ahead(STEADY, 12)
    assert (ahead.value, ahead.lower, ahead.upper) == (640, 640, 640)
    assert stock_ahead(STEADY, 120).value == 0
    assert stock_ahead(STEADY[:12], 12) is None
    assert stock_ahead(STEADY, 0) is None


def test_the_interval_by_hand():
    """Four quarters that changed by 3, 5, 4 and 8; t(3) = 1.638; a year ahead their sum and their mean both vary."""
    ends = [100, 103, 108, 112, 120]
    levels = [level for level in ends[:-1] for _ in range(3)] + [ends[-1]]
    ahead = stock_ahead(levels, 12)
    width = 1.638 * stdev([3, 5, 4, 8]) * sqrt(4 + 16 / 4)
    assert ahead.value == 140
    assert isclose(ahead.upper - 140, width)
    assert isclose(140 - ahead.lower, width)


def test_only_the_last_year_decides_where_it_goes_and_two_years_how_far_it_strays():
    calm = [1000, *(1000 + 30 * (i // 3) for i in range(1, 25))]
    wild = [5000, 3000, 4000, *calm]
    assert stock_ahead(calm, 6).value == stock_ahead(wild, 6).value
    assert stock_ahead([*wild[:3], *calm[3:]], 6).value == stock_ahead(calm, 6).value


def queue(rng, quarters=12):
    """A backlog whose net flow each month is drawn about a mean of its own, and times that follow the backlog."""
    drift, level, levels = rng.uniform(-15, 15), 1500.0, [1500]
    for _ in range(3 * quarters):
        level = max(50.0, level + rng.gauss(drift, 25))
        levels.append(round(level))
    ends = levels[3::3]
    medians = [Fraction(round(100 * end * 0.2 * exp(rng.gauss(0, 0.05)))) / 100 for end in ends]
    return Course(levels=tuple(levels), medians=tuple(medians))


def test_the_interval_holds_eight_times_in_ten_where_the_law_is_known():
    rng = random.Random(4)
    courses = [queue(rng) for _ in range(150)]
    stocks, times = tried_stocks(courses), tried_times(courses)
    assert stocks.tried == 150 * 13
    assert 0.74 < stocks.held / stocks.tried < 0.88
    assert times.tried == 150
    assert 0.72 < times.held / times.tried < 0.92


def test_a_time_follows_its_backlog():
    course = Course(levels=STEADY, medians=tuple(Fraction(level, 5) for level in STEADY[3::3]))
    assert straying([course]) == pytest.approx(0, abs=1e-12)
    ahead = time_ahead(course, 12, 0.0)
    assert isclose(ahead.value, 640 / 5)
    assert isclose(ahead.upper, ahead.value)
    wide = time_ahead(course, 24, 0.1)
    assert isclose(log(wide.upper / wide.value), 1.2816 * 0.1 * sqrt(2))


def test_nothing_that_came_later_is_used_in_a_trial():
    rng = random.Random(9)
    courses = [queue(rng) for _ in range(5)]
    spoilt = [Course(levels=c.levels[:25] + (1,) * 12, medians=c.medians[:8] + (None,) * 4) for c in courses]
    for course, other in zip(courses, spoilt, strict=True):
        assert stock_ahead(course.until(8).levels, 12) == stock_ahead(other.until(8).levels, 12)
    assert straying([c.until(8) for c in courses]) == straying([c.until(8) for c in spoilt])
    assert tried_stocks(spoilt).held < tried_stocks(courses).held
    assert tried_times(spoilt).tried == 0


def test_a_time_that_is_not_known_is_not_projected():
    medians = (Fraction(5),) * 7 + (None,)
    course = Course(levels=STEADY, medians=medians)
    assert time_ahead(course, 12, 0.1) is None
    assert time_ahead(Course(levels=STEADY, medians=(Fraction(5),) * 8), 12, None) is None
    assert straying([course.until(4)]) is None
