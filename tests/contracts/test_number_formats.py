"""What a spreadsheet shows is what is read: per cent, zeros before, text around, hidden sheets."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from report_builder.contracts.check import CheckResult, check_file
from report_builder.contracts.files.number_formats import NumberFormat, number_format
from report_builder.contracts.odcs.contract import Contract

OBJECT = """
  - name: rader
    properties:
      - {name: id, logicalType: string, required: true}
      - {name: tal, logicalType: number, physicalType: "DECIMAL(18,4)", quality: [QUALITY]}
"""


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("General", {}),
        ("0.0%", {"percent": True}),
        ("# ##0 %", {"percent": True}),
        ('0"%"', {"after": ""}),
        ("#,##0", {}),
        ("#,##0,", {"thousands": 1}),
        ('0.0,,"Mkr"', {"thousands": 2, "after": "Mkr"}),
        ("00000", {"digits": 5}),
        ('"T-"0000', {"before": "T-", "digits": 4}),
        ("\\T0000", {"before": "T", "digits": 4}),
        ('[Red]00;"x";0', {"digits": 2}),
        ('0" ; kr"', {"after": " ; kr"}),
        ("yyyy-mm-dd", {}),
    ],
)
def test_a_format_says_what_it_shows(code: str, shown: dict[str, object]) -> None:
    assert number_format(code) == NumberFormat(**shown)  # type: ignore[arg-type]


def book(tmp_path: Path, cells: list[tuple[object, object]], formats: tuple[str, str]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.active.append(["id", "tal"])
    for row in cells:
        workbook.active.append(row)
        for cell, form in zip(workbook.active[workbook.active.max_row], formats, strict=True):
            cell.number_format = form
    path = tmp_path / "rader.xlsx"
    workbook.save(path)
    return path


def check(contract_of: Callable[..., Contract], path: Path, *valid: str) -> CheckResult:
    """The answer where only these values of a column are valid: what was read shows in it."""
    quality = f"{{metric: invalidValues, arguments: {{validValues: [{', '.join(valid)}]}}, mustBe: 0}}"
    return check_file(contract_of(OBJECT.replace("QUALITY", quality)), path)


def test_per_cent_is_read_as_it_is_shown_and_told(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    result = check(contract_of, book(tmp_path, [("a", 0.125), ("b", 0.07)], ("General", "0.0%")), "12.5", "7")
    assert not result.findings
    (note,) = result.files[0].notes
    assert "2 cells are formatted as per cent" in note.en
    assert "är formaterade som procent" in note.sv


def test_zeros_and_text_of_a_format_are_part_of_a_text(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    result = check(contract_of, book(tmp_path, [(7, 1), (123456, 1)], ('"T-"00000', "00")), "2")
    (finding,) = result.findings
    assert [row.cells for row in finding.rows] == [("T-00007", "1"), ("T-123456", "1")]


def test_numbers_in_thousands_are_refused(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    result = check(contract_of, book(tmp_path, [("a", 12000)], ("General", "#,##0,")), "12000")
    (finding,) = result.findings
    assert (finding.code, finding.row, finding.headers) == ("scaled-cells", 2, ("tal",))


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read(contract_of: Callable[..., Contract], tmp_path: Path, state: str) -> None:
    path = book(tmp_path, [("ny", 1)], ("General", "General"))
    workbook = openpyxl.load_workbook(path)
    old = workbook.create_sheet("rader")
    old.append(["id", "tal"])
    old.append(["gammal", 9])
    old.sheet_state = state
    workbook.save(path)
    result = check(contract_of, path, "2")
    (finding,) = result.findings
    assert finding.rows[0].cells == ("ny", "1")
    assert "Hidden sheets were not read: rader." in [note.en for note in result.files[0].notes]


def test_a_hidden_sheet_is_not_read_where_the_contract_names_it(
    contract_of: Callable[..., Contract], tmp_path: Path
) -> None:
    path = book(tmp_path, [("ny", 1)], ("General", "General"))
    workbook = openpyxl.load_workbook(path)
    workbook.create_sheet("gamla").sheet_state = "hidden"
    workbook.save(path)
    named = OBJECT + "    customProperties: [{property: sheet, value: gamla}]\n"
    (finding,) = check_file(contract_of(named.replace(", quality: [QUALITY]", "")), path).findings
    assert finding.code == "unknown-sheet"
