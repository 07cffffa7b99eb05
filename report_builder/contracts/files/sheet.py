"""What a reader hands over: a file as text, row for row as a spreadsheet numbers them, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.headers import meant, plain_name
from report_builder.contracts.odcs.contract import FileContract
from report_builder.contracts.odd_text import even
from report_builder.contracts.result import Finding
from report_builder.contracts.words import Words

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

ROW = "_row"
"""The column of row numbers."""
Cells = Sequence[str | None]
_BETWEEN = "\x1f"
_SHOWN_HEADERS = 20


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
    """A header held against the contract: where each column stands in the file (from 0), and what does not fit.

    ``nameless`` are the places of columns without a name, which are forgiven where no cell of theirs is filled.
    """

    positions: Mapping[str, int]
    findings: tuple[Finding, ...]
    nameless: tuple[int, ...] = ()


def match(headers: Sequence[str], faults: FileFaults, row: int = 1) -> Matched:
    """Find the contract's columns in the header of a file, which stands on ``row``.

    A column whose name differs in capitals, spaces or dots over letters alone is a fault, and is read.
    """
    known = {c.header: c.name for c in faults.contract.columns}
    unknown = tuple(h for h in headers if h not in known and even(h))
    alike = meant([h for h in known if h not in headers], unknown)
    read = {header: name for name, header in alike.items() if plain_name(header) == plain_name(name)}
    positions: dict[str, int] = {}
    findings: list[Finding] = []
    for position, header in enumerate(headers):
        name = known.get(read.get(header, header))
        if name is None:
            if even(header) and header not in alike.values():
                findings.append(faults.unexpected_column(header, position + 1, row))
        elif name in positions:
            findings.append(faults.repeated_column(header, row))
        else:
            positions[name] = position
            if header in read:
                findings.append(faults.misspelt_column(header, read[header], row))
    absent = (h for h, name in known.items() if name not in positions)
    missing = [faults.missing_column(h, alike.get(h, ""), row) for h in absent]
    if 2 * len(missing) > len(known):
        missing, findings = [faults.other_columns(missing, findings, headers[:_SHOWN_HEADERS])], []
    nameless = tuple(position for position, header in enumerate(headers) if not even(header))
    return Matched(positions=positions, findings=(*missing, *findings), nameless=nameless)


def store(rows: Iterable[tuple[int, Cells]], matched: Matched, filled: dict[int, int] | None = None) -> pa.Table:
    """Rows (number, cells) as a table of text; a row whose cells are all empty is no row.

    ``filled`` gathers the columns without a name that hold something, with the first row where they do.
    """
    import pyarrow as pa

    numbers: list[int] = []
    columns: dict[str, list[str | None]] = {name: [] for name in matched.positions}
    for number, cells in rows:
        if any(cells):
            numbers.append(number)
            for name, position in matched.positions.items():
                columns[name].append((cells[position] if position < len(cells) else None) or None)
            if filled is not None:
                for position in matched.nameless:
                    if position < len(cells) and cells[position]:
                        filled.setdefault(position, number)
    data = {ROW: pa.array(numbers, pa.int64())}
    return pa.table(data | {name: pa.array(values, pa.string()) for name, values in columns.items()})


def nameless_findings(matched: Matched, filled: Mapping[int, int], faults: FileFaults) -> tuple[Finding, ...]:
    """The faults of columns that hold something and have no name; ``filled`` has their first rows."""
    return tuple(faults.nameless_column(p + 1, filled[p]) for p in matched.nameless if p in filled)


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
