"""Goals: the register against the outcome, and what prose and tables may say of it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from report_builder.facts.fact import Fact, FactSet, ObsStatus
from report_builder.narrative.chapters.goals import Goals, read_goals
from report_builder.periods import Period
from report_builder.problems import ReportError
from report_builder.workspace.workspace import CaseType, Workspace

RELEASE = """kind: rapport
release: a
status: draft
title: Rapport
running_title: Rapport
reference: X
diarienummer: X
article_number: X
published: 2027-02-26
created: 2027-02-26
template: rapport@v1
periods: {years: ["2025", "2026"]}
deliveries: [{dataset: d, contract: 1.0.0, example: true, files: {}}]
methods: {tid: v1}
"""
REGISTER = """measures: {goal: tid.median, guide: balans.antal, unit: dagar}
rows:
  - id: mal-a
    arendeslag: a
    mal: 100
    datum: 2029-12-31
    etappmal:
      - {varde: 150, datum: 2026-12-31}
      - {varde: 120, datum: 2027-12-31}
    riktvarde: 50
    riktvarde_datum: 2028-12-31
    skal: Därför.
    grund: Exempel
    agare: Avdelningschef
    status: Exempel
    granskad: 2027-01-18
"""
TYPES = tuple(CaseType(id=name, name=name.upper(), short=name.upper()) for name in "abcde")


def fact(measure: str, statistic: str, period: str, value: str | None, unit: str, case_type: str = "a") -> Fact:
    return Fact(
        id=f"{measure}.{statistic}.{case_type}.{period}", measure=measure, statistic=statistic, case_type=case_type,
        period=Period(period), value=None if value is None else Decimal(value), unit=unit, decimals=0,
        method=f"{measure}@v1", status=ObsStatus.MISSING if value is None else ObsStatus.NORMAL, example=True,
    )  # fmt: skip


def goals(
    root: Path,
    register: str = REGISTER,
    median: str | None = "130.4",
    stock: str = "50",
    outcome: Sequence[Fact] | None = None,
) -> Goals:
    folder = root / "content" / "rapport" / "a"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "release.yaml").write_text(RELEASE, encoding="utf-8")
    (root / "content" / "registers").mkdir(exist_ok=True)
    (root / "content" / "registers" / "mal.yaml").write_text(register, encoding="utf-8")
    workspace = Workspace(root)
    known = outcome or [
        fact("tid", "median", "2026", median, "dagar"),
        fact("balans", "antal", "2026-12-31", stock, "antal"),
    ]
    return read_goals(workspace, workspace.release("rapport/a")[0], (TYPES, "alla"), FactSet(known))


def test_a_goal_its_steps_and_the_distance_to_it_are_facts(tmp_path: Path) -> None:
    found = goals(tmp_path)
    values = {f.id: f.value for f in found.facts}
    assert values == {
        "mal.tid.a.2026": Decimal(100),
        "mal.nasta.a.2026": Decimal(120),  # the step of the last day of 2026 is past
        "mal.etappmal.a.2026-12-31": Decimal(150),
        "mal.etappmal.a.2027-12-31": Decimal(120),
        "mal.riktvarde.a.2026-12-31": Decimal(50),
        "mal.avvikelse-tid.a.2026": Decimal("30.4"),
        "mal.avstand-tid.a.2026": Decimal("30.4"),
        "mal.avvikelse-andel.a.2026": Decimal("30.4"),
        "mal.avvikelse-balans.a.2026-12-31": Decimal(0),
        "mal.avstand-balans.a.2026-12-31": Decimal(0),
    }
    deviation = next(f for f in found.facts if f.statistic == "avvikelse-tid")
    assert deviation.provenance.derived_from == ("tid.median.a.2026", "mal.tid.a.2026")
    assert deviation.example
    (row,) = found.rows
    assert (row.time.over, row.time.under, row.stock.over, row.stock.under) == (True, False, False, False)


def test_what_the_actions_remove_most_of_comes_first_and_among_equals_the_larger_deviation(tmp_path: Path) -> None:
    def row(name: str, effect: int) -> str:
        own = "".join(itertools.dropwhile(lambda line: "- id" not in line, REGISTER.splitlines(keepends=True)))
        own = own.replace("mal-a", f"mal-{name}").replace("arendeslag: a", f"arendeslag: {name}")
        return own.replace("    skal:", f"    vantad_effekt: {effect}\n    skal:")

    head = REGISTER.partition("  - id")[0]
    effects = {"a": 10, "b": 10, "c": 10, "d": 25, "e": 10}
    medians = {"a": "130", "b": "150", "c": "130", "d": "125", "e": "104"}
    register = head + "".join(row(name, effect) for name, effect in effects.items())
    outcome = [fact("tid", "median", "2026", value, "dagar", name) for name, value in medians.items()]
    found = goals(tmp_path, register, outcome=outcome)
    order = {f.case_type: f.value for f in found.facts if f.statistic == "ordning"}
    # d: 25 removed; b: 10, deviation 50; a and c: 10 and 30 both, in the register's order; e: only 4 to remove
    assert order == {"d": 1, "b": 2, "a": 3, "c": 4, "e": 5}


@pytest.mark.parametrize(("median", "over", "under"), [("100.4", False, False), ("99.6", False, False),
                                                       ("99.4", False, True), ("100.5", True, False)])  # fmt: skip
def test_the_side_is_that_of_the_printed_distance(tmp_path: Path, median: str, over: bool, under: bool) -> None:
    (row,) = goals(tmp_path, median=median).rows
    assert (row.time.over, row.time.under) == (over, under)


def test_without_an_outcome_there_is_a_goal_and_no_distance(tmp_path: Path) -> None:
    found = goals(tmp_path, median=None)
    assert not found.rows[0].time.known
    distance = next(f for f in found.facts if f.id == "mal.avvikelse-tid.a.2026")
    assert (distance.value, distance.status) == (None, ObsStatus.MISSING)


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("arendeslag: a", "arendeslag: x", "unknown-case-type", 4),
        ("datum: 2027-12-31}", "datum: 2026-06-30}", "interim-order", 7),
        ("datum: 2027-12-31}", "datum: 2030-01-01}", "interim-order", 7),
        ("    mal: 100\n", "", "missing-field", 3),
        ("mal: 100", "mal: hundra", "bad-value", 5),
        ("skal:", "skäl:", "unknown-field", 12),
    ],
)
def test_a_row_that_does_not_fit_says_where(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    with pytest.raises(ReportError) as caught:
        goals(tmp_path, REGISTER.replace(old, new, 1))
    assert (code, line) in {(p.code, p.place.line) for p in caught.value.problems if p.place}


def test_a_case_type_has_one_goal(tmp_path: Path) -> None:
    twice = REGISTER + "".join(itertools.dropwhile(lambda x: "- id" not in x, REGISTER.splitlines(keepends=True)))
    with pytest.raises(ReportError, match="two goals"):
        goals(tmp_path, twice)
