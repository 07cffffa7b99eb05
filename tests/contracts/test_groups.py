"""Rules on groups of rows and service levels: what is wholly missing, what moved, what came late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from report_builder.contracts.check import CheckResult, check_delivery
from report_builder.contracts.context import DeliveryContext, Earlier
from report_builder.contracts.odcs.contract import Contract
from report_builder.contracts.report import html_report
from report_builder.contracts.result import Finding, Status
from report_builder.problems import ReportError
from report_builder.workspace.workspace import Absent

Make = Callable[..., Contract]
Write = Callable[..., Path]
SCHEMA = """
  - name: rader
    properties:
      - {{name: id, logicalType: string, unique: true}}
      - {{name: slag, logicalType: string, businessName: Slag{column}}}
      - {{name: dag, logicalType: date, businessName: Dag}}
    quality:
{rules}
"""
COVERAGE = """
      - id: alla-slag
        type: custom
        engine: report-builder
        severity: warning
        implementation: {kind: coverage, column: slag, values: [a, b], period: {column: dag, each: quarter}}
"""
CHANGE = """
      - id: forra
        type: custom
        engine: report-builder
        severity: warning
        implementation: {kind: change, by: [slag], period: {column: dag, each: year}, percent: 10, least: 5}
"""
ROWCOUNT = "      - {metric: rowCount, mustBeGreaterThan: 0}\n"
YEAR = DeliveryContext(since=date(2024, 1, 1), as_of=date(2024, 12, 31))
EVERY_QUARTER = [(kind, f"2024-{month:02d}-15") for kind in "ab" for month in (1, 4, 7, 10)]


def contract(contract_of: Make, rules: str = ROWCOUNT, column: str = "", top: str = "") -> Contract:
    return contract_of(SCHEMA.format(rules=rules, column=column), top)


def delivered(csv_of: Write, rows: list[tuple[str, str]], name: str = "rader.csv") -> Path:
    lines = [[str(i), kind, day] for i, (kind, day) in enumerate(rows)]
    return csv_of(name, ["id", "slag", "dag"], lines, delimiter=",")


def checked(made: Contract, path: Path, around: DeliveryContext = YEAR) -> CheckResult:
    return check_delivery(made, {"rader": path}, around=around)


def the_finding(result: CheckResult) -> Finding:
    (finding,) = result.findings
    assert finding.hint.sv
    assert finding.fault.sv in html_report(result)
    return finding


def test_every_value_in_every_period_is_no_fault(contract_of: Make, csv_of: Write) -> None:
    assert not checked(contract(contract_of, COVERAGE), delivered(csv_of, EVERY_QUARTER)).findings


def test_a_group_that_is_wholly_missing_is_found(contract_of: Make, csv_of: Write) -> None:
    rows = [(k, d) for k, d in EVERY_QUARTER if k == "a"]
    finding = the_finding(checked(contract(contract_of, COVERAGE), delivered(csv_of, rows)))
    assert (finding.name, finding.count, finding.row) == ("alla-slag", 4, None)
    assert finding.fault.sv == "4 av 8 kombinationer av slag och kvartal saknar rader."
    assert [d.sv for d in finding.details] == ["b: inga rader alls"]


def test_a_period_that_is_wholly_missing_is_found(contract_of: Make, csv_of: Write) -> None:
    rows = [(k, d) for k, d in EVERY_QUARTER if "-07-" not in d]
    result = checked(contract(contract_of, COVERAGE), delivered(csv_of, rows))
    finding = the_finding(result)
    assert [d.en for d in finding.details] == ["a: 2024-Q3", "b: 2024-Q3"]
    page = html_report(result)
    assert "<li>a: kv\N{NO-BREAK SPACE}3\N{NO-BREAK SPACE}2024</li>" in page
    assert "kv\N{NO-BREAK SPACE}3" in finding.said.sv


@pytest.mark.parametrize("as_of", [date(2024, 9, 29), date(2024, 7, 1)])
def test_a_period_that_the_delivery_tells_half_of_is_not_asked_for(
    contract_of: Make, csv_of: Write, as_of: date
) -> None:
    rows = [(k, d) for k, d in EVERY_QUARTER if d < "2024-07"]
    around = DeliveryContext(since=date(2024, 1, 1), as_of=as_of)
    assert not checked(contract(contract_of, COVERAGE), delivered(csv_of, rows), around).findings


def stated(**group: str) -> DeliveryContext:
    absent = Absent(group=group, reason="Slaget infördes senare.", by="Enhetschefen", date=date(2024, 2, 1))
    return DeliveryContext(since=YEAR.since, as_of=YEAR.as_of, absent=(absent,))


@pytest.mark.parametrize(
    ("around", "excused"),
    [
        (stated(slag="b", dag="2024-Q1"), True),
        (stated(slag="b", dag="2024"), True),
        (stated(slag="b"), True),
        (stated(dag="2024-Q1"), True),
        (stated(slag="b", dag="2024-Q2"), False),
        (stated(slag="b", dag="våren"), False),
        (stated(slag="a"), False),
        (stated(slag="b", id="1"), False),
    ],
)
def test_a_stated_absence_excuses_its_own_group(
    contract_of: Make, csv_of: Write, around: DeliveryContext, excused: bool
) -> None:
    rows = [(k, d) for k, d in EVERY_QUARTER if (k, d) != ("b", "2024-01-15")]
    result = checked(contract(contract_of, COVERAGE), delivered(csv_of, rows), around)
    assert bool(result.findings) != excused
    assert result.delivery is not None
    (groups,) = result.delivery.quality[0].groups
    (gap,) = groups.gaps
    assert (gap.value, gap.period, gap.stated) == ("b", "2024-Q1", 0 if excused else None)


def test_without_days_nobody_knows_which_periods_there_are(contract_of: Make, csv_of: Write) -> None:
    result = checked(contract(contract_of, COVERAGE), delivered(csv_of, EVERY_QUARTER), DeliveryContext())
    assert [o.status for o in result.outcomes if o.code == "not-covered"] == [Status.SKIPPED]


def test_a_value_that_must_stand_somewhere(contract_of: Make, csv_of: Write) -> None:
    rule = """
      - {type: custom, engine: report-builder, implementation: {kind: coverage, column: slag, values: [a, c]}}
