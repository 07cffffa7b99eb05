"""The rules of a column's options: the bounds of its values, their length and their pattern."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from report_builder.contracts.odcs.contract import Column, FileContract, Limit, LogicalType
from report_builder.contracts.rules.rules import Frames, Rule, cell_rule
from report_builder.contracts.words import Words, quoted

if TYPE_CHECKING:
    import ibis.expr.types as ir

_CORRECT = quoted("Correct the value.", "Rätta värdet.")


@dataclass(frozen=True, slots=True)
class _Kind:
    """An option, the comparison that breaks it, and the words for keeping and breaking it: of numbers, of days."""

    option: str
    breaks: Callable[[Any, Any], Any]
    must: Words
    broken: Words
    must_in_time: Words
    broken_in_time: Words


_KINDS = (
    _Kind("minimum", operator.lt, quoted("at least", "minst"), quoted("less than", "mindre än"),
          quoted("no earlier than", "tidigast"), quoted("earlier than", "tidigare än")),
    _Kind("maximum", operator.gt, quoted("at most", "högst"), quoted("more than", "större än"),
          quoted("no later than", "senast"), quoted("later than", "senare än")),
    _Kind("exclusive_minimum", operator.le, quoted("more than", "större än"), quoted("not more than", "inte större än"),
          quoted("later than", "senare än"), quoted("not later than", "inte senare än")),
    _Kind("exclusive_maximum", operator.ge, quoted("less than", "mindre än"), quoted("not less than", "inte mindre än"),
          quoted("earlier than", "tidigare än"), quoted("not earlier than", "inte tidigare än")),
)  # fmt: skip


def limit_rules(file: FileContract, column: Column) -> Iterator[Rule]:
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
        says = quoted(
            f"{shown} is {must.en} {limit}.", f"Värdet i kolumnen {shown} ska vara {must.sv} {_swedish(limit)}."
        )
        found = quoted(f"{shown} is {broken.en} {limit}", f"{shown} är {broken.sv} {_swedish(limit)}")
        yield make(
            "out-of-range", partial(_compared, file.name, column.name, kind.breaks, limit), says, found, _CORRECT
        )
    if (step := limits.multiple_of) is not None:
        says = quoted(f"{shown} is a multiple of {step}.", f"Värdet i kolumnen {shown} ska vara en multipel av {step}.")
        found = quoted(f"{shown} is not a multiple of {step}", f"{shown} är inte en multipel av {step}")
        yield make("not-a-multiple", partial(_uneven, file.name, column.name, step), says, found, _CORRECT)
    yield from _text_rules(file, column)


def _text_rules(file: FileContract, column: Column) -> Iterator[Rule]:
    make = partial(cell_rule, file, column)
    limits, shown = column.limits, column.header
    if limits.min_length:
        n = limits.min_length
        says = quoted(f"{shown} has at least {n} signs.", f"Värdet i kolumnen {shown} ska ha minst {n} tecken.")
        found = quoted(f"{shown} has fewer than {n} signs", f"{shown} har färre än {n} tecken")
        yield make("wrong-length", partial(_length, file.name, column.name, operator.lt, n), says, found, _CORRECT)
    if limits.max_length is not None:
        n = limits.max_length
        says = quoted(f"{shown} has at most {n} signs.", f"Värdet i kolumnen {shown} ska ha högst {n} tecken.")
        found = quoted(f"{shown} has more than {n} signs", f"{shown} har fler än {n} tecken")
        yield make("wrong-length", partial(_length, file.name, column.name, operator.gt, n), says, found, _CORRECT)
    if limits.pattern is not None:
        pattern = limits.pattern
        says = quoted(
            f"{shown} follows the pattern {pattern}", f"Värdet i kolumnen {shown} ska följa mönstret {pattern}"
        )
        found = quoted(f"{shown} does not follow the pattern", f"{shown} följer inte mönstret")
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


def _swedish(limit: Limit) -> str:
    return str(limit).replace(".", ",") if isinstance(limit, Decimal) else str(limit)
