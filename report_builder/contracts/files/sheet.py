"""What a reader hands over: a file as text, row for row as a spreadsheet numbers them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.odcs.contract import FileContract
from report_builder.contracts.result import Finding
from report_builder.contracts.words import Words

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

ROW = "_row"
"""The column of row numbers."""
Cells = Sequence[str | None]
_BETWEEN = "\x1f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file that was read, or tried.

    ``table`` has ``_row`` and a column for each of the contract's columns that the file has (``present``): text, or
    of the type that the file itself says; a blank cell is null. It is None where nothing could be read. ``headers``
    are the file's own, in its order. ``aside`` are the rows that do not fit them (see :func:`joined`).
    """

    contract: FileContract
    shown: str
    sha256: str = ""
    headers: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    table: pa.Table | None = None
    findings: tuple[Finding, ...] = ()
    notes: tuple[Words, ...] = ()
    aside: tuple[tuple[int, str], ...] = ()


def joined(cells: Cells) -> str:
    """The cells of a row that does not fit, as one text, which costs less to keep; :func:`parted` takes them apart."""
    return _BETWEEN.join(cell or "" for cell in cells)


def parted(row: str) -> list[str]:
    """The cells of a row that was :func:`joined`."""
    return row.split(_BETWEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """A header held against the contract: where each column stands in the file (from 0), and what does not fit."""

    positions: Mapping[str, int]
    findings: tuple[Finding, ...]


def match(headers: Sequence[str], faults: FileFaults, row: int = 1) -> Matched:
    """Find the contract's columns in the header of a file, which stands on ``row``."""
    known = {c.header: c.name for c in faults.contract.columns}
    unknown = tuple(h for h in headers if h not in known)
    positions: dict[str, int] = {}
    findings: list[Finding] = []
    for position, header in enumerate(headers):
        if header not in known:
            findings.append(faults.unexpected_column(header, position + 1, row))
        elif known[header] in positions:
            findings.append(faults.repeated_column(header, row))
        else:
            positions[known[header]] = position
    missing = [faults.missing_column(h, unknown, row) for h, name in known.items() if name not in positions]
    return Matched(positions=positions, findings=(*missing, *findings))


def store(rows: Iterable[tuple[int, Cells]], matched: Matched) -> pa.Table:
    """Rows (number, cells) as a table of text; a row whose cells are all empty is no row."""
    import pyarrow as pa

    numbers: list[int] = []
    columns: dict[str, list[str | None]] = {name: [] for name in matched.positions}
    for number, cells in rows:
        if any(cells):
            numbers.append(number)
            for name, position in matched.positions.items():
                columns[name].append((cells[position] if position < len(cells) else None) or None)
    data = {ROW: pa.array(numbers, pa.int64())}
    return pa.table(data | {name: pa.array(values, pa.string()) for name, values in columns.items()})


def row_numbers(numbers: np.ndarray[Any, np.dtype[np.int64]]) -> pa.Array:
    """The numbers as Arrow sees them, from their buffer: ``pa.array`` would load pandas to ask whether they are its."""
    import pyarrow as pa

    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(numbers)])


def pick(table: pa.Table, numbers: Sequence[int]) -> pa.Table:
    """The rows of a sheet's table with these numbers, in the order of the file.

    Piece by piece, for to put a column's pieces together would cost as much as to read them.
    """
    import numpy as np
    import pyarrow as pa

    wanted = np.sort(np.array(numbers, np.int64))
    found = []
    for piece in table.to_batches():
        held = _from_buffer(piece.column(ROW))
        first, last = np.searchsorted(wanted, (held[0], held[-1] + 1)) if len(held) else (0, 0)
        if first < last:
            found.append(piece.take(row_numbers(np.searchsorted(held, wanted[first:last]))))
    return pa.Table.from_batches(found, table.schema)


def _from_buffer(numbers: pa.Array) -> np.ndarray[Any, np.dtype[np.int64]]:
    """The other way from :func:`row_numbers`; ``to_numpy`` too would load pandas."""
    import numpy as np

    held = np.frombuffer(numbers.buffers()[1], np.int64)
    return held[numbers.offset : numbers.offset + len(numbers)]


def raw_name(contract: FileContract) -> str:
    """The name of a file's cells in the connection; an underscore keeps it apart from the contract's own names."""
    return f"_text_{contract.name}"
