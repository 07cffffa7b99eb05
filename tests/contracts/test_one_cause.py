"""One cause in one sentence: a file that suffers from one thing as a whole says that, and nothing that follows."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from report_builder.contracts.check import check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.report import html_report, json_report
from report_builder.contracts.result import Finding
from report_builder.problems import Severity

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


ABOVE = [
    ([["Ärenden"], []], 3, "what stands above it was not read"),
    ([["sep=;"]], 2, "below a row that names the delimiter"),
    ([[]], 2, "below empty rows"),
    ([["Titel", ""], ["Uttag", "2026"], ["", ""]], 4, "what stands above it was not read"),
]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("above", "row", "fragment"), ABOVE)
def test_a_header_further_down_is_found_and_told(
    contract_of: Callable[..., Contract], tmp_path: Path, kind: str, above: list[list[str]], row: int, fragment: str
) -> None:
    path = written(tmp_path / f"rader.{kind}", [*above, ["id", "text"], ["1", "a"], ["2", ""]])
    header, empty = check_file(contract_of(OBJECT, SEMICOLON), path).findings
    assert (header.code, header.row, header.severity) == ("header-not-first", row, Severity.WARNING)
    assert fragment in header.fault.en
    assert header.hint.en == f"Remove the rows above row {row}."
    assert (empty.code, empty.row) == ("required", row + 2)


def test_a_title_of_two_lines_is_one_row(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    path = tmp_path / "rader.csv"
    path.write_bytes('"Två\r\nrader"\r\nid;text\r\n1;a\r\n'.encode())
    assert (only(contract_of, path).code, only(contract_of, path).row) == ("header-not-first", 2)


def test_titles_over_another_delimiter(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    path = tmp_path / "rader.csv"
    path.write_text("Ärenden\n\nid,text\n1,a\n", "utf-8")
    assert (only(contract_of, path).code, only(contract_of, path).row) == ("wrong-delimiter", 3)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_empty_columns_without_a_name_are_forgiven(
    contract_of: Callable[..., Contract], tmp_path: Path, kind: str
) -> None:
    rows = [["", "id", "", "text"], ["", "1", "", "a"], ["", "2", "", "b"]]
    assert check_file(contract_of(OBJECT, SEMICOLON), written(tmp_path / f"rader.{kind}", rows)).findings == ()
    rows[2][2] = "x"
    found = only(contract_of, written(tmp_path / f"annan.{kind}", rows))
    assert (found.code, found.row, found.fault.en) == (
        "unexpected-column", 3, "Column 3 of the file has no name, but a value in row 3.",
    )  # fmt: skip


@pytest.mark.parametrize("word", ["Totalt", "SUMMA:", "Summa ", "Delsumma"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_total_row_is_no_record(contract_of: Callable[..., Contract], tmp_path: Path, word: str, kind: str) -> None:
    rows = [["id", "text"], ["1", "a"], [word, ""], ["2", "b"], ["", word]]
    result = check_file(contract_of(OBJECT, SEMICOLON), written(tmp_path / f"rader.{kind}", rows))
    (found,) = result.findings
    assert (found.code, found.row, found.count, found.numbers) == ("total-row", 3, 2, (3, 5))
    assert result.files[0].rows == 2
    assert "summarader" in found.fault.sv


def test_a_record_may_be_called_total(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    path = written(tmp_path / "rader.csv", [["id", "text"], ["1", "Totalt"], ["Totalt", "a"]])
    assert check_file(contract_of(OBJECT, SEMICOLON), path).findings == ()


def test_a_total_where_a_number_should_stand(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    numbers = OBJECT + "      - {name: antal, logicalType: integer}\n"
    path = written(tmp_path / "rader.csv", [["id", "text", "antal"], ["1", "a", "7"], ["2", "b", "Summa"]])
    (found,) = check_file(contract_of(numbers, SEMICOLON), path).findings
    assert (found.code, found.headers) == ("total-row", ("antal",))


@pytest.mark.parametrize("sign", ["..", ".", "-", "–", "x", "N/A", "NaN", "null", "Saknas"])
@pytest.mark.parametrize("kind", ["number", "integer", "date", "timestamp", "boolean"])
def test_a_sign_for_what_is_missing(contract_of: Callable[..., Contract], tmp_path: Path, sign: str, kind: str) -> None:
    schema = OBJECT + f"      - {{name: varde, logicalType: {kind}}}\n"
    path = written(
        tmp_path / "rader.csv", [["id", "text", "varde"], ["1", sign, sign], ["2", "b", "fel"], ["3", "c", ""]]
    )
    sign_found, other = check_file(contract_of(schema, SEMICOLON), path).findings
    assert (sign_found.code, sign_found.numbers, sign_found.value) == ("missing-sign", (2,), sign)
    assert (other.code, other.numbers) == (f"not-a-{kind}", (3,))


def test_what_follows_from_a_fault_is_folded_under_it(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    schema = (
        OBJECT + "      - {name: slag, logicalType: string, quality: [{metric: invalidValues, type: library, "
        "arguments: {validValues: [a, b]}, mustBe: 0}]}\n"
    )
    path = written(tmp_path / "rader.csv", [["id", "text", "slag"], ["1", "a", "#REF!"], ["2", "b", "#N/A"]])
    result = check_file(contract_of(schema, SEMICOLON), path)
    (cause,) = result.findings
    assert (cause.code, [f.code for f in cause.consequences]) == ("error-value", ["unknown-value"])
    (told,) = json.loads(json_report(result))["findings"]
    assert [f["code"] for f in told["consequences"]] == ["unknown-value"]
    assert "<summary>1 fel som försvinner när detta är rättat</summary>" in html_report(result)
    assert cause.problem.follows == (cause.consequences[0].said.en,)
    path = written(tmp_path / "fler.csv", [["id", "text", "slag"], ["1", "a", "#REF!"], ["2", "b", "c"]])
    assert {f.code for f in check_file(contract_of(schema, SEMICOLON), path).findings} == {
        "error-value", "unknown-value",
    }  # fmt: skip


def test_a_quoted_text_that_swallows_rows(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    path = tmp_path / "rader.csv"
    schema = OBJECT + "      - {name: slag, logicalType: string}\n"
    path.write_text('id;text;slag\n1;"a;x\n2;b;x\n3;c";x\n4;"en rad\noch en till; här";x\n', "utf-8")
    (found,) = check_file(contract_of(schema, SEMICOLON), path).findings
    assert (found.code, found.row, found.count) == ("swallowed-rows", 2, 1)


def test_another_file_than_the_one_that_is_meant(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    path = written(tmp_path / "rader.csv", [["kommun", "antal"], ["Umeå", "3"]])
    found = only(contract_of, path)
    assert (found.code, {f.code for f in found.consequences}) == (
        "other-columns", {"missing-column", "unexpected-column"},
    )  # fmt: skip
    assert "kommun, antal" in found.hint.en


def test_a_page_is_written_where_no_object_can_be_told(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    second = OBJECT.replace("name: rader", "name: andra").replace("name: id", "name: nyckel")
    path = written(tmp_path / "okänd.csv", [["kommun", "antal"], ["Umeå", "3"]])
    result = check_file(contract_of(OBJECT + second, SEMICOLON), path)
    assert [f.code for f in result.findings] == ["ambiguous-object"]
    assert "</html>" in html_report(result)


def written(path: Path, rows: list[list[str]]) -> Path:
    """The same rows as a CSV file or as a workbook."""
    if path.suffix == ".csv":
        path.write_text("".join(";".join(row) + "\r\n" for row in rows), "utf-8", newline="")
        return path
    workbook = openpyxl.Workbook()
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row, start=1):
            workbook.active.cell(number, column, cell or None)
    workbook.save(path)
    return path


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
