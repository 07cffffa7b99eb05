"""Rules: which rows break them, where exactly the boundaries are, and that nothing in them reaches a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.contracts.check import CheckResult, check_delivery, check_file
from report_builder.contracts.odcs.bounds import Bound
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.report import html_report
from report_builder.contracts.result import Finding, Status
from report_builder.problems import ReportError

Make = Callable[..., Contract]
Write = Callable[..., Path]
OBJECT = """
  - name: rader
    properties:
      - {name: id, logicalType: string}
      - {name: a, logicalType: integer}
      - {name: b, logicalType: integer}
      - {name: c, logicalType: number, physicalType: "DECIMAL(10,2)"}
      - {name: dag, logicalType: date}
"""
HEADER = ["id", "a", "b", "c", "dag"]


def broken(result: CheckResult) -> list[tuple[str, list[int], int]]:
    """The findings as (code, rows shown, count)."""
    return [(f.code, [r.row for r in f.rows], f.count) for f in result.findings]


def run(make: Make, write: Write, rules: str, rows: list[list[str]], schema: str = OBJECT) -> CheckResult:
    quality = f"    quality:\n{rules}" if rules else ""
    path = write("rader.csv", HEADER, rows, delimiter=",")
    return check_delivery(make(schema + quality), {"rader": path})


def own(implementation: str) -> str:
    return f"      - {{type: custom, engine: report-builder, implementation: {implementation}}}\n"


def only(result: CheckResult) -> Finding:
    (finding,) = result.findings
    return finding


@pytest.mark.parametrize(
    ("operator", "operand", "holds", "breaks"),
    [
        ("must_be", 5, [5, Decimal("5.0")], [4, 6, True, None, "5"]),
        ("must_not_be", 5, [4, 6, None], [5]),
        ("must_be_greater_than", 5, [6, Decimal("5.01")], [5, 4, None]),
        ("must_be_greater_or_equal_to", 5, [5, 6], [Decimal("4.99"), None]),
        ("must_be_less_than", 5, [4, Decimal("4.99")], [5, 6, None]),
        ("must_be_less_or_equal_to", 5, [5, 4], [Decimal("5.01"), None]),
        ("must_be_between", (5, 10), [5, 7, 10], [Decimal("4.99"), Decimal("10.01"), None]),
        ("must_not_be_between", (5, 10), [4, 11], [5, 7, 10, None]),
        ("must_be_between", (10, 5), [5, 10], [4]),
        ("must_be", True, [True], [False, 1, None]),
        ("must_be", "ja", ["ja"], ["nej", None]),
    ],
)
def test_where_a_bound_lies(operator: str, operand: object, holds: list[object], breaks: list[object]) -> None:
    bound = Bound(operator=operator, operand=operand)  # type: ignore[arg-type]
    assert [bound.holds(v) for v in holds] == [True] * len(holds)
    assert [bound.holds(v) for v in breaks] == [False] * len(breaks)


@given(st.integers(-9, 9), st.integers(-9, 9), st.integers(-9, 9))
def test_inside_and_outside_are_each_others_opposite(low: int, high: int, value: int) -> None:
    inside = Bound(operator="must_be_between", operand=(low, high)).holds(value)
    assert inside != Bound(operator="must_not_be_between", operand=(low, high)).holds(value)
    assert inside == (min(low, high) <= value <= max(low, high))


@pytest.mark.parametrize(
    ("column", "option", "values", "rows"),
    [
        ("a", "minimum: 0", ["-1", "0", "1", ""], [2]),
        ("a", "maximum: 0", ["-1", "0", "1", ""], [4]),
        ("a", "exclusiveMinimum: 0", ["-1", "0", "1", ""], [2, 3]),
        ("a", "exclusiveMaximum: 0", ["-1", "0", "1", ""], [3, 4]),
        ("a", "multipleOf: 3", ["3", "4", "0", "-3"], [3]),
        ("a", "format: i8", ["127", "128", "-128", "-129"], [3, 5]),
        ("a", "format: u8", ["0", "255", "256", "-1"], [4, 5]),
        ("c", "minimum: 0.5", ["0.49", "0.5", "", "1"], [2]),
        ("c", "multipleOf: 0.25", ["0.25", "0.3", "", "1"], [3]),
        ("dag", "minimum: '2024-01-02'", ["2024-01-01", "2024-01-02", "", "2024-01-03"], [2]),
        ("dag", "exclusiveMaximum: '2024-01-02'", ["2024-01-01", "2024-01-02", "", "2024-01-03"], [3, 5]),
        ("dag", "format: dd/MM/yyyy", ["29/02/2024", "2024-02-29", "31/02/2024", "1/2/2024"], [3, 4, 5]),
        ("id", "minLength: 2", ["ab", "a", "", "åäö"], [3]),
        ("id", "maxLength: 2", ["ab", "a", "", "åäö"], [5]),
        ("id", "pattern: '^[A-Z]{2}-'", ["AB-1", "ab-1", "", "xAB-1"], [3, 5]),
    ],
)
def test_options_of_a_column(
    contract_of: Make, csv_of: Write, column: str, option: str, values: list[str], rows: list[int]
) -> None:
    options = 'number, physicalType: "DECIMAL(10,2)"' if column == "c" else ""
    kinds = {"id": "string", "a": "integer", "c": options, "dag": "date"}
    schema = OBJECT.replace(
        f"name: {column}, logicalType: {kinds[column]}",
        f"name: {column}, logicalType: {kinds[column]}, logicalTypeOptions: {{{option}}}",
    )
    cells = [[v if h == column else ("x" if h == "id" else "") for h in HEADER] for v in values]
    for cell in cells if column == "id" else []:
        cell[1] = "1"
    finding = only(run(contract_of, csv_of, "", cells, schema))
    assert [r.row for r in finding.rows] == rows
    assert finding.headers == (column,)


@pytest.mark.parametrize(
    ("rule", "rows"),
    [
        ("{kind: order, columns: [a, b]}", [3]),
        ("{kind: order, columns: [a, b], strict: true}", [3, 4]),
        ("{kind: requires, column: a, requires: [b]}", [6]),
        ("{kind: requires, column: id, values: [v], requires: [b]}", [6]),
        ("{kind: balance, plus: [a], equals: b}", [2, 3]),
        ("{kind: balance, plus: [a], equals: b, tolerance: 1}", [3]),
        ("{kind: balance, plus: [a, a], minus: [b], equals: a}", [2, 3]),
        ("{kind: total, column: c, by: [id], total: 100, tolerance: 0.1}", [4, 5]),
        ("{kind: coverage, column: dag, by: [id], values: ['2024-01-01', '2024-01-02']}", [4, 5, 6]),
        ("{kind: notAfter, columns: [dag], date: 2024-01-01}", [3, 6]),
    ],
)
def test_rules_between_columns(contract_of: Make, csv_of: Write, rule: str, rows: list[int]) -> None:
    data = [
        ["u", "1", "2", "60.05", "2024-01-01"],
        ["u", "5", "2", "40", "2024-01-02"],
        ["w", "3", "3", "50", "2024-01-01"],
        ["w", "", "", "40", ""],
        ["v", "4", "", "", "2024-01-02"],
    ]
    finding = only(run(contract_of, csv_of, own(rule), data))
    assert [r.row for r in finding.rows] == rows
    assert finding.count == len(rows)


def test_a_total_that_no_value_speaks_of_is_not_judged(contract_of: Make, csv_of: Write) -> None:
    rule = own("{kind: total, column: c, by: [id], total: 100}")
    assert broken(run(contract_of, csv_of, rule, [["u", "", "", "", ""]])) == []


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{metric: rowCount, mustBe: 4}", []),
        ("{metric: rowCount, mustBeBetween: [1, 3]}", [("row-count", [], 1)]),
        ("{metric: duplicateValues, arguments: {properties: [a, b]}, mustBe: 0}", [("unique", [2, 4], 1)]),
        ("{metric: duplicateValues, arguments: {properties: [a, b]}, mustBeLessThan: 2}", []),
        ("{metric: duplicateValues, arguments: {properties: [b, c]}, mustBe: 0}", [("unique", [2, 4, 3, 5], 2)]),
    ],
)
def test_metrics_of_a_file(
    contract_of: Make, csv_of: Write, rule: str, expected: list[tuple[str, list[int], int]]
) -> None:
    data = [["w", "1", "2", "", ""], ["x", "2", "", "", ""], ["y", "1", "2", "", ""], ["z", "3", "", "", ""]]
    data[1][3] = data[3][3] = "1"
    assert broken(run(contract_of, csv_of, f"      - {rule}\n", data)) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("{metric: nullValues, mustBe: 0}", [("required", [4], 1)]),
        ("{metric: nullValues, mustBeLessOrEqualTo: 1}", []),
        ("{metric: nullValues, mustBeLessThan: 25, unit: percent}", [("required", [4], 1)]),
        ("{metric: nullValues, mustBeLessOrEqualTo: 25, unit: percent}", []),
        ("{metric: missingValues, arguments: {missingValues: ['-', null]}, mustBe: 0}", [("required", [3, 4], 2)]),
        ("{metric: missingValues, arguments: {missingValues: ['-']}, mustBe: 0}", [("required", [3], 1)]),
        ("{metric: invalidValues, arguments: {validValues: [x, y]}, mustBe: 0}", [("unknown-value", [3], 1)]),
        ("{metric: invalidValues, arguments: {pattern: '^x'}, mustBe: 0}", [("wrong-pattern", [3], 1)]),
        ("{metric: duplicateValues, mustBe: 0}", [("unique", [2, 5], 1)]),
    ],
)
def test_metrics_of_a_column(
    contract_of: Make, csv_of: Write, rule: str, expected: list[tuple[str, list[int], int]]
) -> None:
    schema = OBJECT.replace("string}", f"string, quality: [{rule}]}}")
    data = [["x", "1", "", "", ""], ["-", "1", "", "", ""], ["", "1", "", "", ""], ["x", "1", "", "", ""]]
    assert broken(run(contract_of, csv_of, "", data, schema)) == expected


def test_a_bound_is_told_with_its_figure(contract_of: Make, csv_of: Write) -> None:
    schema = OBJECT.replace("string}", "string, quality: [{metric: nullValues, mustBeLessThan: 5, unit: percent}]}")
    data = [["x", "1", "", "", ""], ["", "1", "", "", ""], ["", "2", "", "", ""]]
    finding = only(run(contract_of, csv_of, "", data, schema))
    assert finding.fault.en == (
        "The share of cells of id without a value is 66.67 per cent; it must be less than 5 per cent."
    )
    assert finding.fault.sv == "Andelen celler i id utan värde är 66,67 procent men ska vara mindre än 5 procent."


@pytest.mark.parametrize(
    ("query", "bound", "passes"),
    [
        ("SELECT COUNT(*) FROM {object} WHERE a > b", "mustBe: 1", True),
        ("SELECT COUNT(*) FROM ${table} WHERE a > b", "mustBeGreaterThan: 1", False),
        ("SELECT SUM(c) FROM {object}", "mustBeBetween: [1.5, 2]", True),
        ("SELECT COUNT(*) = 2 FROM {object}", "mustBe: true", True),
        ("SELECT MAX(c) FROM {object} WHERE a = 99", "mustBeLessThan: 5", False),
    ],
)
def test_sql_rules(contract_of: Make, csv_of: Write, query: str, bound: str, passes: bool) -> None:
    rule = f'      - {{type: sql, description: Ett villkor., query: "{query}", {bound}}}\n'
    result = run(contract_of, csv_of, rule, [["x", "1", "2", "1.5", ""], ["y", "3", "2", "", ""]])
    assert (result.delivery is not None) == passes
    if not passes:
        assert (only(result).code, only(result).rule.sv) == ("sql-rule", "Ett villkor.")


@pytest.mark.parametrize("query", ["SELECT nej FROM {object}", "SELECT a FROM {object}", "SELECT a, b FROM {object}"])
def test_a_sql_rule_that_cannot_be_run_is_a_fault_of_the_contract(contract_of: Make, csv_of: Write, query: str) -> None:
    rule = f'      - {{type: sql, description: Ett villkor., query: "{query}", mustBe: 1}}\n'
    finding = only(run(contract_of, csv_of, rule, [["x", "1", "1", "", ""], ["y", "1", "1", "", ""]]))
    assert (finding.code, finding.file) == ("broken-rule", "data_contracts/prov/1.0.0.yaml")


def test_a_pattern_that_the_engine_does_not_take_spoils_no_other_rule(contract_of: Make, csv_of: Write) -> None:
    schema = OBJECT.replace("string}", "string, required: true, logicalTypeOptions: {pattern: '^(?!x)'}}")
    result = run(contract_of, csv_of, "", [["", "1", "", "", ""]], schema)
    assert [f.code for f in result.findings] == ["required", "broken-rule"]


def test_rules_in_words_and_of_others_are_skipped_and_shown(contract_of: Make, csv_of: Write) -> None:
    rules = (
        "      - {type: text, description: Granskas av en människa.}\n"
        "      - {type: custom, engine: soda, description: Sodas regel., implementation: 'x'}\n"
    )
    result = run(contract_of, csv_of, rules, [["x", "1", "", "", ""]])
    skipped = {o.rule.sv for o in result.outcomes if o.status is Status.SKIPPED}
    assert skipped == {"Granskas av en människa.", "Sodas regel."}
    assert result.delivery is not None


def test_a_key_of_two_columns(contract_of: Make, csv_of: Write) -> None:
    schema = OBJECT.replace("string}", "string, primaryKey: true, primaryKeyPosition: 1}").replace(
        "name: a, logicalType: integer", "name: a, logicalType: integer, primaryKey: true, primaryKeyPosition: 2"
    )
    data = [["x", "1", "", "", ""], ["x", "2", "", "", ""], ["x", "1", "", "", ""], ["", "1", "", "", ""]]
    assert broken(run(contract_of, csv_of, "", data, schema)) == [("required", [5], 1), ("unique", [2, 4], 1)]


def test_a_reference_of_two_columns(contract_of: Make, csv_of: Write) -> None:
    contract = contract_of(
        OBJECT
        + """    relationships: [{from: [rader.id, rader.a], to: [andra.id, andra.a]}]
  - name: andra
    properties: [{name: id, logicalType: string}, {name: a, logicalType: integer}]
