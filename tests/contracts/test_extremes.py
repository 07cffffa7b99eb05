"""Figures, limits and days at the ends of what there is: each gives a sentence about the contract or the file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.contracts.check import CheckResult, check_file
from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.odcs.bounds import Bound, plain
from report_builder.contracts.odcs.contract import Contract
from report_builder.problems import ReportError

Make = Callable[..., Contract]
WITH = """
  - name: rader
    properties:
      - {{name: id, logicalType: string, required: true{string}}}
      - {{name: dag, logicalType: date}}
      - {{name: tal, logicalType: number, physicalType: "DECIMAL(18,4)"{number}}}
      - {{name: antal, logicalType: integer{integer}}}
{rules}"""
RULES = """
    quality:
      - {rule}
"""
CSV = "id;dag;tal;antal\na;2025-01-01;1.5;1\n"
SEMICOLON = 'customProperties: [{property: delimiter, value: ";"}]'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rader.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def schema(rule: str = "", **options: str) -> str:
    said = {name: f", logicalTypeOptions: {{{options[name]}}}" if name in options else "" for name in OPTIONS}
    return WITH.format(rules=RULES.format(rule=rule) if rule else "", **said)


OPTIONS = ("string", "number", "integer")


def told(result: CheckResult) -> list[tuple[str, str]]:
    return [(p.code, p.message) for p in result.problems]


ANSWERS = {
    "'inf'::DOUBLE": "infinite",
    "'-inf'::DOUBLE": "infinite",
    "'nan'::DOUBLE": "no number",
    "1 / 0": "infinite",
    "1e300": "1e+300",
    "1e30::DOUBLE / 3": "333333333333333300000000000000",
    "NULL": "no value",
    "DATE 'infinity'": "9999-12-31",
    "DATE '290000-01-01'": "290000-01-01",
    "[1, 2]": "[1, 2]",
    "'text'": "text",
}


@pytest.mark.parametrize("unit", ["", "unit: percent, "])
@pytest.mark.parametrize(("answer", "shown"), ANSWERS.items())
def test_whatever_a_query_answers_is_told(contract_of: Make, file: Path, answer: str, shown: str, unit: str) -> None:
    rule = f'{{type: sql, {unit}description: Prov., query: "SELECT {answer}", mustBeBetween: [-5, 5]}}'
    (problem,) = told(check_file(contract_of(schema(rule), SEMICOLON), file))
    sign = " per cent" if unit else ""
    if unit and shown[-2:] == "00":  # a query that gives a share gives it as a part of the rows, of which there is one
        shown = "1e+302" if answer == "1e300" else f"{shown}00"
    assert problem == ("sql-rule", f"The figure of the query is {shown}{sign}; it must be between -5 and 5{sign}.")


@pytest.mark.parametrize("operator", ["mustBe", "mustNotBe", "mustBeLessThan", "mustBeGreaterOrEqualTo"])
@pytest.mark.parametrize("limit", [".inf", "-.inf", ".nan"])
def test_a_limit_that_is_infinite_is_refused(contract_of: Make, operator: str, limit: str) -> None:
    with pytest.raises(ReportError, match="not infinite"):
        contract_of(schema(f"{{metric: rowCount, {operator}: {limit}}}"))


def test_an_infinite_end_of_a_range_is_refused(contract_of: Make) -> None:
    with pytest.raises(ReportError, match="not infinite"):
        contract_of(schema("{metric: rowCount, mustBeBetween: [1, .inf]}"))


@pytest.mark.parametrize("limit", ["1.0e+60", "1" + "0" * 60])
def test_a_huge_limit_is_a_limit(contract_of: Make, file: Path, limit: str) -> None:
    contract = contract_of(schema(f"{{metric: rowCount, mustBeGreaterThan: {limit}}}"), SEMICOLON)
    expected = f"The number of rows is 1; it must be more than 1{'0' * 60}."
    assert told(check_file(contract, file)) == [("row-count", expected)]


REFUSED = {
    "integer": ["minimum: .inf", "maximum: 1.0e+60", "exclusiveMinimum: 1" + "0" * 70, "multipleOf: .inf"],
    "number": ["minimum: -.inf", "maximum: -1.0e+60", "minimum: 1.0e-60", "multipleOf: 1.0e+60", "multipleOf: 1.0e-60"],
    "string": ["minLength: 1" + "0" * 60, "maxLength: 99999999999", f'pattern: "{"(" * 5000}a{")" * 5000}"'],
}


@pytest.mark.parametrize(("column", "option"), [(column, o) for column, every in REFUSED.items() for o in every])
def test_a_limit_that_no_value_can_be_held_against_is_refused(contract_of: Make, column: str, option: str) -> None:
    with pytest.raises(ReportError) as refused:
        contract_of(schema(**{column: option}))
    assert [p.place.line for p in refused.value.problems if p.place]


FORMS = [
    "{kind: total, column: tal, by: [id], total: 1.0e+60}",
    "{kind: total, column: tal, by: [id], total: .inf}",
    "{kind: balance, plus: [tal], equals: antal, tolerance: 1.0e-60}",
    "{kind: change, by: [id], percent: 1.0e+60}",
    "{kind: change, by: [id], percent: 1, least: 1" + "0" * 60 + "}",
]


@pytest.mark.parametrize("form", FORMS)
def test_a_form_of_rule_with_such_a_number_is_refused(contract_of: Make, form: str) -> None:
    with pytest.raises(ReportError):
        contract_of(schema(f"{{type: custom, engine: report-builder, description: P., implementation: {form}}}"))


NESTED = {
    "brackets": "(" * 3000 + "1" + ")" * 3000,
    "selects": "(SELECT " * 1000 + "1" + ")" * 1000,
    "signs": "- " * 20_000 + "1",
    "not": "NOT " * 20_000 + "true",
    "case": "CASE WHEN 1=1 THEN " * 2000 + "1" + " END" * 2000,
}


@pytest.mark.parametrize("query", NESTED.values(), ids=NESTED)
def test_a_query_that_is_nested_beyond_measure_is_refused(contract_of: Make, query: str) -> None:
    with pytest.raises(ReportError, match="nested too deeply"):
        contract_of(schema(f'{{type: sql, description: Prov., query: "SELECT {query}", mustBe: 1}}'))


def test_a_query_that_the_engine_finds_too_deep_is_a_broken_rule(contract_of: Make, file: Path) -> None:
    query = "1" + " + 1" * 5000
    contract = contract_of(schema(f'{{type: sql, description: Prov., query: "SELECT {query}", mustBe: 1}}'), SEMICOLON)
    assert [code for code, _ in told(check_file(contract, file))] == ["broken-rule"]


@pytest.mark.parametrize("sign", ["\\0", "\\n", "\\r", '\\"', ""])
def test_what_cannot_part_columns_is_no_delimiter(contract_of: Make, sign: str) -> None:
    with pytest.raises(ReportError, match="delimiter is"):
        contract_of(schema(), f'customProperties: [{{property: delimiter, value: "{sign}"}}]')


LEVELS = """
slaProperties:
  - {property: freshness, value: 36500, unit: UNIT, element: rader.dag}
  - {property: retention, value: 36500, unit: UNIT, element: rader.dag}
  - {property: latency, value: 36500, unit: UNIT}
