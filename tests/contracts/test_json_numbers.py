"""JSON lines: numbers as JSON allows them to be written, and text that is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from report_builder.contracts.check import check_delivery
from report_builder.contracts.odcs.contract import Contract

SCHEMA = """
  - name: rader
    properties:
      - {name: id, logicalType: string}
      - {name: tal, logicalType: number, physicalType: "DECIMAL(30,6)"}
"""


@pytest.fixture
def contract(contract_of: Callable[..., Contract]) -> Contract:
    return contract_of(SCHEMA, 'customProperties: [{property: decimalSeparator, value: ","}]')


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1e3", 1000),
        ("1E+3", 1000),
        ("25e-2", Decimal("0.25")),
        ("1e-05", Decimal("0.00001")),
        ("-1.5e1", -15),
        ("0e0", 0),
    ],
)
def test_a_number_with_an_exponent(contract: Contract, tmp_path: Path, written: str, number: Decimal | int) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(f'{{"id": "a", "tal": {written}}}\n', encoding="utf-8")
    found = check_delivery(contract, {"rader": path})
    assert found.delivery is not None, [p.message for p in found.problems]
    assert found.delivery.tables["rader"].to_pyarrow().to_pylist()[0]["tal"] == number


@pytest.mark.parametrize("written", ["1e400", "1e-400", "1e999999999", "Infinity", "NaN", "-Infinity", "1e-7"])
def test_a_number_that_no_column_holds(contract: Contract, tmp_path: Path, written: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(f'{{"id": "a", "tal": {written}}}\n', encoding="utf-8")
    told = "missing-sign" if written == "NaN" else "not-a-number"
    assert [p.code for p in check_delivery(contract, {"rader": path}).problems] == [told]


@pytest.mark.parametrize("text", ["\ud800", "a\udc00b"])
def test_half_a_letter_is_no_text(contract: Contract, tmp_path: Path, text: str) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text(
        json.dumps({"id": text, "tal": 1}) + "\n" + json.dumps({"id": "😀", "tal": 1}) + "\n", encoding="utf-8"
    )
    found = check_delivery(contract, {"rader": path})
    assert [(p.code, p.place.row) for p in found.problems if p.place] == [("not-a-record", 1)]
