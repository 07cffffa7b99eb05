"""Texts that look alike and are not, and a spreadsheet's error values: a fault in keys, a remark elsewhere."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.contracts.check import CheckResult, check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.odd_text import ODD, SPREADSHEET_ERRORS, even
from report_builder.problems import Severity

OBJECT = """
  - name: rader
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: enhet, logicalType: string}
      - {name: dag, logicalType: date}
"""
SEMICOLON = 'customProperties: [{property: delimiter, value: ";"}]'
ODD_TEXTS = [
    ("Syd ", "Syd"), (" Syd", "Syd"), ("Avd\u00a0syd", "Avd syd"), ("Sy\u200bd", "Syd"), ("\ufeffSyd", "Syd"),
    ("Syd_x000D_", "Syd"), ("A\u030angermanland", "\u00c5ngermanland"),
    ("V\u00c3\u00a4st", "V\u00e4st"), ("Sy\u00add", "Syd"),
]  # fmt: skip


def check(contract_of: Callable[..., Contract], csv_of: Callable[..., Path], *rows: tuple[str, ...]) -> CheckResult:
    return check_file(contract_of(OBJECT, SEMICOLON), csv_of("rader.csv", ["id", "enhet", "dag"], list(rows)))


@pytest.mark.parametrize(("odd", "plain"), ODD_TEXTS)
def test_a_sign_that_is_not_what_it_looks_like(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], odd: str, plain: str
) -> None:
    assert even(odd) == plain
    result = check(contract_of, csv_of, ("1", plain, ""), ("2", odd, ""), (odd, plain, ""))
    found = {(f.code, f.headers[0], f.severity, f.row, f.value) for f in result.findings}
    assert found == {
        ("odd-text", "id", Severity.ERROR, 4, odd),
        ("odd-text", "enhet", Severity.WARNING, 3, odd),
    }
    assert all(f.hint.en for f in result.findings)


@pytest.mark.parametrize(
    "text", ["", "Avdelning syd", "\u00c5ngermanland \u2013 \u201dnorr\u201d", "NA", "null", "\u00c2r", "a_x_b"]
)
def test_what_is_plain_is_left_alone(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], text: str
) -> None:
    assert even(text) == text
    assert check(contract_of, csv_of, ("1", text, "")).findings == ()


@pytest.mark.parametrize("value", ["#REF!", "#SAKNAS!", "#v\u00e4rdefel!", "#N/A"])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_an_error_value_is_a_fault_in_every_column(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], value: str, column: int
) -> None:
    row = ["1", "Syd", "2026-01-02"]
    row[column] = value
    result = check(contract_of, csv_of, ("9", "Syd", "2026-01-02"), tuple(row))
    first = result.findings[0]
    assert (first.code, first.row, first.value, first.severity) == ("error-value", 3, value, Severity.ERROR)


def test_a_cell_in_which_nothing_is_seen_is_empty(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path]
) -> None:
    required = OBJECT.replace("enhet, logicalType: string", "enhet, logicalType: string, required: true")
    path = csv_of("rader.csv", ["id", "enhet", "dag"], [("1", "\u200b\u00a0", ""), ("2", "Syd", "")])
    result = check_file(contract_of(required, SEMICOLON), path)
    assert ("required", 2) in {(f.code, f.row) for f in result.findings}


@given(st.text())
def test_what_is_even_stays_so(text: str) -> None:
    once = even(text)
    if not re.search(ODD, once):
        assert even(once) == once


def test_the_errors_are_texts_that_begin_with_a_hash() -> None:
    assert all(error.startswith("#") and error == error.upper() for error in SPREADSHEET_ERRORS)


@pytest.mark.parametrize("unseen", ["\u200b", "\u00a0", " ", "\ufeff\u200b", "\u2060"])
@pytest.mark.parametrize("column", [1, 2, 3])
def test_a_cell_in_which_nothing_is_seen_is_empty_in_every_column(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], unseen: str, column: int
) -> None:
    row = ["1", "Syd", "2026-01-02", "7"]
    row[column] = unseen
    contract = contract_of(OBJECT + "      - {name: antal, logicalType: integer}\n", SEMICOLON)
    path = csv_of("rader.csv", ["id", "enhet", "dag", "antal"], [tuple(row), (unseen, "", unseen, "")])
    result = check_file(contract, path)
    assert result.findings == ()
    assert result.files[0].rows == 1
    assert "first in row 2" in result.files[0].notes[0].en


def test_keys_that_differ_in_capitals_only_are_one_key(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path]
) -> None:
    result = check(contract_of, csv_of, ("Ä-1", "Syd", ""), ("b-2", "Syd", ""), ("ä-1", "syd", ""))
    (found,) = result.findings
    assert (found.code, found.row) == ("unique", 4)
    assert "ä-1 in row 4 and Ä-1 in row 2 differ in capitals only" in found.hint.en


@pytest.mark.parametrize("key", ["1,23E+05", "1.5e+10", "123.0", "123,0", "02-jan", "2 maj"])
def test_a_key_that_a_spreadsheet_has_rewritten(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], key: str
) -> None:
    result = check(contract_of, csv_of, (key, key, ""), (key, "Syd", ""), ("2024-000123", "1E-5", ""))
    (found,) = result.findings
    assert (found.code, found.numbers, found.severity) == ("rewritten-key", (2, 3), Severity.ERROR)
    assert [f.code for f in found.consequences] == ["unique"]


def test_a_text_that_a_workbook_has_made_a_date_of(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "enhet", "dag"])
    for row, form in ((2, "d-mmm"), (3, "yyyy-mm-dd")):
        for column in (1, 2):
            cell = book.active.cell(row, column, date(2026, 2, row))
            cell.number_format = form
    book.save(tmp_path / "rader.xlsx")
    result = check_file(contract_of(OBJECT, SEMICOLON), tmp_path / "rader.xlsx")
    assert {(f.code, f.headers, f.numbers, f.severity) for f in result.findings} == {
        ("text-became-date", ("id",), (2,), Severity.ERROR),
        ("text-became-date", ("enhet",), (2,), Severity.WARNING),
    }
