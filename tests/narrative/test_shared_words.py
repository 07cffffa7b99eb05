"""Words that a workspace says differently from the program: pinned by the template, locked with it, checked by line."""

from __future__ import annotations

import pytest
from scenes import Scene
from workspaces import RELEASE

from report_builder.catalogue import gettext
from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.output.plan import inputs_of, read_plan
from report_builder.workspace.workspace import Workspace

WORDS = "templates/shared/v1/ord.po"
TEMPLATE = "templates/delredovisning/v1/template.yaml"


def _heads(scene: Scene) -> set[str]:
    return {plain_text(t.columns[0].header) for t in walk(scene.compose().document) if isinstance(t, n.Table)}


def test_a_workspace_s_own_word_goes_before_the_program_s(scene: Scene) -> None:
    assert "Ärendeslag" in _heads(scene)
    scene.edit(WORDS, 'msgstr "ärendeslag"', 'msgstr "verksamhet"')
    assert "Verksamhet" in _heads(scene)
    assert gettext("case type") == "kategori", "the words of a report do not stay when it is written"


def test_a_template_that_shares_no_words_has_the_program_s(scene: Scene) -> None:
    scene.edit(TEMPLATE, "shared: v1\n", "")
    assert "Kategori" in _heads(scene)


def test_the_words_are_an_input_of_the_release_and_locked_with_its_template(scene: Scene) -> None:
    plan = read_plan(Workspace(scene.root), RELEASE)
    assert [(i.role, i.version) for i in inputs_of(plan) if i.name == WORDS] == [("template", "delredovisning@v1")]
    scene.edit(f"content/{RELEASE}/release.yaml", "status: draft", "status: final")
    assert scene.desk.run("templates", "lock", "delredovisning@v1", "--release", RELEASE).returncode == 0
    assert scene.desk.run("check").returncode == 0
    scene.edit(WORDS, 'msgstr "ärendeslag"', 'msgstr "verksamhet"')
    (scene.root / "templates/shared/v1/fler.po").write_text("", encoding="utf-8")
    done = scene.desk.run("check")
    assert done.returncode == 1
    assert f"{WORDS}: " in done.stderr.replace("templates/delredovisning/v1/../../shared", "templates/shared")
    assert "shared/v1/fler.po has been added" in done.stderr


@pytest.mark.parametrize(
    ("old", "new", "code", "says"),
    [
        ('msgid "case type"\n', 'msgid "case typ"\n', "unknown-message", "case type"),
        ('msgstr "ärendeslag {name}"', 'msgstr "ärendeslag {namn}"', "bad-wording", "{name}"),
        ('msgstr "ärendeslag {name}"', 'msgstr "ärendeslag {name"', "bad-wording", "{name}"),
        ('msgstr "ärendeslag"', 'msgstr "ärendeslag', "bad-catalogue", "Poedit"),
    ],
)
def test_a_word_that_does_not_fit_is_told_with_its_line(scene: Scene, old: str, new: str, code: str, says: str) -> None:
    before = (scene.root / WORDS).read_text(encoding="utf-8")
    scene.edit(WORDS, old, new)
    (fault,) = scene.faults()
    assert fault.code == code
    assert fault.place is not None and fault.place.file == WORDS
    line = before[: before.index(old)].count("\n") + 1
    assert fault.place.line is not None and abs(fault.place.line - line) <= 1
    assert says in f"{fault.message} {fault.hint}"


def test_words_that_are_not_utf8_or_not_there_at_all(scene: Scene) -> None:
    path = scene.root / WORDS
    path.write_bytes(path.read_bytes() + 'msgid "Goal"\nmsgstr "Mål"\n'.encode("latin-1"))
    assert [p.code for p in scene.faults()] == ["bad-catalogue"]
    scene.edit(TEMPLATE, "shared: v1\n", "shared: v2\n")
    (fault,) = scene.faults()
    assert (fault.code, str(fault.place)) == ("unknown-shared", f"{TEMPLATE}:4")
    assert "v1" in fault.hint
