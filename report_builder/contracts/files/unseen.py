"""Cells in which nothing can be seen: they are empty in every column, whatever invisible signs they hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from report_builder.contracts.files.sheet import ROW, Sheet
from report_builder.contracts.odd_text import NOTHING_VISIBLE
from report_builder.contracts.words import words

if TYPE_CHECKING:
    import pyarrow as pa


def without_unseen(sheet: Sheet) -> Sheet:
    """``sheet`` with those cells empty, and without the rows that hold nothing else."""
    import pyarrow as pa
    import pyarrow.compute as pc

    table, count, first = sheet.table, 0, 0
    if table is None:
        return sheet
    for name in sheet.present:
        column = table[name]
        if pa.types.is_dictionary(column.type) and pa.types.is_string(column.type.value_type):
            if all(_unseen(chunk.dictionary) is None for chunk in column.chunks):
                continue
            column = column.cast(pa.string())
        if not pa.types.is_string(column.type):
            continue
        unseen = _unseen(column)
        if unseen is not None:
            count += pc.sum(unseen).as_py()
            row = table[ROW][pc.index(unseen, True).as_py()].as_py()
            first = min(first or row, row)
            column = pc.if_else(unseen, pa.scalar(None, pa.string()), column)
            table = table.set_column(table.schema.get_field_index(name), name, column)
    if not count:
        return sheet
    note = words(
        "{count} cell holds invisible signs alone and was read as empty (row {row}).",
        "{count} cells hold invisible signs alone and were read as empty (first in row {row}).",
        count=count, row=first,
    )  # fmt: skip
    filled = pc.is_valid(table[sheet.present[0]])
    for name in sheet.present[1:]:
        filled = pc.or_(filled, pc.is_valid(table[name]))
    return replace(sheet, table=table.filter(filled), notes=(*sheet.notes, note))


def _unseen(column: Any) -> Any:
    """Which cells of an array of texts hold nothing that can be seen; None where none does.

    Only a text that begins with a space or beyond ASCII can be one, which is quicker to see than a pattern.
    """
    import pyarrow.compute as pc

    candidate = pc.or_(pc.less(column, _scalar("!")), pc.greater(column, _scalar("~")))
    if not pc.any(candidate).as_py():
        return None
    unseen = pc.fill_null(pc.and_(candidate, pc.match_substring_regex(column, NOTHING_VISIBLE)), False)
    return unseen if pc.any(unseen).as_py() else None


def _scalar(sign: str) -> pa.Scalar:
    """One sign as Arrow sees it, from its buffer: ``pa.scalar`` would load pandas, which takes half a second."""
    import numpy as np
    import pyarrow as pa

    ends = pa.py_buffer(np.array([0, len(sign)], np.int32))
    return pa.StringArray.from_buffers(1, ends, pa.py_buffer(sign.encode()))[0]
