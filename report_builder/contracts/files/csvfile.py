"""CSV files as text: quickly where the file is regular, row by row where it is not; row numbers are exact in both.

The dialect is the contract's and nothing is inferred. pyarrow reads a regular file; anything that it refuses, and any
file whose line breaks or quotation marks two readers could take in two ways, is read with Python's reader, which finds
every row at fault.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.headers import SEARCHED_ROWS, found_header
from report_builder.contracts.files.scan import HEAD, LONGEST_LINE, Scan, byte_fault, scan
from report_builder.contracts.files.sheet import (
    ROW,
    Cells,
    Matched,
    Sheet,
    joined,
    match,
    nameless_findings,
    row_numbers,
    store,
)
from report_builder.contracts.result import NUMBERED_ROWS, SHOWN_ROWS, WITHHELD, FailingRow, Finding

if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS = ",;\t|"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BLOCK = 1 << 21
_LEAST_SWALLOWING = 3
_FALLBACK = "windows-1252"
"""How a file is read whose bytes are not the contract's text, so that its other faults are found too."""


def read_csv(path: Path, faults: FileFaults) -> Sheet:
    """Read a CSV file as text. Raises OSError where it cannot be opened."""
    dialect = faults.contract.dialect
    seen, quick = _seen_and_read(path, faults)
    nothing = partial(Sheet, contract=faults.contract, shown=faults.shown)
    if seen.head.startswith(_WORKBOOKS):
        return nothing(findings=(faults.is_workbook(),))
    if seen.empty:
        return nothing(findings=(faults.empty(),))
    fault = byte_fault(path, dialect.encoding, seen.nul) if quick is None else None
    encoding = dialect.encoding if fault is None else _FALLBACK
    head = _Head(_decoded(seen.head, encoding), faults)
    headers = head.rows(dialect.delimiter).get(1)
    findings = [] if fault is None else [faults.bytes_at_fault(fault, headers or ())]
    if fault is not None and fault.code != "wrong-encoding":
        return nothing(findings=tuple(findings))
    header_row = head.header_row(dialect.delimiter)
    if header_row == 0 and (other := head.other_delimiter()) is not None:
        return nothing(headers=headers or (), findings=(*findings, faults.wrong_delimiter(*other)))
    if header_row > dialect.header_row:
        findings.append(faults.header_further_down(header_row, head.above(header_row)))
    headers = head.rows(dialect.delimiter).get(header_row or dialect.header_row)
    if headers is None:
        return nothing(findings=(*findings, faults.stray_quote(1, closed=False)))
    matched = match(headers, faults, header_row or dialect.header_row)
    reader = _RowReader(faults=faults, width=len(headers), header_row=header_row or dialect.header_row)
    filled: dict[int, int] = {}
    if quick is not None and reader.header_row == 1:
        table = quick.table(matched)
        filled = quick.filled(matched)
        reader.take_aside(quick.aside)
    else:
        with path.open(encoding=_codec(encoding), errors="replace", newline="") as file:
            table = store(reader.rows(file), matched, filled)
    if seen.broken_fields:
        findings += _swallowed(table, len(headers), faults)
    return nothing(
        headers=headers,
        present=tuple(matched.positions),
        table=table,
        findings=(*findings, *reader.findings, *matched.findings, *nameless_findings(matched, filled, faults)),
        aside=tuple(reader.aside),
    )


def _swallowed(table: pa.Table, width: int, faults: FileFaults) -> Iterator[Finding]:
    """Texts that hold as many delimiters as the rows that their line breaks stand for would.

    In a file of two columns a semicolon in a text of two lines is nothing strange.
    """
    import pyarrow.compute as pc

    if width < _LEAST_SWALLOWING:
        return
    for name in table.column_names[1:]:
        breaks = pc.count_substring(table[name], "\n")
        marks = pc.count_substring(table[name], faults.contract.dialect.delimiter)
        whole = pc.and_(pc.greater(breaks, 0), pc.equal(marks, pc.multiply(breaks, width - 1)))
        rows = table[ROW].filter(pc.fill_null(whole, False)).to_pylist()
        if rows:
            yield faults.swallowed_rows(faults.contract.column(name).header, rows)


def csv_headers(path: Path, faults: FileFaults) -> tuple[str, ...]:
    """The column names of a CSV file, read leniently: for finding out which file it is. Raises OSError."""
    dialect = faults.contract.dialect
    with path.open("rb") as file:
        head = _Head(_decoded(file.read(HEAD), dialect.encoding), faults)
    return head.rows(dialect.delimiter).get(head.header_row(dialect.delimiter) or dialect.header_row, ())


