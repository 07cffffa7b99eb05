"""What must hold for any cases: against counts in plain Python, case by case and day by day."""

import random
import statistics
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from given import EVENTS, METHODS, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from report_builder.facts.fact import Fact
from report_builder.methods import compute, flow_identity_problems, select_rows
from report_builder.methods.numbers import decimal, lower_place, percentile

TYPES = ["psl", "lex-sarah"]
FIRST = date(2023, 10, 1)

gaps = st.one_of(st.integers(0, 3), st.integers(0, 400))


@st.composite
def case(draw):
    """A case with none to all of its events, each some days after the one before it."""
    row = {"arendeslag": draw(st.sampled_from(TYPES)), "registrerad": FIRST + timedelta(days=draw(st.integers(0, 450)))}
    for before, event in pairwise(EVENTS[: draw(st.integers(1, len(EVENTS)))]):
        row[event] = row[before] + timedelta(days=draw(gaps))
    return row


def is_open(row, day):
    """Open at the end of ``day``: the last event until then is neither of the two dispatches."""
    happened = [e for e in EVENTS if e in row and row[e] <= day]
    return bool(happened) and happened[-1] not in {"expedierad", "ny_expediering"}


def stop(row):
    """The day on which the case was closed for good, if it was."""
    return row.get("ny_expediering") if "aterupptagen" in row else row.get("expedierad")


def older_than(row, months, day):
    """Age by the calendar, written out: the same day number, or the month's last day."""
    first = row["registrerad"]
    month = first.month - 1 + months
    year, month = first.year + month // 12, month % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return day > date(year, month, min(first.day, last))


@settings(max_examples=15, deadline=None)
@given(st.lists(case(), max_size=30), st.randoms(use_true_random=False), st.sampled_from(["", "2024-T3", "2025-T2"]))
def test_facts_are_what_counting_by_hand_gives(rows, rng, tertial):
    facts = compute(METHODS, [cases(rows)], TYPES, ["2024"], tertial=tertial)
    assert flow_identity_problems(facts, METHODS) == []
    for fact in facts:
        chosen = [r for r in rows if fact.case_type in (r["arendeslag"], "alla")]
        expected = {"handlaggningstid": time, "arendebalans": stock, "arendefloden": flow}[fact.measure](fact, chosen)
        if fact.status.value != "Q":
            near = expected is None or abs(fact.value - expected) < Decimal("0.00001")
            assert near if fact.statistic.startswith("medel-") else fact.value == expected, fact.id
        if 0 < fact.provenance.count <= 25 and fact.status.value != "Q":
            assert len(fact.provenance.rows) == fact.provenance.count
    shuffled = list(rows)
    rng.shuffle(shuffled)
    again = compute(METHODS, [cases(shuffled)], TYPES, ["2024"], tertial=tertial)
    assert [(f.id, f.value, f.status) for f in again] == [(f.id, f.value, f.status) for f in facts]


def closed_in(rows, period):
    return [r for r in rows if stop(r) and period.start <= stop(r) <= period.end]


def time(fact: Fact, rows):
    closed = closed_in(rows, fact.period)
    if not fact.statistic.startswith("medel-"):
        return duration(fact, closed)
    before = closed_in(rows, fact.period.previous)
    return shift(before, closed)[fact.statistic] if before and closed else None


def duration(fact: Fact, closed):
    days = sorted((stop(r) - r["registrerad"]).days for r in closed)
    if fact.statistic == "antal":
        return len(days)
    if not days:
        return None
    if fact.statistic == "median":
        return decimal(Fraction(statistics.median(days)))
    if fact.statistic == "medel":
        return decimal(Fraction(sum(days), len(days)))
    if fact.statistic == "p90":
        deciles = statistics.quantiles(days, n=10, method="inclusive") if len(days) > 1 else days
        return decimal(Fraction(deciles[-1]).limit_denominator(1000))
    late = sum(older_than(r, 6, stop(r)) for r in closed)
    return decimal(Fraction(100 * (len(days) - late), len(days)))


def shift(before, after):
    """The parts by their definition: shares and means of those older than a year, by floats."""
    parts = {"medel-fler-gamla": 0.0, "medel-ovrigt": 0.0}
    for old in (True, False):
        groups = [[(stop(r) - r["registrerad"]).days for r in rows if older_than(r, 12, stop(r)) is old]
                  for rows in (before, after)]  # fmt: skip
        if not any(groups):
            continue
        shares = [len(group) / len(rows) for group, rows in zip(groups, (before, after), strict=True)]
        means = [statistics.mean(group or groups[1 - i]) for i, group in enumerate(groups)]
        parts["medel-fler-gamla"] += (shares[1] - shares[0]) * sum(means) / 2
        parts["medel-ovrigt"] += (means[1] - means[0]) * sum(shares) / 2
    return {name: decimal(Fraction(part).limit_denominator(10**7)) for name, part in parts.items()}


def stock(fact: Fact, rows):
    day = fact.period.end
    now = [r for r in rows if is_open(r, day)]
    low, high = {
        "antal": (0, None), "alder-0-6": (0, 6), "alder-6-12": (6, 12), "alder-12-24": (12, 24),
        "alder-over-24": (24, None), "andel-over-6-manader": (6, None),
    }[fact.statistic]  # fmt: skip
    inside = [r for r in now if (not low or older_than(r, low, day)) and not (high and older_than(r, high, day))]
    if fact.unit == "antal":
        return len(inside)
    return decimal(Fraction(100 * len(inside), len(now))) if now else None


def flow(fact: Fact, rows):
    events = {
        "inkomna": ["registrerad"],
        "avslutade": ["expedierad", "ny_expediering"],
        "ateroppnade": ["aterupptagen"],
    }
    days = [r[e] for r in rows for e in events[fact.statistic] if e in r]
    return sum(fact.period.start <= d <= fact.period.end for d in days)


@settings(max_examples=5, deadline=None)
@given(st.lists(case(), min_size=1, max_size=30), st.integers())
def test_a_fact_leads_back_to_the_rows_that_it_counts(rows, seed):
    delivery = cases(rows)
    facts = list(compute(METHODS, [delivery], TYPES, ["2024"]))
    for fact in random.Random(seed).sample(facts, 25):
        found = select_rows(METHODS[fact.measure], delivery, fact, TYPES)
        assert len(found) == fact.provenance.count
        assert not fact.provenance.rows or fact.provenance.rows == tuple(r.row for r in found)


@given(st.lists(st.integers(0, 5000), min_size=2, max_size=60), st.integers(1, 99))
def test_percentiles_by_both_rules(days, percent):
    ordered, share = sorted(days), Decimal(percent)
    place = lower_place(len(ordered), share, "hyndman-fan-7")
    found = percentile(ordered[place], ordered[min(place + 1, len(days) - 1)], len(days), share, "hyndman-fan-7")
    assert float(found) == statistics.quantiles(ordered, n=100, method="inclusive")[percent - 1]
    nearest = lower_place(len(ordered), share, "hyndman-fan-1")
    assert 100 * (nearest + 1) >= percent * len(days) > 100 * nearest


@given(st.fractions(-(10**12), 10**12))
def test_decimals_are_exact_or_within_half_a_billionth(value):
    found = decimal(value)
    assert abs(Fraction(found) - value) <= Fraction(1, 2 * 10**9)
    assert -found.as_tuple().exponent <= 9
