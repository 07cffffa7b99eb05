"""Parquet files: columns keep the types that they have; rows are numbered from 1, for there is no header row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from report_builder.contracts.faults import FileFaults
from report_builder.contracts.result import Words
from report_builder.contracts.sheet import ROW, Sheet, match, row_numbers

PARQUET = frozenset({".parquet", ".pq"})
NO_HEADER = Words("The file has no header row: row 1 is the first record.",
                  "Filen har ingen rubrikrad. Rad 1 är den första posten.")  # fmt: skip


def read_parquet(path: Path, sha256: str, faults: FileFaults) -> Sheet:
    """Read a Parquet file. Raises OSError where it cannot be opened."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    contract = faults.contract
    try:
        with pq.ParquetFile(path) as file:
            headers = tuple(file.schema_arrow.names)
            table = file.read()
            table.validate(full=True)
    except (pa.ArrowException, OSError) as e:
        if isinstance(e, OSError) and e.errno is not None:
            raise
        return Sheet(contract=contract, shown=faults.shown, sha256=sha256, findings=(_broken(faults),))
    matched = match(headers, faults)
    nested = [headers[p] for p in matched.positions.values() if pa.types.is_nested(table.schema.field(p).type)]
    if nested:
        finding = _nested(faults, nested[0])
        return Sheet(contract=contract, shown=faults.shown, sha256=sha256, headers=headers, findings=(finding,))
    cells: dict[str, Any] = {ROW: row_numbers(np.arange(1, len(table) + 1, dtype=np.int64))}
    cells |= {name: _plain(table.column(position)) for name, position in matched.positions.items()}
    return Sheet(
        contract=contract,
        shown=faults.shown,
        sha256=sha256,
        headers=headers,
        present=tuple(matched.positions),
        table=pa.table(cells),
        findings=matched.findings,
        notes=(NO_HEADER,),
    )


def parquet_headers(path: Path) -> tuple[str, ...]:
    """The column names of a Parquet file, empty where it cannot be read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return tuple(pq.read_schema(path).names)
    except (pa.ArrowException, OSError):
        return ()


def _plain(column: Any) -> Any:
    """A column without dictionaries and bytes, an empty text an empty cell, whatever the writer chose."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        lengths = pc.binary_length(column)
        if pc.min(lengths).as_py() != 0:
            return column
        return pc.if_else(lengths.cast(pa.bool_()), column, pa.nulls(1, kind)[0])
    if pa.types.is_dictionary(kind):
        return _plain(column.cast(kind.value_type))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_null(kind):
        return _plain(column.cast(pa.string(), safe=False))
    return column


def _broken(faults: FileFaults) -> Any:
    return faults.finding(
        "broken-parquet",
        Words("The file is Parquet, whole and not encrypted.", "Filen ska vara en hel och okrypterad Parquet-fil."),
        Words("It is not Parquet, or it was cut off.", "Den är inte Parquet, eller så saknas slutet av filen."),
        Words("Write the file anew.", "Skriv filen på nytt."),
    )


def _nested(faults: FileFaults, header: str) -> Any:
    return faults.finding(
        "nested-column",
        Words("A cell holds one value.", "En cell ska innehålla ett enda värde."),
        Words(f"The cells of {header} hold lists or records.", f"Cellerna i {header} innehåller listor eller poster."),
        Words("Write one value in each cell.", "Skriv ett värde i varje cell."),
        headers=(header,),
    )
