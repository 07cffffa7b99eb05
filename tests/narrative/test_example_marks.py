"""What is made up is called an example where it is printed, by its field and by no word of its own."""

from __future__ import annotations

import pytest
from scenes import Scene

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text
from report_builder.narrative.checks.example_marks import marked_rows
from report_builder.problems import ReportError
from report_builder.workspace.yamlfile import parse_text

ACTIONS = "content/registers/atgarder.yaml"


def table(scene: Scene, name: str) -> n.Table:
    (found,) = [b for b in scene.compose().document.blocks if isinstance(b, n.Table) and b.id == name]
    return found


def test_where_every_row_is_an_example_a_note_says_so(scene: Scene) -> None:
    found = table(scene, "tab-atgarder")
    assert [plain_text(note) for note in found.notes] == ["Alla rader är exempel. Ingen har fastställt dem."]
    assert not any("exempel" in plain_text(row.cells[0]) for row in found.rows)


def test_where_one_row_is_an_example_it_says_so_itself(scene: Scene) -> None:
    scene.edit(ACTIONS, "\nexample: true\n", "\n")
    scene.edit(ACTIONS, "  - id: atg-prioritering\n", "  - id: atg-prioritering\n    example: true\n")
    found = table(scene, "tab-atgarder")
    said = [plain_text(row.cells[0]).endswith(" (exempel)") for row in found.rows]
    assert said == [True] + [False] * (len(said) - 1)
    assert not found.notes


def test_the_role_that_is_said_to_have_decided_a_method_is_called_an_example(scene: Scene) -> None:
    found = table(scene, "tab-metoder")
    assert all("(exempel), " in plain_text(row.cells[-1]) for row in found.rows)


@pytest.mark.parametrize(
    ("text", "line"), [("example: kanske\nrows: []\n", 1), ("rows:\n  - id: a\n  - id: b\n    example: 1\n", 4)]
)
def test_a_mark_is_true_or_false(text: str, line: int) -> None:
    file = parse_text(text, "register.yaml")
    with pytest.raises(ReportError) as caught:
        marked_rows(tuple(file.data["rows"]), file)
    (problem,) = caught.value.problems
    assert problem.place is not None
    assert (problem.code, problem.place.line) == ("bad-register", line)