@dataclass(slots=True)
class _Head:
    """The beginning of a file, in which the columns' names are looked for."""

    text: str
    faults: FileFaults
    _split: dict[str, dict[int, tuple[str, ...]]] = field(default_factory=dict)

    def rows(self, delimiter: str) -> dict[int, tuple[str, ...]]:
        """The first rows, by their number, as far as their quotation marks add up."""
        if delimiter not in self._split:
            found: dict[int, tuple[str, ...]] = {}
            last = max(SEARCHED_ROWS, self.faults.contract.dialect.header_row)
            with suppress(csv.Error):
                for row, cells in enumerate(_split(io.StringIO(self.text, newline=""), delimiter), start=1):
                    found[row] = tuple(cells)
                    if row == last:
                        break
            self._split[delimiter] = found
        return self._split[delimiter]

    def header_row(self, delimiter: str) -> int:
        """The row with the columns' names if they are parted by ``delimiter``; 0 where there is none."""
        contract = self.faults.contract
        return found_header(self.rows(delimiter).items(), contract, contract.dialect.header_row)

    def above(self, row: int) -> list[tuple[str, ...]]:
        """The cells of the rows above ``row``."""
        return [cells for number, cells in self.rows(self.faults.contract.dialect.delimiter).items() if number < row]

    def other_delimiter(self) -> tuple[str, int] | None:
        """Another delimiter that parts the columns' names, and their row; None where none does.

        A first row that is one field, and several by another delimiter, is taken for names that nobody knows.
        """
        wanted = self.faults.contract.dialect.delimiter
        others = [d for d in _DELIMITERS if d != wanted]
        for delimiter in others:
            if row := self.header_row(delimiter):
                return delimiter, row
        first = self.rows(wanted).get(1, ())
        if len(first) != 1:
            return None
        other = max((d for d in others if d in first[0]), key=first[0].count, default="")
        return (other, 1) if other else None


def _decoded(head: bytes, encoding: str) -> str:
    return head.decode(_codec(encoding), "replace")


def _codec(encoding: str) -> str:
    """The codec that also swallows a byte order mark where there may be one."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


@dataclass(slots=True)
class _Quick:
    """A regular file as pyarrow read it, and the rows (number, text) that have not as many fields as the header."""

    fields: pa.Table
    aside: list[tuple[int, str]]

    def table(self, matched: Matched) -> pa.Table:
        """The contract's columns with the number of each row, but for the rows whose cells are all empty."""
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        columns = self.fields.columns
        numbers = np.arange(2, 2 + len(self.fields) + len(self.aside), dtype=np.int64)
        if self.aside:
            numbers = np.delete(numbers, [number - 2 for number, _ in self.aside])
        data = {ROW: row_numbers(numbers)}
        table = pa.table(data | {name: columns[position] for name, position in matched.positions.items()})
        if not all(column.null_count for column in columns):
            return table
        blank = pc.is_null(min(columns, key=lambda column: column.null_count))
        for column in columns:
            if not pc.any(blank).as_py():
                return table
            blank = pc.and_(blank, pc.is_null(column))
        return table.filter(pc.invert(blank))

    def filled(self, matched: Matched) -> dict[int, int]:
        """The columns without a name that hold something, with the row of their first cell that does."""
        import pyarrow.compute as pc

        found = {}
        for position in matched.nameless:
            column = self.fields.column(position)
            if column.null_count < len(column):
                index = pc.index(pc.is_valid(column), True).as_py()
                skipped = sorted(number for number, _ in self.aside)
                row = index + 2
                for number in skipped:
                    row += number <= row
                found[position] = row
        return found


def _seen_and_read(path: Path, faults: FileFaults) -> tuple[Scan, _Quick | None]:
    """The look at the bytes, and the file as pyarrow reads it where that look lets it.

    Both at once: nearly every file turns out to be regular, each row as long as the header. One that is not is read
    again, with more care.
    """
    dialect = faults.contract.dialect
    with ThreadPoolExecutor(max_workers=1) as looking:
        look = looking.submit(scan, path, dialect.delimiter)
        guess = _quick(path, faults)
        seen = look.result()
    readable = seen.regular and seen.nul < 0 and (seen.utf8 or dialect.encoding != "utf-8")
    if not readable:
        return seen, None
    return seen, _quick(path, faults, seen) if guess is None or seen.broken_fields else guess


