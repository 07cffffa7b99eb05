"""No period that ends after the last day of the extract prints an outcome."""

from datetime import date

import pytest
from given import METHODS, cases

from report_builder.facts.fact import ObsStatus
from report_builder.methods.release_facts import FactSources

ROWS = [
    {"registrerad": "2024-01-10", "beslutad": "2024-02-01", "expedierad": "2024-02-02"},
    {"registrerad": "2024-03-05"},
]


@pytest.mark.parametrize(("as_of", "known"), [(date(2024, 6, 30), True), (date(2024, 6, 29), False), (None, True)])
def test_a_period_has_an_outcome_when_the_extract_reaches_its_last_day(as_of, known):
    sources = FactSources(deliveries=[cases(ROWS, as_of=as_of)], case_types=["psl"], years=["2024"], total="alla")
    facts = sources.facts(METHODS)
    for name in ("arendebalans.antal.psl.2024-06-30", "arendefloden.inkomna.psl.2024-Q2",
                 "handlaggningstid.antal.alla.2024-Q2"):  # fmt: skip
        fact = facts.require(name)
        assert (fact.value is not None) == known, name
        assert (fact.status is ObsStatus.MISSING, fact.provenance.count is None) == (not known, not known)
    later = facts.require("arendebalans.antal.psl.2024-12-31")
    assert (later.value, later.status) == ((1, ObsStatus.NORMAL) if as_of is None else (None, ObsStatus.MISSING))
    assert facts.require("arendefloden.inkomna.psl.2024-Q1").value == 2
