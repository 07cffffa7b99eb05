"""A section that a unit writes: figures by role, and everything else as it was typed."""

from __future__ import annotations

import pytest
from scenes import Scene
from workspaces import RELEASE

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk

SECTION = f"content/{RELEASE}/sections/inledande-kommentar.md"


def test_figures_by_role_are_facts(scene: Scene) -> None:
    scene.add(
        SECTION,
        "Vi har [arendebalans.antal alla latest_end]{.fact} öppna, [arendebalans.antal psl 2025-12-31]{.value}, och"
        " [arendebalans.antal alla latest_end]{.about}. Balansen [arendebalans.antal alla latest_end]{.change}.",
    )
    composition = scene.compose()
    (paragraph,) = [
        p
        for p in walk(composition.document)
        if isinstance(p, n.Paragraph) and plain_text(p.content).startswith("Vi har")
    ]
    values = [i for i in paragraph.content if isinstance(i, n.FactValue)]
    assert [v.fact_id.split("~")[0] for v in values[:3]] == [
        "arendebalans.antal.alla.2025-12-31", "arendebalans.antal.psl.2025-12-31", "arendebalans.antal.alla.2025-12-31",
    ]  # fmt: skip
    assert values[0].text.isdigit()
    assert values[1].text.endswith(("ärende", "ärenden"))
    assert values[3].fact_id.startswith("arendebalans.antal.alla.2025-12-31~")


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("[arendebalans.antl alla latest_end]{.fact}", "unknown-fact", "arendebalans.antal.alla.2025-12-31"),
        ("[arendebalans.antal alla]{.fact}", "bad-fact", "period"),
        ("[arendebalans.antal alla igår]{.fact}", "bad-fact", ""),
        ("[arendebalans.antal alla latest_end]{.fakt}", "unknown-role", "fact"),
        ("Det var 12 ärenden.", "typed-digit", "fact"),
    ],
)
def test_a_figure_that_is_not_there_names_the_line(scene: Scene, text: str, code: str, hint: str) -> None:
    line = scene.add(SECTION, text)
    (fault,) = scene.faults()
    assert (fault.code, str(fault.place)) == (code, f"{SECTION}:{line}")
    assert hint in fault.hint


def test_a_template_in_a_section_is_text(scene: Scene) -> None:
    scene.add(SECTION, "Skriv {{ number }} och {% if x %} så. <b>fet</b>")
    words = [plain_text(p.content) for p in walk(scene.compose().document) if isinstance(p, n.Paragraph)]
    assert "Skriv {{ number }} och {% if x %} så. <b>fet</b>" in words


def test_ids_that_clash_or_lead_nowhere_name_their_lines(scene: Scene) -> None:
    prose = "templates/delredovisning/v1/10-risker.md.j2"
    twice = scene.add(prose, "{#atgarder-kort-lang}\n## Ett till")
    dead = scene.add(prose, "Se [](#bilaga-kallo).")
    faults = {p.code: p for p in scene.faults()}
    assert str(faults["duplicate-id"].place) == f"{prose}:{twice}"
    assert str(faults["dead-reference"].place) == f"{prose}:{dead}"
    assert "bilaga-kallor" in faults["dead-reference"].hint


def test_a_suppressed_or_missing_fact_names_the_line_and_what_to_write(scene: Scene) -> None:
    prose = "templates/delredovisning/v1/10-risker.md.j2"
    line = scene.add(prose, "{{ value('publicerat.inkomna', 'psl', '2023') }}")
    (fault,) = scene.faults()
    assert (fault.code, str(fault.place)) == ("unknown-fact", f"{prose}:{line}")
    assert "publicerat.inkomna.psl.2024" in fault.hint


def test_a_section_that_nothing_includes_warns(scene: Scene) -> None:
    (scene.root / f"content/{RELEASE}/sections/glomd.md").write_text("Text.\n", encoding="utf-8")
    assert [p.place.file for p in scene.warnings() if p.code == "unused-section" and p.place] == [
        f"content/{RELEASE}/sections/glomd.md"
    ]
