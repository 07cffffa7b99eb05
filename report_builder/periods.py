"""Periods and dates that facts are about: a year, a tertial, a quarter, a month, or a single day.

The notation is SDMX's for reporting periods (``2025``, ``2025-T1``, ``2025-Q3``, ``2025-06``, ``2025-12-31``) or, for
any other stretch of days, an ISO 8601 interval (``2015-01-01/2015-11-30``).
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

_FORMS = re.compile(r"(\d{4})(?:-(?:T([1-3])|Q([1-4])|(\d{2})(?:-(\d{2}))?))?")


@dataclass(frozen=True)
class Period:
    """A named stretch of days, ``start`` and ``end`` included. Ordered by its first day, then by length."""

    name: str

    def __post_init__(self) -> None:
        _ = self._span

    @cached_property
    def _span(self) -> tuple[date, date]:
        if "/" in self.name:
            first_day, last_day = (date.fromisoformat(part) for part in self.name.split("/", 1))
            if last_day < first_day:
                raise ValueError(f"{self.name!r} ends before it starts")
            return first_day, last_day
        found = _FORMS.fullmatch(self.name)
        if found is None:
            raise ValueError(f"{self.name!r} is not a period; write 2025, 2025-T1, 2025-Q3, 2025-06 or 2025-12-31")
        year, tertial, quarter, month, day = (int(g) if g else 0 for g in found.groups())
        if day:
            return date(year, month, day), date(year, month, day)
        first, last = 1, 12
        if tertial:
            first, last = 4 * tertial - 3, 4 * tertial
        elif quarter:
            first, last = 3 * quarter - 2, 3 * quarter
        elif found.group(4):
            first = last = month
        return date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1])

    @property
    def start(self) -> date:
        """The first day."""
        return self._span[0]

    @property
    def end(self) -> date:
        """The last day, included."""
        return self._span[1]

    @cached_property
    def kind(self) -> str:
        """``year``, ``tertial``, ``quarter``, ``month``, ``day`` or ``range``."""
        if "/" in self.name:
            return "range"
        if len(self.name) == 4:
            return "year"
        if "T" in self.name:
            return "tertial"
        if "Q" in self.name:
            return "quarter"
        return "month" if len(self.name) == 7 else "day"

    @cached_property
    def previous(self) -> Period:
        """The period of the same kind a year earlier (the comparison a reader expects: seasons cancel out)."""
        if self.kind == "range":
            raise ValueError(f"{self.name} has no period before it")
        year = int(self.name[:4]) - 1
        rest = self.name[4:]
        return Period(f"{year:04d}-02-28" if rest == "-02-29" else f"{year:04d}{rest}")

    @cached_property
    def last_day(self) -> Period:
        """The period's last day as a period of its own, for measures that are read at a date."""
        return Period(self.end.isoformat())

    def months(self) -> tuple[Period, ...]:
        """The months that the period covers."""
        months = range(self.start.month, self.end.month + 1)
        return tuple(Period(f"{self.start.year:04d}-{m:02d}") for m in months)

    @classmethod
    def spanning(cls, first: date, last: date) -> Period:
        """The period from ``first`` to ``last``, by its shortest name."""
        year = f"{first.year:04d}"
        names = [year, *(f"{year}-T{i}" for i in (1, 2, 3)), *(f"{year}-Q{i}" for i in (1, 2, 3, 4))]
        names += [f"{year}-{first.month:02d}", first.isoformat()]
        for name in names:
            if cls(name)._span == (first, last):
                return cls(name)
        return cls(f"{first.isoformat()}/{last.isoformat()}")

    def __lt__(self, other: Period) -> bool:
        return (self.start, self.end) < (other.start, other.end)

    def __str__(self) -> str:
        return self.name


PeriodKind = Literal["year", "tertial", "quarter", "month"]


def containing(kind: PeriodKind, year: int, month: int) -> Period:
    """The period of ``kind`` that a month lies in."""
    names = {
        "year": f"{year:04d}",
        "tertial": f"{year:04d}-T{(month + 3) // 4}",
        "quarter": f"{year:04d}-Q{(month + 2) // 3}",
        "month": f"{year:04d}-{month:02d}",
    }
    return Period(names[kind])


def whole_within(kind: PeriodKind, first: date, last: date) -> tuple[Period, ...]:
    """The periods of ``kind`` of which every day lies between ``first`` and ``last``, in order."""
    months = ((year, month) for year in range(first.year, last.year + 1) for month in range(1, 13))
    found = dict.fromkeys(containing(kind, year, month) for year, month in months)
    return tuple(p for p in found if first <= p.start and p.end <= last)
