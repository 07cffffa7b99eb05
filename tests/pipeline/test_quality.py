"""The quality of what was delivered, in the report: figures that are facts, remarks, and who accepted them and why."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from workspaces import RELEASE, Desk

from report_builder import pipeline
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.narrative.checks import readiness
from report_builder.narrative.compose import Composition
from report_builder.output.plan import Plan, read_plan
from report_builder.problems import Severity
from report_builder.workspace.workspace import Workspace

HOME = f"content/{RELEASE}/release.yaml"
ACCEPTED = "    accepted:\n"
SIGNED = "by: Enhetschefen, date: 2026-02-01"


def written(desk: Desk) -> tuple[Plan, Any, Composition]:
    plan = read_plan(Workspace(desk.root), RELEASE)
    deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
    weighed = pipeline.remarks(plan, deliveries)
    return plan, weighed, pipeline.write(plan, deliveries, pipeline.release_facts_of(plan, deliveries))


def quality(document: n.Document) -> list[n.Block]:
    """The blocks of the appendix on sources and quality, and those of its chapter in the data annex."""
    found: list[n.Block] = []
    within = False
    for block in document.blocks:
        if isinstance(block, n.Heading) and block.level == 1:
            within = block.id in ("bilaga-kallor", "bilaga-kallor-innehall")
        if within:
            found.append(block)
    return found


def sentences(blocks: list[n.Block]) -> Iterator[str]:
    for block in blocks:
        for node in walk(block):
            if isinstance(node, n.Paragraph):
                yield plain_text(node.content).replace("\N{NO-BREAK SPACE}", " ")


@pytest.fixture
def gappy(desk: Desk) -> Desk:
    """A delivery that lacks a case type in one quarter, and has waits of an unknown cause."""
    path = desk.metrics / "arenden.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [x for x in lines if not (";psl;" in x and any(f";2024-{m}-" in x[:40] for m in ("04", "05", "06")))]
    assert len(kept) < len(lines)
    path.write_text("".join(kept), encoding="utf-8")
    waits = desk.metrics / "uppehall.csv"
    waits.write_text(waits.read_text(encoding="utf-8").replace("yttrande", "annan"), encoding="utf-8")
    return desk


def test_what_was_delivered_is_told_in_tables_of_facts(gappy: Desk) -> None:
    plan, weighed, composition = written(gappy)
    rules = [p.rule or p.code for p in weighed.to_tell]
    assert rules == ["annan-orsak"]
    blocks = quality(composition.document)
    tables = {b.id: b for b in blocks if isinstance(b, n.Table)}
    assert list(tables) == [
        "tab-kvalitet-filer", "tab-kvalitet-metoder", "tab-kvalitet-arenden", "tab-tackning-arenden-arendeslag",
        "tab-kvalitet-uppehall", "tab-kvalitet-uppgifter",
    ]  # fmt: skip
    for row in tables["tab-kvalitet-metoder"].rows:
        ids = [v.fact_id for cell in row.cells[1:] for v in walk(cell) if isinstance(v, n.FactValue)]
        numbers = [int(composition.facts.require(fact_id).value or 0) for fact_id in ids]
        read, returns, *became = numbers
        assert read + returns == sum(became)
        assert read > 0
    facts = {f.id: f for f in composition.facts}
    printed = {v.fact_id for t in tables.values() for v in walk(t) if isinstance(v, n.FactValue)}
    assert {i for i in facts if i.startswith("datakvalitet.")} == printed
    rows = (gappy.metrics / "arenden.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert facts["datakvalitet.rader.arenden.2025-12-31"].value == len(rows)
    assert facts["datakvalitet.tomma.arenden-beslutad.2025-12-31"].value == sum(not r.split(";")[4] for r in rows)
    assert facts["datakvalitet.okanda.uppehall-orsak.2025-12-31"].value == 50
    assert facts["datakvalitet.rader-med-anmarkning.uppgifter.2026-02-27"].value == 7
    a_year = sum(r.split(";")[1] == "psl" and r.split(";")[3].startswith("2024") for r in rows)
    assert facts["datakvalitet.arenden-arendeslag.psl.2024"].value == a_year
    gaps = facts["datakvalitet.arenden-arendeslag-utan-rader.psl.2023-01-01/2025-12-31"]
    assert gaps.value is not None and gaps.value >= 1
    assert gaps.example and gaps.provenance.contract == plan.contracts["arenden"].id
    said = list(sentences(blocks))
    assert "Anmärkningen är ännu inte bedömd." in said
    assert any("kombinationer av arendeslag och kvartal saknar rader" in s and "kv 2 2024" in s for s in said)


def test_an_acceptance_and_an_absence_stand_in_the_report_with_their_reasons(gappy: Desk) -> None:
    gappy.edit(HOME, ACCEPTED, f"""\
    absent:
      - {{group: {{arendeslag: psl, registrerad: 2024-Q2}}, reason: Mottagningen var stängd., {SIGNED}}}
{ACCEPTED}\
      - {{rule: annan-orsak, reason: Orsaken angavs inte före maj., {SIGNED}}}
""")  # fmt: skip
    _, weighed, composition = written(gappy)
    assert "annan-orsak" not in [p.rule for p in weighed.to_tell]
    said = list(sentences(quality(composition.document)))
    assert "Skäl att ändå använda uppgifterna: Orsaken angavs inte före maj (enhetschefen, 1 februari 2026)." in said
    assert any(
        s.endswith("andra kvartalet 2024: Mottagningen var stängd (enhetschefen, 1 februari 2026).") for s in said
    )
    assert not any("kv 2 2024" in s for s in said)


def test_in_a_final_report_a_remark_without_a_reason_is_an_error(gappy: Desk) -> None:
    gappy.edit(HOME, "status: draft", "status: final")
    plan = read_plan(Workspace(gappy.root), RELEASE)
    weighed = pipeline.remarks(plan, pipeline.accepted(pipeline.check_deliveries(plan)))
    assert [(p.rule, p.severity) for p in weighed.to_tell] == [("annan-orsak", Severity.ERROR)]
    told = readiness.readiness_problems(plan.workspace, plan.release, plan.template, (), weighed.remarks)
    assert next(iter(told)).rule == "annan-orsak"
