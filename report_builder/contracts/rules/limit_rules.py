"""The rules of a column's options: the bounds of its values, their length and their pattern."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from report_builder.catalogue import msgid
from report_builder.contracts.odcs.contract import ContractColumn, FileContract, Limit, LogicalType
from report_builder.contracts.rules.rules import Frames, Rule, cell_rule
from report_builder.contracts.words import Words, quoted, words

if TYPE_CHECKING:
    import ibis.expr.types as ir

_CORRECT = words("Correct the value.")


@dataclass(frozen=True, slots=True)
class _Kind:
    """An option, the comparison that breaks it, and the messages for keeping and breaking it: of numbers, of days."""

    option: str
    breaks: Callable[[Any, Any], Any]
    must: str
    broken: str
    must_in_time: str
    broken_in_time: str


_KINDS = (
    _Kind("minimum", operator.lt,
          msgid("{column} is at least {limit}."), msgid("{column} is less than {limit}"),
          msgid("{column} is no earlier than {limit}."), msgid("{column} is earlier than {limit}")),
    _Kind("maximum", operator.gt,
          msgid("{column} is at most {limit}."), msgid("{column} is more than {limit}"),
          msgid("{column} is no later than {limit}."), msgid("{column} is later than {limit}")),
    _Kind("exclusive_minimum", operator.le,
          msgid("{column} is more than {limit}."), msgid("{column} is not more than {limit}"),
          msgid("{column} is later than {limit}."), msgid("{column} is not later than {limit}")),
    _Kind("exclusive_maximum", operator.ge,
          msgid("{column} is less than {limit}."), msgid("{column} is not less than {limit}"),
          msgid("{column} is earlier than {limit}."), msgid("{column} is not earlier than {limit}")),
)  # fmt: skip


def limit_rules(file: FileContract, column: ContractColumn) -> Iterator[Rule]:
    """A rule for each bound that the column states."""
    make = partial(cell_rule, file, column)
    limits, shown = column.limits, column.header
    in_time = column.type in {LogicalType.DATE, LogicalType.TIMESTAMP}
    for kind in _KINDS:
        limit: Limit | None = getattr(limits, kind.option)
        if limit is None:
            continue
        must = kind.must_in_time if in_time else kind.must
        broken = kind.broken_in_time if in_time else kind.broken
        bound = _limit_words(limit)
        says, found = (words(message, column=shown, limit=bound) for message in (must, broken))
        yield make(
            "out-of-range", partial(_compared, file.name, column.name, kind.breaks, limit), says, found, _CORRECT
        )
    if (step := limits.multiple_of) is not None:
        bound = _limit_words(step)
        says = words("{column} is a multiple of {step}.", column=shown, step=bound)
        found = words("{column} is not a multiple of {step}", column=shown, step=bound)
        yield make("not-a-multiple", partial(_uneven, file.name, column.name, step), says, found, _CORRECT)
    yield from _text_rules(file, column)


def _text_rules(file: FileContract, column: ContractColumn) -> Iterator[Rule]:
    make = partial(cell_rule, file, column)
    limits, shown = column.limits, column.header
    if limits.min_length:
        n = limits.min_length
        says = words("{column} has at least {count} characters.", column=shown, count=n)
        found = words("{column} has fewer than {count} characters", column=shown, count=n)
        yield make("wrong-length", partial(_length, file.name, column.name, operator.lt, n), says, found, _CORRECT)
    if limits.max_length is not None:
        n = limits.max_length
        says = words("{column} has at most {count} characters.", column=shown, count=n)
        found = words("{column} has more than {count} characters", column=shown, count=n)
        yield make("wrong-length", partial(_length, file.name, column.name, operator.gt, n), says, found, _CORRECT)
    if limits.pattern is not None:
        pattern = limits.pattern
        says = words("{column} follows the pattern {pattern}", column=shown, pattern=pattern)
        found = words("{column} does not follow the pattern", column=shown)
        yield make("wrong-pattern", partial(_unlike, file.name, column.name, pattern), says, found, _CORRECT)


def _compared(
    file: str, column: str, breaks: Callable[[Any, Any], Any], limit: Limit, frames: Frames
) -> ir.BooleanColumn:
    value = frames[file].value(column)
    return value.notnull() & breaks(value, _literal(limit, value))


def _uneven(file: str, column: str, step: Decimal, frames: Frames) -> ir.BooleanColumn:
    value = frames[file].value(column)
    return value.notnull() & (value % _literal(step, value) != 0)


def _length(file: str, column: str, breaks: Callable[[Any, Any], Any], length: int, frames: Frames) -> ir.BooleanColumn:
    text = frames[file].text(column)
    return text.notnull() & breaks(text.length(), length)


def _unlike(file: str, column: str, pattern: str, frames: Frames) -> ir.BooleanColumn:
    text = frames[file].text(column)
    return text.notnull() & ~text.re_search(pattern)


def _literal(limit: Limit, value: ir.Column) -> Any:
    import ibis

    if isinstance(limit, Decimal):
        return ibis.literal(int(limit)) if limit % 1 == 0 else ibis.literal(limit)
    return ibis.timestamp(limit.isoformat()) if isinstance(limit, datetime) else ibis.date(limit.isoformat())


def _limit_words(limit: Limit) -> Words:
    return quoted(str(limit), str(limit).replace(".", ",") if isinstance(limit, Decimal) else str(limit))
