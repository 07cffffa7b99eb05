"""Workbooks (XLSX) as text: the values as a spreadsheet shows them, row numbers likewise, formulas by their results.

A cell that is a number or a date in the workbook becomes the text that a CSV file of the same contract would hold, so
that the same rules hold for both.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Any

from report_builder.contracts.files.archive import BROKEN_ARCHIVE
from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.headers import SEARCHED_ROWS, found_header
from report_builder.contracts.files.number_formats import number_format, percent_of
from report_builder.contracts.files.sheet import Cells, Sheet, joined, match, nameless_findings, store
from report_builder.contracts.files.sheetxml import SheetMarks, sheet_marks
from report_builder.contracts.odcs.contract import ContractColumn, Dialect, FileContract, LogicalType
from report_builder.contracts.result import NUMBERED_ROWS, SHOWN_ROWS, WITHHELD, FailingRow, Finding
from report_builder.contracts.words import Words, words
from report_builder.problems import Severity

_OLE = b"\xd0\xcf\x11\xe0"
_MOST_BYTES = 1 << 30
"""Unpacked. A workbook of a million rows stays below it; an archive made to fill the memory does not."""
_HEAD = 4096
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|table|head|meta|style)\b", re.IGNORECASE)
_WHOLE_DAY = re.compile("(?=.*y)(?=.*m)(?=.*d)", re.IGNORECASE)
"""A number format that shows all of a day."""
_STRICT_NAMES = b"http://purl.oclc.org/ooxml/"
_BROKEN = (*BROKEN_ARCHIVE, KeyError, TypeError, AttributeError, IndexError, SyntaxError, AssertionError)
"""What openpyxl, zipfile and the XML parser raise on files that only look like workbooks; none of it is ours."""
_PASSWORD = words("It is locked with a password, or has the old format XLS.")
_HTML = words("It is a web page (HTML) that was given the name of a workbook.")
_STRICT = words("It is saved as “Strict Open XML”, which few programs read.")
_NOT_ONE = words("It is not a workbook, or it was cut off.")
_TOO_LARGE = words("It is too large when unpacked.")
_NO_SHEETS = words("It has no worksheets.")
_BEYOND = words("A cell in it lies beyond the last row or column that a workbook can have.")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
"""Of a worksheet, in every version of the format since 2007."""
_MOST_KEPT = 1000
"""Fields that are kept of a row that has more than the header."""

_Filled = Mapping[int, str]
"""The cells of a row that are not empty, by their column (from 0): a row may have its one cell in the last column."""


class _BeyondTheSheetError(Exception):
    """A cell where no worksheet has one."""


def read_xlsx(path: Path, faults: FileFaults) -> Sheet:
    """Read one sheet of a workbook as text. Raises OSError where it cannot be opened."""
    reason = foreign_format(path) or _size_fault(path)
    if reason is None:
        try:
            return _read(path, faults)
        except _BeyondTheSheetError:
            reason = _BEYOND
        except _BROKEN:
            reason = _NOT_ONE
    return Sheet(contract=faults.contract, shown=faults.shown, findings=(faults.broken_workbook(reason),))


def foreign_format(path: Path) -> Words | None:
    """What a file is that is called a workbook and is another kind of file; None where nothing speaks against it.

    Raises OSError where it cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(_OLE):
        return _PASSWORD
    if _MARKUP.match(head):
        return _HTML
    return None


def _is_strict(archive: zipfile.ZipFile) -> bool:
    """Whether a workbook is of the standard's strict kind, whose names no reader of the usual kind knows."""
    part = "xl/workbook.xml"
    if part not in archive.namelist():
        return False
    with archive.open(part) as xml:
        return _STRICT_NAMES in xml.read(_HEAD)


def xlsx_headers(path: Path, faults: FileFaults) -> tuple[str, ...]:
    """The column names of a workbook's sheet, empty where there are none: for finding out which file it is."""
    from openpyxl import load_workbook

    try:
        book = load_workbook(path, read_only=True, data_only=True)
        chosen = _choose(book, faults.contract.dialect.sheet, faults.contract.name)
        return _find_header(book[chosen], faults)[1] if chosen else ()
    except (_BeyondTheSheetError, *_BROKEN):
        return ()


def _size_fault(path: Path) -> Words | None:
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
            if size <= _MOST_BYTES and _is_strict(archive):
                return _STRICT
    except _BROKEN:
        return _NOT_ONE
    return _TOO_LARGE if size > _MOST_BYTES else None