"""
    )
    rows = csv_of(
        "r.csv", HEADER, [["x", "1", "", "", ""], ["x", "2", "", "", ""], ["", "", "3", "", ""]], delimiter=","
    )
    others = csv_of("a.csv", ["id", "a"], [["x", "1"], ["y", "2"]], delimiter=",")
    assert broken(check_delivery(contract, {"rader": rows, "andra": others})) == [("unknown-reference", [3], 1)]


def test_nothing_that_runs_in_a_delivery_reaches_a_file(contract_of: Make, csv_of: Write, tmp_path: Path) -> None:
    delivery = run(contract_of, csv_of, "", [["x", "1", "", "", ""]]).delivery
    assert delivery is not None
    con = delivery.tables["rader"].get_backend().con
    for statement in (
        f"SELECT * FROM read_csv('{tmp_path / 'rader.csv'}')",
        f"COPY rader TO '{tmp_path / 'ut.csv'}'",
        f"ATTACH '{tmp_path / 'ny.db'}'",
        "SET enable_external_access = true",
        "INSTALL httpfs",
    ):
        with pytest.raises(duckdb.Error):
            con.execute(statement)
    assert not (tmp_path / "ut.csv").exists()


TWO = """
  - name: ett
    properties: [{name: id, logicalType: string}, {name: x, logicalType: string}]
  - name: annat
    properties:
      - {name: id, logicalType: string, relationships: [{to: ett.id}]}
      - {name: y, logicalType: string}
