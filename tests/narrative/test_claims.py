"""The claim ledger: what may be said of a fact, and what may not."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder import swedish
from report_builder.facts.claims import developments, directions_in, disagreement, numbers_in


@dataclasses.dataclass(frozen=True)
class Fact:
    value: Decimal | None
    decimals: int = 0
    id: str = "m.s.c.2025"


CHANGE = "m.s.c.2025~2024"
NOUNS = ("ärende", "ärenden")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("18\u00a0950 ärenden", ["18950"]),
        ("kv\u00a01\u00a02023", ["1", "2023"]),
        ("−12,5 och 3,4", ["-12.5", "3.4"]),
        ("31\u00a0december\u00a02025", ["31", "2025"]),
        ("1\u00a0234\u00a0567", ["1234567"]),
        ("ingen siffra", []),
    ],
)
def test_figures_are_found_in_swedish_text(text: str, numbers: list[str]) -> None:
    assert [str(x) for x in numbers_in(text)] == numbers


@given(st.decimals(min_value=-(10**7), max_value=10**7, allow_nan=False, places=4), st.integers(0, 2))
def test_what_the_wording_makes_is_true_and_one_unit_off_is_not(value: Decimal, decimals: int) -> None:
    step = Decimal(1).scaleb(-decimals)
    fact = Fact(value, decimals)
    assert disagreement(swedish.with_unit(value, decimals, "antal", NOUNS), fact) == ""
    assert disagreement(swedish.with_unit(value + step, decimals, "antal", NOUNS), fact) != ""


@given(st.decimals(min_value=-(10**7), max_value=10**7, allow_nan=False, places=4))
def test_a_change_agrees_with_its_fact_and_the_opposite_does_not(value: Decimal) -> None:
    fact = Fact(value, 0, CHANGE)
    words = swedish.change(value, 0, "antal", NOUNS)
    assert disagreement(words, fact) == ""
    turned = words.replace("ökade", "!").replace("minskade", "ökade").replace("!", "minskade")
    assert (disagreement(turned, fact) == "") == (swedish.round_half_up(value, 0) == 0)


@given(st.decimals(min_value=0, max_value=10**7, allow_nan=False, places=3))
def test_round_terms_are_claims_too(value: Decimal) -> None:
    words, _ = swedish.approximate(value, 0)
    assert disagreement(words, Fact(value)) == ""


@pytest.mark.parametrize(
    ("words", "value", "fact_id"),
    [
        ("drygt 19\u00a0000 ärenden", "18950", "m"),
        ("knappt 18\u00a0000", "18950", "m"),
        ("drygt 10\u00a0000", "18950", "m"),
        ("1 av 2", "1", "m"),
        ("12", None, "m"),
        ("låg kvar på samma nivå", "7", CHANGE),
        ("växte", "-7", CHANGE),
        ("−7", "7", CHANGE),
    ],
)
def test_false_claims(words: str, value: str | None, fact_id: str) -> None:
    assert disagreement(words, Fact(Decimal(value) if value else None, 0, fact_id)) != ""


def test_words_of_direction() -> None:
    assert directions_in("Färre kom, balansen ökade och tiden blev kortare") == ("Färre", "ökade", "kortare")


def test_a_development_without_a_fact_is_noticed() -> None:
    told = "Balansen ökade. Det kom in [5] ärenden och minskade. Fler avslut kan minska balansen."
    assert list(developments(told, lambda sentence: "[5]" in sentence)) == [("ökade", "Balansen ökade.")]
