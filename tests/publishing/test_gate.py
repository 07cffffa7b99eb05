"""The gate: what is not ready does not leave the house, and is told all at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from finals import REPORT, YEARLY, Issue, made_final, yearly

from report_builder import pipeline
from report_builder.output.plan import read_plan
from report_builder.problems import Place, Problem, ReportError, Severity
from report_builder.verbs.publish import take_to_gate
from report_builder.verifying import gate
from report_builder.verifying.links import dead_links
from report_builder.workspace.workspace import Workspace


def codes(conditions: list[gate.GateCondition]) -> dict[str, list[str]]:
    return {c.name: [p.code for p in c.problems] for c in conditions if c.problems}


def test_a_draft_of_example_data_is_told_everything(project: Path) -> None:
    workspace = Workspace(project)
    release, file = workspace.release(REPORT)
    found = list(gate.on_paper(workspace, release, file))
    assert codes(found) == {
        "the release is final and decided": ["not-final", "not-assigned", "not-assigned", "not-decided", "not-decided"],
        "every section has been reviewed": ["not-reviewed", "not-reviewed"],
    }
    for problem in gate.gate_failures(found):
        assert problem.hint
        assert problem.place is not None
        assert problem.place.line


def test_everything_that_says_it_is_an_example_is_named_with_its_line(project: Path) -> None:
    marks = read_plan(Workspace(project), REPORT).examples
    assert {"deliveries", "methods", "atgarder", "risker"} == marks.names
    found = gate.on_examples(marks).problems
    assert {p.code for p in found} == {"example-data", "example-method", "example-register"}
    for problem in found:
        assert problem.hint
        assert problem.place is not None
        line = (project / problem.place.file).read_text(encoding="utf-8").splitlines()[(problem.place.line or 0) - 1]
        assert line.strip() == "example: true"


def test_what_is_an_example_marks_every_page_though_the_data_is_real(tmp_path: Path) -> None:
    desk = made_final(yearly(tmp_path / "workspace"), YEARLY)
    (method,) = sorted((desk.root / "content" / "methods").glob("*/v1.yaml"))[:1]
    method.write_text(f"{method.read_text(encoding='utf-8')}\nexample: true\n", encoding="utf-8")
    plan = read_plan(Workspace(desk.root), YEARLY)
    deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
    written = pipeline.write(plan, deliveries, pipeline.release_facts_of(plan, deliveries))
    assert written.document.meta.marks == (plan.settings.marks.example,)
    assert "Ingen har beslutat det." in written.document.meta.mark_explanation
    assert codes([gate.on_examples(plan.examples)]) == {gate.on_examples(plan.examples).name: ["example-method"]}


def test_a_written_draft_is_marked_and_its_facts_are_no_outcome(tmp_path: Path) -> None:
    desk = yearly(tmp_path / "workspace")
    plan = read_plan(Workspace(desk.root), YEARLY)
    deliveries = pipeline.accepted(pipeline.check_deliveries(plan))
    written = pipeline.write(plan, deliveries, pipeline.release_facts_of(plan, deliveries))
    found = list(gate.on_document(written.document, written.facts, plan.settings, Place(file="x"), "draft"))
    assert codes(found) == {"no page is marked as draft or example": ["marked", "marked", "example-data"]}


def test_what_stops_a_build_is_told_with_what_the_file_alone_says(tmp_path: Path) -> None:
    desk = yearly(tmp_path / "workspace")
    path = desk.root / "content" / YEARLY / "metrics" / "iakttagelser.csv"
    path.write_text("nonsense\n", encoding="utf-8")
    checked = take_to_gate(Workspace(desk.root), YEARLY, lambda _: None)
    assert not checked.passed
    told = codes(list(checked.conditions))
    assert "not-final" in told["the release is final and decided"]
    assert any(name.startswith("the report can be made") for name in told)
    assert [c.name for c in checked.conditions if c.unknown] == [
        "marks, language, links, accessibility, archive and figures (looked at when the report can be made)"
    ]


def test_a_final_release_that_cannot_be_made_is_looked_at_as_a_draft(tmp_path: Path) -> None:
    """Everything at once: an unread section stops the build, and the unlocked template is told all the same."""
    desk = made_final(yearly(tmp_path / "workspace"), YEARLY)
    (desk.root / "templates" / "arsrapport" / "v1" / "released.yaml").unlink()
    desk.edit(f"content/{YEARLY}/release.yaml", "slutsatser: reviewed", "slutsatser: to-review")
    register = desk.root / "content" / YEARLY / "sections" / "utan-plats.md"
    register.write_text("En text som ingen mall tar in.\n", encoding="utf-8")
    checked = take_to_gate(Workspace(desk.root), YEARLY, lambda _: None)
    assert not checked.passed
    assert not any(c.unknown for c in checked.conditions)
    assert {"not-reviewed", "to-review", "unused-section"} <= {p.code for p in checked.problems}
    assert "marked" not in {p.code for p in checked.problems}


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("decided: 2026-02-20", "decided: 2099-02-20", "date-order"),
        ("diarienummer: 1.2-00001/2026", "diarienummer: ej tilldelat", "not-assigned"),
        ("slutsatser: reviewed", "slutsatser: to-review", "not-reviewed"),
        ("decided_by: avdelningschefen", "decided_by: ' '", "not-decided"),
        ("status: final", "status: final\nerrata: [{date: 2026-04-01, text: Rättad.}]", "version-missing"),
        ("status: final", "status: final\nerrata: [{date: 2020-04-01, text: Rättad.}]", "date-order"),
    ],
)
def test_one_thing_amiss(tmp_path: Path, old: str, new: str, code: str) -> None:
    desk = made_final(yearly(tmp_path / "workspace"), YEARLY)
    desk.edit(f"content/{YEARLY}/release.yaml", old, new)
    workspace = Workspace(desk.root)
    found = gate.gate_failures(list(gate.on_paper(workspace, *workspace.release(YEARLY))))
    assert code in [p.code for p in found]


@pytest.mark.parametrize(("days_before", "passes"), [(0, True), (1, True), (-1, False)])
def test_a_report_may_be_decided_on_the_day_of_its_publication(tmp_path: Path, days_before: int, passes: bool) -> None:
    desk = made_final(yearly(tmp_path / "workspace"), YEARLY)
    workspace = Workspace(desk.root)
    published = workspace.release(YEARLY)[0].published
    decided = published - timedelta(days=days_before)
    desk.edit(f"content/{YEARLY}/release.yaml", "decided: 2026-02-20", f"decided: {decided}")
    found = gate.gate_failures(list(gate.on_paper(workspace, *workspace.release(YEARLY))))
    assert ("date-order" not in [p.code for p in found]) is passes


def test_a_warning_is_an_obstacle() -> None:
    warning = Problem(code="unlocked-template", message="m", severity=Severity.WARNING)
    (found,) = gate.on_warnings([warning, warning]).problems
    assert found.severity is Severity.ERROR


def test_what_is_published_is_not_overwritten(issue: Issue) -> None:
    before = {p: p.read_bytes() for p in issue.folder.rglob("*") if p.is_file()}
    workspace = Workspace(issue.desk.root)
    found = gate.gate_failures(list(gate.on_paper(workspace, *workspace.release(REPORT))))
    assert [p.code for p in found] == ["published"]
    assert "errata" in found[0].hint
    assert before == {p: p.read_bytes() for p in issue.folder.rglob("*") if p.is_file()}


def test_links_that_lead_nowhere_are_found_in_every_edition(issue: Issue) -> None:
    files = {p.name: p.read_bytes() for p in issue.folder.iterdir() if p.suffix in (".pdf", ".docx", ".html")}
    assert list(dead_links(files)) == []
    page = next(name for name in files if name.endswith(".html"))
    spoilt = files[page].replace(b'id="nulagesbild"', b'id="annat"')
    assert {p.value for p in dead_links({page: spoilt})} == {"#nulagesbild"}


def test_names_by_the_rule() -> None:
    from report_builder.verifying.verify import Verified

    clean = Verified(problems=(), claims=0, read=(), judged=True)
    found = codes(list(gate.on_files({"Räkning.csv": b"", "a/b c.csv": b"", "a-1/facts.sdmx.csv": b""}, clean)))
    assert found == {"file names are by the rule": ["file-name", "file-name"]}


def test_an_unjudged_pdf_does_not_pass() -> None:
    from report_builder.verifying.verify import Verified

    unjudged = Verified(problems=(), claims=0, read=(), judged=False)
    assert codes(list(gate.on_files({}, unjudged))) == {"the PDF meets PDF/UA and PDF/A": ["not-judged"]}


def test_a_key_that_is_none(tmp_path: Path) -> None:
    from report_builder.packages.signature import private_key, public_key

    path = tmp_path / "key.pem"
    for content in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"):
        path.write_bytes(content)
        for read in (private_key, public_key):
            with pytest.raises(ReportError, match="does not hold"):
                read(path)
    with pytest.raises(ReportError, match="cannot be read"):
        private_key(tmp_path / "none.pem")
