"""Files as they come: what is read is what stood there, each row with the number that a spreadsheet shows."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from report_builder.contracts.check import CheckResult, check_delivery, check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.odd_text import NOTHING_VISIBLE, SPREADSHEET_ERRORS
from report_builder.contracts.report import html_report, json_report
from report_builder.problems import Problem

PLAIN = """
  - name: rader
    properties:
      - {name: id, logicalType: string}
      - {name: text, logicalType: string}
"""
TYPED = """
  - name: rader
    properties:
      - {name: id, logicalType: string}
      - {name: dag, logicalType: date}
      - {name: tal, logicalType: number, physicalType: "DECIMAL(10,2)"}
      - {name: antal, logicalType: integer}
      - {name: ja, logicalType: boolean}
"""
SEMICOLON = 'customProperties: [{property: delimiter, value: ";"}, {property: decimalSeparator, value: ","}]'


@pytest.fixture
def plain(contract_of: Callable[..., Contract]) -> Contract:
    return contract_of(PLAIN)


def rows_of(result: CheckResult) -> list[tuple[object, ...]]:
    assert result.delivery is not None, [p.message for p in result.problems]
    table = result.delivery.tables["rader"]
    return [tuple(r.values()) for r in table.order_by("_row").to_pyarrow().to_pylist()]


def check(contract: Contract, path: Path) -> CheckResult:
    return check_delivery(contract, {"rader": path}, shown_as={"rader": path.name})


def only_problem(result: CheckResult) -> Problem:
    assert result.delivery is None
    (problem,) = result.problems
    assert problem.hint
    return problem


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"id,text\n1,a\n2,b\n", [(2, "1", "a"), (3, "2", "b")]),
        (b"\xef\xbb\xbfid,text\r\n1,a\r\n2,b\r\n", [(2, "1", "a"), (3, "2", "b")]),
        (b"id,text\r1,a\r2,b", [(2, "1", "a"), (3, "2", "b")]),
        (b"id,text\n1,a\r\n2,b\n", [(2, "1", "a"), (3, "2", "b")]),
        (b"id,text\n\n1,a\n\n\n2,b\n\n\n", [(3, "1", "a"), (6, "2", "b")]),
        (b'id,text\n1,"a\nb"\n2,"c,""d"""\n', [(2, "1", "a\nb"), (3, "2", 'c,"d"')]),
        (b"id,text\n,\n1,a\n,\n", [(3, "1", "a")]),
        (b'id,text\n1, "a" \n2,b"c\n', [(2, "1", ' "a" '), (3, "2", 'b"c')]),
        (b'text,id\na,1\nb,""\n', [(2, "1", "a"), (3, None, "b")]),
        ("id,text\nå,Ärende ⅓ 你好\n".encode(), [(2, "å", "Ärende ⅓ 你好")]),
    ],
    ids=["lf", "bom-crlf", "cr", "mixed", "blank-lines", "quotes", "blank-rows", "loose-quotes", "order", "unicode"],
)
def test_csv_is_read_as_it_stands(plain: Contract, tmp_path: Path, content: bytes, rows: list[object]) -> None:
    path = tmp_path / "rader.csv"
    path.write_bytes(content)
    assert rows_of(check(plain, path)) == rows


