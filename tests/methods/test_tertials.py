"""Releases that report on a tertial: which periods are counted, and which are not."""

import pytest
from given import METHODS, cases
from pydantic import ValidationError

from report_builder.methods import compute, flow_identity_problems
from report_builder.narrative.book import NamedPeriods
from report_builder.periods import Period
from report_builder.workspace.workspace import PeriodsModel

ROWS = [
    {"registrerad": "2024-11-04", "beslutad": "2025-01-10", "expedierad": "2025-01-10"},
    {"registrerad": "2025-02-03", "beslutad": "2026-04-29", "expedierad": "2026-04-30"},
    {"registrerad": "2026-01-02", "beslutad": "2026-05-04", "expedierad": "2026-05-04"},
]


@pytest.fixture(scope="module")
def facts():
    return compute(METHODS, [cases(ROWS)], ["psl"], ["2024", "2025"], tertial="2026-T1")


def test_the_tertial_after_the_last_year_is_counted_to_its_end(facts):
    assert facts.require("arendefloden.inkomna.psl.2026-T1").value == 1
    assert facts.require("arendefloden.avslutade.psl.2026-T1").value == 1
    assert facts.require("handlaggningstid.median.psl.2026-T1").value == 451
    assert facts.require("arendebalans.antal.psl.2026-04-30").value == 1
    assert facts.require("handlaggningstid.median.psl.2025-T1").value == 67
    assert facts.require("arendefloden.avslutade.psl.2026-T1").provenance.rows == (3,)


def test_nothing_is_said_of_what_is_not_over(facts):
    periods = {f.period.name for f in facts}
    assert "2026-T1" in periods
    assert not periods & {"2026", "2026-T2", "2026-Q1", "2026-05-31"}


def test_the_identity_holds_for_tertials_too(facts):
    assert flow_identity_problems(facts, METHODS) == []
    flows = {f.period.kind for f in facts if f.measure == "arendefloden"}
    assert flows == {"year", "quarter", "tertial"}


def test_without_a_tertial_there_are_none():
    found = compute(METHODS, [cases(ROWS)], ["psl"], ["2024", "2025"])
    assert not any(f.period.kind == "tertial" or f.period.end.year == 2026 for f in found)


def test_names_for_templates():
    named = NamedPeriods((Period("2024"), Period("2025")), Period("2026-T2"))
    assert [str(p) for p in named.same_tertials] == ["2024-T2", "2025-T2", "2026-T2"]
    assert str(named.named("earlier_tertial_end")) == "2025-08-31"
    assert str(named.tertials[-1]) == "2026-T2"
    assert len(named.tertials) == 8
    assert str(named.month_ends[-1]) == "2026-08-31"
    with pytest.raises(ValueError, match="no tertial"):
        NamedPeriods((Period("2025"),)).named("latest_tertial")


@pytest.mark.parametrize("tertial", ["2026", "2027-T1", "2024-T3", "T1"])
def test_a_tertial_that_does_not_follow_on_the_years_is_refused(tertial):
    with pytest.raises(ValidationError, match=r"tertial|period"):
        PeriodsModel(years=("2024", "2025"), tertial=tertial)
