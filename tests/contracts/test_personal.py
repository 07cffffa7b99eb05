"""Case numbers that look like personal identity numbers are flagged, and their values shown nowhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from report_builder.contracts.check import check_delivery, check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.report import html_report, json_report

SCHEMA = """
  - name: rader
    properties:
      - {name: id, logicalType: string, unique: true}
      - {name: dag, logicalType: date}
"""


@pytest.mark.parametrize(
    ("value", "flagged"),
    [
        ("811218-9876", True),
        ("19811218-9876", True),
        ("198112189876", True),
        ("8112189876", True),
        ("811218+9876", True),
        ("811278-9873", True),
        ("811218-9875", False),
        ("811318-9875", False),
        ("8112189876-1", False),
        ("IVO 811218-9876", False),
        ("2024-000123", False),
        ("", False),
    ],
)
def test_the_shape_and_the_check_digit(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], value: str, flagged: bool
) -> None:
    path = csv_of("rader.csv", ["id", "dag"], [[value, "2024-01-01"], ["a", ""]], delimiter=",")
    result = check_delivery(contract_of(SCHEMA), {"rader": path})
    assert [f.code for f in result.warnings] == (["personal-number"] if flagged else [])
    assert result.delivery is not None


def test_the_values_are_shown_nowhere(contract_of: Callable[..., Contract], csv_of: Callable[..., Path]) -> None:
    path = csv_of("rader.csv", ["id", "dag"], [["811218-9876", "fel"], ["811218-9876", "i går"]], delimiter=",")
    out = io.StringIO()
    result = check_file(contract_of(SCHEMA), path, rows_to=out)
    assert {f.code for f in result.findings} == {"personal-number", "unique", "not-a-date"}
    told = [f"{p.message} {p.hint} {p.value}" for p in result.problems]
    for text in (html_report(result), json_report(result), out.getvalue(), *told):
        assert "9876" not in text