def _quick(path: Path, faults: FileFaults, seen: Scan | None = None) -> _Quick | None:
    """The file as pyarrow reads it, or None where it refuses.

    Where nobody has ``seen`` the bytes, it refuses a row that is not as long as the header: the text of such a row can
    be had only where it is known to be text.
    """
    import pyarrow as pa
    import pyarrow.csv as pc

    dialect = faults.contract.dialect
    with path.open("rb") as file:
        headers = _first_line(file.read(HEAD), dialect.encoding, dialect.delimiter)
    if not headers or not dialect.delimiter.isascii():
        return None
    names = [f"field{i}" for i in range(len(headers))]
    aside: list[tuple[int, str]] = []

    def set_aside(row: Any) -> str:
        aside.append((row.number, row.text))
        return "skip"

    reading = pc.ReadOptions(
        use_threads=seen is None,  # one thread alone numbers the rows that it skips
        block_size=_BLOCK,
        column_names=names,
        skip_rows=1,
        encoding="utf8" if dialect.encoding == "utf-8" else dialect.encoding,
    )
    parsing = pc.ParseOptions(
        delimiter=dialect.delimiter,
        ignore_empty_lines=False,
        newlines_in_values=seen is not None and seen.broken_fields,
        invalid_row_handler=None if seen is None else set_aside,
    )
    text = pc.ConvertOptions(
        column_types=dict.fromkeys(names, pa.string()),
        null_values=[""],
        strings_can_be_null=True,
        check_utf8=False,  # the look at the bytes has seen to it
        quoted_strings_can_be_null=True,
    )
    try:
        return _Quick(pc.read_csv(path, read_options=reading, parse_options=parsing, convert_options=text), aside)
    except (pa.ArrowInvalid, UnicodeError):
        return None


def _first_line(head: bytes, encoding: str, delimiter: str) -> tuple[str, ...]:
    """The fields of a header that stands on one line; none where it does not, or is not text in ``encoding``."""
    line, newline, _ = head.partition(b"\n")
    try:
        fields = _header(line.decode(_codec(encoding)).removesuffix("\r"), delimiter)
    except UnicodeDecodeError:
        return ()
    return fields if newline and fields is not None and line.count(b'"') % 2 == 0 else ()


def _split(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=delimiter, quotechar='"', doublequote=True, strict=True)


def _header(text: str, delimiter: str) -> tuple[str, ...] | None:
    """The fields of the first row; None where its quotation marks do not add up."""
    try:
        return tuple(next(_split(io.StringIO(text, newline=""), delimiter), []))
    except csv.Error:
        return None


class _EndlessLineError(Exception):
    """A line longer than any row of a metric file."""


@dataclass(slots=True)
class _RowReader:
    """Reads row by row, keeping the number of each row and setting aside those that do not fit."""

    faults: FileFaults
    width: int
    header_row: int = 1
    findings: list[Finding] = field(default_factory=list)
    aside: list[tuple[int, str]] = field(default_factory=list)
    _ragged: list[FailingRow] = field(default_factory=list)
    _first_width: int = 0

    def rows(self, file: TextIO) -> Iterator[tuple[int, Cells]]:
        """Rows below the header as (number, cells). When they run out, ``findings`` is complete."""
        lines = _Lines(file)
        reader = _split(lines, self.faults.contract.dialect.delimiter)
        number = 0
        try:
            for number, cells in enumerate(reader, start=1):
                lines.since = 0
                if number <= self.header_row or not cells:
                    continue
                if len(cells) == self.width:
                    yield number, cells
                else:
                    self._set_aside(number, cells)
        except _EndlessLineError:
            self.findings.append(self.faults.long_line(number + 1))
        except csv.Error as e:
            closed = "expected after" in str(e)
            one_long_field = not closed and lines.since <= 1 and "limit" in str(e)
            fault = self.faults.long_line if one_long_field else partial(self.faults.stray_quote, closed=closed)
            self.findings.append(fault(number + 1))
        self._close()

    def take_aside(self, aside: Iterable[tuple[int, str]]) -> None:
        """Rows (number, text) that another reader set aside. ``findings`` is complete afterwards."""
        for number, text in aside:
            cells = next(_split(io.StringIO(text, newline=""), self.faults.contract.dialect.delimiter), [])
            if cells:
                self._set_aside(number, cells)
        self._close()

    def _close(self) -> None:
        if self._ragged:
            rows = tuple(self._ragged)
            numbers = tuple(number for number, _ in self.aside[:NUMBERED_ROWS])
            finding = self.faults.ragged(rows, len(self.aside), self.width, self._first_width)
            self.findings.append(replace(finding, numbers=numbers))

    def _set_aside(self, number: int, cells: list[str]) -> None:
        self.aside.append((number, joined(cells)))
        self._first_width = self._first_width or len(cells)
        if len(self._ragged) < SHOWN_ROWS:
            withheld = any(c.sensitive for c in self.faults.contract.columns)
            shown = tuple(WITHHELD if withheld and c else c or None for c in cells)
            self._ragged.append(FailingRow(row=number, cells=shown))


@dataclass(slots=True)
class _Lines:
    """The lines of a file, none without end; ``since`` counts them from the last row on."""

    file: TextIO
    since: int = 0

    def __iter__(self) -> Iterator[str]:
        while line := self.file.readline(LONGEST_LINE + 1):
            if len(line) > LONGEST_LINE:
                raise _EndlessLineError
            self.since += 1
            yield line
