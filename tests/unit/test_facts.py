"""Facts: looked up by id, compared only where they may be."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report_builder.facts import factfile
from report_builder.facts.fact import Fact, FactSet, Provenance, difference, fact_id, relative_change
from report_builder.periods import Period
from report_builder.problems import ReportError


def fact(period: str, value: str | None, *, method: str = "tid@v1", unit: str = "antal") -> Fact:
    when = Period(period)
    return Fact(
        id=fact_id("tid", "antal", "a", when),
        measure="tid",
        statistic="antal",
        case_type="a",
        period=when,
        value=None if value is None else Decimal(value),
        unit=unit,
        decimals=0,
        method=method,
    )


def test_a_change_is_a_fact_that_names_what_it_comes_from() -> None:
    later, earlier = fact("2025", "312"), fact("2024", "300")
    change, percent = difference(later, earlier), relative_change(later, earlier)
    assert (change.id, change.value) == ("tid.antal.a.2025~2024", Decimal(12))
    assert (percent.id, percent.value, percent.unit) == ("tid.antal.a.2025~%2024", Decimal(4), "procent")
    assert change.provenance.derived_from == (later.id, earlier.id)


def test_the_change_of_a_share_is_in_percentage_points() -> None:
    assert difference(fact("2025", "40", unit="procent"), fact("2024", "35", unit="procent")).unit == "procentenheter"


def test_two_method_versions_are_never_compared() -> None:
    with pytest.raises(ReportError) as e:
        difference(fact("2025", "1", method="tid@v2"), fact("2024", "1"))
    assert "tid@v2" in str(e.value)
    assert "tid@v1" in str(e.value)


def test_no_value_gives_no_change() -> None:
    assert difference(fact("2025", None), fact("2024", "1")).value is None
    assert relative_change(fact("2025", "5"), fact("2024", "0")).value is None


def test_an_unknown_fact_names_its_neighbours() -> None:
    with pytest.raises(ReportError) as e:
        FactSet([fact("2025", "1")]).require("tid.antl.a.2025")
    assert "tid.antal.a.2025" in e.value.problems[0].hint


def test_the_file_holds_every_fact_in_order() -> None:
    lines = factfile.facts_csv(FactSet([fact("2025", "18950.50"), fact("2024", None)])).splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == ["tid.antal.a.2024", "tid.antal.a.2025"]
    assert lines[2].split(",")[5] == "18950.5"


def test_no_words_of_a_supplier_become_a_formula_in_the_fact_file() -> None:
    cited = replace(fact("2025", "1"), provenance=Provenance(citation='=HYPERLINK("http://x")'))
    text = factfile.facts_csv(FactSet([cited]))
    assert "'=HYPERLINK" in text
    (read,) = factfile.parse_facts(text.encode(), "facts.csv")
    assert read.provenance.citation == cited.provenance.citation


WRITTEN = factfile.facts_csv(FactSet([replace(fact("2025", "18950.50"), label="Ärenden"), fact("2024", None)]))


def read_faults(data: bytes) -> list[tuple[str, int | None]]:
    """The faults that a fact file is refused for: message and line (or row)."""
    with pytest.raises(ReportError) as e:
        factfile.parse_facts(data, "facts.csv")
    return [(p.message, (p.place and (p.place.line or p.place.row)) or None) for p in e.value.problems]


def test_a_fact_file_saved_by_a_spreadsheet_program_is_refused_in_words() -> None:
    ((message, line),) = read_faults(WRITTEN.encode("cp1252"))
    assert "ANSI" in message
    assert line == 3
    ((message, line),) = read_faults(WRITTEN.replace(",", ";").encode("utf-8-sig"))
    assert "semicolons" in message
    assert line == 1


def test_a_byte_order_mark_changes_no_fact() -> None:
    assert list(factfile.parse_facts(WRITTEN.encode("utf-8-sig"), "f")) == list(
        factfile.parse_facts(WRITTEN.encode(), "f")
    )


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1E+999999", "1e-400", "1" * 61, "1,5", "x"])
def test_what_no_report_can_print_is_no_value(value: str) -> None:
    ((message, row),) = read_faults(WRITTEN.replace("18950.5", f'"{value}"').encode())
    assert value in message
    assert row == 3


@pytest.mark.parametrize("decimals", ["-1", "13", "1000000000", ""])
def test_decimals_are_a_small_number(decimals: str) -> None:
    ((_, row),) = read_faults(WRITTEN.replace(",antal,0,", f",antal,{decimals},").encode())
    assert row == 2


@given(st.integers(0, len(WRITTEN.encode()) - 1), st.binary(min_size=0, max_size=3))
def test_a_damaged_fact_file_is_read_or_refused_and_nothing_else(at: int, put: bytes) -> None:
    whole = WRITTEN.encode()
    with contextlib.suppress(ReportError):
        factfile.parse_facts(whole[:at] + put + whole[at + 1 :], "facts.csv")
