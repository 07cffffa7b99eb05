"""Warnings weighed against what a release accepts: by rule, object and column, with place and reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from report_builder.contracts.check import check_delivery
from report_builder.contracts.context import DeliveryContext
from report_builder.contracts.odcs.contract import Contract
from report_builder.deliveries.acceptance import Weighed, weigh
from report_builder.problems import Problem, Severity
from report_builder.workspace.workspace import Release
from report_builder.workspace.yamlfile import read

SCHEMA = """
  - name: rader
    properties:
      - name: slag
        logicalType: string
        quality:
          - {id: okant, metric: missingValues, severity: warning, mustBe: 0, arguments: {missingValues: [okänt]}}
      - {name: dag, logicalType: date, quality: [{metric: nullValues, severity: warning, mustBe: 0}]}
    quality:
      - type: custom
        engine: report-builder
        severity: warning
        implementation: {kind: coverage, column: slag, values: [a], period: {column: dag, each: quarter}}
"""
RELEASE = """\
kind: rapport
release: "1"
status: {status}
title: T
running_title: T
reference: R
diarienummer: D
article_number: A
published: 2024-02-01
created: 2024-02-01
template: rapport@v1
periods: {{years: ["2024"]}}
methods: {{m: v1}}
deliveries:
  - dataset: prov
    contract: 1.0.0
    example: true
    files: {{rader: rader.csv}}
{said}"""
SIGNED = "reason: Det är väntat., by: Enhetschefen, date: 2024-02-01"


@pytest.fixture
def weighed(
    contract_of: Callable[..., Contract], csv_of: Callable[..., Path], tmp_path: Path
) -> Callable[..., Weighed]:
    """Weighs a delivery with an unknown value, an empty day and no row in the second half of a year."""

    def make(said: str = "", status: str = "draft", more: tuple[Problem, ...] = ()) -> Weighed:
        path = tmp_path / "release.yaml"
        path.write_text(RELEASE.format(said=said, status=status), encoding="utf-8")
        release, file = read(path, "release.yaml", Release)
        rows = [["okänt", "2024-01-01"], ["a", "2024-02-02"], ["a", "2024-05-05"], ["a", ""]]
        around = DeliveryContext(since=date(2024, 1, 1), as_of=date(2024, 12, 31), absent=release.deliveries[0].absent)
        files = {"rader": csv_of("rader.csv", ["slag", "dag"], rows, delimiter=",")}
        delivery = check_delivery(contract_of(SCHEMA), files, around=around).delivery
        assert delivery is not None
        return weigh((*delivery.warnings, *more), [delivery], release, file)

    return make


def told(found: Weighed) -> list[str]:
    return sorted(p.rule or p.code for p in found.to_tell)


def test_what_nobody_has_accepted_is_told(weighed: Callable[..., Weighed]) -> None:
    assert told(weighed()) == ["not-covered", "okant", "required"]


@pytest.mark.parametrize(
    ("accepted", "left"),
    [
        ("rule: okant", ["required", "not-covered"]),
        ("rule: required", ["not-covered"]),  # the code of both; the first is a rule with a name too
        ("rule: required, column: dag", ["okant", "not-covered"]),
        ("rule: required, object: rader, column: slag", ["required", "not-covered"]),
        ("rule: not-covered", ["okant", "required"]),
        ("rule: required, object: andra", ["okant", "required", "not-covered", "unused-acceptance"]),
        ("rule: okannt", ["okant", "required", "not-covered", "unused-acceptance"]),
    ],
)
def test_an_acceptance_is_of_a_rule(weighed: Callable[..., Weighed], accepted: str, left: list[str]) -> None:
    found = weighed(f"    accepted: [{{{accepted}, {SIGNED}}}]\n")
    assert told(found) == sorted(left)
    reasons = {r.accepted.reason for r in found.remarks if r.accepted is not None}
    assert reasons == (set() if "unused-acceptance" in left else {"Det är väntat."})


def test_an_acceptance_of_what_does_not_occur_is_named_with_its_line(weighed: Callable[..., Weighed]) -> None:
    (problem,) = weighed(f"    accepted:\n      - {{rule: stale, {SIGNED}}}\n").problems
    assert problem.place is not None
    assert (problem.code, problem.place.line, problem.severity) == ("unused-acceptance", 20, Severity.WARNING)
    assert problem.hint


def test_a_final_report_needs_a_reason_for_every_remark(weighed: Callable[..., Weighed]) -> None:
    assert {p.severity for p in weighed(status="final").to_tell} == {Severity.ERROR}
    accepted = "".join(f"      - {{rule: {rule}, {SIGNED}}}\n" for rule in ("required", "not-covered"))
    assert not weighed("    accepted:\n" + accepted, status="final").to_tell


def test_an_absence_that_excuses_nothing_is_told(weighed: Callable[..., Weighed]) -> None:
    absent = f"    absent:\n      - {{group: {{slag: a, dag: 2024-Q3}}, {SIGNED}}}\n"
    assert told(weighed(absent)) == ["not-covered", "okant", "required"]
    found = weighed(absent + f"      - {{group: {{slag: a, dag: 2024-Q1}}, {SIGNED}}}\n")
    assert told(found) == ["needless-absence", "not-covered", "okant", "required"]
    assert found.problems[0].place is not None
    assert found.problems[0].place.line == 21


def test_the_sentence_for_the_report_is_swedish(weighed: Callable[..., Weighed]) -> None:
    sentences = [r.problem.sentence for r in weighed().remarks]
    assert sentences[0] == (
        "2 av 4 kombinationer av slag och kvartal saknar rader. a: kv\N{NO-BREAK SPACE}3\N{NO-BREAK SPACE}2024 och "
        "kv\N{NO-BREAK SPACE}4\N{NO-BREAK SPACE}2024"
    )
