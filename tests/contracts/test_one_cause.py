"""One cause in one sentence: a file that suffers from one thing as a whole says that, and nothing that follows."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from report_builder.contracts.check import check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.result import Finding

OBJECT = """
  - name: rader
    properties:
      - {name: id, logicalType: string, required: true}
      - {name: text, logicalType: string, required: true}
"""
SEMICOLON = 'customProperties: [{property: delimiter, value: ";"}]'


def only(contract_of: Callable[..., Contract], path: Path) -> Finding:
    (finding,) = check_file(contract_of(OBJECT, SEMICOLON), path).findings
    return finding


@pytest.mark.parametrize(
    ("above", "row"),
    [
        ("Ärenden\r\n\r\n", 3),
        ("sep=;\r\n", 2),
        ("\r\n", 2),
        ("Titel;\r\nUttag;2026\r\n;\r\n", 4),
        ('"Två\r\nrader"\r\n', 2),
    ],
)
def test_a_header_further_down(contract_of: Callable[..., Contract], tmp_path: Path, above: str, row: int) -> None:
    path = tmp_path / "rader.csv"
    path.write_bytes(f"{above}id;text\r\n1;a\r\n".encode())
    finding = only(contract_of, path)
    assert (finding.code, finding.row) == ("header-not-first", row)
    assert finding.hint.en == f"Remove the rows above row {row}. Nothing else was checked."


@pytest.mark.parametrize("name", ["rader.xls", "rader.xlsx"])
@pytest.mark.parametrize("head", ["<html>", "\ufeff\r\n <TABLE border=1>", "<!DOCTYPE html>"])
def test_a_web_page_under_the_name_of_a_workbook(
    contract_of: Callable[..., Contract], tmp_path: Path, name: str, head: str
) -> None:
    path = tmp_path / name
    path.write_text(f"{head}<tr><td>id</td></tr>", "utf-8")
    finding = only(contract_of, path)
    assert "HTML" in finding.fault.en
    assert "spara den på nytt som XLSX" in finding.hint.sv


def test_the_strict_kind_of_workbook(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["id", "text"])
    workbook.save(tmp_path / "usual.xlsx")
    path = tmp_path / "rader.xlsx"
    with zipfile.ZipFile(tmp_path / "usual.xlsx") as usual, zipfile.ZipFile(path, "w") as strict:
        for name in usual.namelist():
            content = usual.read(name).replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            )
            strict.writestr(name, content)
    assert "Strict Open XML" in only(contract_of, path).fault.sv
