"""The rules that a contract's columns state by themselves: filled, of their type, unique, within bounds, referring."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from report_builder.contracts.odcs.contract import Contract, ContractColumn, FileContract, LogicalType, Reference
from report_builder.contracts.rules.cells import described
from report_builder.contracts.rules.limit_rules import limit_rules
from report_builder.contracts.rules.rules import Frames, Rule, cell_rule, group_key, once_words
from report_builder.contracts.rules.text_rules import other_cause
from report_builder.contracts.words import words

if TYPE_CHECKING:
    import ibis.expr.types as ir

UNKNOWN_REFERENCE = "unknown-reference"
_NOT = {
    LogicalType.DATE: words("not a date"),
    LogicalType.TIMESTAMP: words("not a date and time"),
    LogicalType.TIME: words("not a time"),
    LogicalType.NUMBER: words("not a number"),
    LogicalType.INTEGER: words("not a whole number"),
    LogicalType.BOOLEAN: words("neither true nor false"),
}


def column_rules(file: FileContract, column: ContractColumn) -> Iterator[Rule]:
    """What a column says of each of its cells."""
    make = partial(cell_rule, file, column)
    name, shown = column.name, column.header
    if column.required:
        yield make(
            "required",
            lambda frames: ~frames[file.name].filled(name),
            words("{column} is filled in on every row.", column=shown),
            words("{column} is empty", column=shown),
            words("Fill in what the source system says; an invented value is worse than an empty cell."),
        )
    if column.type is not LogicalType.STRING:
        what = described(column, file.dialect)
        yield make(
            f"not-a-{column.type}",
            lambda frames: _misfit(frames, file.name, name),
            words("{column} holds {what}.", column=shown, what=what),
            words("{column} is {what}", column=shown, what=_NOT[column.type]),
            words("Write {what}.", what=what),
        )
    if column.unique and not _is_whole_key(file, column):
        yield _unique(file, (name,), "unique")
    yield from limit_rules(file, column)


def key_rules(file: FileContract) -> Iterator[Rule]:
    """The primary key: its values come once."""
    if file.key:
        yield _unique(file, file.key, "unique")


def reference_rules(contract: Contract, file: FileContract) -> Iterator[Rule]:
    """The foreign keys: every value exists in the file that it refers to."""
    for reference in file.references:
        target = contract.object(reference.to)
        own = tuple(file.column(c).header for c in reference.columns)
        others = tuple(target.column(c).header for c in reference.to_columns)
        yield Rule(
            code=UNKNOWN_REFERENCE,
            object=file.name,
            columns=reference.columns,
            needs=(*((file.name, c) for c in reference.columns), *((target.name, c) for c in reference.to_columns)),
            says=words(
                "Every {column} exists among {others} of {object}.", column=own, others=others, object=target.name
            ),
            broken=words("{column} does not exist in {object}", column=own, object=target.name),
            hint=words(
                "See in the source system which is wrong: the value here, or the extract of {object}, which may lack "
                "rows.",
                object=target.name,
            ),
            failing=partial(_unreferenced, file.name, reference),
        )


def _is_whole_key(file: FileContract, column: ContractColumn) -> bool:
    return file.key == (column.name,)


def _unique(file: FileContract, columns: tuple[str, ...], code: str) -> Rule:
    headers = tuple(file.column(c).header for c in columns)
    says, broken = once_words(headers)
    return Rule(
        code=code,
        object=file.name,
        columns=columns,
        needs=tuple((file.name, c) for c in columns),
        says=says,
        broken=broken,
        hint=words("See in the source system which of the rows is right before anything is removed."),
        groups=columns,
        alike=True,
    )


def _misfit(frames: Frames, file: str, column: str) -> ir.BooleanColumn:
    import ibis

    misfit = frames[file].filled(column) & frames[file].value(column).isnull()
    return ibis.ifelse(misfit, ~other_cause(frames[file].text(column)), False)


def _unreferenced(file: str, reference: Reference, frames: Frames) -> ir.BooleanColumn:
    key = group_key(frames[file], reference.columns)
    other = frames[reference.to]
    known = other.table.select(key=group_key(other, reference.to_columns))
    return key.notnull() & ~key.isin(known.filter(known.key.notnull()).key)
