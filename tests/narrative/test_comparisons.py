"""Comparatives and superlatives are claims: typed without a fact they are noticed, with one they must be true."""

import dataclasses
from dataclasses import dataclass
from decimal import Decimal

import pytest
from scenes import Scene

from report_builder.document import nodes as n
from report_builder.document.walk import plain_text, walk
from report_builder.facts.claims import claims_of, comparisons, disagreement, numbers_in
from report_builder.facts.fact import FactSet, ObsStatus

PROSE = "templates/delredovisning/v1/10-risker.md.j2"
RANKED = "{% set r = ranked('arendebalans.antal', P.latest_end) %}"


@dataclass
class _Fact:
    value: Decimal
    id: str
    decimals: int = 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Balansen är större för lex Maria.", ["större"]),
        ("Det kom in fler ärenden än vad som avslutades.", ["fler"]),
        ("Flest ärenden hade lex Maria.", ["Flest"]),
        ("Tiden blev kortare. Den blev [5] dagar kortare.", ["kortare"]),
        ("Hälften tog högst [5] dagar, och de väntade längre än sex månader.", []),
        ("Ett mål som inte längre är rimligt tas bort på längre sikt.", []),
        ("Fler avslut kan minska balansen.", []),
        ("Störst andel hade lex Maria: [5] procent.", []),
    ],
)
def test_a_comparison_without_a_fact_is_noticed(text, words):
    assert [word for word, _ in comparisons(text, lambda sentence: "[5]" in sentence)] == words


@pytest.mark.parametrize(
    ("words", "value", "fact_id", "true"),
    [
        ("fler", 5, "m.s.c.2025~2024", True),
        ("fler", -5, "m.s.c.2025~2024", False),
        ("färre", -5, "m.s.c.2025~2024", True),
        ("Kortare", 3, "m.s.c.2025~2024", False),
        ("längre", 12, "mal.avvikelse-tid.c.2025", True),
        ("längre", -12, "mal.avvikelse-tid.c.2025", False),
        ("fördubblades", 96, "m.s.c.2025~%2024", True),
        ("fördubblades", 60, "m.s.c.2025~%2024", False),
        ("halverades", -52, "m.s.c.2025~%2024", True),
        ("halverades", -20, "m.s.c.2025~%2024", False),
        ("högst 168 dagar", 168, "m.s.c.2025", True),
    ],
)
def test_a_word_that_is_tied_to_its_fact_is_held_to_it(words, value, fact_id, true):
    assert (disagreement(words, _Fact(Decimal(value), fact_id)) == "") == true


@pytest.mark.parametrize(
    ("sentence", "true"),
    [
        ("Flest öppna ärenden hade {{ r[0].text }}, {{ number('arendebalans.antal', r[0].id, P.latest_end) }}.", True),
        (
            "Flest öppna ärenden hade {{ r[-1].text }}, {{ number('arendebalans.antal', r[-1].id, P.latest_end) }}.",
            False,
        ),
        ("Minst var balansen för {{ r[-1].text }}: {{ value('arendebalans.antal', r[-1].id, P.latest_end) }}.", True),
        ("Minst var balansen för {{ r[0].text }}: {{ value('arendebalans.antal', r[0].id, P.latest_end) }}.", False),
        ("Balansen är högst {{ value('arendebalans.antal', r[-1].id, P.latest_end) }}.", True),
    ],
)
def test_a_superlative_is_true_of_its_figure(scene: Scene, sentence, true):
    scene.add(PROSE, RANKED + sentence)
    if true:
        assert scene.compose().document
    else:
        assert [p.code for p in scene.faults()] == ["unresolved-claim"]


def test_one_word_for_several_case_types_must_be_true_of_all(scene: Scene):
    measure = "'arendebalans.antal'"
    line = scene.add(
        PROSE, f"Balansen är {{{{ direction('större', 'mindre', {measure}, case_types, P.latest_end) }}}}."
    )
    (fault,) = scene.faults()
    assert (fault.code, str(fault.place)) == ("no-direction", f"{PROSE}:{line}")


def test_a_suppressed_fact_in_prose_names_the_line_and_the_nearest_with_a_value(scene: Scene):
    name = "arendebalans.antal.lex-maria.2025-12-31"
    facts = [
        dataclasses.replace(f, value=None, status=ObsStatus.SUPPRESSED) if f.id == name else f
        for f in scene.account.facts
    ]
    hidden = dataclasses.replace(scene, account=dataclasses.replace(scene.account, facts=FactSet(facts)))
    line = hidden.add(PROSE, "{{ value('arendebalans.antal', 'lex-maria', '2025-12-31') }}")
    faults = [p for p in hidden.faults() if str(p.place) == f"{PROSE}:{line}"]
    assert [p.code for p in faults] == ["no-value"]
    assert "is suppressed" in faults[0].message
    assert "arendebalans.antal.lex-maria.2025-1" in faults[0].hint
    assert "has(" in faults[0].hint


def test_every_number_of_a_text_alternative_is_a_fact_s(scene: Scene):
    composition = scene.compose()
    figure = next(f for f in walk(composition.document) if isinstance(f, n.Figure) and f.id == "fig-balans")
    claims = list(claims_of(dataclasses.replace(composition.document, blocks=(figure,)), composition.facts.get))
    told = {number for claim in claims for number in numbers_in(claim.words) if claim.facts and not claim.fault}
    drawn = {number for v in walk(figure.data) if isinstance(v, n.FactValue) for number in numbers_in(v.text)}
    assert drawn & set(numbers_in(figure.alt)) <= told
    assert all(composition.facts.get(fact) for claim in claims for fact in claim.facts)


def test_a_template_in_a_register_is_text(scene: Scene):
    scene.edit("content/registers/begrepp.yaml", "rows:\n", 'rows:\n  - {term: "{{ 7 * 7 }}", betydelse: "<b>x</b>"}\n')
    words = _terms(scene.compose().document)
    assert "{{ 7 * 7 }}" in words


def _terms(document):
    return [plain_text(node.term) for node in walk(document) if isinstance(node, n.Definition)]
