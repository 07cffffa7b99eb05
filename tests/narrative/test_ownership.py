"""Registers that people own: a row that nobody has looked at since the last report is told, with line and owner."""

from __future__ import annotations

from pathlib import Path

import pytest

from report_builder.narrative.checks.ownership import review_problems
from report_builder.problems import Problem, ReportError, Severity
from report_builder.workspace.workspace import Workspace

RELEASE = """kind: rapport
release: {release}
status: draft
title: Rapport
running_title: Rapport
reference: X
diarienummer: X
article_number: X
published: {created}
created: {created}
template: rapport@v1
periods: {{years: ["2025"]}}
deliveries: [{{dataset: d, contract: 1.0.0, example: true, files: {{}}}}]
methods: {{m: v1}}
previous: {previous}
"""
REGISTER = """owned: {owner: agare, date: datum, status: status, reviewed: granskad}
rows:
  - {id: ny, agare: Rättschef, datum: 2026-12-31, status: Pågår, granskad: 2026-02-27}
  - id: gammal
    agare: It-chef
    datum: 2026-12-31
    status: Planerad
    granskad: 2026-02-26
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for release, created, previous in (("a", "2026-02-27", '""'), ("b", "2026-05-20", "rapport/a")):
        folder = tmp_path / "content" / "rapport" / release
        folder.mkdir(parents=True)
        text = RELEASE.format(release=release, created=created, previous=previous)
        (folder / "release.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "content" / "registers").mkdir()
    (tmp_path / "content" / "registers" / "atgarder.yaml").write_text(REGISTER, encoding="utf-8")
    return Workspace(tmp_path)


def found(workspace: Workspace, release: str = "rapport/b") -> list[Problem]:
    return list(review_problems(workspace, workspace.release(release)[0], ["atgarder"]))


def write(workspace: Workspace, old: str, new: str) -> None:
    path = workspace.root / "content" / "registers" / "atgarder.yaml"
    assert old in REGISTER
    path.write_text(REGISTER.replace(old, new, 1), encoding="utf-8")


def test_a_row_older_than_the_previous_release_is_told_with_line_and_owner(workspace: Workspace) -> None:
    (problem,) = found(workspace)
    assert problem.severity is Severity.WARNING
    assert str(problem.place) == "content/registers/atgarder.yaml:8"
    assert "atgarder: the row gammal" in problem.message
    assert "It-chef" in problem.message
    assert "granskad" in problem.hint


def test_a_release_without_a_previous_one_has_nothing_to_be_stale_against(workspace: Workspace) -> None:
    assert found(workspace, "rapport/a") == []


def test_a_review_on_the_day_of_the_previous_release_is_in_time(workspace: Workspace) -> None:
    write(workspace, "granskad: 2026-02-26", "granskad: 2026-02-27")
    assert found(workspace) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "word"),
    [
        ("    agare: It-chef\n", "", 4, "agare"),
        ("    status: Planerad\n", '    status: ""\n', 7, "status"),
        ("granskad: 2026-02-26", "granskad: i våras", 8, "not a date"),
    ],
)
def test_a_row_that_lacks_what_an_owned_row_has_is_an_error(
    workspace: Workspace, old: str, new: str, line: int, word: str
) -> None:
    write(workspace, old, new)
    (problem,) = found(workspace)
    assert problem.severity is Severity.ERROR
    assert problem.place is not None
    assert problem.place.line == line
    assert word in problem.message


def test_a_head_that_names_too_little_is_an_error(workspace: Workspace) -> None:
    write(workspace, "owned: {owner: agare, ", "owned: {")
    with pytest.raises(ReportError, match="owned names"):
        found(workspace)


def test_a_register_without_owners_is_left_alone(workspace: Workspace) -> None:
    write(workspace, "owned: {owner: agare, date: datum, status: status, reviewed: granskad}\n", "")
    assert found(workspace) == []


def test_the_releases_own_copy_of_a_register_goes_before_the_shared_one(workspace: Workspace) -> None:
    own = workspace.root / "content" / "rapport" / "b" / "registers"
    own.mkdir()
    (own / "atgarder.yaml").write_text(REGISTER.replace("2026-02-26", "2026-05-18"), encoding="utf-8")
    assert found(workspace) == []
    assert workspace.register("atgarder", "rapport/b")[1].name == "content/rapport/b/registers/atgarder.yaml"
    assert workspace.register("atgarder", "rapport/a")[1].name == "content/registers/atgarder.yaml"


def test_a_previous_release_that_is_not_there_is_an_error(workspace: Workspace) -> None:
    path = workspace.root / "content" / "rapport" / "b" / "release.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("rapport/a", "rapport/x"), encoding="utf-8")
    with pytest.raises(ReportError, match="no release rapport/x"):
        found(workspace)
