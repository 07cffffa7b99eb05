"""The rules that a contract's columns state by themselves: filled, of their type, unique, within bounds, referring."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from report_builder.contracts.odcs.contract import Column, Contract, FileContract, LogicalType, Reference
from report_builder.contracts.rules.cells import described
from report_builder.contracts.rules.limit_rules import limit_rules
from report_builder.contracts.rules.rules import Frames, Rule, cell_rule, group_key
from report_builder.contracts.words import quoted
from report_builder.swedish import listing

if TYPE_CHECKING:
    import ibis.expr.types as ir

_NOT = {
    LogicalType.DATE: quoted("not a date", "inte ett datum"),
    LogicalType.TIMESTAMP: quoted("not a date and time", "inte datum och klockslag"),
    LogicalType.TIME: quoted("not a time", "inte ett klockslag"),
    LogicalType.NUMBER: quoted("not a number", "inte ett tal"),
    LogicalType.INTEGER: quoted("not a whole number", "inte ett heltal"),
    LogicalType.BOOLEAN: quoted("neither true nor false", "varken true eller false"),
}


def column_rules(file: FileContract, column: Column) -> Iterator[Rule]:
    """What a column says of each of its cells."""
    make = partial(cell_rule, file, column)
    name, shown = column.name, column.header
    if column.required:
        yield make(
            "required",
            lambda frames: _empty(frames, file.name, column),
            quoted(f"{shown} is filled in on every row.", f"Kolumnen {shown} ska vara ifylld på varje rad."),
            quoted(f"{shown} is empty", f"{shown} är tom"),
            quoted("Fill in the cells.", "Fyll i cellerna."),
        )
    if column.type is not LogicalType.STRING:
        what = described(column, file.dialect)
        yield make(
            f"not-a-{column.type}",
            lambda frames: _misfit(frames, file.name, name),
            quoted(f"{shown} holds {what.en}.", f"Kolumnen {shown} ska innehålla {what.sv}."),
            quoted(f"{shown} is {_NOT[column.type].en}", f"{shown} är {_NOT[column.type].sv}"),
            quoted(f"Write {what.en}.", f"Skriv {what.sv}."),
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
        own = listing([file.column(c).header for c in reference.columns])
        others = listing([target.column(c).header for c in reference.to_columns])
        yield Rule(
            code="unknown-reference",
            object=file.name,
            columns=reference.columns,
            needs=(*((file.name, c) for c in reference.columns), *((target.name, c) for c in reference.to_columns)),
            says=quoted(
                f"Every {own} exists among {others} of {target.name}.",
                f"Varje värde i kolumnen {own} ska finnas i kolumnen {others} i {target.name}.",
            ),
            broken=quoted(f"{own} does not exist in {target.name}", f"{own} finns inte i {target.name}"),
            hint=quoted(
                f"Add the missing rows to {target.name}, or correct the value.",
                f"Lägg till raderna som saknas i {target.name}, eller rätta värdet.",
            ),
            failing=partial(_unreferenced, file.name, reference),
        )


def _is_whole_key(file: FileContract, column: Column) -> bool:
    return file.key == (column.name,)


def _unique(file: FileContract, columns: tuple[str, ...], code: str) -> Rule:
    headers = [file.column(c).header for c in columns]
    one = len(columns) == 1
    return Rule(
        code=code,
        object=file.name,
        columns=columns,
        needs=tuple((file.name, c) for c in columns),
        says=quoted(
            f"Every value of {headers[0]} stands once." if one else f"{', '.join(headers)} together stand once.",
            f"Varje värde i kolumnen {headers[0]} ska förekomma en gång."
            if one
            else f"Kolumnerna {listing(headers)} ska tillsammans förekomma en gång.",
        ),
        broken=quoted(
            f"{', '.join(headers)} repeats an earlier {'value' if one else 'row'}",
            f"{listing(headers)} upprepar {'ett tidigare värde' if one else 'en tidigare rad'}",
        ),
        hint=quoted("Remove the repeated rows, or correct the value.", "Ta bort dubbletterna, eller rätta värdet."),
        groups=columns,
    )


def _empty(frames: Frames, file: str, column: Column) -> ir.BooleanColumn:
    import ibis

    if column.type is not LogicalType.STRING:
        return ~frames[file].filled(column.name)
    text = frames[file].text(column.name)
    # Only a text that begins with a space or a control sign can be nothing but space; stripping is slow.
    return text.isnull() | ibis.ifelse(text < "!", text.strip() == "", False)


def _misfit(frames: Frames, file: str, column: str) -> ir.BooleanColumn:
    return frames[file].filled(column) & frames[file].value(column).isnull()


def _unreferenced(file: str, reference: Reference, frames: Frames) -> ir.BooleanColumn:
    key = group_key(frames[file], reference.columns)
    other = frames[reference.to]
    known = other.table.select(key=group_key(other, reference.to_columns))
    return key.notnull() & ~key.isin(known.filter(known.key.notnull()).key)
