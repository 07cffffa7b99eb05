"""Time that does not count: waiting by cause, and the pauses between a case's closing and its coming back.

The intervals of a case are cut to its time, put together where they overlap or meet, and then each day of them is left
out once. A wait from one day to another takes as many days as time between them would: the first day is not among them,
the last one is.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from report_builder.deliveries.delivery import Delivery
from report_builder.methods.method import CaseMethod
from report_builder.methods.timing import Clock
from report_builder.methods.workdays import numbered_days

if TYPE_CHECKING:
    import ibis.expr.types as ir

FAR = date(2999, 12, 31)
"""Where a wait that still goes on is taken to end: long after everything that is computed."""


def excluded(rules: CaseMethod, delivery: Delivery, cases: ir.Table, spans: ir.Table, key: Sequence[str]) -> ir.Table:
    """The intervals that do not count: the columns of ``key``, ``start`` of the span, ``first`` and ``last``.

    ``spans`` holds ``row``, ``case_id``, ``start``, ``stop`` (null while open) and ``key``, which tells spans apart.
    The intervals of a span neither overlap nor meet, and lie inside it.
    """
    import ibis

    each = spans.select(*dict.fromkeys(("row", "case_id", "start", "stop", *key)))
    parts = [found for found in (_waits(rules, delivery, each), *_pauses(rules, cases, each)) if found is not None]
    names = dict.fromkeys((*key, "start", "stop", "first", "last"))
    found = ibis.union(*(p.select(*names) for p in parts)) if len(parts) > 1 else parts[0].select(*names)
    far = ibis.literal(FAR, "date")
    found = found.mutate(
        first=ibis.greatest(found.first, found.start),
        last=ibis.least(found["last"].fill_null(far), found.stop.fill_null(far)),
    )
    return _merged(found.filter(found["last"] > found.first), key)


def excludes(clock: Clock) -> bool:
    """Whether any time may be left out at all."""
    return bool(clock.excluded_waiting) or any(rule == "pause" for _, rule in clock.returns)


def _waits(rules: CaseMethod, delivery: Delivery, spans: ir.Table) -> ir.Table | None:
    wait, causes = rules.source.waiting, rules.clock.excluded_waiting
    if wait is None or not causes:
        return None
    table = delivery.tables[wait.object]
    waits = table.filter(table[wait.cause].isin(list(causes)), table[wait.start].notnull())
    waits = waits.select(waiting_case=waits[wait.case_id], first=waits[wait.start], last=waits[wait.end])
    return spans.join(waits, spans.case_id == waits.waiting_case)


def _pauses(rules: CaseMethod, cases: ir.Table, spans: ir.Table) -> list[ir.Table]:
    found = []
    for i, (_, rule) in enumerate(rules.clock.returns, start=1):
        if rule == "pause":
            away = cases.filter(cases[f"opened_{i}"].notnull())
            away = away.select(away_row=away.row, first=away[f"closed_{i - 1}"], last=away[f"opened_{i}"])
            found.append(spans.join(away, spans.row == away.away_row))
    return found


def _merged(found: ir.Table, key: Sequence[str]) -> ir.Table:
    """Intervals that overlap or meet become one."""
    import ibis

    by = list(key)
    until = found["last"].max().over(ibis.cumulative_window(group_by=by, order_by=[found.first, found["last"]]))
    found = found.mutate(until=until)
    before = found.until.lag().over(ibis.window(group_by=by, order_by=[found.first, found["last"]]))
    found = found.mutate(new=(before.isnull() | (found.first > before)).cast("int64"))
    island = found.new.sum().over(ibis.cumulative_window(group_by=by, order_by=[found.first, found["last"]]))
    found = found.mutate(island=island)
    grouped = found.group_by([*by, "start", "island"])
    return grouped.agg(first=found.first.min(), last=found["last"].max()).drop("island")


def with_days(clock: Clock, table: ir.Table, start: str, stop: str, name: str) -> ir.Table:
    """``table`` with the column ``name``: the days from one date column to another, as the clock counts days."""
    if clock.days == "calendar":
        return table.mutate(**{name: table[stop].delta(table[start], unit="day")})
    # The calendar has as many days as the data reaches: one small query tells which.
    reach = table.agg(first=table[start].min(), last=table[stop].max()).to_pyarrow().to_pylist()[0]
    day = date(2000, 1, 1)
    days = numbered_days(reach["first"] or day, max(reach["last"] or day, reach["first"] or day))
    begin = days.select(begin_day=days.day, begin_number=days.number)
    end = days.select(end_day=days.day, end_number=days.number)
    both = table.left_join(begin, table[start] == begin.begin_day)
    both = both.left_join(end, both[stop] == end.end_day)
    return both.mutate(**{name: both.end_number - both.begin_number}).select(*table.columns, name)


def spent(clock: Clock, intervals: ir.Table, key: Sequence[str]) -> ir.Table:
    """The days that do not count: the columns of ``key``, and ``spent``."""
    timed = with_days(clock, intervals, "first", "last", "length")
    return timed.group_by(list(key)).agg(spent=timed.length.sum())


def bound_day(clock: Clock, start: ir.DateColumn, months: int) -> ir.DateColumn:
    """The last day that is at most so many months after ``start``, by the clock's rule for months."""
    import ibis

    if clock.months == "calendar":
        return start + ibis.interval(months=months)
    days = 30 * months if clock.months == "thirty-days" else 1461 * months // 48
    return (start + ibis.interval(days=days)).cast("date")


def moved_bounds(clock: Clock, intervals: ir.Table, months: Sequence[int], key: Sequence[str]) -> ir.Table:
    """By how many calendar days each bound moves for a span: the columns of ``key``, and ``moved_M`` a bound.

    An interval moves a bound if it starts by then, the earlier intervals having moved it already.
    """
    import ibis

    by = list(key)
    table = intervals.mutate(length=intervals["last"].delta(intervals.first, unit="day"))
    until = table.length.sum().over(ibis.cumulative_window(group_by=by, order_by=table.first))
    table = table.mutate(earlier=until - table.length)
    sums = {}
    for bound in months:
        late = table.first.delta(bound_day(clock, table.start, bound).cast("date"), unit="day")
        sums[f"moved_{bound}"] = (late <= table.earlier).ifelse(table.length, 0).sum()
    return table.group_by(by).agg(**sums)
