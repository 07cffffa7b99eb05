"""How large a backlog and how long a time will be at a later day, if cases come in and are closed as in the last year.

The backlog goes on by what came in less what was closed, month by month, as in the last year. How far it may stray is
read from its own quarters: a sum of as many quarters varies as they did, and so does the mean that it goes on by. The
time follows the backlog: with unchanged throughput a backlog that is a tenth smaller is worked off in a tenth less time
(Little's law). How well that has held is read from the earlier years, over all case types. The intervals are meant to
hold eight times in ten; :func:`tried` makes the same projections from earlier days and counts how often they did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import exp, log, sqrt
from statistics import fmean, stdev

YEAR, QUARTER = 12, 3
_QUARTERS = YEAR // QUARTER
_MOST_QUARTERS = 8
"""The quarters whose variation is used: older ones tell less of what is to come."""

_T_90 = {3: 1.638, 4: 1.533, 5: 1.476, 6: 1.440, 7: 1.415}
"""Student's t by degrees of freedom: nine times in ten below it, so eight times in ten within it."""
_Z_90 = 1.2816


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What a case type has gone through: open cases at each month's end, and the median time of each quarter.

    ``levels`` starts with the day on which the first quarter opens: quarter ``i`` ends at ``levels[3 · i + 3]``.
    """

    levels: tuple[int, ...]
    medians: tuple[Fraction | None, ...]

    def until(self, quarters: int) -> Course:
        """The course as it was known when so many quarters had passed."""
        return Course(levels=self.levels[: QUARTER * quarters + 1], medians=self.medians[:quarters])

    @property
    def ratios(self) -> list[float | None]:
        """The logarithm of each quarter's time by the backlog at its end; null where either is nothing."""
        ends = self.levels[QUARTER::QUARTER]
        return [log(m / b) if m and b else None for m, b in zip(self.medians, ends, strict=False)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A projected value with its interval."""

    value: float
    lower: float
    upper: float

    def holds(self, outcome: Fraction | int) -> bool:
        """Whether what came about lies inside the interval."""
        return self.lower <= outcome <= self.upper


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How often projections made a year ahead on earlier days could be tried, and how often the interval held."""

    tried: int
    held: int


def stock_ahead(levels: Sequence[int], months: int) -> Outlook | None:
    """The backlog so many months after the last of ``levels`` (one a month); null before a year has passed."""
    ends = levels[::-1][::QUARTER][::-1]
    steps = [after - before for before, after in pairwise(ends)][-_MOST_QUARTERS:]
    if len(steps) < _QUARTERS or months < 1:
        return None
    quarters = months / QUARTER
    value = levels[-1] + quarters * fmean(steps[-_QUARTERS:])
    width = _T_90[len(steps) - 1] * stdev(steps) * sqrt(quarters + quarters**2 / _QUARTERS)
    return Outlook(value=max(0.0, value), lower=max(0.0, value - width), upper=max(0.0, value + width))


def straying(courses: Sequence[Course]) -> float | None:
    """How far the time has strayed in a year from following the backlog, as a logarithm; null where nothing tells."""
    errors = [error for course in courses for error in _errors(course.ratios)]
    return sqrt(fmean(e * e for e in errors)) if errors else None


def time_ahead(course: Course, months: int, strays: float | None) -> Outlook | None:
    """The median time so many months after the course's end, ``strays`` being what :func:`straying` found."""
    stock = stock_ahead(course.levels, months)
    ratio = _mean(course.ratios[-_QUARTERS:])
    if stock is None or ratio is None or strays is None or not stock.value:
        return None
    value = stock.value * exp(ratio)
    of_stock = (stock.upper - stock.value) / stock.value
    width = sqrt(of_stock**2 + (_Z_90 * strays) ** 2 * max(1.0, months / YEAR))
    return Outlook(value=value, lower=value * exp(-width), upper=value * exp(width))


def tried_stocks(courses: Sequence[Course]) -> Trial:
    """Backlogs projected a year ahead from every month's end that has a year before it and a year after it."""
    found = [
        outlook.holds(course.levels[last + YEAR])
        for course in courses
        for last in range(YEAR, len(course.levels) - YEAR)
        if (outlook := stock_ahead(course.levels[: last + 1], YEAR)) is not None
    ]
    return Trial(tried=len(found), held=sum(found))


def tried_times(courses: Sequence[Course]) -> Trial:
    """Times projected a year ahead from every quarter's end, with nothing used that was not known then."""
    most = max((len(course.medians) for course in courses), default=0)
    found = []
    for quarters in range(_QUARTERS, most - _QUARTERS + 1):
        known = [course.until(quarters) for course in courses]
        strays = straying(known)
        for course, then in zip(courses, known, strict=True):
            outlook, outcome = time_ahead(then, YEAR, strays), course.medians[quarters + _QUARTERS - 1]
            if outlook is not None and outcome is not None:
                found.append(outlook.holds(outcome))
    return Trial(tried=len(found), held=sum(found))


def _errors(ratios: Sequence[float | None]) -> Iterator[float]:
    """How far each quarter's ratio lay from the mean of the year that ended a year before."""
    for i in range(_QUARTERS, len(ratios) - _QUARTERS + 1):
        mean, later = _mean(ratios[i - _QUARTERS : i]), ratios[i + _QUARTERS - 1]
        if mean is not None and later is not None:
            yield later - mean


def _mean(ratios: Sequence[float | None]) -> float | None:
    known = [r for r in ratios if r is not None]
    return fmean(known) if len(known) == _QUARTERS else None
