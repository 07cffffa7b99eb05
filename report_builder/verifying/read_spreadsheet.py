"""The spreadsheets of the data annex read back: every cell is what the report and its facts say."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import zip_longest
from typing import Any

from report_builder.editions.spreadsheet.sheets import AnnexSheet, Workbook
from report_builder.problems import Place, Problem, ReportError

Grid = tuple[tuple[str | Decimal, ...], ...]
"""The cells of a sheet, row by row, without the empty ones at the end of a row or of the sheet."""

_MOST_CELLS = 2_000_000
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def spreadsheet_problems(data: bytes, name: str, book: Workbook) -> Iterator[Problem]:
    """Where the file ``name`` (.xlsx or .ods) differs from ``book``, cell by cell.

    Raises:
        ReportError: the file is no spreadsheet.

    """
    found = sheets_of_xlsx(data, name) if name.endswith(".xlsx") else read_ods(data, name)
    wanted = {sheet.name: _expected(sheet) for sheet in book.sheets}
    for sheet in sorted(wanted.keys() - found.keys()):
        yield _problem(name, "lost-sheet", f"the sheet {sheet!r} is missing")
    for sheet in sorted(found.keys() - wanted.keys()):
        yield _problem(name, "unknown-sheet", f"the report has no sheet {sheet!r}")
    for sheet in (s for s in wanted if s in found):
        yield from _sheet(name, sheet, found[sheet], wanted[sheet])


def sheets_of_xlsx(data: bytes, name: str) -> dict[str, Grid]:
    """The cells of an Excel workbook by sheet; raises ReportError where it is none."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        return {sheet.title: _grid(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, SyntaxError) as e:
        raise ReportError(_problem(name, "unreadable-edition", f"it is no workbook that can be read ({e})")) from e


def read_ods(data: bytes, name: str) -> dict[str, Grid]:
    """The cells of an OpenDocument spreadsheet by sheet; raises ReportError where it is none."""
    from lxml import etree

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            root = etree.fromstring(package.read("content.xml"), etree.XMLParser(resolve_entities=False))
        return {str(table.get(f"{_TABLE}name")): _grid(_rows(table)) for table in root.iter(f"{_TABLE}table")}
    except (zipfile.BadZipFile, KeyError, ValueError, InvalidOperation, etree.XMLSyntaxError) as e:
        raise ReportError(_problem(name, "unreadable-edition", f"it is no spreadsheet that can be read ({e})")) from e


def _rows(table: Any) -> Iterator[list[object]]:
    left = _MOST_CELLS
    for row in table.iter(f"{_TABLE}table-row"):
        cells: list[object] = []
        for cell in row.iter(f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            value = _value(cell)
            times = min(int(cell.get(f"{_TABLE}number-columns-repeated", "1")), left) if value != "" else 1
            cells += [value] * times
            left -= times
        yield cells


def _value(cell: Any) -> object:
    if cell.get(f"{_OFFICE}value-type") in ("float", "percentage", "currency"):
        return _stored(Decimal(cell.get(f"{_OFFICE}value")))
    return "\n".join("".join(words.itertext()) for words in cell.iter(f"{_TEXT}p"))


def _grid(rows: Iterator[Any]) -> Grid:
    grid = [_trimmed(tuple(_cell(value) for value in row)) for row in rows]
    while grid and not grid[-1]:
        grid.pop()
    return tuple(grid)


def _cell(value: object) -> str | Decimal:
    if value is None:
        return ""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _trimmed(row: tuple[str | Decimal, ...]) -> tuple[str | Decimal, ...]:
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]


def _expected(sheet: AnnexSheet) -> Grid:
    heads = ((sheet.heads,) if sheet.heads else ()) + tuple(tuple(c.value for c in row) for row in sheet.rows)
    return _grid(iter(((sheet.title,), *((line,) for line in sheet.lines), *_plain(heads))))


def _plain(rows: Any) -> Iterator[tuple[object, ...]]:
    """The cells as a reader gets them: a number in a spreadsheet is a binary one, or a whole one."""
    yield from (tuple(_stored(v) if isinstance(v, Decimal) else v for v in row) for row in rows)


def _stored(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _sheet(name: str, sheet: str, found: Grid, wanted: Grid) -> Iterator[Problem]:
    for i, (ours, right) in enumerate(zip_longest(found, wanted, fillvalue=()), 1):
        for j, (said, meant) in enumerate(zip_longest(ours, right, fillvalue=""), 1):
            if said != meant:
                place = f"sheet {sheet!r}, row {i}, column {j}"
                code = "wrong-figure" if isinstance(meant, Decimal) else "changed-words"
                yield _problem(name, code, f"{place}: {_short(said)} stands where the report has {_short(meant)}")


def _short(value: str | Decimal) -> str:
    words = str(value)
    return repr(words if len(words) <= 60 else f"{words[:57]}…") if words else "nothing"


def _problem(name: str, code: str, message: str) -> Problem:
    return Problem(code=code, message=f"{message[0].upper()}{message[1:]}.", place=Place(file=name))
