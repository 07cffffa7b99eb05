"""Swedish numbers, dates and wording: what is printed is true, and reads as Swedish."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder import swedish
from report_builder.periods import Period

NOUNS = ("ärende", "ärenden")
VALUES = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=6)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("0", 0, "0"),
        ("999", 0, "999"),
        ("1000", 0, "1\u00a0000"),
        ("18950", 0, "18\u00a0950"),
        ("3923.45", 1, "3\u00a0923,5"),
        ("0.5", 0, "1"),
        ("-0.4", 0, "0"),
        ("-12.5", 0, "\u221213"),
        ("-1234567.25", 1, "\u22121\u00a0234\u00a0567,3"),
    ],
)
def test_numbers(value: str, decimals: int, text: str) -> None:
    assert swedish.number(Decimal(value), decimals) == text


def test_a_missing_value_has_its_sign() -> None:
    assert swedish.number(None) == ".."


@given(VALUES, st.integers(0, 4))
def test_a_printed_number_reads_back_to_the_rounded_value(value: Decimal, decimals: int) -> None:
    text = swedish.number(value, decimals)
    back = Decimal(text.replace("\u00a0", "").replace(",", ".").replace("\u2212", "-"))
    assert abs(back - value) <= Decimal(5).scaleb(-decimals - 1)
    assert not text.startswith("\u22120") or back != 0


@given(VALUES)
def test_the_verb_agrees_with_the_sign(difference: Decimal) -> None:
    text = swedish.change(difference, 0, "antal", NOUNS)
    rounded = swedish.round_half_up(difference, 0)
    assert text.startswith("ökade") == (rounded > 0)
    assert text.startswith("minskade") == (rounded < 0)
    assert "\u2212" not in text  # the verb carries the sign


@pytest.mark.parametrize(
    ("difference", "unit", "text"),
    [
        ("1", "antal", "ökade med 1\u00a0ärende"),
        ("-312", "antal", "minskade med 312\u00a0ärenden"),
        ("1", "dagar", "ökade med 1\u00a0dag"),
        ("-4.2", "procentenheter", "minskade med 4\u00a0procentenheter"),
        ("0.3", "dagar", "låg kvar på samma nivå"),
    ],
)
def test_change(difference: str, unit: str, text: str) -> None:
    assert swedish.change(Decimal(difference), 0, unit, NOUNS) == text


def test_lists_and_counts() -> None:
    assert [swedish.listing(list("abc")[:n]) for n in range(4)] == ["", "a", "a och b", "a, b och c"]
    assert [swedish.count_word(n) for n in (0, 1, 8, 12, 13)] == ["noll", "en", "åtta", "tolv", "13"]


@given(st.dates(min_value=date(1900, 1, 1)))
def test_dates_keep_together_and_name_every_part(value: date) -> None:
    day, month, year = swedish.day(value).split("\u00a0")
    assert (int(day), int(year)) == (value.day, value.year)
    assert swedish.month(value) == f"{month}\u00a0{year}"


@pytest.mark.parametrize(
    ("period", "text", "table"),
    [
        ("2025", "2025", "2025"),
        ("2025-T1", "första tertialet 2025", "T1\u00a02025"),
        ("2025-Q3", "tredje kvartalet 2025", "kv\u00a03\u00a02025"),
        ("2025-06", "juni\u00a02025", "jun\u00a02025"),
        ("2025-12-31", "31\u00a0december\u00a02025", "2025-12-31"),
    ],
)
def test_periods_in_words(period: str, text: str, table: str) -> None:
    assert swedish.period(Period(period)) == text
    assert swedish.period_in_table(Period(period)) == table


def test_genitive() -> None:
    assert [swedish.genitive(w) for w in ("IVO", "JO", "Riksrevisionen", "SCB:s", "Agnes")] == [
        "IVO:s", "JO:s", "Riksrevisionens", "SCB:s", "Agnes",
    ]  # fmt: skip


def test_swedish_order_puts_the_last_three_letters_last() -> None:
    words = ["öppet", "zebra", "Ärende", "åtgärd", "avslut", "Étage"]
    assert sorted(words, key=swedish.sort_key) == ["avslut", "Étage", "zebra", "åtgärd", "Ärende", "öppet"]


@given(st.decimals(min_value=0, max_value=10**9, allow_nan=False, places=4), st.integers(0, 2))
def test_round_terms_are_never_false(value: Decimal, decimals: int) -> None:
    text, figure = swedish.approximate(value, decimals)
    word, _, _ = text.partition("\u00a0")
    if word in ("drygt", "knappt"):
        assert (value > figure) == (word == "drygt")
        assert abs(value - figure) <= figure / 20
        assert swedish.is_true(word, figure, value)
        assert not swedish.is_true("knappt" if word == "drygt" else "drygt", figure, value)
    else:
        assert text == swedish.number(value, decimals)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("18950", "knappt\u00a019\u00a0000"),
        ("18432", "drygt\u00a018\u00a0000"),
        ("18000", "18\u00a0000"),
        ("7", "7"),
        ("612", "drygt\u00a0610"),
        ("99.7", "knappt\u00a0100"),
    ],
)
def test_round_terms(value: str, text: str) -> None:
    assert swedish.approximate(Decimal(value), 0)[0] == text


def test_what_hardly_changed_agrees_with_its_subject() -> None:
    assert [swedish.nearly_unchanged(s) for s in ("en", "ett", "flera")] == [
        f"var i stort sett oförändra{ending}" for ending in ("d", "t", "de")
    ]
    assert swedish.nearly_unchanged("") == "låg i stort sett kvar på samma nivå"


@given(st.integers(13, 10_000))
def test_ordinals_end_as_they_are_said(count: int) -> None:
    said_with_a = count % 10 in (1, 2) and count % 100 not in (11, 12)
    assert swedish.ordinal(count) == f"{count}:{'a' if said_with_a else 'e'}"


def test_ordinal_dates() -> None:
    assert [swedish.ordinal(n) for n in (1, 2, 3, 12, 13, 21, 111)] == [
        "första", "andra", "tredje", "tolfte", "13:e", "21:a", "111:e",
    ]  # fmt: skip
    assert swedish.ordinal_day(date(2026, 11, 22)) == "den\u00a022\u00a0november\u00a02026"
    assert swedish.ordinal_month_day(date(2026, 5, 11)) == "den\u00a011:e\u00a0maj"
    assert swedish.ordinal_month_day(date(2026, 5, 31)) == "den\u00a031:a\u00a0maj"


@pytest.mark.parametrize(
    ("earlier", "percent", "said"),
    [
        ("20", "5", True),
        ("-20", "5", True),
        ("19.9", "5", False),
        ("25", "4", True),
        ("20", "0.4", False),
        ("20", None, False),
    ],
)
def test_a_change_is_told_in_per_cent_from_a_base_of_twenty(earlier: str, percent: str | None, said: bool) -> None:
    given_percent = None if percent is None else Decimal(percent)
    assert swedish.relative_is_worth_saying(Decimal(earlier), given_percent) is said
