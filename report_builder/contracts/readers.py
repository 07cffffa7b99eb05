"""Files of a delivery read as text, each by the reader that its name calls for."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from report_builder.contracts.contract import FileContract
from report_builder.contracts.csvfile import csv_headers, read_csv
from report_builder.contracts.faults import FileFaults
from report_builder.contracts.sheet import Sheet
from report_builder.contracts.xlsxfile import read_xlsx, xlsx_headers

if TYPE_CHECKING:
    from ibis.backends.duckdb import Backend

TEXT = frozenset({".csv", ".txt", ".tsv"})
WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def connect() -> Backend:
    """A DuckDB of our own, in this process and in memory."""
    import ibis

    return ibis.duckdb.connect()


def lock(con: Backend) -> None:
    """From here on nothing that runs in the connection reaches a file or the network, and nothing can undo that."""
    con.con.execute("SET enable_external_access = false")
    con.con.execute("SET lock_configuration = true")


def read_file(con: Backend, contract: FileContract, path: Path, shown: str) -> Sheet:
    """Read one file into the connection as text; whatever is wrong with it is in the sheet's findings."""
    faults = FileFaults(contract, shown)
    suffix = path.suffix.casefold()
    try:
        if suffix in TEXT:
            return read_csv(con, path, faults)
        if suffix not in WORKBOOKS:
            return Sheet(contract=contract, shown=shown, findings=(faults.unknown_format(path.suffix),))
        with path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        return read_xlsx(con, path, sha256, faults)
    except FileNotFoundError:
        return Sheet(contract=contract, shown=shown, findings=(faults.missing(),))
    except OSError as e:
        return Sheet(contract=contract, shown=shown, findings=(faults.unreadable(e.strerror or "unknown"),))


def headers_of(contract: FileContract, path: Path) -> tuple[str, ...]:
    """The column names of a file, read as ``contract`` says; empty where there are none to read."""
    try:
        if path.suffix.casefold() in WORKBOOKS:
            return xlsx_headers(path, contract.dialect, contract.name)
        return csv_headers(path, contract.dialect.delimiter, contract.dialect.encoding)
    except OSError:
        return ()