@pytest.mark.parametrize(
    ("content", "code", "row", "words"),
    [
        (b'id,text\n1,a\n2,"b\n3,c\n', "stray-quote", 3, "never closed"),
        (b'id,text\n1,"a"b\n2,c\n', "stray-quote", 2, "goes on after its closing mark"),
        (b'id,"text\n1,a\n', "stray-quote", 1, "never closed"),
        (b"id,text\n1,a\n2,b,c\n3\n", "wrong-number-of-fields", 3, "2 rows without 2 fields; row 3 has 3"),
        (b"id;text\n1;a\n", "wrong-delimiter", 1, "separated by semicolons"),
        (b"id,text\n1,a\0b\n", "nul-byte", 2, "Byte 11 (row 2) is a NUL"),
        ("id,text\n1,a\n".encode("utf-16"), "wrong-encoding", 1, "UTF-16"),
        (b"id,text\n1," + b"x" * (1 << 21) + b"\n", "line-too-long", 2, "longer than a row can be"),
        (b"id,text\n2,a\n1," + b"x" * 200_000 + b"\n", "line-too-long", 3, "longer than a row can be"),
        (b"PK\x03\x04rubbish", "unknown-format", None, "not text"),
    ],
    ids=str.split("open-quote quote-goes-on quote-in-header ragged delimiter nul utf-16 huge long zip"),
)
def test_csv_that_cannot_be_read(
    plain: Contract, tmp_path: Path, content: bytes, code: str, row: int | None, words: str
) -> None:
    path = tmp_path / "rader.csv"
    path.write_bytes(content)
    problem = only_problem(check(plain, path))
    assert problem.code == code
    assert problem.place is not None
    assert (problem.place.file, problem.place.row) == ("rader.csv", row)
    assert words in problem.message


def test_rows_that_fit_are_checked_beside_those_that_do_not(
    contract_of: Callable[..., Contract], tmp_path: Path
) -> None:
    path = tmp_path / "rader.csv"
    path.write_text("id;dag;tal;antal;ja\n1;2024-01-01\n2;i dag;1,5;1;true\n", encoding="utf-8")
    result = check(contract_of(TYPED, SEMICOLON), path)
    assert [(p.code, p.place.row) for p in result.problems if p.place] == [
        ("wrong-number-of-fields", 2),
        ("not-a-date", 3),
    ]


def test_columns_that_stand_twice_or_have_no_name(plain: Contract, tmp_path: Path) -> None:
    path = tmp_path / "rader.csv"
    path.write_text("id,text,id,,\n1,a,2,,\n2,b,3,x,\n", encoding="utf-8")
    found = [(p.code, p.place.column, p.place.row) for p in check(plain, path).problems if p.place]
    assert found == [("duplicate-column", "id", 1), ("unexpected-column", None, 3)]


