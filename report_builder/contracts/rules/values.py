"""Columns of days and of whole numbers read while a file is read: a tenth of the time that any engine takes.

Only where every cell of a column is one. A column with a cell that is none stays text alone, and the engine finds out
which cell it is.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import TYPE_CHECKING

from report_builder.contracts.odcs.contract import ContractColumn, FileContract, LogicalType

if TYPE_CHECKING:
    import pyarrow as pa

_ISO = "yyyy-MM-dd"
_EPOCH = date(1970, 1, 1)


def read_name(column: ContractColumn) -> str:
    """The name of the values of a column beside its text."""
    return f"_read:{column.name}"


def with_values(table: pa.Table, contract: FileContract) -> pa.Table:
    """``table`` with the values of every column of text that holds nothing but ISO days or whole numbers.

    Days are ``date32``, whole numbers as wide as the contract says. Numbers whose digits are grouped stay text.
    """
    import pyarrow as pa

    readable = [
        column
        for column in contract.columns
        if column.name in table.column_names and pa.types.is_string(table[column.name].type)
        if (column.type is LogicalType.DATE and column.date_format == _ISO)
        or (column.type is LogicalType.INTEGER and not contract.dialect.group)
    ]
    with ThreadPoolExecutor() as reading:
        found = reading.map(lambda column: _values(table[column.name], column), readable)
        for column, values in zip(readable, found, strict=True):
            if values is not None:
                table = table.append_column(read_name(column), values)
    return table


def _values(text: pa.ChunkedArray, column: ContractColumn) -> pa.ChunkedArray | None:
    import pyarrow as pa

    try:
        return _days(text) if column.type is LogicalType.DATE else _whole(text, column.bits)
    except pa.ArrowInvalid:
        return None


def _days(text: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Arrow takes four digits, two and two with hyphens between, and only days that exist, from the year 0 on."""
    import pyarrow as pa
    import pyarrow.compute as pc

    days = text.cast(pa.date32())
    first = pc.min(days.cast(pa.int32())).as_py()
    return None if first is None or first < (date.min - _EPOCH).days else days


def _whole(text: pa.ChunkedArray, bits: int) -> pa.ChunkedArray | None:
    """Arrow takes digits with a minus before them or none, and what stands after ``0x``."""
    import pyarrow.compute as pc

    numbers = text.cast(f"{'u' if bits < 0 else ''}int{abs(bits)}")
    hexadecimal = any(pc.any(pc.match_substring(text, sign)).as_py() for sign in "xX")
    return None if hexadecimal or numbers.null_count == len(numbers) else numbers
