"""The same files read by somebody else: Python's own CSV and JSON readers, DuckDB's Parquet reader, calamine.

A difference is a cell that the program reads as something else, or a row that it does not have, without saying so.
Files that the program refuses as a whole are not compared, nor those that these readers cannot take at all.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from report_builder.contracts.files.readers import read_file
from report_builder.contracts.files.sheet import ROW, Sheet
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.odd_text import NOTHING_VISIBLE

Rows = Mapping[int, Mapping[str, Any]]
"""Cells by row number and header; an empty cell is not there."""

_SPOILT = frozenset({"wrong-encoding", "nul-byte", "line-too-long", "stray-quote", "beyond-limits", "wrong-delimiter",
                     "header-not-first"})  # fmt: skip
"""Faults after which a file is not read to its end, or not as what it says that it is, or not from its first row."""
_HALF_LETTER = re.compile("[\ud800-\udfff]")


def differences(contract: Contract, path: Path) -> tuple[bool, list[str]]:
    """Whether the file could be compared, and where the two readings differ."""
    sheet = read_file(contract.files[0], path, path.name)
    if sheet.table is None or {f.code for f in sheet.findings} & _SPOILT:
        return False, []
    theirs = _READERS[path.suffix.casefold()](path)
    if theirs is None:
        return False, []
    return True, list(_told(sheet, theirs))


def _told(sheet: Sheet, theirs: Rows) -> Iterator[str]:
    misspelt = {f.headers[0] for f in sheet.findings if f.code == "misspelt-column"}
    headers = {c.header: c.name for c in sheet.contract.columns if c.name in sheet.present and c.header not in misspelt}
    assert sheet.table is not None
    ours = {row[ROW]: row for row in sheet.table.to_pylist()}
    aside = {number for number, _ in sheet.aside}
    aside |= {number for f in sheet.findings if f.code == "total-row" for number in f.numbers}
    for number in sorted(theirs.keys() | ours.keys()):
        there = {header: cell for header, cell in theirs.get(number, {}).items() if header in headers}
        if number in aside or (number not in ours and all(map(_unseen, theirs.get(number, {}).values()))):
            continue
        if number not in ours:
            yield f"row {number} is missing: {there}"
            continue
        for header, name in headers.items():
            mine, other = ours[number].get(name), there.get(header)
            if not _same(mine, other, sheet.contract.dialect.decimal):
                yield f"row {number}, {header}: {mine!r}, and to another reader {other!r}"


def _same(mine: Any, other: Any, mark: str) -> bool:
    if mine == other or (mine is None and _unseen(other)):
        return True
    if mine is None or other is None:
        return False
    numbers = _number(mine, mark), _number(other, mark)
    if None not in numbers:
        return numbers[0] == numbers[1]
    return _text(mine) == _text(other)


def _unseen(cell: Any) -> bool:
    """Whether nothing can be seen in a cell, which is then empty."""
    return isinstance(cell, str) and re.match(NOTHING_VISIBLE, cell) is not None


def _number(cell: Any, mark: str) -> Decimal | None:
    if isinstance(cell, bool | date | time):
        return None
    if isinstance(cell, float):
        cell = format(cell, ".15g")
    try:
        found = Decimal(str(cell).replace(mark, "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _text(cell: Any) -> str:
    match cell:
        case bool():
            return str(cell).lower()
        case bytes():
            return cell.decode("utf-8", "replace")
        case datetime() | date() | time():
            return cell.isoformat().replace(" ", "T").removesuffix("T00:00:00")
        case _:
            return str(cell).replace(" ", "T", 1) if str(cell)[:4].isdigit() and ":" in str(cell) else str(cell)


def _csv(path: Path) -> Rows | None:
    try:
        text = path.read_bytes().removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None
    if "\0" in text or not text.strip():
        return None
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True))
    except csv.Error:
        return None
    return _by_header(lines[0], dict(enumerate(lines[1:], start=2))) if lines and lines[0] else None


def _json(path: Path) -> Rows | None:
    rows = {}
    for number, line in enumerate(path.read_bytes().removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        try:
            record = json.loads(line, parse_float=Decimal)
        except (ValueError, RecursionError, InvalidOperation):
            continue
        flat = isinstance(record, dict) and not any(isinstance(cell, dict | list) for cell in record.values())
        if flat and _once(line) and not _HALF_LETTER.search(json.dumps(record, ensure_ascii=False, default=str)):
            rows[number] = {name: cell for name, cell in record.items() if cell not in (None, "")}
    return rows


def _once(line: bytes) -> bool:
    seen: list[str] = []
    json.loads(line, object_pairs_hook=lambda pairs: seen.extend(name for name, _ in pairs))
    return len(seen) == len(set(seen))


def _parquet(path: Path) -> Rows | None:
    import duckdb

    con = duckdb.connect()
    con.execute("SET timezone = 'UTC'")
    try:
        found = con.execute("SELECT * FROM read_parquet(?)", [str(path)])
        names = [column[0] for column in found.description]
        rows = found.fetchall()
    except (duckdb.Error, ValueError, OverflowError):
        return None
    return _by_header(names, dict(enumerate(rows, start=1)))


def _workbook(path: Path) -> Rows | None:
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
    lines = sheet.to_python(skip_empty_area=False)
    return _by_header([str(cell) for cell in lines[0]], dict(enumerate(lines[1:], start=2))) if lines else None


def _by_header(header: Sequence[str], lines: Mapping[int, Sequence[Any]]) -> Rows:
    """Rows as long as the header, or shorter; of two columns of one name the first is read."""
    first = {name: header.index(name) for name in header}
    return {
        number: {name: line[i] for name, i in first.items() if i < len(line) and line[i] not in (None, "")}
        for number, line in lines.items()
    }


_READERS = {
    **dict.fromkeys((".csv", ".txt"), _csv),
    ".jsonl": _json,
    ".parquet": _parquet,
    ".xlsx": _workbook,
}
