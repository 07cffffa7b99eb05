"""A real permit log, with its own methods: what the engine finds is what plain Python counts."""

import csv
import statistics
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from given import ROOT, day, delivery

from report_builder.methods import compute, flow_identity_problems, load_methods, notices

LOG = ROOT.parent / "shared/data/tillstand_arenden.csv"
WORKSPACE = Path(__file__).parents[1] / "workspaces/tillstand"
DATES = ("registrerad", "beslutad", "expedierad")
TYPES = {"allmant": "General", "kundkontakt": "Customer contact", "experter": "Experts"}
YEARS = ["2010", "2011", "2012"]

pytestmark = [pytest.mark.shared, pytest.mark.skipif(not LOG.exists(), reason="the shared data is not here")]


@pytest.fixture(scope="module")
def log():
    with LOG.open(encoding="utf-8") as file:
        return [{**r, "_row": i, **{d: day(r[d]) for d in DATES}} for i, r in enumerate(csv.DictReader(file), start=2)]


@pytest.fixture(scope="module")
def found(log):
    schema = {"_row": "int64", "arende_id": "string", "arendeslag": "string", **dict.fromkeys(DATES, "date")}
    deliveries = [delivery("tillstand", "arenden", log, schema)]
    methods = load_methods(WORKSPACE, {"handlaggningstid": "v1", "arendebalans": "v1", "arendefloden": "v1"})
    facts = compute(methods, deliveries, list(TYPES), YEARS)
    return facts, flow_identity_problems(facts, methods), notices(methods, deliveries)


def closed(row):
    return max(row["beslutad"], row["expedierad"]) if row["beslutad"] and row["expedierad"] else None


def test_the_identity_holds_and_the_contradictory_cases_are_named(log, found):
    facts, identity, warnings = found
    assert identity == []
    wrong = [r["_row"] for r in log if closed(r) and closed(r) < r["registrerad"]]
    assert [(w.count, w.place.row) for w in warnings] == [(len(wrong), wrong[0])]
    opened = sum(int(facts.require(f"arendefloden.inkomna.alla.{y}").value) for y in YEARS)
    assert opened == len(log) - len(wrong)


def test_times_and_backlog_are_what_plain_python_counts(log, found):
    facts, _, _ = found
    for case_type in (*TYPES, "alla"):
        rows = [
            r
            for r in log
            if (case_type == "alla" or TYPES[case_type] == r["arendeslag"])
            and not (closed(r) and closed(r) < r["registrerad"])
        ]
        days = [(closed(r) - r["registrerad"]).days for r in rows if closed(r) and closed(r).year == 2011]
        assert facts.require(f"handlaggningstid.antal.{case_type}.2011").value == len(days)
        if days:
            median = facts.require(f"handlaggningstid.median.{case_type}.2011").value
            assert median == Decimal(str(statistics.median(days)))
            assert round(facts.require(f"handlaggningstid.medel.{case_type}.2011").value, 6) == round(
                Decimal(sum(days)) / len(days), 6
            )
        for end in (date(2010, 12, 31), date(2011, 9, 30), date(2011, 12, 31)):
            still = [r for r in rows if r["registrerad"] <= end and not (closed(r) and closed(r) <= end)]
            assert facts.require(f"arendebalans.antal.{case_type}.{end}").value == len(still)
