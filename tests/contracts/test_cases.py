"""Files as people have really sent them, and files made to break the reading: each is told as its ``expect.md`` says.

The files lie beside the project. Each stands for a kind of fault that other tests make in code; here the very files are
tried, with what is told of them: severity, code, row and column of each fault, and words that its sentence must hold.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from report_builder.contracts.check import CheckResult, check_file
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.odcs.load import load_contract
from report_builder.problems import ReportError

pytestmark = pytest.mark.shared
OF_SO_FEW_ROWS = {"stale", "too-short"}
"""What is told of every extract of three rows."""
Told = tuple[str, str, int | None, str]
"""Severity, code, row and column of a fault."""

CASES: list[tuple[str, list[Told], list[str]]] = [
    ("01-excel-error-cells/arenden.xlsx", [("error", "error-value", 3, "enhet")], ["2 rows"]),
    ("06-category-with-trailing-space/arenden.csv", [("warning", "odd-text", 3, "enhet")], ["3 rows", "Row 4: "]),
    ("08-thousands-separators/uppgifter.csv", [("error", "not-a-number", 2, "varde")],
     ["5 rows", "thousands separator", "12345,50"]),
    ("09-utf16-from-excel/arenden.csv", [("error", "wrong-encoding", 1, "")], ["UTF-16", "CSV UTF-8"]),
    ("11-title-rows-above-header/arenden.csv", [("warning", "header-not-first", 4, "")],
     ["row 4", "Remove the rows above"]),
    ("14-all-faults-although-a-cell-is-no-date/arenden.csv",
     [("error", "required", 5, "registrerad"), ("error", "not-a-date", 2, "registrerad"),
      ("error", "unique", 4, "arende_id"), ("error", "date-order", 6, "beslutad"),
      ("error", "unknown-value", 7, "arendeslag")], []),
    ("15-unit-called-NA/arenden.csv", [], []),
    ("16-several-date-forms-in-one-column/arenden.csv", [("error", "not-a-date", 3, "registrerad")],
     ["8 rows", "2025-03-01 or 2025-01-03", "spreadsheet's number for 2025-03-01"]),
    ("17-dates-as-serial-numbers-in-excel/arenden.xlsx", [("error", "not-a-date", 2, "registrerad")],
     ["2 rows", "spreadsheet's number", "format the column as a date"]),
    ("19-html-table-saved-as-xls/arenden.xls", [("error", "broken-workbook", None, "")], ["HTML", "save it again"]),
    ("19-html-table-saved-as-xls/arenden.xlsx", [("error", "broken-workbook", None, "")], ["HTML", "save it again"]),
    ("20-symbols-for-missing-in-numbers/uppgifter.csv",
     [("error", "missing-sign", 2, "varde"), ("error", "not-a-number", 7, "varde")],
     ["5 rows", "Write 0 where nothing was counted", "write 1000"]),
    ("24-total-row-at-the-end/arenden.xlsx", [("error", "total-row", 5, "arende_id")], ["Totalt", "Remove the total"]),
    ("25-merged-cells/arenden.xlsx", [("error", "merged-cells", 2, "arendeslag")], ["Split the cells"]),
    ("27-capital-letters-in-codes/arenden.csv", [("error", "unknown-value", 2, "arendeslag")],
     ["Row 2: Did you mean psl where it says PSL?", "Row 3: Did you mean lex-maria where it says Lex-Maria?"]),
    ("28-headers-almost-right/arenden.csv",
     [("error", "misspelt-column", 1, "arende_id"), ("error", "misspelt-column", 1, "arendeslag"),
      ("error", "misspelt-column", 1, "registrerad")], ["Arende_ID", "Rename it to registrerad"]),
    ("33-hidden-sheet-with-the-right-name/arenden.xlsx", [], ["Uttag 2026 was read", "not read: arenden"]),
    ("34-the-same-header-twice/arenden.csv", [("error", "duplicate-column", 1, "beslutad")], ["twice"]),
    ("36-orphan-because-of-a-space/uppehall.csv", [("error", "odd-text", 2, "arende_id")], ["Remove the space"]),
    ("03-percent-formatted-cell/uppgifter.xlsx", [], ["formatted as per cent", "read as they are shown"]),
]  # fmt: skip

HOSTILE: list[tuple[str, list[Told], list[str]]] = [
    ("id_nfc_nfd.csv", [("error", "odd-text", 3, "id")], []),
    ("id_space.csv", [("error", "odd-text", 3, "id")], []),
    ("id_zwsp.csv", [("error", "odd-text", 3, "id")], []),
    ("q_swallow.csv", [("error", "swallowed-rows", 2, "enhet_å")], ["quotation mark"]),
    ("p_d_inf.parquet", [("error", "not-a-date", 1, "dag")], []),
    ("p_d_tz_ny.parquet", [("error", "time-zone", None, "dag")], ["America/New_York"]),
    ("p_d_tz_sthlm.parquet", [("error", "time-zone", None, "dag")], ["Europe/Stockholm"]),
    ("p_s_tz.parquet", [("error", "time-zone", None, "stund")], ["Europe/Stockholm"]),
    ("p_id_binbad.parquet", [("error", "wrong-encoding", 1, "id")], ["UTF-8"]),
    ("p_id_fsb.parquet", [("error", "wrong-encoding", 1, "id")], ["UTF-8"]),
    ("p_x_dec256.parquet", [], []),
    ("p_x_dec5.parquet", [("error", "not-a-number", 1, "x")], ["4 decimals"]),
    ("x_errs.xlsx", [("error", "error-value", 4, "enhet_å")], ["#REF!"]),
    ("x_far_2G.xlsx", [("error", "broken-workbook", None, "")], ["beyond the last row"]),
    ("x_formula_tab.xlsx", [("error", "formula-without-value", 2, "n")], []),
    ("x_wide_rows.xlsx", [("error", "broken-workbook", None, "")], ["beyond the last row or column"]),
    ("z_flip_lzma0.zip", [("error", "broken-archive", None, "")], ["damaged"]),
]

SHIPPED: list[tuple[str, str, set[tuple[str, int | None]]]] = [
    ("procent.xlsx", "publicerade-uppgifter", set()),
    ("ref.xlsx", "arenden", {("error-value", 2)}),
    ("fsb.parquet", "arenden", set()),
    ("sthlm.parquet", "arenden", {("time-zone", None)}),
    ("inf.parquet", "arenden", {("not-a-date", 1)}),
    ("ids.csv", "arenden", {("odd-text", 3), ("required", 5), ("required", 4), ("unique", 6)}),
    *((f"dec{kind}.parquet", "publicerade-uppgifter", {("unique", 2)})
      for kind in ("6_5", "10_2", "10_5", "12_6", "18_10", "20_4", "38_4", "38_9")),
]  # fmt: skip


@pytest.fixture(scope="module")
def cases(project: Path) -> Path:
    return project.parent / "shared" / "cases"


@pytest.fixture(scope="module")
def contracts(project: Path) -> dict[str, Contract]:
    versions = {"arenden": "1.1.0", "publicerade-uppgifter": "1.0.0"}
    return {dataset: load_contract(project, dataset, version) for dataset, version in versions.items()}


@pytest.fixture
def contract_beside(tmp_path: Path) -> Callable[[Path], Contract]:
    """The contract that lies beside a file."""

    def load(path: Path) -> Contract:
        version = path.stem.rpartition("-")[2]
        folder = tmp_path / "data_contracts" / "beside"
        folder.mkdir(parents=True)
        text = path.read_text("utf-8")
        (folder / f"{version}.yaml").write_text(
            text.replace("id: prov\n", "id: beside\n").replace("id: alla\n", "id: beside\n"), "utf-8"
        )
        return load_contract(tmp_path, "beside", version)

    return load


def told(result: CheckResult) -> list[Told]:
    return [
        (f.severity.value, f.code, f.row, f.headers[0] if f.headers else "")
        for f in result.findings
        if f.code not in OF_SO_FEW_ROWS
    ]


def said(result: CheckResult) -> str:
    notes = [note.en for file in result.files for note in file.notes]
    return "\n".join([*notes, *(f"{f.said.en} It says {f.value}. {f.hint.en}" for f in result.findings)])


@pytest.mark.parametrize(("name", "faults", "fragments"), CASES, ids=[name for name, *_ in CASES])
def test_a_file_as_it_was_sent(
    cases: Path, contracts: dict[str, Contract], name: str, faults: list[Told], fragments: list[str]
) -> None:
    path = cases / "public-reports" / name
    dataset = "publicerade-uppgifter" if path.stem == "uppgifter" else "arenden"
    of_object = "uppgifter" if path.stem == "uppgifter" else path.stem
    result = check_file(contracts[dataset], path, of_object, as_of=date(2025, 12, 31))
    assert sorted(told(result), key=str) == sorted(faults, key=str)
    for fragment in fragments:
        assert fragment in said(result)


def test_what_is_shown_as_per_cent_is_read_as_per_cent(cases: Path, contracts: dict[str, Contract]) -> None:
    from report_builder.contracts.files.readers import read_file

    file = contracts["publicerade-uppgifter"].object("uppgifter")
    sheet = read_file(file, cases / "public-reports/03-percent-formatted-cell/uppgifter.xlsx", "uppgifter.xlsx")
    assert sheet.table is not None
    assert "12,5" in sheet.table["varde"].to_pylist()


def test_a_unit_called_na_is_filled_in(cases: Path, contracts: dict[str, Contract]) -> None:
    from report_builder.contracts.files.readers import read_file

    sheet = read_file(
        contracts["arenden"].object("arenden"), cases / "public-reports/15-unit-called-NA/arenden.csv", ""
    )
    assert sheet.table is not None
    assert {"NA", "null", "None", "NaN"} <= set(sheet.table["enhet"].to_pylist())


def test_the_rows_of_a_merged_cell_follow_from_it(cases: Path, contracts: dict[str, Contract]) -> None:
    result = check_file(contracts["arenden"], cases / "public-reports/25-merged-cells/arenden.xlsx", "arenden")
    merged = next(f for f in result.findings if f.code == "merged-cells")
    assert [(f.code, f.numbers) for f in merged.consequences] == [("required", (3, 4))]


def test_a_case_that_a_pause_may_belong_to(cases: Path, contracts: dict[str, Contract], tmp_path: Path) -> None:
    from report_builder.contracts.check import check_delivery

    folder = cases / "public-reports/36-orphan-because-of-a-space"
    files = {name: folder / f"{name}.csv" for name in ("arenden", "uppehall")}
    result = check_delivery(contracts["arenden"], files, as_of=date(2025, 12, 31))
    unknown = next(f for f in result.findings if f.code == "unknown-reference")
    assert unknown.numbers == (2, 3)
    assert "arenden has T-0002, which differs from t-0002 (row 3) in capitals only" in unknown.hint.en


def test_the_date_format_that_a_contract_declares(cases: Path, contract_beside: Callable[[Path], Contract]) -> None:
    folder = cases / "public-reports/29-declared-date-format"
    result = check_file(contract_beside(folder / "contract-prov-1.0.0.yaml"), folder / "prov.csv")
    assert told(result) == [("error", "not-a-date", 3, "dag")]
    assert "DD/MM/YYYY" in said(result)


def test_no_rule_is_passed_over(cases: Path, contract_beside: Callable[[Path], Contract]) -> None:
    folder = cases / "public-reports/30-quality-rules-that-are-skipped"
    result = check_file(contract_beside(folder / "contract-prov-1.1.0.yaml"), folder / "prov.csv")
    assert {f.code for f in result.findings} == {"sql-rule", "row-count"}
    assert len([o for o in result.outcomes if o.reason is not None]) == 2


def test_a_misspelt_limit_is_refused_with_its_line(cases: Path, contract_beside: Callable[[Path], Contract]) -> None:
    folder = cases / "public-reports/31-misspelt-limit-in-contract"
    with pytest.raises(ReportError, match="mustBeGreaterTan") as refused:
        contract_beside(folder / "contract-prov-1.2.0.yaml")
    place = refused.value.problems[0].place
    assert place is not None
    assert place.line == 21


@pytest.fixture(scope="module")
def of_every_type(cases: Path, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    root = tmp_path_factory.mktemp("of-every-type")
    folder = root / "data_contracts" / "alla"
    folder.mkdir(parents=True)
    shutil.copy(cases / "hostile/alla-1.0.0.yaml", folder / "1.0.0.yaml")
    return load_contract(root, "alla", "1.0.0")


@pytest.mark.parametrize(("name", "faults", "fragments"), HOSTILE, ids=[name for name, *_ in HOSTILE])
def test_a_file_made_to_break_the_reading(
    cases: Path, of_every_type: Contract, name: str, faults: list[Told], fragments: list[str]
) -> None:
    result = check_file(of_every_type, cases / "hostile" / name)
    assert told(result) == faults
    for fragment in fragments:
        assert fragment in said(result)


@pytest.mark.parametrize(("name", "dataset", "faults"), SHIPPED, ids=[name for name, *_ in SHIPPED])
def test_such_a_file_against_a_contract_of_the_project(
    cases: Path, contracts: dict[str, Contract], name: str, dataset: str, faults: set[tuple[str, int | None]]
) -> None:
    of_object = "arenden" if dataset == "arenden" else None
    result = check_file(contracts[dataset], cases / "hostile/shipped" / name, of_object, as_of=date(2025, 12, 31))
    assert {(code, row) for _, code, row, _ in told(result)} == faults
