"""Rows that add up the others: a list for people ends in one, and a record it is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.sheet import ROW, Sheet
from report_builder.contracts.odcs.contract import LogicalType
from report_builder.contracts.odd_text import even
from report_builder.contracts.result import WITHHELD, FailingRow
from report_builder.problems import whole
from report_builder.swedish.spreadsheets import TOTAL_WORDS

if TYPE_CHECKING:
    import pyarrow as pa

TOTALS = frozenset({*TOTAL_WORDS, "sum", "subtotal", "grand total"})
"""What such a row is called, in small letters and without a colon."""
_MOST = 1000
"""So many rows are looked at, from the end: a file that lacks a whole column is no list of totals."""


def without_totals(sheet: Sheet, faults: FileFaults) -> Sheet:
    """``sheet`` without its total rows, which are set aside and a fault.

    A row is one if a cell is called so and the row cannot be a record: a column that must be filled is empty, or the
    word stands where a number or a date should. A case type that is called Totalt is none.
    """
    import pyarrow as pa

    if sheet.table is None or not sheet.table.num_rows:
        return sheet
    columns = [sheet.contract.column(name) for name in sheet.present]
    texts = [c for c in columns if pa.types.is_string(sheet.table[c.name].type)]
    required = [c.name for c in columns if c.required or c.key]
    found: list[tuple[int, str, str, dict[str, Any]]] = []
    for place in _candidates(sheet.table, required):
        cells = sheet.table.slice(place, 1).to_pylist()[0]
        called = [c for c in texts if even(cells[c.name] or "").casefold().rstrip(": ") in TOTALS]
        lacks = any(cells[name] is None for name in required)
        if called and (lacks or any(c.type is not LogicalType.STRING for c in called)):
            found.append((place, called[0].header, cells[called[0].name], cells))
    return _set_aside(sheet, faults, found) if found else sheet


def _candidates(table: pa.Table, required: Sequence[str]) -> list[int]:
    """The places of the rows that may be totals: the last one, and those in which a required cell is empty."""
    import pyarrow.compute as pc

    places = {table.num_rows - 1}
    lacking = [pc.is_null(table[name]) for name in required if table[name].null_count]
    if lacking:
        some = lacking[0]
        for other in lacking[1:]:
            some = pc.or_(some, other)
        where = pc.indices_nonzero(some)
        places.update(where[max(0, len(where) - _MOST) :].to_pylist())
    return sorted(places)


def _set_aside(sheet: Sheet, faults: FileFaults, found: Sequence[tuple[int, str, str, dict[str, Any]]]) -> Sheet:
    import numpy as np
    import pyarrow as pa

    table = whole(sheet.table)
    withheld = any(c.sensitive for c in sheet.contract.columns)
    rows = []
    for _, _, word, cells in found:
        texts = (None if cells[name] is None else str(cells[name]) for name in sheet.present)
        rows.append(
            FailingRow(row=cells[ROW], cells=tuple(WITHHELD if withheld and t and t != word else t for t in texts))
        )
    kept = np.ones(table.num_rows, bool)
    kept[[place for place, *_ in found]] = False
    _, header, word, _ = found[0]
    finding = replace(
        faults.total_rows(rows, word, header),
        row_headers=tuple(sheet.contract.column(name).header for name in sheet.present),
    )
    return replace(sheet, table=table.filter(pa.array(kept)), findings=(finding, *sheet.findings))