"""
    finding = the_finding(checked(contract(contract_of, rule), delivered(csv_of, EVERY_QUARTER)))
    assert (finding.fault.en, finding.count) == ("slag nowhere holds c.", 1)


def test_a_coverage_takes_groups_or_periods(contract_of: Make) -> None:
    with pytest.raises(ReportError) as caught:
        contract(contract_of, COVERAGE.replace("column: slag,", "column: slag, by: [id],"))
    assert [p.code for p in caught.value.problems] == ["bad-arguments"]


def before(path: Path, as_of: date = date(2023, 12, 31)) -> DeliveryContext:
    earlier = Earlier(name="rapport/1", files={"rader": path}, since=date(2022, 1, 1), as_of=as_of)
    return DeliveryContext(since=date(2023, 1, 1), as_of=date(2024, 12, 31), earlier=earlier)


def cases(a: int, b: int, year: int = 2023) -> list[tuple[str, str]]:
    return [("a", f"{year}-05-05")] * a + [("b", f"{year}-06-06")] * b


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ((20, 4), (22, 2), []),
        ((20, 4), (23, 4), ["a, 2023: från 20 till 23 rader (+15 procent)"]),
        ((20, 20), (17, 0), [
            "a, 2023: från 20 till 17 rader (−15 procent)", "b, 2023: från 20 till 0 rader (−100 procent)",
        ]),
        ((20, 0), (20, 7), ["b, 2023: från 0 till 7 rader"]),
    ],
)  # fmt: skip
def test_a_change_against_the_delivery_before(
    contract_of: Make, csv_of: Write, was: tuple[int, int], now: tuple[int, int], told: list[str]
) -> None:
    old = delivered(csv_of, [*cases(*was), *cases(50, 50, 2022)], "forra.csv")
    path = delivered(csv_of, [*cases(*now), *cases(9, 9, 2024), *cases(1, 1, 2022)])
    result = checked(contract(contract_of, CHANGE), path, before(old))
    assert [d.sv for f in result.findings for d in f.details] == told
    assert result.delivery is not None


def test_only_periods_that_both_tell_of_whole_are_compared(contract_of: Make, csv_of: Write) -> None:
    old, new = delivered(csv_of, cases(20, 20), "forra.csv"), delivered(csv_of, cases(40, 40))
    assert not checked(contract(contract_of, CHANGE), new, before(old, date(2023, 12, 30))).findings


@pytest.mark.parametrize("content", ["id,slag\n1,a\n", "", None])
def test_a_delivery_before_that_cannot_be_read_is_no_fault_of_this_one(
    contract_of: Make, csv_of: Write, tmp_path: Path, content: str | None
) -> None:
    old = tmp_path / "forra.csv"
    if content is not None:
        old.write_text(content, encoding="utf-8")
    result = checked(contract(contract_of, CHANGE), delivered(csv_of, cases(5, 5)), before(old))
    (skipped,) = [o for o in result.outcomes if o.code == "changed-since-last"]
    assert skipped.reason is not None
    assert "rapport/1" in skipped.reason.sv


SHARE = """, quality: [{id: okant, metric: missingValues, severity: warning, unit: percent, mustBeLessOrEqualTo: 25,
        arguments: {missingValues: [okänt, null]}}]"""


@pytest.mark.parametrize(("unknown", "empty", "share"), [(1, 1, None), (2, 1, "37,5"), (0, 2, None), (8, 0, "100")])
def test_the_share_of_unknown(contract_of: Make, csv_of: Write, unknown: int, empty: int, share: str | None) -> None:
    kinds = ["okänt"] * unknown + [""] * empty + ["a"] * (8 - unknown - empty)
    path = delivered(csv_of, [(kind, "2024-01-01") for kind in kinds])
    result = checked(contract(contract_of, ROWCOUNT, SHARE), path)
    assert result.delivery is not None
    column = result.delivery.quality[0].columns[1]
    assert (column.filled, column.unknown) == (8 - empty, unknown)
    if share is None:
        assert not result.findings
        return
    finding = the_finding(result)
    assert (finding.name, finding.count) == ("okant", unknown + empty)
    words = (
        f"Andelen celler i slag som är tomma eller innehåller okänt är {share} procent men ska vara högst 25 procent."
    )
    assert finding.fault.sv == words
    assert result.delivery.quality[0].remarked == unknown + empty


SERVICE = """\
slaProperties:
  - {{property: {name}, value: {value}, unit: {unit}, element: rader.dag, description: Lovat.}}