def _read(path: Path, faults: FileFaults) -> Sheet:
    from openpyxl import load_workbook

    contract, dialect = faults.contract, faults.contract.dialect
    book = load_workbook(path, read_only=True, data_only=True)
    if not book.worksheets:
        return Sheet(contract=contract, shown=faults.shown, findings=(faults.broken_workbook(_NO_SHEETS),))
    chosen = _choose(book, dialect.sheet, contract.name)
    if chosen is None:
        finding = faults.which_sheet(tuple(w.title for w in book.worksheets))
        return Sheet(contract=contract, shown=faults.shown, findings=(finding,))
    header_row, headers, above = _find_header(book[chosen], faults)
    if not headers:
        return Sheet(contract=contract, shown=faults.shown, findings=(faults.empty(),))
    matched = match(headers, faults, header_row)
    reader = _RowReader(faults=faults, width=len(headers), header_row=header_row)
    named = {position: contract.column(name) for name, position in matched.positions.items()}
    shown = _Shown(dialect, frozenset(p for p, column in named.items() if column.type is LogicalType.STRING))
    filled: dict[int, int] = {}
    table = store(reader.rows(_rows(book[chosen], shown)), matched, filled)
    findings = [] if above is None else [faults.header_further_down(header_row, above)]
    findings += [reader.finding()] if reader.ragged else []
    scaled_notes = []
    for position, column in named.items():
        if rows := [row for row in shown.thousands.get(position, ()) if row > header_row]:
            findings.append(faults.scaled_cells(column.header, rows))
        if rows := [row for row in shown.dates.get(position, ()) if row > header_row]:
            findings.append(faults.date_cells(column.header, rows, _tells_rows_apart(contract, column)))
        if rows := [row for row in shown.percent.get(position, ()) if row > header_row]:
            scaled_notes.append(_percent_note(column.header, rows))
    marks = sheet_marks(path, book[chosen]._worksheet_path)
    return Sheet(
        contract=contract,
        shown=faults.shown,
        headers=headers,
        present=tuple(matched.positions),
        table=table,
        findings=(
            *findings,
            *_cell_faults(faults, marks, header_row, headers),
            *matched.findings,
            *nameless_findings(matched, filled, faults),
        ),
        notes=(*scaled_notes, *_sheet_notes(book, chosen, marks)),
        aside=tuple(reader.aside),
    )


def _cell_faults(faults: FileFaults, marks: SheetMarks, header_row: int, headers: tuple[str, ...]) -> Iterator[Finding]:
    """Cells below the header whose value is not told: merged ones, and formulas without a result."""
    if below := [merged for merged in marks.merged if merged.last_row > header_row]:
        rows = {
            row
            for merged in below[:NUMBERED_ROWS]
            for row in range(max(merged.first_row, header_row + 1), merged.last_row + 1)[: NUMBERED_ROWS + 1]
        }
        columns = {c for merged in below for c in range(merged.first_column, merged.last_column + 1)}
        named = tuple(header for c, header in enumerate(headers, start=1) if c in columns)
        yield faults.merged_cells(sorted(rows), named, len(below))
    if empty := [(row, column) for row, column in marks.uncalculated if row > header_row]:
        row, column = empty[0]
        yield faults.no_cached_value(row, headers[column - 1] if column <= len(headers) else "", len(empty))


def _sheet_notes(book: Any, chosen: str, marks: SheetMarks) -> Iterator[Words]:
    """What was taken for granted about a sheet, so that nobody need guess it."""
    if marks.hidden:
        yield words(
            "{count} hidden row was read like all others.",
            "{count} hidden rows were read like all others.",
            count=len(marks.hidden),
        )
    if len(book.worksheets) > 1:
        yield words("The sheet {sheet} was read.", sheet=chosen)
    if hidden := tuple(w.title for w in book.worksheets if w.sheet_state != "visible"):
        yield words("Hidden sheets were not read: {sheets}.", sheets=hidden)


def _tells_rows_apart(contract: FileContract, column: ContractColumn) -> Severity:
    """How much a changed text matters: in a column that tells rows apart it is a fault."""
    keys = {c for reference in contract.references for c in reference.columns}
    return Severity.ERROR if column.key or column.unique or column.name in keys else Severity.WARNING


def _percent_note(header: str, rows: Sequence[int]) -> Words:
    return words(
        "{header}: {count} cell is formatted as per cent and was read as it is shown (row {row}).",
        "{header}: {count} cells are formatted as per cent and were read as they are shown (first in row {row}).",
        header=header, count=len(rows), row=rows[0],
    )  # fmt: skip


def _choose(book: Any, wanted: str | None, name: str) -> str | None:
    """The sheet that the contract names, or one called as the object, or the only one; never one that is hidden."""
    visible = [w.title for w in book.worksheets if w.sheet_state == "visible"]
    if wanted is not None:
        return wanted if wanted in visible else None
    if name in visible:
        return name
    return visible[0] if len(visible) == 1 else None


def _find_header(sheet: Any, faults: FileFaults) -> tuple[int, tuple[str, ...], Sequence[tuple[str, ...]] | None]:
    """The header's row and fields: see :func:`.headers.found_header`; where it is nowhere, the contract's row.

    Third what stands above it, where it is further down than the contract says.
    """
    dialect = faults.contract.dialect
    last = max(SEARCHED_ROWS, dialect.header_row)
    first = {row: _fields(cells) for row, cells in takewhile(lambda r: r[0] <= last, _rows(sheet, _Shown(dialect)))}
    row = found_header(first.items(), faults.contract, dialect.header_row) or dialect.header_row
    above = [cells for number, cells in first.items() if number < row]
    return row, first.get(row, ()), above if row > dialect.header_row else None


