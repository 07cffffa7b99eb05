"""Service levels of a contract (``slaProperties``) that can be tried on a delivery; the others are for people.

``element`` names the object and the column ("arenden.registrerad") that a level is about:

- ``freshness``, a number of days (months, years): the newest day of the column is no older than that on the last day
  that the delivery covers;
- ``retention``, likewise: the oldest day of the column is at least that old then;
- ``coverage``, a kind of period (year, tertial, quarter or month): every such period that the delivery covers has
  a row;
- ``latency``, a number of days (months, years): the delivery came no later than that after its last day.

A level that is not kept is a warning. ``frequency`` and everything else is shown, not tried.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, get_args

from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.odcs.contract import Contract, FileContract, Promise
from report_builder.contracts.odcs.custom_rules import EachPeriod
from report_builder.contracts.odcs.odcs import SlaProperty
from report_builder.contracts.odcs.schema import SchemaObject
from report_builder.contracts.rules.groups import NO_DAYS, counted, named_period, tally
from report_builder.contracts.rules.rules import CountQuery, Frames, Judge, Rule, Verdict
from report_builder.contracts.words import NOTHING, Words, words
from report_builder.periods import Period, PeriodKind, whole_within
from report_builder.problems import Place, Problem, Severity, nearest

if TYPE_CHECKING:
    import ibis.expr.types as ir

_OF_A_COLUMN = frozenset({"freshness", "retention", "coverage"})
_TRIED = _OF_A_COLUMN | {"latency"}
_UNITS = {
    **dict.fromkeys(("d", "day", "days"), "d"),
    **dict.fromkeys(("mo", "month", "months"), "m"),
    **dict.fromkeys(("y", "yr", "year", "years"), "y"),
}
_DAYS = frozenset({"date", "timestamp"})
_MOST = 36_500


def promise_of(
    declared: SlaProperty, objects: Mapping[str, SchemaObject], place: Place
) -> tuple[Promise, tuple[Problem, ...]]:
    """The service level that a property states, and what is wrong with it where it is one that is tried."""
    property_name, unit = declared.property.casefold(), (declared.unit or "").casefold()
    name, _, column = (declared.element or "").partition(".")
    promise = Promise(
        name=declared.property,
        value=f"{declared.value} {declared.unit or ''}".strip(),
        description=declared.description or "",
        element=(name, column),
        amount=str(declared.value),
        unit=_UNITS.get(unit, unit),
    )
    if property_name not in _TRIED:
        return promise, ()
    return promise, tuple(_faults(property_name, declared, promise, objects, place))


def _faults(
    name: str, declared: SlaProperty, promise: Promise, objects: Mapping[str, SchemaObject], place: Place
) -> Iterator[Problem]:
    if name == "coverage":
        if promise.amount not in get_args(PeriodKind):
            hint = f"Write one of {', '.join(get_args(PeriodKind))}."
            yield Problem(code="bad-value", message=f"coverage is {promise.amount}.", place=place, hint=hint)
    elif isinstance(declared.value, bool) or not isinstance(declared.value, int) or not 0 <= declared.value <= _MOST:
        message = f"{name} is {promise.amount}, not a number of days."
        yield Problem(code="bad-value", message=message, place=place, hint="Write a whole number.")
    elif promise.unit not in _UNITS.values():
        message = f"The unit of {name} is {declared.unit or 'not given'}."
        yield Problem(code="bad-value", message=message, place=place, hint="Write d, mo or y.")
    if name in _OF_A_COLUMN or declared.element:
        yield from _element_faults(name, promise, objects, place)


def _element_faults(
    name: str, promise: Promise, objects: Mapping[str, SchemaObject], place: Place
) -> Iterator[Problem]:
    owner, column = promise.element
    if owner not in objects:
        hint = nearest(owner, objects) or f"Write object.column; objects here: {', '.join(objects)}."
        message = f"The element of {name} is in no object: {owner or 'none is given'}."
        yield Problem(code="unknown-object", message=message, place=place, hint=hint)
        return
    kinds = {p.name: p.logical_type for p in objects[owner].properties}
    if column not in kinds:
        message = f"{owner} has no column {column}, which {name} is about."
        yield Problem(code="unknown-column", message=message, place=place, hint=nearest(column, kinds))
    elif kinds[column] not in _DAYS:
        message = f"The column {column} is a {kinds[column]}; {name} needs a date or a timestamp."
        yield Problem(code="bad-value", message=message, place=place, hint="Name a column of dates.")


def service_rules(contract: Contract, file: FileContract, around: DeliveryContext) -> Iterator[Rule]:
    """The service levels that are about ``file``, as rules; one that names no object goes with the first."""
    for promise in contract.promises:
        owner = promise.element[0] or contract.files[0].name
        if owner != file.name:
            continue
        match promise.name.casefold():
            case "freshness":
                yield _of_column(file, promise, around, fresh=True)
            case "retention":
                yield _of_column(file, promise, around, fresh=False)
            case "coverage":
                yield _covering(file, promise, around)
            case "latency" if around.received is not None:
                yield _in_time(file, promise, around)
            case _:
                pass


def _rule(
    file: FileContract, promise: Promise, code: str, says: Words, hint: Words, missing: Words | None,
    tally: CountQuery | None, judge: Judge,
) -> Rule:  # fmt: skip
    column = promise.element[1]
    return Rule(
        code=code,
        object=file.name,
        columns=(column,) if column else (),
        needs=((file.name, column),) if column and tally else (),
        says=says,
        broken=NOTHING,
        hint=hint,
        note=promise.description,
        severity=Severity.WARNING,
        missing=missing,
        tally=tally,
        judge=judge,
    )


def _of_column(file: FileContract, promise: Promise, around: DeliveryContext, *, fresh: bool) -> Rule:
    """Freshness is about the newest day of a column, retention about the oldest; both are held against one day."""
    column = file.column(promise.element[1])
    missing: Words | None = _NO_LAST_DAY
    bound = date.min
    if around.as_of is not None:
        missing, bound = None, _back(around.as_of, int(promise.amount), promise.unit)

    def figure(frames: Frames) -> ir.Table:
        value = frames[file.name].value(column.name)
        return frames[file.name].table.aggregate(day=value.max() if fresh else value.min())

    def judge(rows: Sequence[Mapping[str, Any]]) -> Verdict | None:
        day = rows[0]["day"]
        day = day.date() if isinstance(day, datetime) else day
        if day is None or (day < bound if fresh else day > bound):
            return Verdict(1, _too_late_or_early(column.header, day, bound, fresh))
        return None

    says = (
        words("The newest {header} is {day} or later.", header=column.header, day=bound)
        if fresh
        else words("The oldest {header} is {day} or earlier.", header=column.header, day=bound)
    )
    return _rule(file, promise, "stale" if fresh else "too-short", says, _AGAIN, missing, figure, judge)


def _too_late_or_early(header: str, day: date | None, bound: date, fresh: bool) -> Words:
    if day is None:
        return words("{header} holds no date.", header=header)
    if fresh:
        return words("The newest {header} is {day}; it must be {bound} or later.", header=header, day=day, bound=bound)
    return words("The oldest {header} is {day}; it must be {bound} or earlier.", header=header, day=day, bound=bound)


def _covering(file: FileContract, promise: Promise, around: DeliveryContext) -> Rule:
    column = file.column(promise.element[1])
    kind: PeriodKind = promise.amount  # type: ignore[assignment]  # load has seen to it
    period = EachPeriod(column=column.name, each=kind)
    expected: tuple[Period, ...] = ()
    missing: Words | None = NO_DAYS
    if around.since and around.as_of:
        expected, missing = whole_within(kind, around.since, around.as_of), None

    def judge(rows: Sequence[Mapping[str, Any]]) -> Verdict | None:
        found = counted(rows, 0, period)
        lost = [p for p in expected if (p.name,) not in found]
        if not lost:
            return None
        names = tuple(named_period(p.name) for p in lost)
        found_none = words("No row has its {header} in {periods}.", header=column.header, periods=names)
        return Verdict(len(lost), found_none)

    says = words(
        "Each of the {count} periods that the delivery covers has rows, by {header}.",
        count=len(expected), header=column.header,
    )  # fmt: skip
    make = partial(_tallied, file.name, period)
    return _rule(file, promise, "period-without-rows", says, _AGAIN, missing, make, judge)


def _tallied(name: str, period: EachPeriod, frames: Frames) -> ir.Table:
    return tally(frames[name], (), period)


def _in_time(file: FileContract, promise: Promise, around: DeliveryContext) -> Rule:
    received, as_of = around.received, around.as_of
    latest = None if as_of is None else _back(as_of, -int(promise.amount), promise.unit)

    def judge(_: Sequence[Mapping[str, Any]]) -> Verdict | None:
        if latest is None or received is None or received <= latest:
            return None
        return Verdict(1, words("The delivery came on {day}; it was due on {latest}.", day=received, latest=latest))

    says = words("The delivery comes no later than {latest}.", latest=str(latest))
    hint = words("Agree on the day of the next delivery.")
    return _rule(file, promise, "late", says, hint, None if latest else _NO_LAST_DAY, None, judge)


def _back(day: date, amount: int, unit: str) -> date:
    """``day`` less an amount of days, months or years; a day that its month lacks is the month's last.

    Beyond the ends of the calendar it is the first day or the last.
    """
    if unit == "d":
        ordinal = day.toordinal() - amount
        return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))
    months = day.year * 12 + day.month - 1 - amount * (12 if unit == "y" else 1)
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        return date.min if year < date.min.year else date.max
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


_NO_LAST_DAY = words("The last day that the delivery covers was not given.")
_AGAIN = words("See whether the extract covers the days that it should, or explain why it is right.")
