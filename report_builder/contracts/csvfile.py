"""CSV files as text: quickly where the file is regular, row by row with exact row numbers where it is not.

The dialect is the contract's and nothing is inferred. DuckDB reads a regular file; anything that it refuses, and any
file whose line breaks or quotation marks would make it miscount, is read again with Python's reader, which finds every
row at fault.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from report_builder.contracts.faults import FileFaults
from report_builder.contracts.result import SHOWN_ROWS, WITHHELD, FailingRow, Finding
from report_builder.contracts.scan import scan
from report_builder.contracts.sheet import ROW, Cells, Matched, Sheet, drop, match, raw_name, store

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from ibis.backends.duckdb import Backend

_DELIMITERS = ",;\t|"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LONGEST_LINE = 1 << 17
"""No row of a metric file is this long; a file that has lost its line breaks is. Python's own limit for a field."""
_FALLBACK = "windows-1252"
"""How a file is read whose bytes are not the contract's text, so that its other faults are found too."""


def read_csv(con: Backend, path: Path, faults: FileFaults) -> Sheet:
    """Read a CSV file into the connection as text. Raises OSError where it cannot be opened."""
    dialect = faults.contract.dialect
    seen = scan(path, dialect.encoding, dialect.delimiter)
    nothing = partial(Sheet, contract=faults.contract, shown=faults.shown, sha256=seen.sha256)
    if seen.head.startswith(_WORKBOOKS):
        return nothing(findings=(faults.is_workbook(),))
    if seen.empty:
        return nothing(findings=(faults.empty(),))
    encoding = dialect.encoding if seen.fault is None else _FALLBACK
    headers = _header(_decoded(seen.head, encoding), dialect.delimiter)
    findings = [] if seen.fault is None else [faults.bytes_at_fault(seen.fault, headers or ())]
    if seen.fault is not None and seen.fault.code != "wrong-encoding":
        return nothing(findings=tuple(findings))
    if headers is None:
        return nothing(findings=(*findings, faults.stray_quote(1, closed=False)))
    if other := _other_delimiter(headers, dialect.delimiter):
        return nothing(headers=headers, findings=(*findings, faults.wrong_delimiter(other)))
    matched = match(headers, faults)
    table = _quick(con, path, faults, headers, matched) if seen.regular and encoding == "utf-8" else None
    if table is None:
        reader = _RowReader(faults=faults, width=len(headers))
        with path.open(encoding=_codec(encoding), errors="replace", newline="") as file:
            table = store(con, faults.contract, reader.rows(file), matched)
        findings += reader.findings
    return nothing(
        headers=headers,
        present=tuple(matched.positions),
        table=table,
        findings=(*findings, *matched.findings),
    )


def csv_headers(path: Path, delimiter: str, encoding: str) -> tuple[str, ...]:
    """The column names of a CSV file, read leniently: for finding out which file it is. Raises OSError."""
    with path.open("rb") as file:
        head = file.read(1 << 16)
    return _header(_decoded(head, encoding), delimiter) or ()


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


def _quick(con: Backend, path: Path, faults: FileFaults, headers: tuple[str, ...], matched: Matched) -> ir.Table | None:
    """The file as DuckDB reads it, or None where it refuses. Rows are numbered by their place in the file."""
    import duckdb
    import ibis

    names = [f"field{i}" for i in range(len(headers))]
    columns = ", ".join(f"'{name}': 'VARCHAR'" for name in names)
    name = raw_name(faults.contract).replace('"', '""')
    statement = (
        f'CREATE TABLE "{name}" AS SELECT * FROM read_csv($path, columns = {{{columns}}}, delim = $delimiter, '  # noqa: S608
        "header = true, quote = '\"', escape = '\"', auto_detect = false, strict_mode = true, compression = 'none', "
        f"max_line_size = {_LONGEST_LINE})"
    )
    escaped = "".join(f"[{c}]" if c in "*?[" else c for c in str(path.resolve()))
    try:
        con.con.execute(statement, {"path": escaped, "delimiter": faults.contract.dialect.delimiter})
    except duckdb.Error:
        drop(con, raw_name(faults.contract))
        return None
    raw = con.table(raw_name(faults.contract))
    raw = raw.mutate(**{ROW: raw.rowid() + 2})
    cells = {
        c.name: raw[names[matched.positions[c.name]]] if c.name in matched.positions else ibis.null("string")
        for c in faults.contract.columns
    }
    some = ibis.or_(*(raw[n].notnull() for n in names))
    return raw.select(ROW, _some=some, **cells).filter(lambda t: t["_some"]).drop("_some")


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
    _ragged: list[FailingRow] = field(default_factory=list)
    _ragged_count: int = 0
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
        if self._ragged:
            rows = tuple(self._ragged)
            self.findings.append(self.faults.ragged(rows, self._ragged_count, self.width, self._first_width))

    def _set_aside(self, number: int, cells: list[str]) -> None:
        self._ragged_count += 1
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
        while line := self.file.readline(_LONGEST_LINE + 1):
            if len(line) > _LONGEST_LINE:
                raise _EndlessLineError
            self.since += 1
            yield line
