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
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.scan import HEAD, LONGEST_LINE, Scan, byte_fault, scan
from report_builder.contracts.files.sheet import ROW, Cells, Matched, Sheet, joined, match, row_numbers, store
from report_builder.contracts.result import NUMBERED_ROWS, SHOWN_ROWS, WITHHELD, FailingRow, Finding

if TYPE_CHECKING:
    import pyarrow as pa

_DELIMITERS = ",;\t|"
_SEARCHED_ROWS = 20
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_BLOCK = 1 << 21
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
    headers = _header(_decoded(seen.head, encoding), dialect.delimiter)
    findings = [] if fault is None else [faults.bytes_at_fault(fault, headers or ())]
    if fault is not None and fault.code != "wrong-encoding":
        return nothing(findings=tuple(findings))
    if headers is None:
        return nothing(findings=(*findings, faults.stray_quote(1, closed=False)))
    if (misplaced := _header_fault(headers, _decoded(seen.head, encoding), faults)) is not None:
        return nothing(headers=headers, findings=(*findings, misplaced))
    matched = match(headers, faults)
    reader = _RowReader(faults=faults, width=len(headers))
    if quick is not None:
        table = quick.table(matched)
        reader.take_aside(quick.aside)
    else:
        with path.open(encoding=_codec(encoding), errors="replace", newline="") as file:
            table = store(reader.rows(file), matched)
    return nothing(
        headers=headers,
        present=tuple(matched.positions),
        table=table,
        findings=(*findings, *reader.findings, *matched.findings),
        aside=tuple(reader.aside),
    )


def csv_headers(path: Path, delimiter: str, encoding: str) -> tuple[str, ...]:
    """The column names of a CSV file, read leniently: for finding out which file it is. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    return _header(_decoded(head, encoding), delimiter) or ()


def _header_fault(headers: tuple[str, ...], head: str, faults: FileFaults) -> Finding | None:
    """Why the first row is not the header that the contract asks for, where the whole file suffers from it."""
    if row := _header_further_down(head, faults):
        return faults.header_further_down(row)
    other = _other_delimiter(headers, faults.contract.dialect.delimiter)
    return faults.wrong_delimiter(other) if other else None


def _header_further_down(text: str, faults: FileFaults) -> int:
    """The row with all of the contract's columns where that is not the first one; 0 where it is, or there is none."""
    wanted = {c.header for c in faults.contract.columns}
    try:
        rows = _split(io.StringIO(text, newline=""), faults.contract.dialect.delimiter)
        for row, cells in zip(range(1, _SEARCHED_ROWS + 1), rows, strict=False):
            if row == 1 and wanted & set(cells):
                return 0
            if wanted <= set(cells):
                return row
    except csv.Error:
        return 0
    return 0


def _decoded(head: bytes, encoding: str) -> str:
    return head.decode(_codec(encoding), "replace")


def _codec(encoding: str) -> str:
    """The codec that also swallows a byte order mark where there may be one."""
    return "utf-8-sig" if encoding == "utf-8" else encoding


def _other_delimiter(headers: tuple[str, ...], delimiter: str) -> str:
    """The delimiter that a header of one field is split by instead, or the empty string."""
    if len(headers) != 1:
        return ""
    return max((d for d in _DELIMITERS if d != delimiter and d in headers[0]), key=headers[0].count, default="")


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
                if number == 1 or not cells:
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
