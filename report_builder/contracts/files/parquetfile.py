"""Parquet files: columns keep the types that they have; rows are numbered from 1, for there is no header row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.sheet import ROW, Sheet, match, row_numbers
from report_builder.contracts.words import words

_FEW = 4
"""Bytes that a cell of a list takes at most where the list pays; a text by itself takes that and its letters."""
PARQUET = frozenset({".parquet", ".pq"})
NO_HEADER = words("The file has no header row: row 1 is the first record.")


def read_parquet(path: Path, faults: FileFaults) -> Sheet:
    """Read a Parquet file. Raises OSError where it cannot be opened."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    contract = faults.contract
    try:
        with pq.ParquetFile(path) as file:
            few = _of_few_values(file.metadata)
        with pq.ParquetFile(path, read_dictionary=few) as file:
            headers = tuple(file.schema_arrow.names)
            table = file.read()
            table.validate(full=True)
    except (pa.ArrowException, OSError) as e:
        if isinstance(e, OSError) and e.errno is not None:
            raise
        return Sheet(contract=contract, shown=faults.shown, findings=(_broken(faults),))
    matched = match(headers, faults)
    nested = [headers[p] for p in matched.positions.values() if pa.types.is_nested(table.schema.field(p).type)]
    if nested:
        finding = _nested(faults, nested[0])
        return Sheet(contract=contract, shown=faults.shown, headers=headers, findings=(finding,))
    cells: dict[str, Any] = {ROW: row_numbers(np.arange(1, len(table) + 1, dtype=np.int64))}
    cells |= {name: _plain(table.column(position)) for name, position in matched.positions.items()}
    return Sheet(
        contract=contract,
        shown=faults.shown,
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


def _of_few_values(metadata: Any) -> list[str]:
    """The columns that the file itself keeps as a list of values and a number for each cell."""
    kept: dict[str, bool] = {}
    for group in range(metadata.num_row_groups):
        for i in range(metadata.num_columns):
            column = metadata.row_group(group).column(i)
            small = column.has_dictionary_page and column.total_uncompressed_size < _FEW * max(column.num_values, 1)
            kept[column.path_in_schema] = kept.get(column.path_in_schema, True) and small
    return [name for name, is_small in kept.items() if is_small]


def _plain(column: Any) -> Any:
    """A column without bytes, an empty text an empty cell, whatever the writer chose.

    A column of texts that the file keeps as a list of them stays that: the cells are not spelled out.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if _is_text(kind):
        lengths = pc.binary_length(column)
        if pc.min(lengths).as_py() != 0:
            return column
        return pc.if_else(lengths.cast(pa.bool_()), column, pa.nulls(1, kind)[0])
    if pa.types.is_dictionary(kind):
        texts = kind.value_type
        return column if _is_text(texts) and not _has_blank(column) else _plain(column.cast(texts))
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_null(kind):
        return _plain(column.cast(pa.string(), safe=False))
    return column


def _is_text(kind: Any) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _has_blank(column: Any) -> bool:
    """Whether a list of texts holds one that stands for an empty cell."""
    return any(None in texts or "" in texts for texts in (piece.dictionary.to_pylist() for piece in column.chunks))


def _broken(faults: FileFaults) -> Any:
    return faults.finding(
        "broken-parquet",
        words("The file is Parquet, whole and not encrypted."),
        words("It is not Parquet, or it was cut off."),
        words("Write the file again."),
    )


def _nested(faults: FileFaults, header: str) -> Any:
    return faults.finding(
        "nested-column",
        words("A cell holds one value."),
        words("The cells of {header} hold lists or records.", header=header),
        words("Write one value in each cell."),
        headers=(header,),
    )
