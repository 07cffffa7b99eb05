"""Rules that hold where other columns say so: a cell empty, filled, or one of these values, when conditions are met."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from report_builder.contracts.odcs.contract import FileContract
from report_builder.contracts.odcs.custom_rules import Condition, EmptyWhen, FilledWhen, OneOfWhen
from report_builder.contracts.rules.rules import Failing, Frames, Rule
from report_builder.contracts.words import Words, either, joined, words

if TYPE_CHECKING:
    import ibis.expr.types as ir


def conditional_rules(file: FileContract, form: EmptyWhen | FilledWhen | OneOfWhen) -> Iterator[Rule]:
    """A rule for each column that a form is about."""
    when = _when(file, form.when)
    if isinstance(form, OneOfWhen):
        shown = file.column(form.column).header
        yield _rule(
            file, form.column, form.when, partial(_is_another, file.name, form),
            words("Where {condition}, {column} is {values}.", condition=when, column=shown, values=either(form.values)),
            words("{column} is none of {values} though {condition}", column=shown, values=either(form.values),
                  condition=when),
        )  # fmt: skip
        return
    for column in form.columns:
        shown = file.column(column).header
        if isinstance(form, EmptyWhen):
            says = words("Where {condition}, {column} is empty.", condition=when, column=shown)
            broken = words("{column} is filled though {condition}", column=shown, condition=when)
            yield _rule(file, column, form.when, partial(_is_filled, file.name, column, form), says, broken)
        else:
            says = words("Where {condition}, {column} is filled.", condition=when, column=shown)
            broken = words("{column} is empty though {condition}", column=shown, condition=when)
            yield _rule(file, column, form.when, partial(_is_empty, file.name, column, form), says, broken)


def _rule(
    file: FileContract, column: str, when: tuple[Condition, ...], failing: Failing, says: Words, broken: Words
) -> Rule:
    columns = tuple(dict.fromkeys((column, *(c.column for c in when))))
    others = tuple(file.column(c).header for c in columns[1:])
    return Rule(
        code="conditional", object=file.name, columns=columns, needs=tuple((file.name, c) for c in columns),
        says=says, broken=broken, failing=failing,
        hint=words("See in the source system which is wrong: {column}, or {others}.",
                   column=file.column(column).header, others=others),
    )  # fmt: skip


def _when(file: FileContract, conditions: tuple[Condition, ...]) -> Words:
    """The conditions, all of which hold at once."""
    said = [_condition(file.column(c.column).header, c) for c in conditions]
    if len(said) == 1:
        return said[0]
    return words("{conditions} and {last}", conditions=joined(*said[:-1], between=", "), last=said[-1])


def _condition(header: str, condition: Condition) -> Words:
    if condition.one_of:
        return words("{column} is {values}", column=header, values=either(condition.one_of))
    if condition.none_of:
        return words("{column} is not {values}", column=header, values=either(condition.none_of))
    if condition.filled:
        return words("{column} is filled", column=header)
    return words("{column} is empty", column=header)


def _holds(frames: Frames, file: str, when: tuple[Condition, ...]) -> ir.BooleanColumn:
    import ibis

    return ibis.and_(*(_is_met(frames, file, condition) for condition in when))


def _is_met(frames: Frames, file: str, condition: Condition) -> ir.BooleanColumn:
    text = frames[file].text(condition.column)
    if condition.one_of:
        return text.notnull() & text.isin(condition.one_of)
    if condition.none_of:
        return text.notnull() & ~text.isin(condition.none_of)
    filled = frames[file].filled(condition.column)
    return filled if condition.filled else ~filled


def _is_another(file: str, form: OneOfWhen, frames: Frames) -> ir.BooleanColumn:
    text = frames[file].text(form.column)
    return _holds(frames, file, form.when) & (text.isnull() | ~text.isin(form.values))


def _is_filled(file: str, column: str, form: EmptyWhen, frames: Frames) -> ir.BooleanColumn:
    return _holds(frames, file, form.when) & frames[file].filled(column)


def _is_empty(file: str, column: str, form: FilledWhen, frames: Frames) -> ir.BooleanColumn:
    return _holds(frames, file, form.when) & ~frames[file].filled(column)
