"""Rules that hold where other columns say so: each row at fault is named, with its value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from report_builder.contracts.check import check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.result import Finding
from report_builder.problems import ReportError

OBJECT = """
  - name: rader
    properties:
      - {{name: id, logicalType: string}}
      - {{name: status, logicalType: string}}
      - {{name: dag, logicalType: date}}
      - {{name: slag, logicalType: string}}
    quality:
      - {{type: custom, engine: report-builder, implementation: {form}}}
"""
SEMICOLON = 'customProperties: [{property: delimiter, value: ";"}]'
ROWS = [
    ("1", "öppet", "", "a"),
    ("2", "öppet", "2026-01-02", "b"),
    ("3", "avslutat", "", ""),
    ("4", "avslutat", "2026-01-03", "c"),
    ("5", "", "2026-01-04", "a"),
]


def findings(contract_of: Callable[..., Contract], csv_of: Callable[..., Path], form: str) -> tuple[Finding, ...]:
    path = csv_of("rader.csv", ["id", "status", "dag", "slag"], ROWS)
    return check_file(contract_of(OBJECT.format(form=form), SEMICOLON), path).findings


@pytest.mark.parametrize(
    ("form", "rows", "sentence"),
    [
        ("{kind: emptyWhen, columns: [dag], when: [{column: status, is: [öppet]}]}", [3],
         "dag är ifylld fast status är öppet på rad 3."),
        ("{kind: filledWhen, columns: [dag], when: [{column: status, is: [avslutat]}]}", [4],
         "dag är tom fast status är avslutat på rad 4."),
        ("{kind: filledWhen, columns: [slag], when: [{column: status, isNot: [öppet]}]}", [4],
         "slag är tom fast status inte är öppet på rad 4."),
        ("{kind: oneOfWhen, column: slag, values: [a, b], when: [{column: status, is: [öppet, avslutat]}]}", [4, 5],
         "slag är inte a eller b fast status är öppet eller avslutat på 2 rader, först på rad 4."),
        ("{kind: oneOfWhen, column: slag, values: [a], when: [{column: dag, filled: true},"
         " {column: status, filled: false}]}", [], ""),
        ("{kind: emptyWhen, columns: [slag], when: [{column: dag, filled: true}, {column: status, filled: true}]}",
         [3, 5], "slag är ifylld fast dag är ifylld och status är ifylld på 2 rader, först på rad 3."),
        ("{kind: emptyWhen, columns: [slag], when: [{column: dag, filled: false}]}", [2],
         "slag är ifylld fast dag är tom på rad 2."),
    ],
)  # fmt: skip
def test_rows_at_fault(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], form: str, rows: list[int], sentence: str
) -> None:
    found = findings(contract_of, csv_of, form)
    assert [n for f in found for n in f.numbers] == rows
    assert [f.fault.sv for f in found] == ([sentence] if sentence else [])
    assert all(f.code == "conditional" and len(f.rows[0].cells) == 4 for f in found)


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ("{kind: emptyWhen, columns: [dag], when: []}", "bad-value"),
        ("{kind: emptyWhen, columns: [dag], when: [{column: status}]}", "bad-value"),
        ("{kind: emptyWhen, columns: [dag], when: [{column: status, is: [a], filled: true}]}", "bad-value"),
        ("{kind: emptyWhen, columns: [dag], when: [{column: statsu, filled: true}]}", "unknown-column"),
        ("{kind: oneOfWhen, column: slga, values: [a], when: [{column: status, filled: true}]}", "unknown-column"),
    ],
)
def test_a_form_at_fault_has_its_line(contract_of: Callable[..., Contract], form: str, code: str) -> None:
    with pytest.raises(ReportError) as caught:
        contract_of(OBJECT.format(form=form))
    places = [(problem.code, problem.place.line) for problem in caught.value.problems if problem.place is not None]
    assert code in [found for found, line in places if line]
