"""From a method's clock to Ibis expressions: when each case was opened, closed and reopened.

Everything counts at the end of a day. A case that is opened and closed on the same day is in the flows of that day
and in no stock; one that is closed and reopened on the same day is open at its end. That is why the opening stock plus
what came in and was reopened, minus what was closed, is the closing stock, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from report_builder.delivery import Delivery
from report_builder.methods.method import CaseMethod, Method
from report_builder.problems import Problem, ReportError, nearest

if TYPE_CHECKING:
    import ibis.expr.types as ir

ROW = "_row"


def events(method: Method, rules: CaseMethod, delivery: Delivery, case_types: Sequence[str]) -> ir.Table:
    """The cases of ``case_types`` with ``row``, ``case_id``, ``case_type`` and a date column per round of the clock.

    Round 0 is the case's first (``opened_0``, ``closed_0``), round 1 its first reopening, and so on. ``closed_N`` is
    null until every stop event has happened. A case without a start, or with its events out of order, is left out.

    Raises:
        ReportError: the dataset lacks the schema object or a column that the method names.

    """
    cases = _all_cases(method, rules, delivery)
    return cases.filter(in_order(rules, cases), cases.case_type.isin(list(case_types)))


def out_of_order(method: Method, rules: CaseMethod, delivery: Delivery) -> tuple[int, ...]:
    """The rows of cases that are left out because their events contradict each other."""
    cases = _all_cases(method, rules, delivery)
    left_out = cases.filter(~in_order(rules, cases)).select("row").order_by("row")
    return tuple(found["row"] for found in left_out.to_pyarrow().to_pylist())


def in_order(rules: CaseMethod, cases: ir.Table) -> ir.BooleanValue:
    """Whether a case has a start, and every later event neither precedes nor lacks the one it follows on."""
    import ibis

    days = [cases.opened_0, cases.closed_0]
    for i in range(1, len(rules.clock.reopenings) + 1):
        days += [cases[f"opened_{i}"], cases[f"closed_{i}"]]
    follows = [later.isnull() | (later >= earlier).fill_null(False) for earlier, later in pairwise(days)]
    return ibis.and_(days[0].notnull(), *follows)


def _all_cases(method: Method, rules: CaseMethod, delivery: Delivery) -> ir.Table:
    _check(method, rules, delivery)
    source = rules.source
    table = delivery.tables[source.object]
    columns = {
        "row": table[ROW],
        "case_id": table[source.case_id],
        "case_type": table[source.case_type],
        "opened_0": table[source.events[rules.clock.start]],
        "closed_0": _last_of(table, [source.events[e] for e in rules.clock.stop]),
    }
    for i, again in enumerate(rules.clock.reopenings, start=1):
        columns[f"opened_{i}"] = table[source.events[again.start]]
        columns[f"closed_{i}"] = _last_of(table, [source.events[e] for e in again.stop])
    return table.select(**columns)


def rounds(rules: CaseMethod, cases: ir.Table) -> ir.Table:
    """One row per round of each case, with ``row``, ``case_id``, ``case_type``, ``round`` and three dates.

    ``opened`` and ``closed`` (null while open) bound the round. ``start`` is where time runs from: the case's first
    opening where a reopening continues the clock, else ``opened``.
    """
    import ibis

    parts = []
    for i in range(len(rules.clock.reopenings) + 1):
        opened = cases[f"opened_{i}"]
        start = cases.opened_0 if rules.clock.reopening == "continue" else opened
        part = cases.filter(opened.notnull()) if i else cases
        parts.append(
            part.select(
                "row",
                "case_id",
                "case_type",
                round=ibis.literal(i, "int8"),
                start=start,
                opened=opened,
                closed=cases[f"closed_{i}"],
            )
        )
    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def measured(rules: CaseMethod, cases: ir.Table) -> ir.Table:
    """One row per measured time: ``row``, ``case_id``, ``case_type``, ``start``, ``stop``, ``days``.

    Where a reopening continues the clock, that is each case that is closed for good, from its first opening to its
    last closing; else every closed round.
    """
    if rules.clock.reopening == "restart":
        each = rounds(rules, cases)
        times = each.select("row", "case_id", "case_type", start=each.opened, stop=each.closed)
    else:
        stop = cases.closed_0
        for i in range(1, len(rules.clock.reopenings) + 1):
            stop = cases[f"opened_{i}"].isnull().ifelse(stop, cases[f"closed_{i}"])
        times = cases.select("row", "case_id", "case_type", start=cases.opened_0, stop=stop)
    times = times.filter(times.stop.notnull())
    return times.mutate(days=times.stop.delta(times.start, unit="day"))


def months_after(day: ir.DateColumn, months: int) -> ir.DateColumn:
    """The day with the same number ``months`` later, or the last day of a month that lacks it."""
    import ibis

    return day + ibis.interval(months=months)


def _last_of(table: ir.Table, columns: Sequence[str]) -> ir.DateColumn:
    """The latest of the dates, and null unless all are there."""
    import ibis

    if len(columns) == 1:
        return table[columns[0]]
    complete = ibis.and_(*(table[c].notnull() for c in columns))
    return complete.ifelse(ibis.greatest(*(table[c] for c in columns)), ibis.null("date"))


def _check(method: Method, rules: CaseMethod, delivery: Delivery) -> None:
    source = rules.source
    table = delivery.tables.get(source.object)
    if table is None:
        message = f"{delivery.contract} has no schema object {source.object}."
        hint = nearest(source.object, delivery.tables) or f"There: {', '.join(delivery.tables)}."
        place = method.file.place("source", "object")
        raise ReportError(Problem(code="unknown-object", message=message, place=place, hint=hint))
    named: dict[tuple[str, ...], str] = {("case_id",): source.case_id, ("case_type",): source.case_type}
    named |= {("events", event): column for event, column in source.events.items()}
    missing = [
        Problem(
            code="unknown-column",
            message=f"{delivery.contract} has no column {column} in {source.object}.",
            place=method.file.place("source", *loc),
            hint=nearest(column, table.columns) or f"There: {', '.join(c for c in table.columns if c != ROW)}.",
            value=column,
        )
        for loc, column in named.items()
        if column not in table.columns
    ]
    if missing:
        raise ReportError(missing)