"""


@pytest.mark.parametrize(
    ("header", "told"), [(["id", "x"], "ett"), (["y", "id"], "annat"), (["id", "yy", "y"], "annat")]
)
def test_a_single_file_is_known_by_its_columns(contract_of: Make, csv_of: Write, header: list[str], told: str) -> None:
    result = check_file(contract_of(TWO), csv_of("fil.csv", header, [["1"] * len(header)], delimiter=","))
    assert [f.object for f in result.files] == [told]
    assert result.delivery is None
    skipped = [o.code for o in result.outcomes if o.status is Status.SKIPPED]
    assert "unknown-reference" in skipped


@pytest.mark.parametrize("header", [["id", "z"], ["q"]])
def test_a_single_file_whose_columns_do_not_tell(contract_of: Make, csv_of: Write, header: list[str]) -> None:
    contract = contract_of(TWO)
    path = csv_of("fil.csv", header, [["1"] * len(header)], delimiter=",")
    result = check_file(contract, path)
    (problem,) = result.problems
    assert "Kolumnerna i" in html_report(result)
    assert problem.code == "ambiguous-object"
    assert problem.hint == "Say which one: ett (id, x); annat (id, y)."
    assert [f.object for f in check_file(contract, path, "ett").files] == ["ett"]


def test_a_single_file_that_cannot_be_read_is_told_why(contract_of: Make, tmp_path: Path) -> None:
    path = tmp_path / "fil.csv"
    assert broken(check_file(contract_of(TWO), path)) == [("file-missing", [], 1)]
    path.write_text("id;x\n1;2\n", encoding="utf-8")
    assert broken(check_file(contract_of(TWO), path)) == [("wrong-delimiter", [], 1)]


def test_a_single_file_for_an_object_that_does_not_exist(contract_of: Make, csv_of: Write) -> None:
    with pytest.raises(ReportError) as caught:
        check_file(contract_of(TWO), csv_of("fil.csv", ["id", "x"], []), "tre")
    assert caught.value.problems[0].code == "unknown-object"


@pytest.mark.parametrize("engine", ["postgres", "pyspark"])
def test_the_rules_of_the_project_compile_for_other_engines(project: Path, engine: str) -> None:
    """Nothing ties a rule to the engine in this process: what marks a row is an expression that others take."""
    import ibis

    from report_builder.contracts.context import DeliveryContext
    from report_builder.contracts.files.sheet import Sheet
    from report_builder.contracts.odcs.load import load_contract
    from report_builder.contracts.rules.compile import rules_of
    from report_builder.contracts.rules.rules import Frame, text_name

    kinds = {"string": "string", "date": "date", "number": "decimal(18, 4)", "integer": "int64"}
    for dataset in ("arenden", "publicerade-uppgifter"):
        contract = load_contract(project, dataset, "1.0.0")
        frames = {}
        for file in contract.files:
            schema = {"_row": "int64"} | {text_name(c): "string" for c in file.columns}
            schema |= {c.name: kinds[c.type] for c in file.columns}
            frames[file.name] = Frame(Sheet(contract=file, shown=""), partial(ibis.table, schema, name=file.name))
        for rule in rules_of(contract, DeliveryContext(since=date(2023, 1, 1), as_of=date(2025, 12, 31))):
            if rule.tally is not None and rule.missing is None:
                assert "SELECT" in ibis.to_sql(rule.tally(frames), dialect=engine)
            if rule.points:
                assert "SELECT" in ibis.to_sql(rule.rows(frames), dialect=engine)
