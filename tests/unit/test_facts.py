"""Facts: looked up by id, compared only where they may be."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

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
