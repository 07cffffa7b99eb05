"""What is read quickly is read strictly: the short ways say what the long ones would."""

from __future__ import annotations

import mmap
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from report_builder.contracts.check import check_file
from report_builder.contracts.files import scan
from report_builder.contracts.files.sheet import ROW, pick
from report_builder.contracts.odcs.contract import Contract

FORMS = """
  - name: rader
    properties:
      - {name: id, logicalType: string}
      - {name: dag, logicalType: date}
      - {name: tal, logicalType: number, physicalType: "DECIMAL(6,2)"}
      - {name: antal, logicalType: integer, logicalTypeOptions: {format: i16}}
"""
TEXTS = """
  - name: rader
    properties:
      - {name: id, logicalType: string, required: true, unique: true}
      - {name: slag, logicalType: string, required: true, logicalTypeOptions: {maxLength: 5}}
"""
quietly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
cut = st.text("0123456789-/ .,+exX_", max_size=11)
days = st.dates().map(date.isoformat)
near_days = st.tuples(days, st.sampled_from(["", " ", "0", "-"]), st.integers(0, 9)).map(
    lambda drawn: drawn[0][: drawn[2]] + drawn[1] + drawn[0][drawn[2] :]
)
near_numbers = st.decimals(-50000, 50000, places=2).map(str) | st.integers(-40000, 40000).map(str) | cut


@pytest.fixture
def forms(contract_of: Callable[..., Contract]) -> Contract:
    return contract_of(FORMS, 'customProperties: [{property: delimiter, value: ";"}]')


def at_fault(contract: Contract, path: Path, code: str) -> set[int]:
    """The rows with a cell that is no such value; one that stands for a missing value is told as that."""
    return {n for f in check_file(contract, path).findings if f.code in {code, "missing-sign"} for n in f.numbers}


def is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def is_number(text: str) -> bool:
    """Two decimals at most, and six digits in all."""
    return bool(re.fullmatch("-?[0-9]+([.][0-9]{1,2})?", text)) and abs(Decimal(text)) < 10000


def is_whole(text: str) -> bool:
    return bool(re.fullmatch("-?[0-9]+", text)) and -(2**15) <= int(text) < 2**15


@quietly
@example(cells=["0000-01-01"])
@example(cells=["02020-1-01", "2020-01-1 ", "2020/01/01", "2020-02-30"])
@given(cells=st.lists(days | near_days | cut, min_size=1, max_size=8))
def test_a_day_is_one_whoever_reads_the_column(forms: Contract, tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "rader.csv"
    wrong = {n for n, cell in enumerate(cells, start=2) if cell.strip() and not is_day(cell)}
    path.write_text("id;dag;tal;antal\n" + "".join(f"x;{cell};;\n" for cell in cells), "utf-8")
    assert at_fault(forms, path, "not-a-date") == wrong
    with path.open("a", encoding="utf-8") as file:
        file.write("x;i går;;\n")
    assert at_fault(forms, path, "not-a-date") == wrong | {len(cells) + 2}


@quietly
@example(cells=["0x1F"])
@example(cells=["1", "-1", "007"])
@example(cells=["1e2", "0x1F", "1_0", " 1", "1 ", "+1", ".5", "5.", "-0", "007", "1.0", "1.234", "32768"])
@given(cells=st.lists(near_numbers, min_size=1, max_size=8))
def test_a_number_is_one_however_it_is_written(forms: Contract, tmp_path: Path, cells: list[str]) -> None:
    path = tmp_path / "rader.csv"
    path.write_text("id;dag;tal;antal\n" + "".join(f"x;;{cell};{cell}\n" for cell in cells), "utf-8")
    filled = [(n, cell) for n, cell in enumerate(cells, start=2) if cell.strip()]
    assert at_fault(forms, path, "not-a-number") == {n for n, cell in filled if not is_number(cell)}
    assert at_fault(forms, path, "not-a-integer") == {n for n, cell in filled if not is_whole(cell)}


@quietly
@given(
    text=st.text("aåé€\N{GRINNING FACE}\n", min_size=1),
    ahead=st.integers(mmap.PAGESIZE - 40, mmap.PAGESIZE),
    spoilt=st.none() | st.integers(0, 255),
    data=st.data(),
)
def test_a_sign_cut_in_two_is_seen_whole(
    tmp_path: Path, text: str, ahead: int, spoilt: int | None, data: st.DataObject
) -> None:
    content = b"x" * ahead + text.encode()
    if spoilt is not None:
        at = data.draw(st.integers(ahead, len(content) - 1))
        content = content[:at] + bytes([spoilt]) + content[at + 1 :]
    path = tmp_path / "rader.csv"
    path.write_bytes(content)
    try:
        content.decode()
    except UnicodeDecodeError:
        is_text = False
    else:
        is_text = True
    with patch.object(scan, "_CHUNK", mmap.PAGESIZE):
        assert scan.scan(path, ",").utf8 is is_text


@quietly
@given(
    pieces=st.lists(st.integers(0, 5), min_size=1, max_size=5),
    numbers=st.lists(st.integers(0, 30), unique=True, max_size=12),
)
def test_rows_are_picked_from_whichever_piece_they_lie_in(pieces: list[int], numbers: list[int]) -> None:
    """Numbers come in any order: those of rows that are alike come group by group."""
    kinds = pa.schema([(ROW, pa.int64()), ("text", pa.string())])
    rows = [[2 * (sum(pieces[:i]) + j) for j in range(size)] for i, size in enumerate(pieces)]
    table = pa.Table.from_batches([pa.record_batch([part, [f"n{n}" for n in part]], kinds) for part in rows], kinds)
    there = sorted({n for part in rows for n in part} & set(numbers))
    picked = pick(table, [n for n in numbers if n in there])
    assert picked.to_pylist() == [{ROW: n, "text": f"n{n}"} for n in there]


@pytest.mark.parametrize("written_as", ["list", "texts"])
def test_a_list_of_values_is_read_as_its_texts(
    contract_of: Callable[..., Contract], tmp_path: Path, written_as: str
) -> None:
    path = tmp_path / "rader.parquet"
    kinds = ["ett", "två", "", None, "för långt"] * 40
    table = pa.table({"id": [f"n{i}" for i in range(199)] + ["n0"], "slag": kinds})
    pq.write_table(table, path, use_dictionary=["slag"] if written_as == "list" else False, row_group_size=50)
    contract = contract_of(TEXTS)
    assert at_fault(contract, path, "required") == {n for n in range(1, 201) if n % 5 in {3, 4}}
    assert at_fault(contract, path, "wrong-length") == {n for n in range(1, 201) if n % 5 == 0}
    assert at_fault(contract, path, "unique") == {1, 200}
