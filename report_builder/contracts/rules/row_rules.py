"""Rules between columns and rows, compiled from the forms of :mod:`report_builder.contracts.odcs.custom_rules`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from report_builder.catalogue import msgid
from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.odcs.bounds import plain
from report_builder.contracts.odcs.contract import DeclaredRule, FileContract, LogicalType
from report_builder.contracts.odcs.custom_rules import (
    Balance,
    Coverage,
    EmptyWhen,
    FilledWhen,
    Form,
    NotAfter,
    OneOfWhen,
    Order,
    Requires,
    RowCountChange,
    Total,
)
from report_builder.contracts.odcs.quality import OwnRule
from report_builder.contracts.rules.conditional_rules import conditional_rules
from report_builder.contracts.rules.groups import change_rule, coverage_rule
from report_builder.contracts.rules.rules import Frames, Rule
from report_builder.contracts.words import either, quoted, words
from report_builder.problems import Severity

if TYPE_CHECKING:
    import ibis.expr.types as ir

_CORRECT_A_DATE = words("Correct the date that is wrong.")
_CORRECT = words("Correct the value that is wrong.")


def between_rules(
    file: FileContract, declared: DeclaredRule, rule: OwnRule, around: DeliveryContext, comparable: bool
) -> Iterator[Rule]:
    """The rules that one declared rule stands for: an order of columns is a rule for each neighbouring pair.

    ``comparable`` says whether the file of the delivery before could be read.
    """
    for made in _rules(file, rule.implementation, around, comparable):
        hint = quoted(made.hint.en, declared.hint) if declared.hint else made.hint
        note, name = rule.description or "", rule.id or ""
        yield replace(made, severity=Severity(rule.severity), note=note, name=name, hint=hint)


def _rules(file: FileContract, form: Form, around: DeliveryContext, comparable: bool) -> Iterator[Rule]:
    match form:
        case Order():
            yield from (_order(file, a, b, form.strict) for a, b in pairwise(form.columns))
        case Requires():
            yield from (_requires(file, form, other) for other in form.requires)
        case EmptyWhen() | FilledWhen() | OneOfWhen():
            yield from conditional_rules(file, form)
        case NotAfter():
            yield from (_not_after(file, column, form.date, around.as_of) for column in form.columns)
        case Balance():
            yield _balance(file, form)
        case Total():
            yield _total(file, form)
        case Coverage() if form.by:
            yield _coverage(file, form)
        case Coverage():
            yield coverage_rule(file, form, around)
        case RowCountChange():
            yield change_rule(file, form, around, comparable)


def _needs(file: FileContract, *columns: str) -> tuple[tuple[str, str], ...]:
    return tuple((file.name, column) for column in columns)


def _order(file: FileContract, first: str, second: str, strict: bool) -> Rule:
    a, b = file.column(first).header, file.column(second).header
    days = file.column(first).type in {LogicalType.DATE, LogicalType.TIMESTAMP, LogicalType.TIME}
    if days and strict:
        says, broken = msgid("{column} is after {other}."), msgid("{column} is not after {other}")
    elif days:
        says, broken = msgid("{column} is not before {other}."), msgid("{column} is before {other}")
    elif strict:
        says, broken = msgid("{column} is more than {other}."), msgid("{column} is not more than {other}")
    else:
        says, broken = msgid("{column} is not less than {other}."), msgid("{column} is less than {other}")

    def failing(frames: Frames) -> ir.BooleanColumn:
        left, right = frames[file.name].value(first), frames[file.name].value(second)
        return left.notnull() & right.notnull() & (right <= left if strict else right < left)

    return Rule(
        code="date-order" if days else "order", object=file.name, columns=(second, first),
        needs=_needs(file, first, second),
        says=words(says, column=b, other=a), broken=words(broken, column=b, other=a),
        hint=_CORRECT_A_DATE if days else _CORRECT, failing=failing,
    )  # fmt: skip


def _requires(file: FileContract, form: Requires, other: str) -> Rule:
    given, wanted = file.column(form.column).header, file.column(other).header
    when = words("{column} is filled", column=given)
    if form.values:
        when = words("{column} is {values}", column=given, values=either(form.values))

    def failing(frames: Frames) -> ir.BooleanColumn:
        frame = frames[file.name]
        text = frame.text(form.column)
        holds = text.notnull() & text.isin(form.values) if form.values else frame.filled(form.column)
        return holds & ~frame.filled(other)

    return Rule(
        code="required-with", object=file.name, columns=(other, form.column),
        needs=_needs(file, form.column, other),
        says=words("Where {condition}, {column} is filled too.", condition=when, column=wanted),
        broken=words("{column} is empty though {condition}", column=wanted, condition=when),
        hint=words("Fill in {column}, or correct {other}.", column=wanted, other=given),
        failing=failing,
    )  # fmt: skip


def _not_after(file: FileContract, column: str, limit: date | str, as_of: date | None) -> Rule:
    shown = file.column(column).header
    day = limit if isinstance(limit, date) else as_of
    extract = not isinstance(limit, date)
    missing = None
    says = words("{column} is no later than {day}.", column=shown, day=str(day))
    if day is None:
        missing = words("The date of the extract was not given.")
        says = words("{column} is no later than the date of the extract.", column=shown)
    elif extract:
        says = words("{column} is no later than {day}, the date of the extract.", column=shown, day=day)

    def failing(frames: Frames) -> ir.BooleanColumn:
        import ibis

        value = frames[file.name].value(column)
        return value.notnull() & (value.cast("date") > ibis.date(str(day)))

    return Rule(
        code="after-the-extract" if extract else "out-of-range", object=file.name, columns=(column,),
        needs=_needs(file, column),
        says=says,
        broken=words("{column} is later than {day}", column=shown, day=str(day)),
        hint=_CORRECT_A_DATE, failing=failing, missing=missing,
    )  # fmt: skip


def _balance(file: FileContract, form: Balance) -> Rule:
    names = (*form.plus, *form.minus, form.equals)
    plus = [file.column(c).header for c in form.plus]
    minus = [file.column(c).header for c in form.minus]
    total = file.column(form.equals).header
    formula = " + ".join(plus) + "".join(f" − {m}" for m in minus)

    def failing(frames: Frames) -> ir.BooleanColumn:
        import ibis

        frame = frames[file.name]
        figure = _sum([frame.value(c) for c in form.plus])
        for column in form.minus:
            figure = figure - frame.value(column)
        filled = ibis.and_(*(frame.value(c).notnull() for c in names))
        return filled & ((figure - frame.value(form.equals)).abs() > _literal(form.tolerance))

    return Rule(
        code="does-not-add-up", object=file.name, columns=(form.equals, *form.plus, *form.minus),
        needs=_needs(file, *names),
        says=words("{formula} = {column}.", formula=formula, column=total)
        if not form.tolerance
        else words("{formula} = {column}, within {tolerance}.", formula=formula, column=total,
                   tolerance=plain(form.tolerance)),
        broken=words("{formula} does not give {column}", formula=formula, column=total),
        hint=_CORRECT, failing=failing,
    )  # fmt: skip


def _total(file: FileContract, form: Total) -> Rule:
    shown, by = file.column(form.column).header, tuple(file.column(c).header for c in form.by)
    total = plain(form.total)

    def failing(frames: Frames) -> ir.BooleanColumn:
        frame = frames[file.name]
        keys = [frame.text(c) for c in form.by]
        figure = frame.value(form.column).sum().over(group_by=keys)
        return figure.notnull() & ((figure - _literal(form.total)).abs() > _literal(form.tolerance))

    return Rule(
        code="does-not-add-up", object=file.name, columns=(form.column, *form.by),
        needs=_needs(file, form.column, *form.by),
        says=words("{column} adds up to {total} for each {group}.", column=shown, total=total, group=by)
        if not form.tolerance
        else words("{column} adds up to {total} for each {group}, within {tolerance}.", column=shown, total=total,
                   group=by, tolerance=plain(form.tolerance)),
        broken=words("{column} does not add up to {total}", column=shown, total=total),
        hint=_CORRECT, failing=failing,
    )  # fmt: skip


def _coverage(file: FileContract, form: Coverage) -> Rule:
    shown, by = file.column(form.column).header, tuple(file.column(c).header for c in form.by)

    def failing(frames: Frames) -> ir.BooleanColumn:
        import ibis

        frame = frames[file.name]
        keys = [frame.text(c) for c in form.by]
        held = [(frame.text(form.column) == value).fill_null(False).any().over(group_by=keys) for value in form.values]
        return ~ibis.and_(*held)

    return Rule(
        code="not-covered", object=file.name, columns=(form.column, *form.by),
        needs=_needs(file, form.column, *form.by),
        says=words("For each {group}, {column} holds every one of {values}.", group=by, column=shown,
                   values=form.values),
        broken=words("the group lacks some value of {column}", column=shown),
        hint=words("See in the source system whether the extract lacks these rows."), failing=failing,
    )  # fmt: skip


def _sum(values: list[Any]) -> Any:
    figure = values[0]
    for value in values[1:]:
        figure = figure + value
    return figure


def _literal(value: Decimal) -> Any:
    import ibis

    return ibis.literal(int(value)) if value % 1 == 0 else ibis.literal(value)
