"""Projections of goals: facts about their own day, marked wherever they show, and the order of the case types."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from test_goals import REGISTER, RELEASE

from report_builder.document import nodes as n
from report_builder.facts.fact import Fact, FactSet, ObsStatus, difference
from report_builder.narrative.chapters.goals import Goals, read_goals
from report_builder.narrative.chapters.outlook import outlook_table, unmarked
from report_builder.periods import Period
from report_builder.workspace.workspace import CaseType, Workspace

TYPES = (CaseType(id="a", name="A", short="A"), CaseType(id="b", name="B", short="B"))
YEARS = [Period("2025"), Period("2026")]
SECOND = """  - id: mal-b
    arendeslag: b
    mal: 100
    datum: 2027-12-31
    riktvarde: 1000
    riktvarde_datum: 2027-12-31
    vantad_effekt: 500
    skal: Därför.
    grund: Exempel
    agare: Avdelningschef
    status: Exempel
    granskad: 2027-01-18
"""


def fact(measure: str, statistic: str, case_type: str, period: str, value: Decimal | int, unit: str) -> Fact:
    return Fact(
        id=f"{measure}.{statistic}.{case_type}.{period}", measure=measure, statistic=statistic, case_type=case_type,
        period=Period(period), value=Decimal(value), unit=unit, decimals=0, method=f"{measure}@v1", example=True,
    )  # fmt: skip


def course(case_type: str, step: int) -> list[Fact]:
    """A backlog that moves by ``step`` a month from 500, and times that are a fifth of it."""
    days = [Period("2024-12-31"), *(m.last_day for year in YEARS for m in year.months())]
    levels = {day.name: 500 + step * i for i, day in enumerate(days)}
    found = [fact("balans", "antal", case_type, day, level, "antal") for day, level in levels.items()]
    for year in YEARS:
        quarters = [Period(f"{year.name}-Q{i}") for i in (1, 2, 3, 4)]
        for period in (year, *quarters):
            level = levels[period.last_day.name]
            found.append(fact("tid", "median", case_type, period.name, Decimal(level) / 5, "dagar"))
    return found


@pytest.fixture
def goals(tmp_path: Path) -> Goals:
    folder = tmp_path / "content" / "rapport" / "a"
    folder.mkdir(parents=True)
    (folder / "release.yaml").write_text(RELEASE, encoding="utf-8")
    (tmp_path / "content" / "registers").mkdir()
    register = REGISTER.replace("    skal:", "    vantad_effekt: 20\n    skal:") + SECOND
    (tmp_path / "content" / "registers" / "mal.yaml").write_text(register, encoding="utf-8")
    workspace = Workspace(tmp_path)
    facts = FactSet([*course("a", 5), *course("b", 10)])
    return read_goals(workspace, workspace.release("rapport/a")[0], (TYPES, "alla"), facts)


def test_a_projection_is_a_fact_about_its_own_day(goals: Goals) -> None:
    facts = {f.id: f for f in goals.facts}
    stock = facts["mal.framskriven-balans.a.2028-12-31"]
    assert (stock.value, stock.status, stock.unit) == (740, ObsStatus.FORECAST, "antal")
    assert stock.example
    assert stock.provenance.derived_from == ("balans.antal.a.2026-12-31",)
    time = facts["mal.framskriven-tid.b.2027-12-31"]
    assert (time.value, time.method, time.period.name) == (172, "tid@v1", "2027-12-31")
    assert facts["mal.framskriven-tid-lagst.b.2027-12-31"].value == 172
    rows = {row.case_type.id: (row.time_prospect, row.stock_prospect) for row in goals.rows}
    assert rows == {"a": ("missed", "missed"), "b": ("missed", "reached")}


def test_how_often_projections_held_is_told(goals: Goals) -> None:
    facts = {f.id: f for f in goals.facts}
    assert facts["mal.provade-balans.alla.2026"].value == 2  # a year before it and a year after it: one day each
    assert facts["mal.traffsakerhet-balans.alla.2026"].value == 100
    assert "mal.provade-tid.alla.2026" not in facts  # two years cannot tell how far a time strays


def test_the_deviation_has_a_trend_and_the_case_types_an_order(goals: Goals) -> None:
    facts = {f.id: f for f in goals.facts}
    now, before = facts["mal.avvikelse-tid.b.2026"], facts["mal.avvikelse-tid.b.2025"]
    assert (now.value, before.value, difference(now, before).value) == (48, 24, 24)
    assert facts["mal.avvikelse-andel.b.2026"].value == 48
    assert {t: facts[f"mal.atgardbar.{t}.2026"].value for t in "ab"} == {"a": 20, "b": 48}
    assert {t: facts[f"mal.ordning.{t}.2026"].value for t in "ab"} == {"a": 2, "b": 1}


def test_a_table_of_projections_marks_each_and_says_what_is_to_be_reached(goals: Goals) -> None:
    table = outlook_table(goals.outlooks, "balans", {"a": "A", "b": "B"}, table_id="t", caption="Framskrivning")
    words = [["".join(getattr(i, "text", "") for i in cell) for cell in row.cells] for row in table.rows]
    assert words[0][3:] == ["740\u00a0F", "740–740\u00a0F", "väntas inte nås"]
    assert words[1][3:] == ["860\u00a0F", "860–860\u00a0F", "väntas nås"]
    assert "F Framskrivning" in str(table.notes)


@pytest.mark.parametrize(("words", "marked"), [("Balansen blir ", False), ("Framskrivningen ger ", True)])
def test_a_projection_that_is_printed_unmarked_is_refused(goals: Goals, words: str, marked: bool) -> None:
    figure = n.FactValue(fact_id="mal.framskriven-balans.a.2028-12-31", text="740")
    paragraph = n.Paragraph(content=(n.Text(text=words), figure))
    for block in (paragraph, n.Callout(kind="note", title="Så går det", blocks=(paragraph,))):
        document = cast(n.Document, SimpleNamespace(blocks=(block,)))
        found = list(unmarked(document, FactSet(goals.facts)))
        assert [p.code for p in found] == ([] if marked else ["unmarked-projection"])