def test_windows_1252_where_the_contract_says_so(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    contract = contract_of(PLAIN, "customProperties: [{property: encoding, value: windows-1252}]")
    path = tmp_path / "rader.csv"
    path.write_bytes("id,text\n1,Hälso- och sjukvård – €\n".encode("windows-1252"))
    assert rows_of(check(contract, path)) == [(2, "1", "Hälso- och sjukvård – €")]


def test_numbers_dates_and_booleans_of_text(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    top = SEMICOLON.replace("]", ', {property: groupSeparator, value: " "}]')
    path = tmp_path / "rader.csv"
    path.write_text(
        "id;dag;tal;antal;ja\nx;2024-02-29;1\u00a0234,50;-7;true\ny;;12;1 000 000;false\n", encoding="utf-8"
    )
    (first, second) = rows_of(check(contract_of(TYPED, top), path))
    assert first[1:3] == ("x", date(2024, 2, 29))
    assert (str(first[3]), *first[4:]) == ("1234.50", -7, True)
    assert (str(second[3]), *second[4:]) == ("12.00", 1_000_000, False)


EITHER = "1.234 can be read as 1234 or 1,234: write the one that is meant, without a thousands separator."


@pytest.mark.parametrize(
    ("column", "text", "hint"),
    [
        ("tal", "1.5", "Write the number with a decimal comma."),
        (
            "tal",
            "1.234",
            "1.234 can be read as 1234 or 1,234: write the one that is meant, without a thousands separator.",
        ),
        (
            "antal",
            "1.234",
            "1.234 can be read as 1234 or 1,234: write the one that is meant, without a thousands separator.",
        ),
        ("tal", "1 000,5", "1 000,5 has a thousands separator: write 1000,5."),
        ("tal", "1.000,5", "1.000,5 has a thousands separator: write 1000,5."),
        ("antal", "1 000 000", "1 000 000 has a thousands separator: write 1000000."),
        ("tal", "1,234", "Write a number with at most 2 decimals after a comma."),
        ("tal", "123456789,5", "Write a number with at most 2 decimals after a comma."),
        ("tal", "1e3", "1e3 is written with an exponent: write 1000."),
        ("tal", "inf", "Write a number with at most 2 decimals after a comma."),
        ("antal", "1.0", "Write the number with a decimal comma."),
        ("antal", "9223372036854775808", "Write a whole number."),
        ("ja", "ja", "Write true or false."),
    ],
)
def test_text_that_is_no_such_value(
    contract_of: Callable[..., Contract], tmp_path: Path, column: str, text: str, hint: str
) -> None:
    path = tmp_path / "rader.csv"
    values = {"id": "x", "dag": "", "tal": "", "antal": "", "ja": "", column: text}
    path.write_text(f"{';'.join(values)}\n{';'.join(values.values())}\n", encoding="utf-8")
    problem = only_problem(check(contract_of(TYPED, SEMICOLON), path))
    assert problem.code.startswith("not-a-")
    assert problem.place is not None
    assert (problem.place.row, problem.place.column, problem.value, problem.hint) == (2, column, text, hint)


def test_a_workbook_reads_as_the_same_text(contract_of: Callable[..., Contract], xlsx_of: Callable[..., Path]) -> None:
    rows = [
        ["id", "dag", "tal", "antal", "ja"],
        ["x", date(2024, 2, 29), 0.1 + 0.2, 7, True],
        [],
        [12, datetime(2024, 3, 1), 1.5, 2.0, False],
    ]
    path = xlsx_of("rader.xlsx", {"Blad1": rows})
    first, second = rows_of(check(contract_of(TYPED, SEMICOLON), path))
    assert (first[0], first[1], first[2], str(first[3]), first[4], first[5]) == (
        2, "x", date(2024, 2, 29), "0.30", 7, True,
    )  # fmt: skip
    assert (second[0], second[1], second[2], second[4], second[5]) == (4, "12", date(2024, 3, 1), 2, False)


def test_a_title_above_the_header_is_passed_over_and_told(plain: Contract, xlsx_of: Callable[..., Path]) -> None:
    path = xlsx_of("rader.xlsx", {"Blad1": [["Uttag 2024"], [], ["id", "text"], ["1", "a"]]})
    result = check(plain, path)
    assert rows_of(result) == [(4, "1", "a")]
    assert [f.fault.en for f in result.findings] == ["The header stands on row 3; what stands above it was not read."]


def test_the_sheet_that_bears_the_objects_name_is_read(plain: Contract, xlsx_of: Callable[..., Path]) -> None:
    path = xlsx_of("bok.xlsx", {"Läs mig": [["hej"]], "rader": [["id", "text"], ["1", "a"]]})
    assert rows_of(check(plain, path)) == [(2, "1", "a")]


def test_several_sheets_and_none_of_that_name(plain: Contract, xlsx_of: Callable[..., Path]) -> None:
    path = xlsx_of("bok.xlsx", {"Ett": [["id", "text"]], "Två": [["id", "text"]]})
    problem = only_problem(check(plain, path))
    assert (problem.code, problem.message) == ("unknown-sheet", "Its sheets are: Ett, Två.")


def test_a_workbook_with_wrong_cells(contract_of: Callable[..., Contract], xlsx_of: Callable[..., Path]) -> None:
    rows = [["id", "dag", "tal", "antal"], ["x", 45292, "#N/A", 1.5, "extra"], ["y", "1/2/2024", 1, 1]]
    path = xlsx_of("rader.xlsx", {"Blad1": rows})
    found = [
        (p.code, p.place.row, p.place.column, p.value) for p in check(contract_of(TYPED), path).problems if p.place
    ]
    assert found == [
        ("wrong-number-of-fields", 2, None, None),
        ("missing-column", 1, "ja", None),
        ("not-a-date", 3, "dag", "1/2/2024"),
    ]


def spread(tmp_path: Path, change: Callable[[Any], None]) -> Path:
    """A workbook with a title, a header on row 2 and three rows, changed as a spreadsheet's user would."""
    book = openpyxl.Workbook()
    for row in (["Uttag för maj", None], ["id", "text"], ["1", "a"], ["2", "b"], ["3", "c"]):
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    change(book.active)
    book.save(tmp_path / "rader.xlsx")
    return tmp_path / "rader.xlsx"


def test_hidden_rows_are_read_and_told(plain: Contract, tmp_path: Path) -> None:
    def hide(sheet: Any) -> None:
        for row in (4, 5):
            sheet.row_dimensions[row].hidden = True

    result = check(plain, spread(tmp_path, hide))
    assert rows_of(result) == [(3, "1", "a"), (4, "2", "b"), (5, "3", "c")]
    assert [note.sv for note in result.files[0].notes] == ["2 dolda rader är lästa som alla andra."]
    assert [f.fault.sv for f in result.findings] == [
        "Rubrikraden står på rad 2. Det som står ovanför är inte läst.",
    ]


@pytest.mark.parametrize("cells", ["A4:A5", "B3:B4", "A5:B5"])
def test_merged_cells_can_be_read_in_two_ways(plain: Contract, tmp_path: Path, cells: str) -> None:
    result = check(plain, spread(tmp_path, lambda sheet: sheet.merge_cells(cells)))
    problem = next(p for p in result.problems if p.code == "merged-cells")
    assert problem.place is not None
    assert problem.place.row == int(cells[1])
    assert "all of its cells, or for the first alone" in problem.message
    assert result.delivery is None


@pytest.mark.parametrize(("cells", "fits"), [("B2:C2", True), ("B2:B3", False)])
def test_a_merged_cell_in_the_header_row_is_no_fault_unless_it_reaches_below(
    plain: Contract, tmp_path: Path, cells: str, fits: bool
) -> None:
    """A heading over two columns, the second of them empty, is read in one way; one over a row of data is not."""
    result = check(plain, spread(tmp_path, lambda sheet: sheet.merge_cells(cells)))
    assert ("merged-cells" in [p.code for p in result.problems]) is not fits
    assert (result.delivery is not None) is fits


def test_a_merged_title_is_no_fault(plain: Contract, tmp_path: Path) -> None:
    assert check(plain, spread(tmp_path, lambda sheet: None)).delivery is not None


@pytest.mark.parametrize(
    ("value", "day", "code"),
    [
        (datetime(2024, 2, 29), date(2024, 2, 29), None),
        (45351, None, "not-a-date"),
        ("45351", None, "not-a-date"),
        (datetime(2024, 2, 29, 13), None, "not-a-date"),
    ],
    ids=["formatted", "serial", "text", "with-time"],
)
def test_days_of_a_spreadsheet(
    contract_of: Callable[..., Contract],
    xlsx_of: Callable[..., Path],
    value: object,
    day: date | None,
    code: str | None,
) -> None:
    contract = contract_of("\n  - name: rader\n    properties: [{name: dag, logicalType: date}]\n")
    result = check(contract, xlsx_of("rader.xlsx", {"Blad1": [["dag"], [value]]}))
    if code is None:
        assert rows_of(result) == [(2, day)]
        return
    problem = only_problem(result)
    assert problem.code == code
    if "45351" in str(value):
        assert problem.hint == "45351 looks like a spreadsheet's number for 2024-02-29: format the column as a date."


def test_a_large_file_in_windows_1252(contract_of: Callable[..., Contract], tmp_path: Path) -> None:
    """Larger than a piece of the first look and than a block of the fast reader, with signs on every edge."""
    contract = contract_of(PLAIN, "customProperties: [{property: encoding, value: windows-1252}]")
    path, count = tmp_path / "rader.csv", 300_000
    path.write_bytes(("id,text\r\n" + "".join(f"{i},Ärende – {i % 7} €\r\n" for i in range(count))).encode("cp1252"))
    assert path.stat().st_size > 1 << 22
    result = check(contract, path)
    assert result.delivery is not None
    text = result.delivery.tables["rader"].order_by("_row").to_pyarrow()["text"].to_pylist()
    assert text == [f"Ärende – {i % 7} €" for i in range(count)]


def test_a_formula_needs_its_result(plain: Contract, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["id", "text"])
    book.active.append(["1", "=1+1"])
    path = tmp_path / "rader.xlsx"
    book.save(path)
    problem = only_problem(check(plain, path))
    assert problem.place is not None
    assert (problem.code, problem.place.row, problem.place.column) == ("formula-without-value", 2, "text")


@pytest.mark.parametrize("name", ["cut", "locked", "text", "bare"])
def test_a_workbook_that_cannot_be_opened(plain: Contract, xlsx_of: Callable[..., Path], name: str) -> None:
    path = xlsx_of("rader.xlsx", {"Blad1": [["id", "text"], ["1", "a"]]})
    content = path.read_bytes()
    with io.BytesIO() as empty:
        zipfile.ZipFile(empty, "w").close()
        bare = empty.getvalue()
    spoilt = {"cut": content[:-200], "locked": b"\xd0\xcf\x11\xe0" + content, "text": b"id,text\n", "bare": bare}
    path.write_bytes(spoilt[name])
    problem = only_problem(check(plain, path))
    assert problem.code == "broken-workbook"
    assert ("password" in problem.message) == (name == "locked")


def test_an_unknown_kind_of_file(plain: Contract, tmp_path: Path) -> None:
    path = tmp_path / "rader.pdf"
    path.write_bytes(b"%PDF")
    assert only_problem(check(plain, path)).code == "unknown-format"


def test_a_name_with_the_signs_of_a_pattern_is_that_file(plain: Contract, tmp_path: Path) -> None:
    (tmp_path / "rader1.csv").write_text("id,text\nfel,fel\n", encoding="utf-8")
    path = tmp_path / "rader[1]*.csv"
    path.write_text("id,text\n1,a\n", encoding="utf-8")
    assert rows_of(check(plain, path)) == [(2, "1", "a")]


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('"\n,; \t'), max_size=12)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(texts, texts), min_size=1, max_size=8), end=st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_is_read(plain: Contract, tmp_path: Path, rows: list[tuple[str, str]], end: str) -> None:
    path = tmp_path / "rader.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator=end).writerows([("id", "text"), *rows])
    assume(not {text.upper() for row in rows for text in row} & set(SPREADSHEET_ERRORS))
    seen = [tuple(None if re.match(NOTHING_VISIBLE, text) else text for text in row) for row in rows]
    expected = [(i, a, b) for i, (a, b) in enumerate(seen, start=2) if a or b]
    result = check(plain, path)
    if expected:
        assert rows_of(result) == expected
    else:
        assert only_problem(result).code == "no-rows"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=200)
    | st.lists(st.sampled_from([b"id", b"text", b",", b";", b'"', b"\n", b"\r", b"\0", b"\xff", b"\xc3", b" ", b"1"]),
               max_size=30).map(b"".join),
    header=st.booleans(),
    suffix=st.sampled_from([".csv", ".xlsx"]),
)  # fmt: skip
def test_no_bytes_make_the_readers_fall(
    plain: Contract, tmp_path: Path, content: bytes, header: bool, suffix: str
) -> None:
    path = tmp_path / f"rader{suffix}"
    path.write_bytes((b"id,text\n" if header else b"") + content)
    result = check(plain, path)
    assert result.delivery is not None or result.problems
    assert [p.code for p in check_file(plain, path).problems] == [p.code for p in result.problems]
    assert html_report(result).startswith("<!DOCTYPE html>")
    assert json_report(result)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_spoilt_workbook_makes_the_reader_fall(
    plain: Contract, xlsx_of: Callable[..., Path], data: st.DataObject
) -> None:
    path = xlsx_of("rader.xlsx", {"Blad1": [["id", "text"], ["1", "a"], ["2", 3.5]]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    at = data.draw(st.integers(0, len(parts[name])))
    cut = data.draw(st.integers(0, 20))
    parts[name] = parts[name][:at] + data.draw(st.binary(max_size=5)) + parts[name][at + cut :]
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    result = check(plain, path)
    assert result.delivery is not None or result.problems
