"""Parquet files: columns keep the types that they have; rows are numbered from 1, for there is no header row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from report_builder.allowance import Exceeded, ExceededError, allowed
from report_builder.contracts.files.faults import FileFaults
from report_builder.contracts.files.sheet import ROW, Sheet, match, row_numbers
from report_builder.contracts.files.typedcells import known_cells
from report_builder.contracts.result import Finding
from report_builder.contracts.words import words

if TYPE_CHECKING:
    import pyarrow as pa

_FEW = 4
"""Bytes that a cell of a list takes at most where the list pays; a text by itself takes that and its letters."""
PARQUET = frozenset({".parquet", ".pq"})
NO_HEADER = words("The file has no header row: row 1 is the first record.")


def read_parquet(path: Path, faults: FileFaults) -> Sheet:
    """Read a Parquet file. Raises OSError where it cannot be opened, ExceededError where it unfolds to far too much."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    contract = faults.contract
    try:
        with pq.ParquetFile(path) as file:
            few = _of_few_values(file.metadata)
        with pq.ParquetFile(path, read_dictionary=few) as file:
            headers = tuple(file.schema_arrow.names)
            _see_that_it_fits(path, file)
            table = file.read()
            table.validate()
        matched = match(headers, faults)
        cells = {
            name: known_cells(table.column(position), contract.column(name), faults)
            for name, position in matched.positions.items()
        }
    except (pa.ArrowException, OSError) as e:
        if isinstance(e, OSError) and e.errno is not None:
            raise
        return Sheet(contract=contract, shown=faults.shown, findings=(_broken(faults),))
    faulty = tuple(found for found in cells.values() if isinstance(found, Finding))
    good = {name: found for name, found in cells.items() if not isinstance(found, Finding)}
    return Sheet(
        contract=contract,
        shown=faults.shown,
        headers=headers,
        present=tuple(good),
        table=pa.table({ROW: _numbers(len(table)), **good}),
        findings=(*faulty, *matched.findings),
        notes=(NO_HEADER,),
    )


def _numbers(rows: int) -> pa.Array:
    import numpy as np

    return row_numbers(np.arange(1, rows + 1, dtype=np.int64))


def _see_that_it_fits(path: Path, file: Any) -> None:
    """Raise ExceededError where the rows that the file states take more memory than it may, whatever they hold.

    A column that says the same in each row takes no room in a file, and all of it in memory.
    """
    import pyarrow as pa

    allowance = allowed().for_data(path.stat().st_size)
    width = 0
    for kind in file.schema_arrow.types:
        fixed = pa.types.is_primitive(kind) or pa.types.is_fixed_size_binary(kind)
        width += max(kind.bit_width // 8, 1) if fixed else _FEW
    if file.metadata.num_rows * width > allowance.memory:
        raise ExceededError(str(path), Exceeded.MEMORY, allowance)


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


def _broken(faults: FileFaults) -> Finding:
    return faults.finding(
        "broken-parquet",
        words("The file is Parquet, whole and not encrypted."),
        words("It is not Parquet, or it was cut off."),
        words("Write the file again."),
    )
