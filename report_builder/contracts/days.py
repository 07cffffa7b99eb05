"""Columns of days read while a file is read, where every cell is one: a tenth of the time that any engine takes.

A column with a cell that is no day stays text alone, and the engine finds out which cell it is.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

from report_builder.contracts.contract import Column, FileContract, LogicalType

if TYPE_CHECKING:
    import pyarrow as pa

_ISO = "yyyy-MM-dd"
_EPOCH = date(1970, 1, 1)


def day_name(column: Column) -> str:
    """The name of a column's days beside its text."""
    return f"_day:{column.name}"


def with_days(table: pa.Table, contract: FileContract) -> pa.Table:
    """``table`` with the days of every column of text that the contract says holds ISO dates, and that does."""
    import pyarrow as pa

    text = {
        day_name(column): table[column.name]
        for column in contract.columns
        if column.type is LogicalType.DATE and column.date_format == _ISO and column.name in table.column_names
        if pa.types.is_string(table[column.name].type)
    }
    with ThreadPoolExecutor() as reading:
        for name, days in zip(text, reading.map(_days, text.values()), strict=True):
            if days is not None:
                table = table.append_column(name, days)
    return table


def _days(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Arrow takes four digits, two and two with hyphens between, and only days that exist, from the year 0 on."""
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        days = text.cast(pa.date32())
    except pa.ArrowInvalid:
        return None
    first = pc.min(days.cast(pa.int32())).as_py()
    return None if first is None or first < (date.min - _EPOCH).days else days
