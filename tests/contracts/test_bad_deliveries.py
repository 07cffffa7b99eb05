"""Bad deliveries: each fault is named with file, row, column, value, rule and a way out, and all of them at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from deliveries import CASES, CASES_HEADER, WAITS, WAITS_HEADER

from report_builder.contracts.check import CheckResult, check_delivery
from report_builder.contracts.odcs.contract import Contract
from report_builder.problems import Problem, ReportError, Severity

EXTRACT = date(2024, 12, 31)


class Delivering:
    """A delivery that meets its contract, but for what a test puts in the place of a file."""

    def __init__(self, contract: Contract, csv_of: Callable[..., Path]) -> None:
        self.contract = contract
        self.csv_of = csv_of
        self.files = {
            "arenden": csv_of("arenden.csv", CASES_HEADER, CASES),
            "uppehall": csv_of("uppehall.csv", WAITS_HEADER, WAITS),
        }

    def check(self) -> CheckResult:
        shown = {name: f"metrics/{path.name}" for name, path in self.files.items()}
        return check_delivery(self.contract, self.files, as_of=EXTRACT, shown_as=shown)

    def problems(self) -> dict[str, Problem]:
        """The problems by code; a test that gets two of a code says so by itself."""
        result = self.check()
        assert result.delivery is None
        assert len({p.code for p in result.problems}) == len(result.problems)
        return {p.code: p for p in result.problems}

    def rewrite(self, row: int, column: str, value: str) -> None:
        """Put ``value`` into a cell of the cases, by its row in the file."""
        rows = [list(r) for r in CASES]
        rows[row - 2][CASES_HEADER.index(column)] = value
        self.files["arenden"] = self.csv_of("arenden.csv", CASES_HEADER, rows)


@pytest.fixture
def delivering(cases_contract: Contract, csv_of: Callable[..., Path]) -> Delivering:
    return Delivering(cases_contract, csv_of)


def said(problem: Problem) -> tuple[str, int | None, str | None, str | None]:
    assert problem.place is not None
    assert problem.hint
    return problem.place.file, problem.place.row, problem.place.column, problem.value


def test_a_good_delivery_becomes_typed_tables(delivering: Delivering) -> None:
    result = delivering.check()
    assert result.problems == ()
    assert result.delivery is not None
    assert result.delivery.contract == "arenden@1.0.0"
    cases = result.delivery.tables["arenden"]
    assert str(cases.schema()["registrerad"]) == "date"
    rows = cases.order_by("_row").to_pyarrow().to_pylist()
    assert [r["_row"] for r in rows] == [2, 3, 4]
    assert rows[1]["beslutad"] is None
    assert rows[2]["ny_expediering"] == date(2024, 4, 2)
    assert result.delivery.sources["uppehall"].rows == 2
    assert len(result.delivery.sources["uppehall"].sha256) == 64


def test_missing_column(delivering: Delivering) -> None:
    header = ["Arendeslag" if h == "arendeslag" else h for h in CASES_HEADER]
    delivering.files["arenden"] = delivering.csv_of("arenden.csv", header, CASES)
    problems = delivering.problems()
    assert said(problems["misspelt-column"]) == ("metrics/arenden.csv", 1, "arendeslag", "Arendeslag")
    assert problems["misspelt-column"].hint == "Rename it to arendeslag. The column was checked all the same."


def test_another_column_in_place_of_one(delivering: Delivering) -> None:
    header = ["arendeslaget" if h == "arendeslag" else h for h in CASES_HEADER]
    delivering.files["arenden"] = delivering.csv_of("arenden.csv", header, CASES)
    problems = delivering.problems()
    assert said(problems["missing-column"]) == ("metrics/arenden.csv", 1, "arendeslag", None)
    assert problems["missing-column"].hint == "Rename the column arendeslaget to arendeslag, if it is that one."
    assert "unexpected-column" not in problems


def test_unknown_case_type(delivering: Delivering) -> None:
    delivering.rewrite(3, "arendeslag", "lex-mria")
    problem = delivering.problems()["unknown-value"]
    assert said(problem) == ("metrics/arenden.csv", 3, "arendeslag", "lex-mria")
    assert problem.hint == "Did you mean lex-maria where it says lex-mria?"


def test_decision_before_registration(delivering: Delivering) -> None:
    delivering.rewrite(2, "beslutad", "2024-01-09")
    problem = delivering.problems()["date-order"]
    assert said(problem) == ("metrics/arenden.csv", 2, "beslutad", "2024-01-09")
    assert problem.message == "beslutad is before registrerad in row 2."


def test_the_day_of_registration_is_early_enough_for_a_decision(delivering: Delivering) -> None:
    delivering.rewrite(2, "beslutad", "2024-01-10")
    assert delivering.check().problems == ()


def test_duplicate_case(delivering: Delivering) -> None:
    delivering.files["arenden"] = delivering.csv_of("arenden.csv", CASES_HEADER, [*CASES, CASES[0]])
    problem = delivering.problems()["unique"]
    assert said(problem) == ("metrics/arenden.csv", 5, "arende_id", "EX-1")
    assert problem.count == 1
    finding = next(f for f in delivering.check().findings if f.code == "unique")
    assert [r.row for r in finding.rows] == [2, 5]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("i går", "Write a date as YYYY-MM-DD."),
        ("1/2/2024", "1/2/2024 can be read as 2024-02-01 or 2024-01-02: write the one that is meant."),
        ("31/1/2024", "Write 2024-01-31."),
        ("45292", "45292 looks like a spreadsheet's number for 2024-01-01: format the column as a date."),
        (" 2024-01-10", "Remove the space before or after the value."),
        ("2024-02-30", "Write a date as YYYY-MM-DD."),
        ("2024-1-10", "Write a date as YYYY-MM-DD."),
        ("2024/01/10", "Write a date as YYYY-MM-DD."),
        ("20240110", "Write a date as YYYY-MM-DD."),
        ("infinity", "Write a date as YYYY-MM-DD."),
        ("-024-01-10", "Write a date as YYYY-MM-DD."),
    ],
)
def test_text_in_a_date(delivering: Delivering, text: str, hint: str) -> None:
    delivering.rewrite(4, "registrerad", text)
    problem = delivering.problems()["not-a-date"]
    assert said(problem) == ("metrics/arenden.csv", 4, "registrerad", text)
    assert problem.hint == hint


def test_empty_file(delivering: Delivering) -> None:
    delivering.files["uppehall"].write_bytes(b"\xef\xbb\xbf\r\n \n")
    problem = delivering.problems()["empty-file"]
    assert said(problem) == ("metrics/uppehall.csv", None, None, None)


def test_header_only(delivering: Delivering) -> None:
    delivering.files["uppehall"] = delivering.csv_of("uppehall.csv", WAITS_HEADER, [])
    assert said(delivering.problems()["no-rows"]) == ("metrics/uppehall.csv", None, None, None)


def test_a_missing_file(delivering: Delivering) -> None:
    delivering.files["uppehall"].unlink()
    problem = delivering.problems()["file-missing"]
    assert said(problem) == ("metrics/uppehall.csv", None, None, None)
    skipped = [o for o in delivering.check().outcomes if o.reason is not None]
    assert {o.object for o in skipped} == {"uppehall"}
    assert skipped[0].reason is not None
    assert skipped[0].reason.en == "uppehall could not be read, or was not given."


def test_a_file_that_was_never_given(delivering: Delivering) -> None:
    del delivering.files["uppehall"]
    assert "file-missing" in delivering.problems()


def test_wrong_encoding_names_byte_row_and_field_and_goes_on(delivering: Delivering) -> None:
    rows = [*CASES, ["EX-4", "hsq", "Enhet norr", "2024-01-01", "", "", "", "", ""]]
    delivering.files["arenden"] = delivering.csv_of("arenden.csv", CASES_HEADER, rows, encoding="windows-1252")
    problems = delivering.problems()
    fault = problems["wrong-encoding"]
    assert said(fault) == ("metrics/arenden.csv", 4, "enhet", "Enhet väst")
    offset = delivering.files["arenden"].read_bytes().index("ä".encode("windows-1252"))
    assert fault.message.startswith(f"Byte {offset} (row 4) is 0xE4, which is not UTF-8.")
    assert "CSV UTF-8" in fault.hint
    assert said(problems["unknown-value"]) == ("metrics/arenden.csv", 5, "arendeslag", "hsq")


def test_every_fault_is_reported_at_once(delivering: Delivering) -> None:
    rows = [list(r) for r in CASES]
    rows[0][1], rows[0][4], rows[1][0], rows[1][3], rows[2][2] = "okänt", "2023-12-30", "EX-1", "i går", ""
    delivering.files["arenden"] = delivering.csv_of("arenden.csv", CASES_HEADER, rows)
    waits = [["EX-9", "remiss", "2024-01-20", "2024-01-01"], ["EX-1", "yttrande", "", "2025-01-01"]]
    delivering.files["uppehall"] = delivering.csv_of("uppehall.csv", WAITS_HEADER, waits)
    result = delivering.check()
    assert result.delivery is None
    found = {(p.code, *said(p)) for p in result.problems}
    cases, uppehall = "metrics/arenden.csv", "metrics/uppehall.csv"
    assert found == {
        ("required", cases, 4, "enhet", None),
        ("not-a-date", cases, 3, "registrerad", "i går"),
        ("unique", cases, 3, "arende_id", "EX-1"),
        ("date-order", cases, 2, "beslutad", "2023-12-30"),
        ("unknown-value", cases, 2, "arendeslag", "okänt"),
        ("required", uppehall, 3, "fran", None),
        ("unknown-reference", uppehall, 2, "arende_id", "EX-9"),
        ("date-order", uppehall, 2, "till", "2024-01-01"),
        ("after-the-extract", uppehall, 3, "till", "2025-01-01"),
        ("unknown-value", uppehall, 2, "orsak", "remiss"),
    }


def test_the_count_is_of_all_rows_and_the_rows_are_the_first(delivering: Delivering) -> None:
    rows = [[f"EX-{i}", "okänt" if i % 2 else "psl", "Enhet", "2024-01-01", "", "", "", "", ""] for i in range(100)]
    delivering.files["arenden"] = delivering.csv_of("arenden.csv", CASES_HEADER, rows)
    finding = next(f for f in delivering.check().findings if f.code == "unknown-value")
    assert finding.count == 50
    assert [r.row for r in finding.rows] == list(range(3, 23, 2))
    assert finding.rows[0].cells[:3] == ("EX-1", "okänt", "Enhet")


def test_without_a_date_of_the_extract_its_rules_are_skipped_and_say_so(delivering: Delivering) -> None:
    result = check_delivery(delivering.contract, delivering.files)
    reasons = {o.reason.en for o in result.outcomes if o.reason is not None}
    assert reasons == {"The date of the extract was not given."}
    assert result.delivery is not None


def test_a_file_for_an_object_that_the_contract_lacks(delivering: Delivering) -> None:
    with pytest.raises(ReportError) as caught:
        check_delivery(delivering.contract, {"arende": delivering.files["arenden"]})
    assert caught.value.problems[0].code == "unknown-object"
    assert caught.value.problems[0].hint == "Did you mean arenden?"


def test_a_warning_lets_the_delivery_through_and_goes_with_it(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path]
) -> None:
    contract = contract_of(
        """
  - name: rader
    properties:
      - {name: a, logicalType: date}
      - {name: b, logicalType: date}
    quality:
      - {type: custom, engine: report-builder, severity: warning, implementation: {kind: order, columns: [a, b]}}
"""
    )
    path = csv_of("rader.csv", ["a", "b"], [["2024-02-01", "2024-01-01"]], delimiter=",")
    result = check_delivery(contract, {"rader": path})
    assert result.delivery is not None
    assert [(p.code, p.severity) for p in result.delivery.warnings] == [("date-order", Severity.WARNING)]
