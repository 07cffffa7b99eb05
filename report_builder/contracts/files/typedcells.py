"""Cells that have a type of their own, brought to the few types that rules know.

What such a type cannot hold without loss, a day beyond the calendar for instance, becomes text: the rules then find the
cell and show it. Nothing is rounded, moved to another time zone or read as another letter.
"""

from __future__ import annotations

import uuid
from datetime import date
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING

from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.odcs.contract import ContractColumn, LogicalType
from report_builder.contracts.result import Finding
from report_builder.contracts.words import words

if TYPE_CHECKING:
    import pyarrow as pa

_WIDEST = 38
"""Digits of the widest decimal number that the engine holds."""
_EPOCH = date(1970, 1, 1)
_DAYS = (date.min - _EPOCH).days, (date.max - _EPOCH).days
_SECONDS_A_DAY = 86_400
_PARTS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_NUMBERS = frozenset({LogicalType.INTEGER, LogicalType.NUMBER})
_IN_TIME = frozenset({LogicalType.DATE, LogicalType.TIMESTAMP, LogicalType.TIME})


def known_cells(cells: pa.ChunkedArray, column: ContractColumn, faults: FileFaults) -> pa.ChunkedArray | Finding:
    """The cells of a column as rules take them, or why there are none; an empty text is an empty cell.

    Raises pyarrow.ArrowException where they are damaged.
    """
    import pyarrow as pa

    if isinstance(cells.type, pa.BaseExtensionType):
        cells = _of_an_extension(cells)
    if pa.types.is_dictionary(cells.type) and not is_text(cells.type.value_type):
        cells.validate(full=True)
        cells = cells.cast(cells.type.value_type)
    kind = cells.type
    if pa.types.is_nested(kind):
        return _nested(faults, column.header)
    if pa.types.is_timestamp(kind) and kind.tz is not None and column.type in _IN_TIME:
        return _in_a_zone(faults, column.header, kind.tz)
    if is_text(kind) or pa.types.is_dictionary(kind):
        return _text(cells, column, faults)
    return _values(cells, column, faults)


def _values(cells: pa.ChunkedArray, column: ContractColumn, faults: FileFaults) -> pa.ChunkedArray | Finding:
    """Cells that are neither text nor several values."""
    import pyarrow as pa

    kind = cells.type
    if pa.types.is_decimal(kind):
        return _decimals(cells, column, faults.contract.dialect.decimal)
    if pa.types.is_date(kind) or pa.types.is_timestamp(kind) or pa.types.is_time(kind):
        return _in_the_calendar(cells)
    if pa.types.is_float16(kind):
        return cells.cast(pa.float32())
    if pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return cells
    return _of_another_kind(cells, column, faults)


def is_text(kind: pa.DataType) -> bool:
    """Whether cells of this type are text as it is."""
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _of_another_kind(cells: pa.ChunkedArray, column: ContractColumn, faults: FileFaults) -> pa.ChunkedArray | Finding:
    """Bytes, durations and all else that may be text."""
    import pyarrow as pa

    try:
        if pa.types.is_fixed_size_binary(cells.type):
            cells = cells.cast(pa.binary())
        return _text(cells.cast(pa.string()), column, faults)
    except pa.ArrowNotImplementedError:
        return faults.finding(
            "unknown-type",
            words("A column holds texts, numbers, days, times or true and false."),
            words("The cells of {header} are of the type {type}.", header=column.header, type=str(cells.type)),
            words("Write the column as text."),
            headers=(column.header,),
        )
    except pa.ArrowInvalid:
        return _no_text(cells, column, faults)


