"""What the commission demands: every demand is answered, or the gap is told."""

from __future__ import annotations

from scenes import Scene
from workspaces import RELEASE

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.problems import Severity

REGISTER = "content/registers/uppdrag.yaml"
ANSWER = "delredovisning: [bedomning-slutredovisning]"


def gaps(problems: list) -> list:
    return [p for p in problems if p.code == "coverage-gap"]


def test_the_project_s_own_report_has_no_gap_and_shows_the_matrix(scene: Scene) -> None:
    composition = scene.compose()
    assert gaps(list(composition.warnings)) == []
    (matrix,) = [t for t in walk(composition.document) if isinstance(t, n.Table) and t.id == "tab-uppdraget"]
    assert len(matrix.rows) >= 10
    answers = [plain_text(row.cells[1]) for row in matrix.rows]
    assert "kapitel\u00a06, kapitel\u00a07" in answers
    assert "Slutredovisningen i februari 2027" in answers


def test_a_gap_warns_in_a_draft_and_stops_a_final_report(scene: Scene) -> None:
    scene.edit(REGISTER, ANSWER, "delredovisning: []")
    (gap,) = gaps(scene.warnings())
    line = next(
        i
        for i, text in enumerate((scene.root / REGISTER).read_text(encoding="utf-8").splitlines(), 1)
        if ": []" in text
    )
    assert (gap.severity, str(gap.place)) == (Severity.WARNING, f"{REGISTER}:{line}")
    scene.edit(f"content/{RELEASE}/release.yaml", "status: draft", "status: final")
    (gap,) = gaps(scene.faults())
    assert gap.severity is Severity.ERROR


def test_an_answer_that_is_no_heading_is_a_gap_with_a_hint(scene: Scene) -> None:
    scene.edit(REGISTER, ANSWER, "delredovisning: [bedomning-slutredovisnin]")
    composition = scene.compose()
    (gap,) = gaps(list(composition.warnings))
    assert "bedomning-slutredovisning" in gap.hint
    (matrix,) = [t for t in walk(composition.document) if isinstance(t, n.Table) and t.id == "tab-uppdraget"]
    assert plain_text(matrix.rows[-1].cells[1]) == "Besvaras inte ännu"


def test_a_row_that_does_not_fit_is_told_by_check(scene: Scene) -> None:
    scene.edit(REGISTER, "    krav: Slutredovisning av", "    kraav: Slutredovisning av")
    done = scene.desk.run("check")
    assert done.returncode == 1
    assert "unknown-field" in done.stderr
    assert REGISTER in done.stderr
