"""Parquet columns of every type: the value that the contract means, or a fault with its row; never another value."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report_builder.contracts.check import CheckResult, check_delivery
from report_builder.contracts.odcs.contract import Contract

Make = Callable[..., Contract]
SCHEMA = """
  - name: rader
    properties:
      - {name: id, logicalType: string}
      - {name: dag, logicalType: date}
      - {name: stund, logicalType: timestamp}
      - {name: klocka, logicalType: time}
      - {name: tal, logicalType: number, physicalType: "DECIMAL(18,4)"}
      - {name: antal, logicalType: integer}
"""
COMMA = 'customProperties: [{property: decimalSeparator, value: ","}]'


@pytest.fixture
def contract(contract_of: Make) -> Contract:
    return contract_of(SCHEMA, COMMA)


def read(contract: Contract, folder: Path, **columns: Any) -> CheckResult:
    """The check of a file with these columns; the contract's others are empty."""
    rows = len(next(iter(columns.values())))
    every = {column.header: columns.get(column.header, pa.nulls(rows)) for column in contract.files[0].columns}
    path = folder / "rader.parquet"
    pq.write_table(pa.table(every), path, version="2.6")
    return check_delivery(contract, {"rader": path})


def values(result: CheckResult, column: str) -> list[Any]:
    assert result.delivery is not None, [p.message for p in result.problems]
    return [row[column] for row in result.delivery.tables["rader"].order_by("_row").to_pyarrow().to_pylist()]


def told(result: CheckResult) -> list[tuple[str, int | None, str | None, str | None]]:
    assert all(p.hint for p in result.problems)
    return [(p.code, p.place.row, p.place.column, p.value) for p in result.problems if p.place]


# --- decimals


@pytest.mark.parametrize(
    "kind",
    [pa.decimal128(6, 5), pa.decimal128(10, 2), pa.decimal128(18, 4), pa.decimal128(18, 10), pa.decimal128(20, 4),
     pa.decimal128(38, 4), pa.decimal128(38, 9), pa.decimal128(38, 37), pa.decimal256(50, 4), pa.decimal256(76, 40)],
    ids=str,
)  # fmt: skip
def test_decimals_of_any_width(contract: Contract, tmp_path: Path, kind: pa.DataType) -> None:
    found = read(contract, tmp_path, tal=pa.array([Decimal("1.50"), None, Decimal(-2)], kind))
    assert values(found, "tal") == [Decimal("1.5000"), None, Decimal("-2.0000")]


@pytest.mark.parametrize("kind", [pa.decimal128(6, 5), pa.decimal128(38, 9), pa.decimal256(50, 6)], ids=str)
def test_a_decimal_that_the_contract_has_no_room_for(contract: Contract, tmp_path: Path, kind: pa.DataType) -> None:
    found = read(contract, tmp_path, tal=pa.array([Decimal("1.5"), Decimal("1.23456"), Decimal(0)], kind))
    assert told(found) == [("not-a-number", 2, "tal", "1,23456")]


def test_a_number_with_too_many_digits(contract: Contract, tmp_path: Path) -> None:
    wide = Decimal("9" * 50)
    found = read(contract, tmp_path, tal=pa.array([wide, Decimal(1)], pa.decimal256(60, 4)))
    assert told(found) == [("not-a-number", 1, "tal", "9" * 50)]


def test_decimals_that_are_whole_are_whole_numbers(contract: Contract, tmp_path: Path) -> None:
    found = read(contract, tmp_path, antal=pa.array([Decimal("3.00"), Decimal(-4)], pa.decimal128(10, 2)))
    assert values(found, "antal") == [3, -4]
    found = read(contract, tmp_path, antal=pa.array([Decimal("3.50")], pa.decimal128(10, 2)))
    assert told(found) == [("not-a-integer", 1, "antal", "3,5")]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    numbers=st.lists(st.decimals(min_value=-(10**13), max_value=10**13, places=7) | st.none(), min_size=1, max_size=5),
    scale=st.integers(7, 20),
)
def test_a_decimal_is_its_value_or_a_fault(
    contract: Contract, tmp_path: Path, numbers: list[Decimal | None], scale: int
) -> None:
    found = read(contract, tmp_path, tal=pa.array(numbers, pa.decimal256(14 + scale, scale)))
    lost = [row for row, n in enumerate(numbers, 1) if n is not None and n != round(n, 4)]
    if lost:
        ((code, row, _, _),) = told(found)
        assert (code, row) == ("not-a-number", lost[0])
    else:
        assert values(found, "tal") == numbers


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), float("-inf"), 1e300])
def test_what_is_no_number_is_a_fault(contract: Contract, tmp_path: Path, odd: float) -> None:
    found = read(contract, tmp_path, tal=pa.array([1.5, odd]), antal=pa.array([2.0, odd]))
    missing = math.isnan(odd)  # a program's sign for what is missing
    assert sorted((column, row, code) for code, row, column, _ in told(found)) == [
        ("antal", 2, "missing-sign" if missing else "not-a-integer"),
        ("tal", 2, "missing-sign" if missing else "not-a-number"),
    ]


# --- texts