def _text(cells: pa.ChunkedArray, column: ContractColumn, faults: FileFaults) -> pa.ChunkedArray | Finding:
    """Texts, an empty one an empty cell, whatever the writer chose.

    A column of texts that the file keeps as a list of them stays that: the cells are not spelled out.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        cells.validate(full=True)
    except pa.ArrowInvalid:
        if (found := _no_text(cells, column, faults)).count:
            return found
        raise  # it is damaged in another way
    if pa.types.is_dictionary(cells.type):
        if not _has_blank(cells):
            return cells
        cells = cells.cast(cells.type.value_type)
    lengths = pc.binary_length(cells)
    if pc.min(lengths).as_py() != 0:
        return cells
    return pc.if_else(lengths.cast(pa.bool_()), cells, pa.nulls(1, cells.type)[0])


def _has_blank(cells: pa.ChunkedArray) -> bool:
    """Whether a list of texts holds one that stands for an empty cell."""
    return any(None in texts or "" in texts for texts in (piece.dictionary.to_pylist() for piece in cells.chunks))


def _no_text(cells: pa.ChunkedArray, column: ContractColumn, faults: FileFaults) -> Finding:
    """The fault that cells are no text in UTF-8, with the first of their rows."""
    import pyarrow as pa

    pieces = (piece.dictionary_decode() if pa.types.is_dictionary(piece.type) else piece for piece in cells.chunks)
    values = chain.from_iterable(piece.cast(pa.binary()).to_pylist() for piece in pieces)
    wrong = [row for row, value in enumerate(values, start=1) if value is not None and not _is_utf8(value)]
    return faults.finding(
        "wrong-encoding",
        words("The file is text in {encoding}.", encoding="UTF-8"),
        words(
            "{count} cell of {header} is not text in UTF-8, on row {row}.",
            "{count} cells of {header} are not text in UTF-8, first on row {row}.",
            count=len(wrong), header=column.header, row=min(wrong, default=1),
        ),
        words("Write the column as text in {encoding}.", encoding="UTF-8"),
        row=min(wrong, default=1),
        headers=(column.header,),
        count=len(wrong),
    )  # fmt: skip


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decimals(cells: pa.ChunkedArray, column: ContractColumn, mark: str) -> pa.ChunkedArray:
    """Decimal numbers with as many decimals as the contract says, where that loses nothing; else their digits."""
    import pyarrow as pa

    scale = column.decimals if column.type is LogicalType.NUMBER else 0
    if column.type in _NUMBERS:
        if pa.types.is_decimal128(cells.type) and cells.type.scale == scale:
            return cells
        try:
            return cells.cast(pa.decimal128(_WIDEST, scale))
        except pa.ArrowInvalid:
            pass
    texts = [None if value is None else _digits(value, mark) for value in cells.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _digits(value: Decimal, mark: str) -> str:
    whole, _, fraction = f"{value:f}".partition(".")
    fraction = fraction.rstrip("0")
    return f"{whole}{mark}{fraction}" if fraction else whole


def _in_the_calendar(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Days, moments and times, if the years 1 to 9999 and the day have all of them; else how each is written."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = cells.type
    parts_of_a_day = 1 if pa.types.is_date32(kind) else _SECONDS_A_DAY * _PARTS[getattr(kind, "unit", "ms")]
    first, last = (0, 1) if pa.types.is_time(kind) else (_DAYS[0], _DAYS[1] + 1)
    ends = pc.min_max(cells.cast(f"int{kind.bit_width}")).as_py()
    if ends["min"] is None or (first * parts_of_a_day <= ends["min"] and ends["max"] < last * parts_of_a_day):
        return cells
    return pc.replace_substring_regex(cells.cast(pa.string()), "<value out of range: (.*)>", r"\1")


def _of_an_extension(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """What an extension type keeps; of identifiers (UUID) how they are written."""
    import pyarrow as pa

    kept = pa.chunked_array([piece.storage for piece in cells.chunks], cells.type.storage_type)
    if cells.type.extension_name != "arrow.uuid":
        return kept
    texts = [None if value is None else str(uuid.UUID(bytes=value)) for value in kept.to_pylist()]
    return pa.chunked_array([pa.array(texts, pa.string())])


def _in_a_zone(faults: FileFaults, header: str, zone: str) -> Finding:
    return faults.finding(
        "time-zone",
        words("Days and times have no time zone."),
        words("The cells of {header} are moments in the time zone {zone}: the day differs by zone.",
              header=header, zone=zone),
        words("Write the day, or the day and the time, as it was where the case was handled, without a time zone."),
        headers=(header,),
    )  # fmt: skip


def _nested(faults: FileFaults, header: str) -> Finding:
    return faults.finding(
        "nested-column",
        words("A cell holds one value."),
        words("The cells of {header} hold lists or records.", header=header),
        words("Write one value in each cell."),
        headers=(header,),
    )
