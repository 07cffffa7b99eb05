"""The data annex as an Excel workbook."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from report_builder.editions.spreadsheet.sheets import AnnexSheet, SheetCell, Workbook

_FONT: dict[str, object] = {"font_name": "Arial", "font_size": 12, "valign": "top"}
"""A font that every computer has, at the size that the guidance asks for: a spreadsheet carries none."""


def xlsx(book: Workbook) -> bytes:
    """The workbook as XLSX; the same book gives the same bytes."""
    from xlsxwriter import Workbook as Writer

    buffer = io.BytesIO()
    plain = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Writer(buffer, {**plain, "default_format_properties": dict(_FONT)}) as writer:
        writer.set_properties(
            {"title": book.title, "author": book.author, "created": datetime.fromisoformat(book.created)}
        )
        formats = _Formats(writer)
        for sheet in book.sheets:
            _write(writer.add_worksheet(sheet.name), sheet, formats)
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class _Formats:
    """The looks of cells, each made once for the book."""

    writer: Any
    made: dict[tuple[str, int], Any] = field(default_factory=dict)

    def of(self, kind: str, decimals: int = 0) -> Any:
        """``title``, ``line``, ``text`` (wrapped), ``head``, ``link``, or ``number`` with its decimals."""
        if (kind, decimals) not in self.made:
            digits = "#,##0" + (f".{'0' * decimals}" if decimals else "")
            looks: dict[str, dict[str, object]] = {
                "title": {"bold": True, "font_size": 16},
                "line": {},
                "text": {"text_wrap": True},
                "head": {"bold": True, "text_wrap": True},
                "link": {"underline": 1, "font_color": "#0B4F8A"},
                "number": {"num_format": digits, "align": "right"},
            }
            self.made[kind, decimals] = self.writer.add_format({**_FONT, **looks[kind]})
        return self.made[kind, decimals]


def _write(target: Any, sheet: AnnexSheet, formats: _Formats) -> None:
    target.write_string(0, 0, sheet.title, formats.of("title"))
    for row, line in enumerate(sheet.lines, 1):
        target.write_string(row, 0, line, formats.of("line" if sheet.heads else "text"))
    for column, width in enumerate(sheet.widths):
        target.set_column(column, column, width)
    if not sheet.heads:
        return
    for i, cells in enumerate(sheet.rows, sheet.top + 1):
        for j, cell in enumerate(cells):
            _put(target, i, j, cell, formats)
    last = sheet.top + max(1, len(sheet.rows))
    columns = [{"header": head, "header_format": formats.of("head")} for head in sheet.heads]
    marked = {"name": sheet.table, "columns": columns, "autofilter": False, "style": "Table Style Light 1"}
    target.add_table(sheet.top, 0, last, len(sheet.heads) - 1, {**marked, "banded_rows": False})
    target.freeze_panes(sheet.top + 1, 1 if len(sheet.heads) > 2 else 0)


def _put(target: Any, row: int, column: int, cell: SheetCell, formats: _Formats) -> None:
    if isinstance(cell.value, Decimal):
        target.write_number(row, column, cell.value, formats.of("number", cell.decimals))
    elif cell.to:
        target.write_url(row, column, f"internal:'{cell.to}'!A1", formats.of("link"), cell.value)
    else:
        target.write_string(row, column, cell.value, formats.of("text"))
