"""The language check: warnings with lines, by the workspace's own rules, and never a stop."""

from __future__ import annotations

import pytest
from scenes import Scene

from report_builder.narrative.checks.language import Language, LanguageModel, definitions
from report_builder.narrative.checks.prose_check import without_expressions
from report_builder.narrative.checks.spelling import Speller

MODEL = LanguageModel.model_validate(
    {
        "sentence_words": 12,
        "paragraph_words": 25,
        "passives": 3,
        "avoid": [{"word": "i syfte att", "use": "för att"}, {"word": "erhålla", "use": "få"}],
        "abbreviations": ["EU"],
        "words": ["fejkord"],
    }
)


def remarks(text: str, speller: Speller | None = None) -> list[tuple[str, int | None]]:
    language = Language(MODEL, speller, frozenset({"PM"}))
    found = language.remarks(without_expressions(text), "a.md")
    return [(p.code, p.place.line if p.place else None) for p in found]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ett två tre fyra fem sex sju åtta nio tio elva tolv tretton.", "long-sentence"),
        ("Ett två tre fyra fem. " * 6, "long-paragraph"),
        ("Ärenden registreras, utredas och beslutas och expedieras.", "passives"),
        ("Det görs i syfte att hinna.", "avoided-word"),
        ("Reglerna finns i FPL.", "undefined-abbreviation"),
    ],
)
def test_each_remark_names_its_line(text: str, code: str) -> None:
    assert (code, 3) in remarks(f"Kort.\n\n{text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "Förvaltningsprocesslagen (FPL) gäller. FPL är äldre.",
        "EU och PM är kända.",
        "Ett {{ number('a', 'b', P.latest) }} två {% if x %}tre{% endif %} fyra.",
        "Det står i [3 § FPL, i syfte att]{.cite}.",
        "Man erhöll inget.",
        "- punkt ett\n- punkt två",
    ],
)
def test_what_is_right_gets_no_remark(text: str) -> None:
    assert remarks(text) == []


def test_an_abbreviation_may_be_explained_in_another_chapter() -> None:
    defined = definitions("Lagen om provning (LOP) gäller.")
    language = Language(MODEL, None, frozenset())
    assert list(language.remarks("Enligt LOP.", "a.md", defined)) == []


def test_spelling_with_the_words_of_the_workspace() -> None:
    speller = Speller.installed("sv", MODEL.words)
    assert speller is not None
    assert remarks("Handläggningstiderna och ärendebalansen är fejkord.", speller) == []
    assert remarks("En rad.\n\nHanläggningstiden är lång.", speller) == [("spelling", 3)]
    assert Speller.installed("xx", ()) is None


def test_check_warns_and_does_not_stop(scene: Scene) -> None:
    name = "templates/delredovisning/v1/10-risker.md.j2"
    line = scene.add(name, "Myndigheten ska erhålla {{ count(case_types) }} svarr.")
    done = scene.desk.run("check")
    assert done.returncode == 0
    assert f"warning  {name}:{line}: The text says 'erhålla'." in done.stderr
    assert f"warning  {name}:{line}: The dictionary does not know 'svarr'." in done.stderr


def test_a_workspace_without_rules_is_not_checked(scene: Scene) -> None:
    (scene.root / "content/language/sv.yaml").unlink()
    scene.add("templates/delredovisning/v1/10-risker.md.j2", "Myndigheten ska erhålla svarr.")
    done = scene.desk.run("check")
    assert (done.returncode, done.stderr) == (0, "")