def _fields(cells: _Filled, most: int = _LAST_COLUMN) -> tuple[str, ...]:
    """The fields of a row up to the last one that is filled, or ``most`` of them."""
    return tuple(cells.get(position, "") for position in range(min(max(cells, default=-1) + 1, most)))


@dataclass(slots=True)
class _Shown:
    """Reads cells as the spreadsheet shows them; ``texts`` are the columns (from 0) that hold text.

    ``percent`` and ``thousands`` gather the rows of cells, by column, whose format scales them by that; ``dates``
    those of days in a column of text that are shown without their year, as a spreadsheet makes of ``1-2``.
    """

    dialect: Dialect
    texts: frozenset[int] = frozenset()
    percent: dict[int, list[int]] = field(default_factory=dict)
    thousands: dict[int, list[int]] = field(default_factory=dict)
    dates: dict[int, list[int]] = field(default_factory=dict)

    def cell(self, row: int, position: int, value: Any, style: Callable[[], str]) -> str | None:
        """The text of a cell that holds ``value``; ``style`` gives its number format where that is needed."""
        if isinstance(value, date) and position in self.texts and not _WHOLE_DAY.match(style()):
            self.dates.setdefault(position, []).append(row)
        if isinstance(value, bool) or not isinstance(value, int | float) or (code := style()) == "General":
            return _text(value, self.dialect)
        form = number_format(code)
        if form.thousands:
            self.thousands.setdefault(position, []).append(row)
        if form.percent:
            self.percent.setdefault(position, []).append(row)
            return _decimal(percent_of(value), self.dialect)
        text = _text(value, self.dialect)
        if position in self.texts and form.pads and text is not None and text.lstrip("-").isdecimal():
            return form.text(text)
        return text


def _rows(sheet: Any, shown: _Shown) -> Iterator[tuple[int, _Filled]]:
    """Every row of a sheet that the file has, as (number, cells), the cells as text.

    openpyxl fills the gaps between rows, and those between the cells of a row, with empty ones. A file of a few bytes
    may leave gaps of thousands of millions, so its parser is asked instead, which gives what is there.
    """
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._reader import WorkSheetParser

    book = sheet.parent
    with sheet._get_source() as xml:
        parser = WorkSheetParser(
            xml,
            sheet._shared_strings,
            data_only=book.data_only,
            epoch=book.epoch,
            date_formats=book._date_formats,
            timedelta_formats=book._timedelta_formats,
        )
        for row, cells in parser.parse():
            filled: dict[int, str] = {}
            for cell in cells:
                position = cell["column"] - 1
                if row > _LAST_ROW or position >= _LAST_COLUMN:
                    raise _BeyondTheSheetError
                style = partial(_number_format, ReadOnlyCell, sheet, cell)
                if (text := shown.cell(row, position, cell["value"], style)) is not None:
                    filled[position] = text
            yield row, filled


def _number_format(kind: Any, sheet: Any, cell: Mapping[str, Any]) -> str:
    return str(kind(sheet, **cell).number_format)


def _text(value: Any, dialect: Dialect) -> str | None:
    """A cell's value as a CSV file of the contract would write it."""
    match value:
        case None:
            return None
        case bool():
            return str(value).lower()
        case datetime() | date() | time():
            return value.isoformat().removesuffix("T00:00:00")
        case float():
            # A spreadsheet keeps and shows fifteen digits; what stands beyond them is the error of binary fractions.
            return _decimal(Decimal(format(value, ".15g")), dialect)
        case _:
            return str(value).encode("utf-8", "replace").decode() or None


def _decimal(value: Decimal, dialect: Dialect) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace(".", dialect.decimal)


@dataclass(slots=True)
class _RowReader:
    """Takes the rows below the header, setting aside those that hold more than the header has names for."""

    faults: FileFaults
    width: int
    header_row: int
    ragged: list[FailingRow] = field(default_factory=list)
    aside: list[tuple[int, str]] = field(default_factory=list)
    found: int = 0

    def rows(self, rows: Iterator[tuple[int, _Filled]]) -> Iterator[tuple[int, Cells]]:
        for row, cells in rows:
            if row <= self.header_row:
                continue
            if max(cells, default=-1) >= self.width:
                self._set_aside(row, cells)
            elif cells:
                yield row, [cells.get(position) for position in range(self.width)]

    def finding(self) -> Any:
        return self.faults.ragged(tuple(self.ragged), len(self.aside), self.width, self.found)

    def _set_aside(self, row: int, cells: _Filled) -> None:
        kept = _fields(cells, _MOST_KEPT)
        self.aside.append((row, joined(kept)))
        self.found = self.found or max(cells) + 1
        if len(self.ragged) < SHOWN_ROWS:
            withheld = any(c.sensitive for c in self.faults.contract.columns)
            self.ragged.append(FailingRow(row=row, cells=tuple(WITHHELD if withheld and c else c for c in kept)))