"""


def kept(
    contract_of: Make, path: Path, name: str, value: object, unit: str, around: DeliveryContext = YEAR
) -> list[str]:
    made = contract(contract_of, top=SERVICE.format(name=name, value=value, unit=unit))
    result = checked(made, path, around)
    assert all(f.severity == "warning" and f.note == "Lovat." for f in result.findings)
    return [f.code for f in result.findings]


@pytest.mark.parametrize(
    ("name", "value", "unit", "code"),
    [
        ("freshness", 77, "d", []),
        ("freshness", 76, "d", ["stale"]),
        ("freshness", 3, "mo", []),
        ("freshness", 2, "mo", ["stale"]),
        ("retention", 11, "mo", []),
        ("retention", 1, "y", ["too-short"]),
        ("retention", 351, "days", []),
        ("retention", 352, "days", ["too-short"]),
        ("coverage", "quarter", "''", []),
        ("coverage", "month", "''", ["period-without-rows"]),
    ],
)
def test_a_service_level_of_a_column(
    contract_of: Make, csv_of: Write, name: str, value: object, unit: str, code: list[str]
) -> None:
    assert kept(contract_of, delivered(csv_of, EVERY_QUARTER), name, value, unit) == code


@pytest.mark.parametrize(("received", "code"), [(date(2025, 1, 10), []), (date(2025, 1, 11), ["late"]), (None, [])])
def test_a_delivery_that_comes_late(contract_of: Make, csv_of: Write, received: date | None, code: list[str]) -> None:
    around = DeliveryContext(since=YEAR.since, as_of=YEAR.as_of, received=received)
    assert kept(contract_of, delivered(csv_of, EVERY_QUARTER), "latency", 10, "d", around) == code


def test_a_column_without_any_day_is_not_fresh(contract_of: Make, csv_of: Write) -> None:
    assert kept(contract_of, delivered(csv_of, [("a", "")]), "freshness", 1, "y") == ["stale"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{property: freshness, value: 10, unit: d, element: rader.id}", "bad-value"),
        ("{property: freshness, value: 10, unit: d, element: rader.dagg}", "unknown-column"),
        ("{property: freshness, value: 10, unit: d, element: dag}", "unknown-object"),
        ("{property: freshness, value: 10, unit: d}", "unknown-object"),
        ("{property: freshness, value: tio, unit: d, element: rader.dag}", "bad-value"),
        ("{property: freshness, value: 10, unit: h, element: rader.dag}", "bad-value"),
        ("{property: retention, value: 99999999, unit: d, element: rader.dag}", "bad-value"),
        ("{property: coverage, value: week, element: rader.dag}", "bad-value"),
    ],
)
def test_a_service_level_that_cannot_be_tried_is_a_fault_of_the_contract(
    contract_of: Make, line: str, code: str
) -> None:
    with pytest.raises(ReportError) as caught:
        contract(contract_of, top=f"slaProperties:\n  - {line}")
    assert [p.code for p in caught.value.problems] == [code]
    assert caught.value.problems[0].place is not None
    assert caught.value.problems[0].place.line == 7


def test_other_service_levels_are_for_people(contract_of: Make, csv_of: Write) -> None:
    made = contract(contract_of, top="slaProperties:\n  - {property: frequency, value: 1, unit: per rapport}")
    assert not checked(made, delivered(csv_of, EVERY_QUARTER)).findings
