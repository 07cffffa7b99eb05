"""Swedish working days: every day but Saturdays, Sundays, public holidays and the eves that the law puts beside them.

Public holidays are those of lag (1989:253) om allmänna helgdagar; midsommarafton, julafton and nyårsafton are free by
2 § lag (1930:173) om beräkning av lagstadgad tid. The rules are few and have changed once in fifty years (2005, when
the national day took the place of Whit Monday), so they are written out here rather than taken from a library.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

_FIXED = ((1, 1), (1, 6), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31))
_NATIONAL_DAY_SINCE = 2005


def easter(year: int) -> date:
    """Easter Sunday by the Gregorian computus (Butcher's form, as Meeus gives it)."""
    a, (b, c) = year % 19, divmod(year, 100)
    (d, e), f = divmod(b, 4), (b + 8) // 25
    h = (19 * a + b - d - (b - f + 1) // 3 + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + weekday - 7 * ((a + 11 * h + 22 * weekday) // 451) + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> frozenset[date]:
    """The days of a year that are no working days, whatever their weekday (Saturdays and Sundays apart)."""
    sunday = easter(year)
    midsummer_eve = next(d for d in (date(year, 6, 19) + timedelta(days=n) for n in range(7)) if d.weekday() == 4)
    moving = {sunday + timedelta(days=n) for n in (-2, 1, 39)}
    june = {date(year, 6, 6)} if year >= _NATIONAL_DAY_SINCE else {sunday + timedelta(days=50)}
    return frozenset({date(year, month, day) for month, day in _FIXED} | moving | june | {midsummer_eve})


def is_working(day: date) -> bool:
    """Whether ``day`` is a working day."""
    return day.weekday() < 5 and day not in holidays(day.year)


def numbered_days(first: date, last: date) -> ir.Table:
    """Every day from ``first`` to ``last`` with ``number``, how many working days there were until its end.

    The working days after one day until another are the difference of their numbers, so a case that starts on a Friday
    and stops on the Monday after has taken one.
    """
    import ibis
    import pyarrow as pa

    days, numbers, number = [], [], 0
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        number += is_working(day)
        days.append(day)
        numbers.append(number)
    columns = {"day": pa.array(days, pa.date32()), "number": pa.array(numbers, pa.int64())}
    return ibis.memtable(pa.table(columns))