"""


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("unit", ["d", "mo", "y"])
def test_service_levels_end_with_the_calendar(contract_of: Make, file: Path, unit: str, day: date) -> None:
    contract = contract_of(schema(), SEMICOLON + LEVELS.replace("UNIT", unit))
    result = check_file(contract, file, around=DeliveryContext(since=day, as_of=day, received=day))
    early = day == date.min or unit == "y"
    assert [code for code, _ in told(result)] == (["too-short"] if early else ["stale"])


@given(
    st.floats()
    | st.integers()
    | st.decimals()
    | st.none()
    | st.text(min_size=1, max_size=3)
    | st.dates()
    | st.booleans()
)
def test_every_figure_is_written_and_judged(figure: object) -> None:
    assert plain(figure).sv
    assert plain(figure).en
    for bound in (
        Bound(operator="must_be_less_than", operand=5),
        Bound(operator="must_not_be", operand=1.5, percent=True),
    ):
        assert bound.holds(bound.measured(figure, 3)) in {True, False}


@given(st.decimals(min_value=-1000, max_value=1000, places=4))
def test_a_figure_is_written_to_two_decimals(figure: object) -> None:
    from decimal import Decimal

    shown = plain(figure).en
    assert abs(Decimal(shown) - figure) <= Decimal("0.005")  # type: ignore[operator]
    assert "." not in shown or not shown.endswith("0")