@pytest.mark.parametrize(
    "cells",
    [pa.array([b"ab", b"c\xc3\xa5"]), pa.array([b"ab", b"c\xc3\xa5"], pa.large_binary()),
     pa.array([b"ab", b"c\xc3\xa5"]).dictionary_encode(), pa.array(["ab", "cå"], pa.large_string()),
     pa.array(["ab", "cå"]).dictionary_encode()],
    ids=lambda cells: str(cells.type)[:30],
)  # fmt: skip
def test_bytes_that_are_text_are_text(contract: Contract, tmp_path: Path, cells: pa.Array) -> None:
    assert values(read(contract, tmp_path, id=cells), "id") == ["ab", "cå"]


def test_fixed_size_bytes(contract: Contract, tmp_path: Path) -> None:
    assert values(read(contract, tmp_path, id=pa.array([b"ab", b"cd"], pa.binary(2))), "id") == ["ab", "cd"]


@pytest.mark.parametrize(
    "cells",
    [pa.array([b"ab", b"c\xe5", b"\xff\xff"]), pa.array([b"ab", b"c\xe5", b"\xff\xff"], pa.binary(2)),
     pa.array([b"ab", b"c\xe5", b"\xff\xff"]).dictionary_encode(),
     pa.array([b"ab", b"c\xe5", b"\xff\xff"], pa.binary()).view(pa.string())],
    ids=lambda cells: str(cells.type)[:30],
)  # fmt: skip
def test_bytes_that_are_no_text_are_a_fault(contract: Contract, tmp_path: Path, cells: pa.Array) -> None:
    found = read(contract, tmp_path, id=cells, tal=pa.array([1.0, 2.0, 0.123456]))
    assert told(found) == [("wrong-encoding", 2, "id", None), ("not-a-number", 3, "tal", "0.123456")]
    assert found.problems[0].count == 2


def test_identifiers(contract: Contract, tmp_path: Path) -> None:
    one = uuid.UUID("12345678-1234-5678-1234-567812345678")
    assert values(read(contract, tmp_path, id=pa.array([one.bytes, None], pa.uuid())), "id") == [str(one), None]


# --- days, moments and times


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ns")], ids=str)
def test_days(contract: Contract, tmp_path: Path, kind: pa.DataType) -> None:
    found = read(contract, tmp_path, dag=pa.array([date(2024, 2, 29), None], pa.date32()).cast(kind))
    assert values(found, "dag") == [date(2024, 2, 29), None]


ENDS = [date(1, 1, 1), date(9999, 12, 31)]


def test_the_ends_of_the_calendar_are_days(contract: Contract, tmp_path: Path) -> None:
    assert values(read(contract, tmp_path, dag=pa.array(ENDS, pa.date32())), "dag") == ENDS


@pytest.mark.parametrize("days", [2**31 - 1, -(2**31) + 1, -(2**31), -719_163, 2_932_897])
def test_a_day_beyond_the_calendar_is_a_fault(contract: Contract, tmp_path: Path, days: int) -> None:
    """The first is how a database writes infinity; the last two are the day before the year 1 and the year 10000."""
    found = read(contract, tmp_path, dag=pa.array([0, days], pa.int32()).cast(pa.date32()))
    assert [(code, row, column) for code, row, column, _ in told(found)] == [("not-a-date", 2, "dag")]


@pytest.mark.parametrize("unit", ["s", "ms", "us"])
@pytest.mark.parametrize("moment", [2**63 - 1, -(2**63) + 2])
def test_a_moment_beyond_the_calendar_is_a_fault(contract: Contract, tmp_path: Path, moment: int, unit: str) -> None:
    if unit == "s":  # the file has no seconds and keeps thousandths
        moment = int(moment / 1001)
    found = read(contract, tmp_path, stund=pa.array([0, moment], pa.int64()).cast(pa.timestamp(unit)))
    assert [(code, row, column) for code, row, column, _ in told(found)] == [("not-a-timestamp", 2, "stund")]


@pytest.mark.parametrize("zone", ["Europe/Stockholm", "America/New_York", "UTC", "+02:00"])
@pytest.mark.parametrize("column", ["dag", "stund", "klocka"])
def test_a_moment_in_a_time_zone_is_no_day(contract: Contract, tmp_path: Path, column: str, zone: str) -> None:
    cells = pa.array([datetime(2024, 1, 31), None], pa.timestamp("us")).cast(pa.timestamp("us", zone))
    found = read(contract, tmp_path, **{column: cells}, antal=pa.array([1.5, 1.0]))
    assert told(found) == [("time-zone", None, column, None), ("not-a-integer", 1, "antal", "1.5")]
    assert zone in found.problems[0].message


def test_times(contract: Contract, tmp_path: Path) -> None:
    found = read(contract, tmp_path, klocka=pa.array([time(13, 45), None], pa.time64("us")))
    assert values(found, "klocka") == [time(13, 45), None]
    late = pa.array([86_400_000_000, 0], pa.int64()).cast(pa.time64("us"))
    assert told(read(contract, tmp_path, klocka=late))[0][:3] == ("not-a-time", 1, "klocka")


# --- what is no cell


def test_a_column_of_lists_leaves_the_others_to_be_checked(contract: Contract, tmp_path: Path) -> None:
    found = read(contract, tmp_path, id=pa.array([["a"]]), dag=pa.array(["2024-02-30"]))
    assert told(found) == [("nested-column", None, "id", None), ("not-a-date", 1, "dag", "2024-02-30")]


def test_numbers_kept_as_a_list(contract: Contract, tmp_path: Path) -> None:
    found = read(contract, tmp_path, antal=pa.array([5, 5, None]).dictionary_encode())
    assert values(found, "antal") == [5, 5, None]
