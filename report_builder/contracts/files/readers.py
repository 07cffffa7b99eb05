"""Files of a delivery read as text, each by the reader that its name calls for."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path

from report_builder.allowance import ExceededError, allowed, regular, watched
from report_builder.contracts.files.archive import Unpacked, unpacked
from report_builder.contracts.files.csvfile import csv_headers, read_csv
from report_builder.contracts.files.digest import Digest, sha256
from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.jsonfile import JSON_LINES, json_headers, read_json_lines
from report_builder.contracts.files.parquetfile import PARQUET, parquet_headers, read_parquet
from report_builder.contracts.files.sheet import Sheet
from report_builder.contracts.files.totals import without_totals
from report_builder.contracts.files.unseen import without_unseen
from report_builder.contracts.files.xlsxfile import foreign_format, read_xlsx, xlsx_headers
from report_builder.contracts.odcs.contract import FileContract
from report_builder.contracts.words import words

TEXT = frozenset({".csv", ".txt", ".tsv"})
WORKBOOKS = frozenset({".xlsx", ".xlsm"})
READABLE = TEXT | WORKBOOKS | PARQUET | JSON_LINES


def read_file(contract: FileContract, path: Path, shown: str, digest: Digest | None = None) -> Sheet:
    """Read one file; whatever is wrong with it is in the sheet's findings. ``digest`` is its SHA-256, begun earlier."""
    faults = FileFaults(contract, shown)
    with ThreadPoolExecutor(max_workers=1) as beside:
        try:
            digest = digest or beside.submit(sha256, regular(path))
            with _within_limits(path), unpacked(path, READABLE) as file:
                sheet = without_totals(without_unseen(_read(file, faults)), faults)
                notes = (*([file.note] if file.note else []), *sheet.notes)
                return replace(sheet, sha256=digest.result(), notes=notes)
        except FileNotFoundError:
            finding = faults.missing()
        except OSError as e:
            finding = faults.unreadable(e.strerror or "unknown")
        except ExceededError as e:
            finding = faults.beyond_limits(e)
    return Sheet(contract=contract, shown=shown, findings=(finding,))


def _within_limits(path: Path) -> AbstractContextManager[None]:
    """A block that may take what a file of this size takes. Raises OSError where it is no file."""
    return watched(str(path), allowed().for_data(regular(path).stat().st_size))


def headers_of(contract: FileContract, path: Path) -> tuple[str, ...]:
    """The column names of a file, read as ``contract`` says; empty where there are none to read."""
    faults = FileFaults(contract, path.name)
    try:
        with _within_limits(path), unpacked(path, READABLE) as file:
            if file.fault is not None:
                return ()
            suffix = file.path.suffix.casefold()
            if suffix in WORKBOOKS:
                return xlsx_headers(file.path, faults)
            if suffix in PARQUET:
                return parquet_headers(file.path)
            if suffix in JSON_LINES:
                return json_headers(file.path)
            return csv_headers(file.path, faults)
    except (OSError, ExceededError):
        return ()


_READERS = (
    (TEXT, read_csv),
    (WORKBOOKS, read_xlsx),
    (PARQUET, read_parquet),
    (JSON_LINES, read_json_lines),
)


def _read(file: Unpacked, faults: FileFaults) -> Sheet:
    path, suffix = file.path, file.path.suffix.casefold()
    if file.fault is not None:
        finding = faults.finding("broken-archive", _WHOLE, file.fault, _PACK_AGAIN)
        return Sheet(contract=faults.contract, shown=faults.shown, findings=(finding,))
    for suffixes, read in _READERS:
        if suffix in suffixes:
            return read(path, faults)
    reason = foreign_format(path) if suffix == ".xls" else None
    if reason is not None:
        return Sheet(contract=faults.contract, shown=faults.shown, findings=(faults.broken_workbook(reason),))
    path.stat()
    return Sheet(contract=faults.contract, shown=faults.shown, findings=(faults.unknown_format(path.suffix),))


_WHOLE = words("An archive is whole, unlocked, and holds one file to read.")
_PACK_AGAIN = words("Pack the file again, alone and without a password.")
